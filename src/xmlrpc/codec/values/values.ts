/** Types of numbers that JavaScript does not distinguish, by the names of their elements. */
export type NumberType = "int" | "i2" | "i8" | "double" | "float";

/**
 * A number with the XML-RPC type that it is sent as; see {@link double} and {@link i8}.
 *
 * @example
 * ```ts
 * import { TypedNumber } from "@remote-services/etcd3/xmlrpc";
 *
 * const ratio = new TypedNumber("double", 1);
 * console.log(Number(ratio) + 1); // 2
 * ```
 */
export class TypedNumber {
  /** Name of the element; `i2` and `float` are extensions of Apache. */
  readonly type: NumberType;
  /** Value. */
  readonly value: number | bigint;

  /** Use {@link double}, {@link i8}, {@link int}, {@link i2} or {@link float}. */
  constructor(type: NumberType, value: number | bigint) {
    this.type = type;
    this.value = value;
  }

  /** Returns the number, so that arithmetic works. */
  valueOf(): number | bigint {
    return this.value;
  }
}

/**
 * A `dateTime.iso8601` as it is sent; see {@link dateTime}.
 *
 * @example
 * ```ts
 * import { DateTime } from "@remote-services/etcd3/xmlrpc";
 *
 * console.log(new DateTime("20261122T10:11:12").text); // 20261122T10:11:12
 * ```
 */
export class DateTime {
  /** Form on the wire, such as `20261122T10:11:12`. */
  readonly text: string;

  /** Use {@link dateTime}. */
  constructor(text: string) {
    this.text = text;
  }

  /** Returns the form on the wire. */
  toString(): string {
    return this.text;
  }
}

/**
 * A value that XML-RPC can carry.
 *
 * Sending: whole numbers of 32 bits become `int`, other numbers `double`, a `bigint` `i8`, a
 * `Date` `dateTime.iso8601`, binary data `base64`, arrays and sets `array`, plain objects and
 * maps with strings as keys `struct`, `null` and `undefined` `nil`. A member that is
 * `undefined` is left out.
 *
 * Receiving: `int` and `double` become `number`, `i8` `bigint`, `base64` `Uint8Array`,
 * `dateTime.iso8601` `Date`, a `struct` a plain object, `nil` `null`. Names such as
 * `__proto__` are own properties like any other.
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
  | DateTime
  | readonly XmlRpcValue[]
  | ReadonlySet<XmlRpcValue>
  | ReadonlyMap<string, XmlRpcValue>
  | { readonly [name: string]: XmlRpcValue };

/** Namespace of Apache's extensions, which Eclipse ECF uses. */
export const EXTENSIONS_NAMESPACE = "http://ws.apache.org/xmlrpc/namespaces/extensions";

/**
 * Spelling of extension types: `plain` is `<nil/>` and `<i8>`, which Python, Perl, Ruby and C
 * know; `apache` is `<ex:nil/>` and `<ex:i8>`, which Java knows.
 */
export type Dialect = "plain" | "apache";

/** Zone of a `dateTime.iso8601`, which names none. */
export type TimeZone = "utc" | "local";
