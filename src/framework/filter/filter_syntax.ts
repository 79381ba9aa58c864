import type { Operator } from "./filter_values.ts";
import type { WildcardPattern } from "./wildcard_pattern.ts";

/**
 * A string that is not a valid filter.
 *
 * @example
 * ```ts
 * import { Filter, FilterSyntaxError } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * try {
 *   new Filter("(colour)");
 * } catch (error) {
 *   assert.ok(error instanceof FilterSyntaxError);
 *   assert.equal(error.offset, 7);
 * }
 * ```
 */
export class FilterSyntaxError extends SyntaxError {
  /** Always `FilterSyntaxError`. */
  override readonly name = "FilterSyntaxError";
  /** Index of the first character that cannot be read, from 0. */
  readonly offset: number;

  /** Creates an error for a place in a filter. */
  constructor(text: string, offset: number, expected: string) {
    const rest = text.slice(offset, offset + 40);
    const found = rest === "" ? "the end" : JSON.stringify(rest);
    const filter = JSON.stringify(text.slice(0, 200));
    super(`Cannot read the filter ${filter} at ${offset}: expected ${expected}, found ${found}`);
    this.offset = offset;
  }
}

/** A parsed filter, or a part of one. */
export type FilterNode =
  | { readonly kind: "and" | "or"; readonly parts: readonly FilterNode[] }
  | { readonly kind: "not"; readonly part: FilterNode }
  | { readonly kind: "present"; readonly name: string }
  | { readonly kind: "pattern"; readonly name: string; readonly pattern: WildcardPattern }
  | {
    readonly kind: "compare";
    readonly name: string;
    readonly operator: Operator;
    readonly value: string;
  };

/**
 * Escapes a string so that it stands for itself as a value in a filter.
 *
 * @example
 * ```ts
 * import { escapeFilterValue, Filter } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * const filter = new Filter(`(title=${escapeFilterValue("f(x) * 2")})`);
 * assert.equal(filter.matches({ title: "f(x) * 2" }), true);
 * ```
 */
export function escapeFilterValue(text: string): string {
  return text.replace(/[\\*()]/g, "\\$&");
}

/** Formats a filter without insignificant white space. */
export function formatFilter(node: FilterNode): string {
  switch (node.kind) {
    case "and":
      return `(&${node.parts.map(formatFilter).join("")})`;
    case "or":
      return `(|${node.parts.map(formatFilter).join("")})`;
    case "not":
      return `(!${formatFilter(node.part)})`;
    case "present":
      return `(${node.name}=*)`;
    case "pattern":
      return `(${node.name}=${formatPattern(node.pattern)})`;
    case "compare":
      return `(${node.name}${node.operator}${escapeFilterValue(node.value)})`;
  }
}

function formatPattern({ pieces }: WildcardPattern): string {
  const text = pieces.map(escapeFilterValue).join("*");
  // A lone star would be read as a test for presence.
  return text.trim() === "*" ? `*${text}` : text;
}
