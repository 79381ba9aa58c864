import { parseBase64 } from "./base64.ts";
import { parseDateTime } from "./dates.ts";
import { isDecimal, parseBigInteger, parseDouble, parseInt64, parseInteger } from "./numbers.ts";
import { isXmlSpace } from "../../xml/mod.ts";
import { type NumberType, type TimeZone, TypedNumber, type XmlRpcValue } from "./values.ts";

/** What scalars become. */
export interface ScalarOptions {
  /** Zone of a date and time that names none. @default "utc" */
  readonly timeZone?: TimeZone;
  /**
   * Give a `double`, `ex:float` and `ex:i2` as {@link TypedNumber}, so that it is sent
   * back as the type that it came as. @default false
   */
  readonly typedNumbers?: boolean;
  /** Give an `i8` that a `number` holds exactly as one. @default "bigint" */
  readonly i8As?: "bigint" | "number";
  /** Give a `dateTime.iso8601` as the text that came, once checked. @default "date" */
  readonly dateTimeAs?: "date" | "text";
}

/** A type of value that has no elements in it. */
export interface Scalar {
  /** What its text must be, as errors say it. */
  readonly expected: string;
  /** Reads its text; undefined when that does not fit. */
  readonly parse: (text: string, options: ScalarOptions) => XmlRpcValue | undefined;
}

/** White space is XML's: `trim()` takes U+00A0 too. */
const isSpaceAt = (text: string, at: number) => text.charCodeAt(at) <= 0x20;

/** The text without white space around it; other control characters never get here. */
function trimmed(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpaceAt(text, from)) from++;
  while (to > from && isSpaceAt(text, to - 1)) to--;
  return to - from === text.length ? text : text.slice(from, to);
}

function integer(bits: number): Scalar {
  return {
    expected: `a whole number of ${bits} bits`,
    parse: (text) => parseInteger(trimmed(text), bits),
  };
}

function typed(type: NumberType, { expected, parse }: Scalar): Scalar {
  return {
    expected,
    parse: (text, options) => {
      const value = parse(text, options);
      return options.typedNumbers && typeof value === "number"
        ? new TypedNumber(type, value)
        : value;
    },
  };
}

/** A `string`, and what a value without a type is. */
export const STRING: Scalar = { expected: "text", parse: (text) => text };

const BOOLEAN: Scalar = {
  expected: "0 or 1",
  parse: (text) => {
    const bit = trimmed(text);
    return bit === "1" ? true : bit === "0" ? false : undefined;
  },
};

const DOUBLE: Scalar = {
  expected: "a decimal number",
  parse: (text) => parseDouble(trimmed(text)),
};

const INT64: Scalar = {
  expected: "a whole number of 64 bits",
  parse: (text, { i8As }) => {
    const value = parseInt64(trimmed(text));
    const isSafe = i8As === "number" && Number.isSafeInteger(Number(value ?? NaN));
    return isSafe ? Number(value) : value;
  },
};

const DATE_TIME: Scalar = {
  expected: "a date and time such as 20261231T23:59:59",
  parse: (text, { timeZone = "utc", dateTimeAs }) => {
    const date = parseDateTime(trimmed(text), timeZone);
    return date !== undefined && dateTimeAs === "text" ? trimmed(text) : date;
  },
};

const BASE64: Scalar = { expected: "base64", parse: parseBase64 };

const NIL: Scalar = { expected: "nothing", parse: (text) => isXmlSpace(text) ? null : undefined };

const BIG_INTEGER: Scalar = {
  expected: "a whole number of 400 digits at most",
  parse: (text) => parseBigInteger(trimmed(text)),
};

const BIG_DECIMAL: Scalar = {
  expected: "a decimal number of 400 characters at most",
  parse: (text) => isDecimal(trimmed(text)) ? trimmed(text) : undefined,
};

/** The extensions of Apache, which peers send with its prefix or without. */
const EXTENSIONS: readonly (readonly [name: string, scalar: Scalar])[] = [
  ["nil", NIL],
  ["i1", integer(8)],
  ["i2", typed("i2", integer(16))],
  ["i8", INT64],
  ["biginteger", BIG_INTEGER],
  ["float", typed("float", DOUBLE)],
  ["bigdecimal", BIG_DECIMAL],
  ["dateTime", DATE_TIME],
];

/** The scalar types by the names of their elements; Apache's prefix is written `ex:`. */
export const SCALARS: ReadonlyMap<string, Scalar> = new Map([
  ["string", STRING],
  ["int", integer(32)],
  ["i4", integer(32)],
  ["boolean", BOOLEAN],
  ["double", typed("double", DOUBLE)],
  ["dateTime.iso8601", DATE_TIME],
  ["base64", BASE64],
  ...EXTENSIONS,
  ...EXTENSIONS.map(([name, scalar]) => [`ex:${name}`, scalar] as const),
]);
