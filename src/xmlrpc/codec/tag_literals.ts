/** Characters before a value, joined with the start tags of the types that most values have. */
export class Start {
  readonly value: string;
  readonly string: string;
  readonly int: string;

  constructor(value: string) {
    this.value = value;
    this.string = `${value}<string>`;
    this.int = `${value}<int>`;
  }
}

/** Characters after a value, joined with the end tags of these types. */
export class End {
  readonly value: string;
  readonly string: string;
  readonly int: string;
  readonly true: string;
  readonly false: string;

  constructor(value: string) {
    this.value = value;
    this.string = `</string>${value}`;
    this.int = `</int>${value}`;
    this.true = `<boolean>1</boolean>${value}`;
    this.false = `<boolean>0</boolean>${value}`;
  }
}

export const PARAM_START: Start = new Start("<param><value>");
export const PARAM_END: End = new End("</value></param>");
export const VALUE_START: Start = new Start("<value>");
export const VALUE_END: End = new End("</value>");
export const MEMBER_END: End = new End("</value></member>");
