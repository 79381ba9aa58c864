/** Place where a rule is broken. */
export interface Violation {
  /** Name of the rule: `layer`, `face`, `package`, `cycle`, `outside`, `name`, `length` or `spread`. */
  readonly rule: string;
  /** File that breaks it. */
  readonly path: string;
  readonly line: number;
  /** Error message: what is wrong and what to do. */
  readonly message: string;
}
