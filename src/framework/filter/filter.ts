import { FilterReader } from "./filter_reader.ts";
import { type FilterNode, formatFilter } from "./filter_syntax.ts";
import { compare, matchesPattern } from "./filter_values.ts";

/**
 * A filter over properties in LDAP syntax (OSGi Core, 3.2.7; RFC 1960), such as
 * `(&(objectClass=com.example.*)(|(colour=red)(size>=10)))`.
 *
 * Names are compared without letter case. The type of the property decides how its value is
 * compared: strings exactly, numbers as numbers, lists and sets by any of their elements;
 * `~=` ignores letter case and white space; `>=` and `<=` order decimal strings as numbers.
 * A filter never throws: what cannot be compared does not match.
 *
 * @example
 * ```ts
 * import { Filter } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * const filter = new Filter("(&(colour=red)(size>=10))");
 * assert.equal(filter.matches({ colour: "red", size: 12 }), true);
 * assert.equal(filter.matches({ Colour: ["blue", "red"], size: "9" }), false);
 * ```
 */
export class Filter {
  readonly #root: FilterNode;
  readonly #text: string;

  /**
   * Parses a filter.
   *
   * @throws {FilterSyntaxError} if the string is not a filter; it has the offset
   * @throws {TypeError} if it is not a string
   */
  constructor(text: string) {
    if (typeof text !== "string") {
      throw new TypeError(
        `Cannot read a filter of the type ${typeof text}: give a string, such as "(colour=red)"`,
      );
    }
    this.#root = new FilterReader(text).read();
    this.#text = formatFilter(this.#root);
  }

  /** Whether properties match. */
  matches(properties: Readonly<Record<string, unknown>>): boolean {
    return evaluate(this.#root, (name) => findProperty(properties, name));
  }

  /** Whether another filter is the same but for insignificant white space. */
  equals(other: unknown): boolean {
    return other instanceof Filter && other.#text === this.#text;
  }

  /** Returns the filter without insignificant white space; it parses to an equal filter. */
  toString(): string {
    return this.#text;
  }
}

function findProperty(properties: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(properties, name)) return properties[name];
  const lower = name.toLowerCase();
  const found = Object.keys(properties).find((key) => key.toLowerCase() === lower);
  return found === undefined ? undefined : properties[found];
}

function evaluate(node: FilterNode, find: (name: string) => unknown): boolean {
  switch (node.kind) {
    case "and":
      return node.parts.every((part) => evaluate(part, find));
    case "or":
      return node.parts.some((part) => evaluate(part, find));
    case "not":
      return !evaluate(node.part, find);
    case "present":
      return (find(node.name) ?? null) !== null;
    case "pattern":
      return matchesPattern(find(node.name), node.pattern);
    case "compare":
      return compare(find(node.name), node.operator, node.value);
  }
}
