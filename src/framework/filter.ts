import { compare, matchesPattern, type Operator } from "./filter_values.ts";

/** The text of a filter that can't be read. */
export class FilterSyntaxError extends SyntaxError {
  /** Always `FilterSyntaxError`. */
  override readonly name = "FilterSyntaxError";
  /** Where in the text the reader gave up, from 0. */
  readonly offset: number;

  /** Makes an error for a place of a filter's text. */
  constructor(text: string, offset: number, expected: string) {
    const rest = text.slice(offset, offset + 40);
    const found = rest === "" ? "the end" : JSON.stringify(rest);
    super(
      `Cannot read the filter ${
        JSON.stringify(text.slice(0, 200))
      } at ${offset}: expected ${expected}, found ${found}`,
    );
    this.offset = offset;
  }
}

/** A part of a filter. */
type Node =
  | { readonly kind: "and" | "or"; readonly parts: readonly Node[] }
  | { readonly kind: "not"; readonly part: Node }
  | { readonly kind: "present"; readonly name: string }
  | { readonly kind: "pattern"; readonly name: string; readonly pieces: readonly string[] }
  | {
    readonly kind: "compare";
    readonly name: string;
    readonly operator: Operator;
    readonly value: string;
  };

/** Deepest nesting of a filter's text. */
const MAX_DEPTH = 200;
/** Java's idea of white space, which is that of the specification. */
// deno-lint-ignore no-control-regex
const SPACE = /[\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/;

/**
 * A filter over properties in the syntax of LDAP (OSGi Core, 3.2.7; RFC 1960), such as
 * `(&(objectClass=com.example.*)(|(colour=red)(size>=10)))`.
 *
 * Names are compared without case. The type of the property decides how a value is
 * compared: texts exactly, numbers as numbers, lists by any of their elements; `~=`
 * ignores case and white space. A filter never fails: what can't be compared does not
 * match.
 */
export class Filter {
  readonly #root: Node;
  readonly #text: string;

  /**
   * Reads a filter.
   *
   * @throws {FilterSyntaxError} with the offset, when the text is no filter.
   */
  constructor(text: string) {
    this.#root = new FilterReader(text).read();
    this.#text = textOf(this.#root);
  }

  /** Whether an object with these properties is meant. */
  matches(properties: Readonly<Record<string, unknown>>): boolean {
    return evaluate(this.#root, (name) => valueOf(properties, name));
  }

  /** The filter without the white space that means nothing; equal filters have equal texts. */
  toString(): string {
    return this.#text;
  }
}

/** Writes a text so that it stands for itself in a filter's value. */
export function escapeFilterValue(text: string): string {
  return text.replace(/[\\*()]/g, "\\$&");
}

function valueOf(properties: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(properties, name)) return properties[name];
  const lower = name.toLowerCase();
  const found = Object.keys(properties).find((key) => key.toLowerCase() === lower);
  return found === undefined ? undefined : properties[found];
}

function evaluate(node: Node, valueOf: (name: string) => unknown): boolean {
  switch (node.kind) {
    case "and":
      return node.parts.every((part) => evaluate(part, valueOf));
    case "or":
      return node.parts.some((part) => evaluate(part, valueOf));
    case "not":
      return !evaluate(node.part, valueOf);
    case "present":
      return (valueOf(node.name) ?? null) !== null;
    case "pattern":
      return matchesPattern(valueOf(node.name), node.pieces);
    case "compare":
      return compare(valueOf(node.name), node.operator, node.value);
  }
}

function textOf(node: Node): string {
  switch (node.kind) {
    case "and":
    case "or":
      return `(${node.kind === "and" ? "&" : "|"}${node.parts.map(textOf).join("")})`;
    case "not":
      return `(!${textOf(node.part)})`;
    case "present":
      return `(${node.name}=*)`;
    case "pattern":
      return `(${node.name}=${node.pieces.map(escapeFilterValue).join("*")})`;
    case "compare":
      return `(${node.name}${node.operator}${escapeFilterValue(node.value)})`;
  }
}

/** Reads the text of a filter from left to right. */
class FilterReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Node {
    const node = this.#filter(0);
    if (this.#at < this.#text.length) throw this.#error("the end");
    return node;
  }

  #filter(depth: number): Node {
    this.#space();
    if (this.#text[this.#at] !== "(") throw this.#error("(");
    if (depth > MAX_DEPTH) throw this.#error(`at most ${MAX_DEPTH} levels`);
    this.#at++;
    const node = this.#component(depth);
    this.#space();
    if (this.#text[this.#at] !== ")") throw this.#error(")");
    this.#at++;
    this.#space();
    return node;
  }

  #component(depth: number): Node {
    this.#space();
    const operator = this.#text[this.#at];
    const start = this.#at;
    if (operator === "&" || operator === "|" || operator === "!") {
      this.#at++;
      this.#space();
      const next = this.#text[this.#at];
      if (next === "(") return this.#operation(operator, depth + 1);
      if (next === ")" || next === undefined) throw this.#error("(");
      this.#at = start; // it was the first character of a name
    }
    return this.#item();
  }

  #operation(operator: "&" | "|" | "!", depth: number): Node {
    if (operator === "!") return { kind: "not", part: this.#filter(depth) };
    const parts = [];
    while (this.#text[this.#at] === "(") parts.push(this.#filter(depth));
    return { kind: operator === "&" ? "and" : "or", parts };
  }

  #item(): Node {
    const name = this.#name();
    const two = this.#text.slice(this.#at, this.#at + 2);
    if (two === "~=" || two === ">=" || two === "<=") {
      this.#at += 2;
      const value = this.#pieces(false).join("");
      if (value === "") throw this.#error("a value");
      return { kind: "compare", name, operator: two, value };
    }
    if (two[0] !== "=") throw this.#error("=, ~=, >= or <=");
    this.#at++;
    const present = /^\*[^()\\]*(?=\))/.exec(this.#text.slice(this.#at, this.#at + 100))?.[0];
    if (
      present !== undefined && [...present.slice(1)].every((character) => SPACE.test(character))
    ) {
      this.#at += present.length;
      return { kind: "present", name };
    }
    const pieces = this.#pieces(true);
    if (pieces.length > 1) return { kind: "pattern", name, pieces };
    return { kind: "compare", name, operator: "=", value: pieces[0] ?? "" };
  }

  #name(): string {
    this.#space();
    const from = this.#at;
    while (this.#at < this.#text.length && !"=><~()".includes(this.#text[this.#at] ?? "")) {
      this.#at++;
    }
    let to = this.#at;
    while (to > from && SPACE.test(this.#text[to - 1] ?? "")) to--;
    if (to > from) return this.#text.slice(from, to);
    this.#at = from;
    throw this.#error("the name of a property");
  }

  /** A value, split where it has a `*` that is not escaped; adjacent ones count once. */
  #pieces(hasWildcards: boolean): string[] {
    const pieces = [""];
    for (; this.#at < this.#text.length; this.#at++) {
      let character = this.#text[this.#at] ?? "";
      if (character === ")") return pieces;
      if (character === "(") throw this.#error("an escaped parenthesis or )");
      if (character === "*" && hasWildcards) {
        if (pieces.length === 1 || pieces.at(-1) !== "") pieces.push("");
        continue;
      }
      if (character === "\\") {
        this.#at++;
        character = this.#text[this.#at] ?? "";
        if (character === "") throw this.#error("a character after the backslash");
      }
      pieces[pieces.length - 1] += character;
    }
    return pieces;
  }

  #space(): void {
    while (SPACE.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #error(expected: string): FilterSyntaxError {
    return new FilterSyntaxError(this.#text, Math.min(this.#at, this.#text.length), expected);
  }
}
