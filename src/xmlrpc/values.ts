/** The types of numbers that JavaScript can't tell apart, by their element's name. */
export type NumberType = "int" | "i2" | "i8" | "double" | "float";

/** A number with the XML-RPC type it is to be sent as; made by the helpers below. */
export class TypedNumber {
  /** The element's name; `i2` and `float` are Apache's extensions. */
  readonly type: NumberType;
  /** The number. */
  readonly value: number | bigint;

  /** Use {@link double}, {@link i8}, {@link int}, {@link i2} or {@link float}. */
  constructor(type: NumberType, value: number | bigint) {
    this.type = type;
    this.value = value;
  }

  /** The number itself, so that arithmetic works. */
  valueOf(): number | bigint {
    return this.value;
  }
}

/**
 * A value that XML-RPC can carry.
 *
 * What is sent: whole numbers of 32 bits as `int`, other numbers as `double`, a
 * `bigint` as `i8`, a `Date` as `dateTime.iso8601`, binary data as `base64`, arrays
 * and sets as `array`, plain objects and maps with text keys as `struct`, `null` and
 * `undefined` as `nil` (an undefined member is left out).
 *
 * What is received: `int` and `double` as `number`, `i8` as `bigint`, `base64` as
 * `Uint8Array`, a `struct` as an object without a prototype, `nil` as `null`.
 */
export type XmlRpcValue =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array
  | ArrayBuffer
  | DataView
  | TypedNumber
  | readonly XmlRpcValue[]
  | ReadonlySet<XmlRpcValue>
  | ReadonlyMap<string, XmlRpcValue>
  | { readonly [name: string]: XmlRpcValue };

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

/** The namespace of Apache's extensions, which Eclipse ECF speaks. */
export const EXTENSIONS_NAMESPACE = "http://ws.apache.org/xmlrpc/namespaces/extensions";

/**
 * How extension types are spelt: `plain` is `<nil/>` and `<i8>`, which Python, Perl,
 * Ruby and C know; `apache` is `<ex:nil/>` and `<ex:i8>`, which Java knows.
 */
export type Dialect = "plain" | "apache";

/** In which zone a `dateTime.iso8601`, which names none, is to be understood. */
export type TimeZone = "utc" | "local";
