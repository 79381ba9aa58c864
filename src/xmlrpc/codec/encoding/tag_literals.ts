/** Characters before a value, joined with the start tags of the types that most values have. */
export class Start {
  readonly value: string;
  readonly string: string;
  readonly int: string;

  constructor(value: string) {
    this.value = flatten(value);
    this.string = flatten(`${value}<string>`);
    this.int = flatten(`${value}<int>`);
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
/** Most member names whose literals are kept, and the longest one. */
const MAX_NAMES = 1000;
const MAX_NAME_LENGTH = 64;
const memberStarts = new Map<string, Start>();

/** Returns the characters before the value of a member that was written before. */
export function getMemberStart(name: string): Start | undefined {
  return memberStarts.get(name);
}

/** Creates the characters before the value of a member; structs mostly have the same members. */
export function createMemberStart(name: string, escapedName: string): Start {
  const start = new Start(`<member><name>${escapedName}</name><value>`);
  if (name.length > MAX_NAME_LENGTH) return start;
  if (memberStarts.size >= MAX_NAMES) memberStarts.clear();
  memberStarts.set(name, start);
  return start;
}

export const MEMBER_END: End = new End("</value></member>");

/** Makes V8 join the parts of a string that is to be copied often. */
function flatten(text: string): string {
  text.charCodeAt(0);
  return text;
}
