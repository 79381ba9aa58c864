import { isXmlSpace } from "../../../xml/mod.ts";
import { parseBase64 } from "./base64.ts";
import { parseDateTime } from "./dates.ts";
import {
  isDecimal,
  parseBigInteger,
  parseDouble,
  parseInt64,
  parseInteger,
  parseNonFinite,
} from "./numbers.ts";
import { type NumberType, type TimeZone, TypedNumber, type XmlRpcValue } from "./values.ts";

/** How scalars are converted. */
export interface ScalarOptions {
  /** Zone of a date and time that names none. @default "utc" */
  readonly timeZone?: TimeZone;
  /**
   * Whether a `double`, `ex:float` and `ex:i2` is returned as {@link TypedNumber}, so that it
   * is sent back with the same type. @default false
   */
  readonly typedNumbers?: boolean;
  /** Whether an `i8` that a `number` holds exactly is returned as one. @default "bigint" */
  readonly i8As?: "bigint" | "number";
  /** Whether a `dateTime.iso8601` is returned as the string that was sent. @default "date" */
  readonly dateTimeAs?: "date" | "text";
  /**
   * Whether odd values that peers send are read: an invalid date as a string, a
   * `boolean` of `true` or `false`, an `int` of more than 32 bits as `number` or `bigint`,
   * `nan` and `inf` in a `double`, an `array` without `data`. @default false
   */
  readonly lenient?: boolean;
}

/** A type of value that has no elements in it. */
export interface Scalar {
  /** Description of valid content for errors. */
  readonly expected: string;
  /** Parses the content; `undefined` if it is invalid. */
  readonly parse: (text: string, options: ScalarOptions) => XmlRpcValue | undefined;
  /** Parses content that is invalid but understood, if the options allow it. */
  readonly parseOdd?: (text: string, options: ScalarOptions) => XmlRpcValue | undefined;
}

/** Whether a character is white space of XML; `trim()` takes U+00A0 too. */
function isSpaceAt(text: string, at: number): boolean {
  return text.charCodeAt(at) <= 0x20; // other control characters never get here
}

/** Returns a string without XML white space around it. */
export function trimXmlSpace(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpaceAt(text, from)) from++;
  while (to > from && isSpaceAt(text, to - 1)) to--;
  return to - from === text.length ? text : text.slice(from, to);
}

function createInteger(bits: number): Scalar {
  return {
    expected: `a whole number of ${bits} bits`,
    parse: (text) => parseInteger(trimXmlSpace(text), bits),
    parseOdd: (text) => simplify(parseBigInteger(trimXmlSpace(text))),
  };
}

/** Returns a number that holds the value exactly, or the `bigint`. */
function simplify(value: bigint | undefined): number | bigint | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function createTyped(type: NumberType, { parse, ...scalar }: Scalar): Scalar {
  return {
    ...scalar,
    parse: (text, options) => {
      const value = parse(text, options);
      return options.typedNumbers && typeof value === "number"
        ? new TypedNumber(type, value)
        : value;
    },
  };
}

/** A `string`, and a value without a type. */
export const STRING: Scalar = { expected: "text", parse: (text) => text };

const BOOLEAN: Scalar = {
  expected: "0 or 1",
  parse: (text) => {
    const bit = trimXmlSpace(text);
    return bit === "1" ? true : bit === "0" ? false : undefined;
  },
  parseOdd: (text) => {
    const word = trimXmlSpace(text).toLowerCase();
    return word === "true" ? true : word === "false" ? false : undefined;
  },
};

const DOUBLE: Scalar = {
  expected: "a decimal number",
  parse: (text) => parseDouble(trimXmlSpace(text)),
  parseOdd: (text) => parseNonFinite(trimXmlSpace(text)),
};

const INT64: Scalar = {
  expected: "a whole number of 64 bits",
  parse: (text, { i8As }) => {
    const value = parseInt64(trimXmlSpace(text));
    return i8As === "number" ? simplify(value) : value;
  },
  parseOdd: (text) => parseBigInteger(trimXmlSpace(text)),
};

const DATE_TIME: Scalar = {
  expected: "a date and time such as 20261231T23:59:59",
  parse: (text, { timeZone = "utc", dateTimeAs }) =>
    dateTimeAs === "text" ? text : parseDateTime(trimXmlSpace(text), timeZone),
  parseOdd: trimXmlSpace,
};

const BASE64: Scalar = { expected: "base64", parse: parseBase64 };

const NIL: Scalar = {
  expected: "nothing",
  parse: (text) => isXmlSpace(text) ? null : undefined,
};

const BIG_INTEGER: Scalar = {
  expected: "a whole number of 400 digits at most",
  parse: (text) => parseBigInteger(trimXmlSpace(text)),
};

const BIG_DECIMAL: Scalar = {
  expected: "a decimal number of 400 characters at most",
  parse: (text) => isDecimal(trimXmlSpace(text)) ? trimXmlSpace(text) : undefined,
};

/** Extensions of Apache, which peers send with its prefix or without. */
const EXTENSIONS: readonly (readonly [name: string, scalar: Scalar])[] = [
  ["nil", NIL],
  ["i1", createInteger(8)],
  ["i2", createTyped("i2", createInteger(16))],
  ["i8", INT64],
  ["biginteger", BIG_INTEGER],
  ["float", createTyped("float", DOUBLE)],
  ["bigdecimal", BIG_DECIMAL],
  ["dateTime", DATE_TIME],
];

/** Scalar types by the names of their elements; Apache's prefix is written `ex:`. */
export const SCALARS: ReadonlyMap<string, Scalar> = new Map([
  ["string", STRING],
  ["int", createInteger(32)],
  ["i4", createInteger(32)],
  ["boolean", BOOLEAN],
  ["double", createTyped("double", DOUBLE)],
  ["dateTime.iso8601", DATE_TIME],
  ["base64", BASE64],
  ...EXTENSIONS,
  ...EXTENSIONS.map(([name, scalar]) => [`ex:${name}`, scalar] as const),
]);
