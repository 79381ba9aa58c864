import {
  formatScalar,
  isScalarValue,
  type PropertyValue,
  type ScalarValue,
  toPropertyValue,
} from "./property_values.ts";

// A property whose type would be lost in its string form is described by a short code:
// n number, i bigint, b boolean, d date, x bytes, s string; [ list and { set of items. A list
// has one code for all of its items or one for each, then the lengths of the items unless
// they are separated by the only spaces of the string: [s, [nsb, [s1.3, [ for an empty one.

const MAX_DIGITS = 400;
const LIST = /^([[{])([nibds]*)(\d+(?:\.\d+)*)?$/;

/** Formats a value as the string that travels: the items of lists joined by one space. */
export function formatValue(value: PropertyValue): string {
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  }
  return isScalarValue(value) ? formatScalar(value) : [...value].map(formatScalar).join(" ");
}

/**
 * Formats any value so that two values have the same string only if they are the same for an
 * endpoint: `1` and `"1"` differ.
 */
export function formatTyped(value: unknown): string {
  const known = toPropertyValue(value);
  return known === undefined ? typeof value : `${encodeType(known) ?? "s"}:${formatValue(known)}`;
}

/** Returns the code of a value's type, `undefined` for a string, which needs none. */
export function encodeType(value: PropertyValue): string | undefined {
  if (typeof value === "string") return undefined;
  if (value instanceof Uint8Array) return "x";
  if (isScalarValue(value)) return encodeScalarType(value);
  const items = [...value];
  const codes = items.map(encodeScalarType);
  const isUniform = codes.every((code) => code === codes[0]);
  const texts = items.map(formatScalar);
  const isPlain = texts.join(" ").split(" ").length === texts.length;
  const lengths = isPlain || items.length === 0 ? [] : texts.map(({ length }) => length);
  const kind = value instanceof Set ? "{" : "[";
  return kind + (isUniform ? codes[0] ?? "" : codes.join("")) + lengths.join(".");
}

/**
 * Returns the value whose string form and type are given; `undefined` if the code is invalid
 * or the string is not exactly the form of a value of that type.
 */
export function decodeValue(text: string, code: string): PropertyValue | undefined {
  const value = code === "x" ? parseBytes(text) : parseScalar(text, code) ?? parseList(text, code);
  return value !== undefined && formatValue(value) === text ? value : undefined;
}

function encodeScalarType(value: ScalarValue): string {
  if (value instanceof Date) return "d";
  switch (typeof value) {
    case "number":
      return "n";
    case "bigint":
      return "i";
    case "boolean":
      return "b";
    case "string":
      return "s";
  }
}

function parseBytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "base64"));
}

function parseScalar(text: string, code: string): ScalarValue | undefined {
  switch (code) {
    case "n":
      return Number(text);
    case "i":
      return text.length <= MAX_DIGITS && /^-?\d+$/.test(text) ? BigInt(text) : undefined;
    case "b":
      return text === "true";
    case "d": {
      const date = new Date(text);
      return Number.isNaN(date.getTime()) ? undefined : date;
    }
    case "s":
      return text;
    default:
      return undefined;
  }
}

function parseList(text: string, code: string): PropertyValue | undefined {
  const [, kind, codes = "", lengths] = LIST.exec(code) ?? [];
  if (kind === undefined) return undefined;
  const texts = codes === "" ? [] : lengths === undefined ? text.split(" ") : cut(text, lengths);
  if (codes.length > 1 && codes.length !== texts.length) return undefined;
  const items: ScalarValue[] = [];
  for (const [index, item] of texts.entries()) {
    const value = parseScalar(item, codes.length === 1 ? codes : codes[index] ?? "");
    if (value === undefined) return undefined;
    items.push(value);
  }
  return kind === "{" ? new Set(items) : Object.freeze(items);
}

/** Cuts a string into items of the given lengths with one character between them. */
function cut(text: string, lengths: string): string[] {
  let at = 0;
  const items = lengths.split(".").map((length) => {
    const item = text.slice(at, at + Number(length));
    at += Number(length) + 1;
    return item;
  });
  return at === text.length + 1 ? items : [];
}
