import type { WildcardPattern } from "./wildcard_pattern.ts";

/** Comparison of a property with a string in a filter. */
export type Operator = "=" | "~=" | ">=" | "<=";

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WHOLE = /^[+-]?\d+$/;
/** Longest string that is read as a number. */
const MAX_DIGITS = 400;
/** Deepest nesting of lists whose elements are compared; a list may contain itself. */
const MAX_NESTING = 20;

/** Compares a property with the value of a filter, by the type of the property. */
export function compare(
  value: unknown,
  operator: Operator,
  wanted: string,
  depth = 0,
): boolean {
  switch (typeof value) {
    case "string":
      return compareStrings(value, operator, wanted);
    case "number":
      return compareNumbers(value, operator, parseNumber(wanted));
    case "bigint":
      return compareNumbers(value, operator, parseWhole(wanted));
    case "boolean":
      return compareNumbers(Number(value), operator, parseBoolean(wanted));
    case "object":
      if (value instanceof Date) {
        return compareNumbers(value.getTime(), operator, parseDate(wanted));
      }
      return listElements(value, depth).some((element) =>
        compare(element, operator, wanted, depth + 1)
      );
    default:
      return false;
  }
}

/** Whether a string, or a string in a list, matches a pattern. */
export function matchesPattern(value: unknown, pattern: WildcardPattern, depth = 0): boolean {
  if (typeof value === "string") return pattern.matches(value);
  return listElements(value, depth).some((element) => matchesPattern(element, pattern, depth + 1));
}

function listElements(value: unknown, depth: number): readonly unknown[] {
  if (depth > MAX_NESTING) return [];
  if (Array.isArray(value)) return value;
  return value instanceof Set || isTypedArray(value) ? [...value] : [];
}

function isTypedArray(value: unknown): value is Iterable<number | bigint> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function compareStrings(value: string, operator: Operator, wanted: string): boolean {
  switch (operator) {
    case "=":
      return value === wanted;
    case "~=":
      return normalize(value) === normalize(wanted);
    case ">=":
      return orderStrings(value, wanted) >= 0;
    case "<=":
      return orderStrings(value, wanted) <= 0;
  }
}

/** Orders two decimal strings as numbers, all others as strings. */
function orderStrings(a: string, b: string): number {
  const [first, second] = [parseDecimal(a), parseDecimal(b)];
  if (first === undefined || second === undefined) return a < b ? -1 : Number(a > b);
  const [x, y] = [parseWhole(a) ?? first, parseWhole(b) ?? second];
  return x < y ? -1 : Number(x > y);
}

/** Removes what `~=` ignores: letter case and white space. */
function normalize(text: string): string {
  return text.replace(/\s+/g, "").toUpperCase().toLowerCase();
}

function compareNumbers<T extends number | bigint>(
  value: T,
  operator: Operator,
  wanted: T | undefined,
): boolean {
  if (wanted === undefined) return false;
  if (operator === ">=") return value >= wanted;
  if (operator === "<=") return value <= wanted;
  return value === wanted || Object.is(value, wanted);
}

function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^(?:NaN|[+-]?Infinity)$/.test(trimmed)) return Number(trimmed);
  return parseDecimal(trimmed);
}

function parseDecimal(text: string): number | undefined {
  const trimmed = text.trim();
  return trimmed.length <= MAX_DIGITS && DECIMAL.test(trimmed) ? Number(trimmed) : undefined;
}

function parseWhole(text: string): bigint | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_DIGITS || !WHOLE.test(trimmed)) return undefined;
  return BigInt(trimmed.replace(/^\+/, ""));
}

/** Returns 1 for true and 0 for any other string; an empty one has no value. */
function parseBoolean(text: string): number | undefined {
  const trimmed = text.trim();
  return trimmed === "" ? undefined : Number(trimmed.toLowerCase() === "true");
}

/** A date of ISO 8601, and a time with its zone. */
const ISO_DATE =
  /^(?:\d{4}|[+-]\d{6})(?:-\d\d(?:-\d\d)?)?(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** Returns the time of a date; without a zone it is one of UTC, on every machine. */
function parseDate(text: string): number | undefined {
  const trimmed = text.trim().toUpperCase();
  const match = ISO_DATE.exec(trimmed);
  if (match === null) return undefined;
  const time = Date.parse(
    trimmed.includes("T") && match[1] === undefined ? `${trimmed}Z` : trimmed,
  );
  return Number.isNaN(time) ? undefined : time;
}
