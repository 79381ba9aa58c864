import type { PropertyValue, ScalarValue } from "../../../endpoint/mod.ts";
import { toMessage } from "../../../util/mod.ts";

/** Longest string that is read as a number; the time for its pattern grows faster. */
const MAX_DIGITS = 400;
const DOUBLE = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|Infinity|NaN)$/;

/** A property that is ignored because its value is unreadable. */
export interface IgnoredProperty {
  /** Name of the property. */
  readonly name: string;
  /** Why it is unreadable. */
  readonly reason: string;
}

/**
 * Reads the properties of an endpoint's JSON, of every type that ECF writes. Values of `null`
 * are absent; other unreadable properties are ignored.
 *
 * @throws {TypeError} if it has no list of properties
 */
export function readProperties(document: unknown): {
  readonly properties: ReadonlyMap<string, PropertyValue>;
  readonly ignored: readonly IgnoredProperty[];
} {
  if (!isRecord(document) || !Array.isArray(document.properties)) {
    throw new TypeError("Cannot read the endpoint: it has no list of properties");
  }
  const properties = new Map<string, PropertyValue>();
  const ignored: IgnoredProperty[] = [];
  const spellings = new Map<string, string>();
  for (const item of document.properties) {
    const name = isRecord(item) && typeof item.name === "string" ? item.name : "without a name";
    try {
      const value = readProperty(item);
      if (value === undefined) continue;
      checkSpelling(name, spellings);
      properties.set(name, value);
    } catch (error) {
      ignored.push({ name, reason: toMessage(error) });
    }
  }
  return { properties, ignored };
}

/** Checks that no earlier name differs in letter case only, as OSGi requires. */
function checkSpelling(name: string, spellings: Map<string, string>): void {
  const first = spellings.get(name.toLowerCase()) ?? name;
  spellings.set(name.toLowerCase(), first);
  if (first === name) return;
  throw new TypeError(`Cannot read the property ${name}: there is a property ${first}`);
}

/** Returns the value of a property; `undefined` if it is absent. */
function readProperty(item: unknown): PropertyValue | undefined {
  if (!isRecord(item) || typeof item.name !== "string") {
    throw new TypeError("Cannot read a property: it has no name");
  }
  const { type, name, value } = item;
  if (value === null || value === undefined) return undefined;
  if (typeof type !== "string") {
    throw new TypeError(`Cannot read the property ${name}: it has no type`);
  }
  const parsed = parseValue(type, value);
  if (parsed !== undefined) return parsed;
  throw new TypeError(
    `Cannot read the property ${name}: ${formatJson(value)} is not a valid ${type}`,
  );
}

function formatJson(value: unknown): string {
  return JSON.stringify(value, (_key, item) => typeof item === "bigint" ? String(item) : item);
}

/** Returns the value of a property of one of ECF's types; `undefined` if it is unreadable. */
function parseValue(type: string, value: unknown): PropertyValue | undefined {
  switch (type) {
    case "string":
    case "char":
      return typeof value === "string" ? value : undefined;
    case "bytes":
      return typeof value === "string" ? parseBase64(value) : undefined;
    case "list":
      return parseList(value);
    case "set": {
      const list = parseList(value);
      return list && new Set(list);
    }
    case "double":
    case "float":
      return parseDouble(value);
    case "long":
    case "int":
      return parseInteger(value);
    case "object": // booleans, shorts and, of Java, arrays
      return isScalar(value) ? value : parseList(value);
    default:
      return undefined;
  }
}

/** Returns the elements of a list with their types; absent ones are left out. */
function parseList(value: unknown): readonly ScalarValue[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const present: readonly unknown[] = value.filter((item) => item !== null);
  return present.every(isScalar) ? present : undefined;
}

function parseBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Uint8Array.from(Buffer.from(text, "base64"));
}

function parseDouble(value: unknown): number | undefined {
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  if (typeof value !== "string") return undefined;
  const trimmed = value.trim();
  return trimmed.length <= MAX_DIGITS && DOUBLE.test(trimmed) ? Number(trimmed) : undefined;
}

function parseInteger(value: unknown): number | bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  if (typeof value !== "string" || !/^[+-]?\d{1,19}$/.test(value)) return undefined;
  return Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value);
}

function isScalar(value: unknown): value is string | number | bigint | boolean {
  return ["string", "number", "bigint", "boolean"].includes(typeof value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
