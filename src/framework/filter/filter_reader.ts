import { type FilterNode, FilterSyntaxError } from "./filter_syntax.ts";
import { WildcardPattern } from "./wildcard_pattern.ts";

/** Deepest nesting of a filter. */
const MAX_DEPTH = 200;
/** White space as Java defines it, to which the specification refers. */
// deno-lint-ignore no-control-regex
const SPACE = /[\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/;

/** Reads a filter from left to right. */
export class FilterReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): FilterNode {
    const node = this.#readFilter(0);
    if (this.#at < this.#text.length) throw this.#createError("the end");
    return node;
  }

  #readFilter(depth: number): FilterNode {
    this.#skipSpace();
    if (this.#text[this.#at] !== "(") throw this.#createError("(");
    if (depth > MAX_DEPTH) throw this.#createError(`at most ${MAX_DEPTH} levels`);
    this.#at++;
    const node = this.#readComponent(depth);
    this.#skipSpace();
    if (this.#text[this.#at] !== ")") throw this.#createError(")");
    this.#at++;
    this.#skipSpace();
    return node;
  }

  #readComponent(depth: number): FilterNode {
    this.#skipSpace();
    const operator = this.#text[this.#at];
    const start = this.#at;
    if (operator === "&" || operator === "|" || operator === "!") {
      this.#at++;
      this.#skipSpace();
      const next = this.#text[this.#at];
      if (next === "(") return this.#readOperation(operator, depth + 1);
      if (next === ")" || next === undefined) throw this.#createError("(");
      this.#at = start; // the operator is the first character of a name
    }
    return this.#readItem();
  }

  #readOperation(operator: "&" | "|" | "!", depth: number): FilterNode {
    if (operator === "!") return { kind: "not", part: this.#readFilter(depth) };
    const parts = [];
    while (this.#text[this.#at] === "(") parts.push(this.#readFilter(depth));
    return { kind: operator === "&" ? "and" : "or", parts };
  }

  #readItem(): FilterNode {
    const name = this.#readName();
    const two = this.#text.slice(this.#at, this.#at + 2);
    if (two === "~=" || two === ">=" || two === "<=") {
      this.#at += 2;
      const value = this.#readPieces(false).join("");
      if (value === "") throw this.#createError("a value");
      return { kind: "compare", name, operator: two, value };
    }
    if (two[0] !== "=") throw this.#createError("=, ~=, >= or <=");
    this.#at++;
    if (this.#skipPresence()) return { kind: "present", name };
    const pieces = this.#readPieces(true);
    if (pieces.length > 1) return { kind: "pattern", name, pattern: new WildcardPattern(pieces) };
    return { kind: "compare", name, operator: "=", value: pieces[0] ?? "" };
  }

  /** Skips a lone `*` with the white space after it, if the value is nothing else. */
  #skipPresence(): boolean {
    if (this.#text[this.#at] !== "*") return false;
    let end = this.#at + 1;
    while (SPACE.test(this.#text[end] ?? "")) end++;
    if (this.#text[end] !== ")") return false;
    this.#at = end;
    return true;
  }

  #readName(): string {
    this.#skipSpace();
    const from = this.#at;
    while (this.#at < this.#text.length && !"=><~()".includes(this.#text[this.#at] ?? "")) {
      this.#at++;
    }
    let to = this.#at;
    while (to > from && SPACE.test(this.#text[to - 1] ?? "")) to--;
    if (to > from) return this.#text.slice(from, to);
    this.#at = from;
    throw this.#createError("the name of a property");
  }

  /** Reads a value, split at each `*` that is not escaped; adjacent ones count once. */
  #readPieces(hasWildcards: boolean): string[] {
    const pieces = [""];
    for (; this.#at < this.#text.length; this.#at++) {
      let character = this.#text[this.#at] ?? "";
      if (character === ")") return pieces;
      if (character === "(") throw this.#createError("an escaped parenthesis or )");
      if (character === "*" && hasWildcards) {
        if (pieces.length === 1 || pieces.at(-1) !== "") pieces.push("");
        continue;
      }
      if (character === "\\") {
        this.#at++;
        character = this.#text[this.#at] ?? "";
        if (character === "") throw this.#createError("a character after the backslash");
      }
      pieces[pieces.length - 1] += character;
    }
    return pieces;
  }

  #skipSpace(): void {
    while (SPACE.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #createError(expected: string): FilterSyntaxError {
    return new FilterSyntaxError(this.#text, Math.min(this.#at, this.#text.length), expected);
  }
}
