import { formatPlainTime, formatTime } from "./dates.ts";
import { DateTime, TypedNumber } from "./values.ts";

/**
 * Returns a number that is sent as `double`, also if it is whole.
 *
 * @example
 * ```ts
 * import { double, encodeMethodCall } from "@remote-services/etcd3/xmlrpc";
 *
 * encodeMethodCall("setRatio", [double(1)]); // <double>1.0</double>
 * ```
 */
export function double(value: number): TypedNumber {
  return new TypedNumber("double", value);
}

/**
 * Returns a whole number that is sent as `i8` (64 bits, a Java `long`).
 *
 * @example
 * ```ts
 * import { encodeMethodCall, i8 } from "@remote-services/etcd3/xmlrpc";
 *
 * encodeMethodCall("setTime", [i8(Date.now())]); // <i8>1792836672000</i8>
 * ```
 */
export function i8(value: number | bigint): TypedNumber {
  return new TypedNumber("i8", value);
}

/**
 * Returns a whole number that is sent as `int`; encoding fails if it needs more than 32 bits.
 *
 * @example
 * ```ts
 * import { encodeMethodCall, int } from "@remote-services/etcd3/xmlrpc";
 *
 * console.log(encodeMethodCall("setSize", [int(-0)]).includes("<int>0</int>")); // true
 * ```
 */
export function int(value: number): TypedNumber {
  return new TypedNumber("int", value);
}

/**
 * Returns a whole number that is sent as Apache's `ex:i2` (16 bits, a Java `short`).
 *
 * @example
 * ```ts
 * import { encodeMethodCall, i2 } from "@remote-services/etcd3/xmlrpc";
 *
 * console.log(encodeMethodCall("setPort", [i2(8181)]).includes("<ex:i2>8181</ex:i2>")); // true
 * ```
 */
export function i2(value: number): TypedNumber {
  return new TypedNumber("i2", value);
}

/**
 * Returns a number that is sent as Apache's `ex:float` (a Java `float`).
 *
 * @example
 * ```ts
 * import { encodeMethodCall, float } from "@remote-services/etcd3/xmlrpc";
 *
 * console.log(encodeMethodCall("setLoad", [float(0.5)]).includes("<ex:float>0.5</ex:float>")); // true
 * ```
 */
export function float(value: number): TypedNumber {
  return new TypedNumber("float", value);
}

/**
 * Returns a date and time that is sent as `dateTime.iso8601`. Its zone is an agreement of the
 * peers: of a string such as `2026-11-22T10:11:12` or `20261122T10:11:12` only the digits are
 * sent, of a `Date` its time in UTC.
 *
 * @throws {TypeError} if the date does not exist, names a zone, or its year has not four digits
 * @example
 * ```ts
 * import { dateTime } from "@remote-services/etcd3/xmlrpc";
 *
 * console.log(dateTime("2026-11-22T10:11:12").text); // 20261122T10:11:12
 * ```
 */
export function dateTime(time: Date | string): DateTime {
  const text = typeof time === "string" ? formatPlainTime(time) : formatTime(time, "utc");
  if (text) return new DateTime(text);
  throw new TypeError(
    `Cannot create a dateTime.iso8601 from ${String(time)}: give a string such as ` +
      "2026-11-22T10:11:12",
  );
}

/**
 * Returns the bytes of memory to be sent as `base64`, also those of an `Int16Array`.
 *
 * @example
 * ```ts
 * import { base64, encodeMethodCall } from "@remote-services/etcd3/xmlrpc";
 *
 * const samples = new Int16Array([0, 0, 0]);
 * console.log(encodeMethodCall("play", [base64(samples)]).includes("<base64>AAAAAAAA</base64>")); // true
 * ```
 */
export function base64(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
