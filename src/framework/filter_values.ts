/** How a filter compares a property with a text. */
export type Operator = "=" | "~=" | ">=" | "<=";

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Compares a property, whose type decides how, with the text of a filter. */
export function compare(value: unknown, operator: Operator, text: string): boolean {
  switch (typeof value) {
    case "string":
      return compareTexts(value, operator, text);
    case "number":
      return compareNumbers(value, operator, numberOf(text));
    case "bigint":
      return compareNumbers(value, operator, bigintOf(text));
    case "boolean":
      return compareNumbers(Number(value), operator, Number(text.trim().toLowerCase() === "true"));
    case "object":
      if (value instanceof Date) return compareNumbers(value.getTime(), operator, Date.parse(text));
      return elementsOf(value).some((element) => compare(element, operator, text));
    default:
      return false;
  }
}

/** Whether a text, or one of a list, consists of pieces with anything in between. */
export function matchesPattern(value: unknown, pieces: readonly string[]): boolean {
  if (typeof value === "string") return isPatternOf(value, pieces);
  return elementsOf(value).some((element) => matchesPattern(element, pieces));
}

function elementsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value instanceof Set ? [...value] : [];
}

function compareTexts(value: string, operator: Operator, text: string): boolean {
  switch (operator) {
    case "=":
      return value === text;
    case "~=":
      return approximate(value) === approximate(text);
    case ">=":
      return value >= text;
    case "<=":
      return value <= text;
  }
}

function approximate(text: string): string {
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

/** A number as JavaScript has it; whole and fractional ones are one type. */
function numberOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (DECIMAL.test(trimmed)) return Number(trimmed);
  return /^(?:NaN|[+-]?Infinity)$/.test(trimmed) ? Number(trimmed) : undefined;
}

function bigintOf(text: string): bigint | undefined {
  const trimmed = text.trim();
  return /^[+-]?\d{1,400}$/.test(trimmed) ? BigInt(trimmed.replace(/^\+/, "")) : undefined;
}

/** The first piece stands at the beginning, the last at the end, the others in order. */
function isPatternOf(text: string, pieces: readonly string[]): boolean {
  const [first = "", ...others] = pieces;
  const last = others.pop() ?? "";
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of others) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
}
