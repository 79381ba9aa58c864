import { ECF, OSGI } from "./property_names.ts";
import type { ScalarValue } from "./endpoint_description.ts";

/** Reads the text of a value of a type; undefined when it does not fit. */
type Parse = (text: string) => ScalarValue | undefined;

const string: Parse = (text) => text;

function integer(bits: number): Parse {
  return (text) => {
    const trimmed = text.trim();
    if (!/^[+-]?\d{1,20}$/.test(trimmed)) return undefined;
    const value = BigInt(trimmed.replace(/^\+/, ""));
    if (BigInt.asIntN(bits, value) !== value) return undefined;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  };
}

const float: Parse = (text) => {
  const trimmed = text.trim();
  if (/^(?:NaN|[+-]?Infinity)$/.test(trimmed)) return Number(trimmed);
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?$/.test(trimmed)
    ? Number.parseFloat(trimmed)
    : undefined;
};

const boolean: Parse = (text) => text.trim().toLowerCase() === "true";

const character: Parse = (text) =>
  [...text].length === 1 ? text : [...text.trim()].length === 1 ? text.trim() : undefined;

/** The types of values (OSGi Compendium, 122.8.1): names of Java's classes and primitives. */
const TYPES: ReadonlyMap<string, Parse> = new Map([
  ["String", string],
  ...["long", "Long"].map((name) => [name, integer(64)] as const),
  ...["int", "Integer"].map((name) => [name, integer(32)] as const),
  ...["short", "Short"].map((name) => [name, integer(16)] as const),
  ...["byte", "Byte"].map((name) => [name, integer(8)] as const),
  ...["double", "Double", "float", "Float"].map((name) => [name, float] as const),
  ...["boolean", "Boolean"].map((name) => [name, boolean] as const),
  ...["char", "Character"].map((name) => [name, character] as const),
]);

/** Whether there is such a type. */
export function isType(type: string): boolean {
  return TYPES.has(type);
}

/** Reads a value; undefined when its text does not fit its type. */
export function parseValue(type: string, text: string): ScalarValue | undefined {
  return TYPES.get(type)?.(text);
}

/** Properties that every reader expects as `Long`. */
const LONGS: ReadonlySet<string> = new Set([
  OSGI.endpointServiceId,
  ECF.remoteServiceId,
  ECF.timestamp,
]);

/** The type to write values as, one that iPOPO, ECF and Aries read. */
export function typeOf(name: string, values: readonly ScalarValue[]): string {
  if (LONGS.has(name)) return "Long";
  if (values.every((value) => typeof value === "boolean")) {
    return values.length ? "Boolean" : "String";
  }
  if (values.every((value) => typeof value === "bigint" || Number.isSafeInteger(value))) {
    return "Long";
  }
  return values.every((value) => typeof value === "number") ? "Double" : "String";
}
