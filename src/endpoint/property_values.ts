/** A single value of an endpoint's property. */
export type ScalarValue = string | number | bigint | boolean | Date;

/** Value of an endpoint's property: every kind of value that has a faithful string form. */
export type PropertyValue =
  | ScalarValue
  | Uint8Array
  | readonly ScalarValue[]
  | ReadonlySet<ScalarValue>;

/**
 * Copies a value so that it can travel with an endpoint.
 *
 * @returns `undefined` if the value has no faithful form: objects, maps, functions, symbols,
 * invalid dates, and lists with such values or with lists in them
 * @example
 * ```ts
 * import { toPropertyValue } from "./mod.ts";
 *
 * toPropertyValue(["a", "b c"]); // ["a", "b c"]
 * toPropertyValue(new Map()); // undefined
 * ```
 */
export function toPropertyValue(value: unknown): PropertyValue | undefined {
  if (isScalarValue(value)) return value instanceof Date ? new Date(value) : value;
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  const isSet = value instanceof Set;
  if (!isSet && !Array.isArray(value)) return undefined;
  const items: ScalarValue[] = [];
  for (const item of value) { // includes the holes of an array
    if (!isScalarValue(item)) return undefined;
    items.push(item);
  }
  return isSet ? new Set(items) : Object.freeze(items);
}

/** Whether a value is a single one that can travel. */
export function isScalarValue(value: unknown): value is ScalarValue {
  switch (typeof value) {
    case "string":
    case "number":
    case "bigint":
    case "boolean":
      return true;
    default:
      return value instanceof Date && !Number.isNaN(value.getTime());
  }
}

/** Formats a single value as a string: dates in ISO 8601, numbers in decimal. */
export function formatScalar(value: ScalarValue): string {
  if (value instanceof Date) return value.toISOString();
  return Object.is(value, -0) ? "-0" : String(value);
}
