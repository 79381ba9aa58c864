/**
 * Which names of methods are allowed: letters, digits, `_ . : /` as in the specification, or
 * `any` name without white space and control characters, such as `save!` and `a-b.c`.
 */
export type MethodNames = "specification" | "any";

/** Longest name of a method. */
const MAX_LENGTH = 255;
const SPECIFICATION = /^[\w.:/]+$/;
// deno-lint-ignore no-control-regex
const ANY = /^[^\s\0-\x1f\x7f\ufffe\uffff]+$/;

/** Whether a name of a method is allowed. */
export function isMethodName(name: string, allowed: MethodNames = "specification"): boolean {
  if (name.length > MAX_LENGTH) return false;
  return allowed === "any" ? ANY.test(name) && name.isWellFormed() : SPECIFICATION.test(name);
}

/** Returns a description of the allowed names for errors. */
export function describeMethodNames(allowed: MethodNames = "specification"): string {
  return allowed === "any"
    ? `1 to ${MAX_LENGTH} characters without white space`
    : `1 to ${MAX_LENGTH} letters, digits, _ . : and /`;
}
