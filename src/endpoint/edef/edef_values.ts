import { ECF, OSGI } from "../property_names.ts";
import type { ScalarValue } from "../property_values.ts";

/** Longest string that is read as a decimal number; the time for the pattern grows faster than it. */
const MAX_DIGITS = 400;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?$/;

/** Parses the string of a value; `undefined` if it is invalid. */
type Parse = (text: string) => ScalarValue | undefined;

const parseString: Parse = (text) => text;

/** Returns a parser of integers; iPOPO writes booleans as `Long`, `True` and `False`. */
function createIntegerParser(bits: number): Parse {
  return (text) => {
    const trimmed = text.trim();
    if (/^(?:true|false)$/i.test(trimmed)) return parseBoolean(trimmed);
    if (!/^[+-]?\d{1,20}$/.test(trimmed)) return undefined;
    const value = BigInt(trimmed.replace(/^\+/, ""));
    if (BigInt.asIntN(bits, value) !== value) return undefined;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  };
}

const parseFloating: Parse = (text) => {
  const trimmed = text.trim();
  const [, sign = "", word] = /^([+-]?)(nan|inf(?:inity)?)$/i.exec(trimmed) ?? []; // also Python's
  if (word !== undefined) return /^n/i.test(word) ? NaN : Number(`${sign}Infinity`);
  return trimmed.length <= MAX_DIGITS && DECIMAL.test(trimmed)
    ? Number.parseFloat(trimmed)
    : undefined;
};

const parseBoolean: Parse = (text) => text.trim().toLowerCase() === "true";

const parseCharacter: Parse = (text) => {
  if ([...text].length === 1) return text;
  return [...text.trim()].length === 1 ? text.trim() : undefined;
};

/** Types of values (OSGi Compendium, 122.8.1): names of Java's classes and primitives. */
const TYPES: ReadonlyMap<string, Parse> = new Map([
  ["String", parseString],
  ["long", createIntegerParser(64)],
  ["Long", createIntegerParser(64)],
  ["int", createIntegerParser(32)],
  ["Integer", createIntegerParser(32)],
  ["short", createIntegerParser(16)],
  ["Short", createIntegerParser(16)],
  ["byte", createIntegerParser(8)],
  ["Byte", createIntegerParser(8)],
  ["double", parseFloating],
  ["Double", parseFloating],
  ["float", parseFloating],
  ["Float", parseFloating],
  ["boolean", parseBoolean],
  ["Boolean", parseBoolean],
  ["char", parseCharacter],
  ["Character", parseCharacter],
]);

/** Whether EDEF has a type of that name. */
export function isEdefType(type: string): boolean {
  return TYPES.has(type);
}

/** Parses a value; `undefined` if the string is invalid for the type. */
export function parseEdefValue(type: string, text: string): ScalarValue | undefined {
  return TYPES.get(type)?.(text);
}

/** Properties that every reader expects as `Long`. */
const LONGS: ReadonlySet<string> = new Set([
  OSGI.endpointServiceId,
  ECF.remoteServiceId,
  ECF.timestamp,
]);

/** Returns the type that values are written with, one that iPOPO, ECF and Aries read. */
export function selectEdefType(name: string, values: readonly ScalarValue[]): string {
  if (LONGS.has(name)) return "Long";
  if (values.length === 0) return "String";
  if (values.every((value) => typeof value === "boolean")) return "Boolean";
  if (values.every(isLong)) return "Long";
  return values.every((value) => typeof value === "number") ? "Double" : "String";
}

function isLong(value: ScalarValue): boolean {
  if (typeof value === "bigint") return BigInt.asIntN(64, value) === value;
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}
