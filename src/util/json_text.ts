import { hideCredentials } from "./logging/mod.ts";

/**
 * Returns a value as JSON, with a form for what JSON lacks: bigints become decimal strings, bytes
 * base64, maps objects and sets lists. Dates are strings in ISO 8601. A value without a form,
 * such as `undefined`, is `null`.
 *
 * @example
 * ```ts
 * import { toJsonText } from "./mod.ts";
 *
 * console.log(toJsonText({ big: 2n ** 64n, bytes: Uint8Array.of(1, 2) }));
 * // {"big":"18446744073709551616","bytes":"AQI="}
 * ```
 */
export function toJsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, replaceUnknown, indent) ?? "null";
}

/**
 * Returns the same without the user names and passwords of the URLs among its strings.
 *
 * @example
 * ```ts
 * import { toOpenJsonText } from "./mod.ts";
 *
 * console.log(toOpenJsonText({ url: "http://ada:secret@host/" })); // {"url":"http://host/"}
 * ```
 */
export function toOpenJsonText(value: unknown, indent?: number): string {
  function replace(this: Record<string, unknown>, name: string, item: unknown): unknown {
    const known = replaceUnknown.call(this, name, item);
    return typeof known === "string" ? hideCredentials(known) : known;
  }
  return JSON.stringify(value, replace, indent) ?? "null";
}

function replaceUnknown(this: Record<string, unknown>, name: string, value: unknown): unknown {
  const original = this[name]; // Node's buffers have a JSON form of their own in `value`
  if (typeof original === "bigint") return String(original);
  if (original instanceof Uint8Array) return Buffer.from(original).toString("base64");
  if (original instanceof Map) return Object.fromEntries(original);
  return original instanceof Set ? [...original] : value;
}

/** A whole number that a `number` may not hold exactly, where a value can stand. */
const LONG_NUMBER = /(?:^|[:,[])\s*-?\d{16}/;
/** A whole number as JSON writes it; longer ones are read as any other number is. */
const WHOLE = /^-?\d{16,400}$/;

/**
 * Parses JSON. Whole numbers that a `number` cannot hold exactly, such as a `long` of Java, are
 * bigints.
 *
 * @throws {SyntaxError} if it is not JSON
 * @example
 * ```ts
 * import { parseExactJson } from "./mod.ts";
 *
 * console.log(parseExactJson("[9007199254740993, 1]")); // [ 9007199254740993n, 1 ]
 * ```
 */
export function parseExactJson(json: string): unknown {
  if (!LONG_NUMBER.test(json)) return JSON.parse(json);
  return JSON.parse(json, (_key, value: unknown, context?: { readonly source?: string }) => {
    const isInexact = typeof value === "number" && !Number.isSafeInteger(value);
    const source = context?.source ?? "";
    return isInexact && WHOLE.test(source) ? BigInt(source) : value;
  });
}
