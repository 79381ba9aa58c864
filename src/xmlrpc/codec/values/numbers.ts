/** Longest number that is parsed; more digits mean an attack. */
const MAX_NUMBER = 400;
const MINUS = 0x2d, POINT = 0x2e, ZERO = 0x30, NINE = 0x39;

/** Parses a whole number of some bits; `undefined` if it is invalid or out of range. */
export function parseInteger(text: string, bits: number): number | undefined {
  const number = parseShortInteger(text) ?? Number(parseBigInteger(text) ?? NaN);
  const limit = 2 ** (bits - 1);
  return number >= -limit && number < limit ? number : undefined;
}

/** Parses up to nine digits, as nearly every whole number has; `undefined` for all else. */
function parseShortInteger(text: string): number | undefined {
  const from = text.charCodeAt(0) === MINUS ? 1 : 0;
  if (text.length === from || text.length > from + 9) return undefined;
  let value = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) return undefined;
    value = value * 10 + (code - ZERO);
  }
  return from === 1 ? 0 - value : value;
}

/** Parses a whole number of up to `MAX_NUMBER` digits; `undefined` if it is invalid. */
export function parseBigInteger(text: string): bigint | undefined {
  if (text.length > MAX_NUMBER || !/^[+-]?\d+$/.test(text)) return undefined;
  return BigInt(text.startsWith("+") ? text.slice(1) : text);
}

/** Parses a whole number of 64 bits; `undefined` if it is invalid or out of range. */
export function parseInt64(text: string): bigint | undefined {
  const value = parseBigInteger(text);
  return value === undefined || BigInt.asIntN(64, value) !== value ? undefined : value;
}

/** Parses a decimal number, with or without an exponent; `undefined` if it is not finite. */
export function parseDouble(text: string): number | undefined {
  if (!isShortDecimal(text) && !isDecimal(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether a string is a number without an exponent, as nearly every one is. */
function isShortDecimal(text: string): boolean {
  const from = text.charCodeAt(0) === MINUS ? 1 : 0;
  if (text.length > 24) return false;
  let points = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === POINT) points++;
    else if (code < ZERO || code > NINE) return false;
  }
  return points <= 1 && text.length > from + points;
}

/** Parses the names that C, Python and Java write for NaN and the infinities. */
export function parseNonFinite(text: string): number | undefined {
  const [, sign, name = ""] = /^([+-]?)(nan|inf|infinity)$/i.exec(text) ?? [];
  if (sign === undefined) return undefined;
  if (name.toLowerCase() === "nan") return NaN;
  return sign === "-" ? -Infinity : Infinity;
}

/** Whether a string is a decimal number. */
export function isDecimal(text: string): boolean {
  return text.length <= MAX_NUMBER &&
    /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
}

/** Formats a finite number without an exponent, and always with a decimal point. */
export function formatDouble(value: number): string {
  const size = Math.abs(value);
  // JavaScript writes an exponent below and above.
  if (size >= 1e-6 && size < 1e21) return Number.isInteger(value) ? `${value}.0` : String(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa = "0", exponent = "0"] = String(Math.abs(value)).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  const padded = digits.padEnd(point, "0");
  return `${sign}${padded.slice(0, point)}.${padded.slice(point) || "0"}`;
}
