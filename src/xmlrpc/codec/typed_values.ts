import { plainTimeOf, wireTimeOf } from "./dates.ts";
import { DateTime, TypedNumber } from "./values.ts";

/** Sends a number as `double`, also a whole one: `double(1)` is 1.0 for the peer. */
export function double(value: number): TypedNumber {
  return new TypedNumber("double", value);
}

/** Sends a whole number as `i8` (64 bits, a Java `long`). */
export function i8(value: number | bigint): TypedNumber {
  return new TypedNumber("i8", value);
}

/** Sends a whole number as `int` and refuses it when it needs more than 32 bits. */
export function int(value: number): TypedNumber {
  return new TypedNumber("int", value);
}

/** Sends a whole number as Apache's `ex:i2` (16 bits, a Java `short`). */
export function i2(value: number): TypedNumber {
  return new TypedNumber("i2", value);
}

/** Sends a number as Apache's `ex:float` (a Java `float`). */
export function float(value: number): TypedNumber {
  return new TypedNumber("float", value);
}

/**
 * Sends a date and time as `dateTime.iso8601`, whose zone the peers have agreed on:
 * of text such as `2026-11-22T10:11:12` or `20261122T10:11:12` just the figures, of a
 * `Date` its time in UTC.
 *
 * @throws {TypeError} when it is no date that exists, names a zone, or its year has
 * not four digits.
 */
export function dateTime(time: Date | string): DateTime {
  const text = typeof time === "string" ? plainTimeOf(time) : wireTimeOf(time, "utc");
  if (text) return new DateTime(text);
  throw new TypeError(
    `Cannot make a dateTime.iso8601 of ${String(time)}: give text such as 2026-11-22T10:11:12`,
  );
}

/** Sends memory as `base64`, also that of an `Int16Array` and its like, byte for byte. */
export function base64(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
