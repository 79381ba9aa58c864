/** The types of numbers that JavaScript can't tell apart, by their element's name. */
export type NumberType = "int" | "i2" | "i8" | "double" | "float";

/** A number with the XML-RPC type it is to be sent as; made by {@link double} and its like. */
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

/** A `dateTime.iso8601` as it is to be sent; made by {@link dateTime}. */
export class DateTime {
  /** The text on the wire, such as `20261122T10:11:12`. */
  readonly text: string;

  /** Use {@link dateTime}. */
  constructor(text: string) {
    this.text = text;
  }

  /** The text. */
  toString(): string {
    return this.text;
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
 * `Uint8Array`, `dateTime.iso8601` as `Date`, a `struct` as a plain object, `nil` as `null`.
 * Names such as `__proto__` are own properties of it like any other.
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

/** The namespace of Apache's extensions, which Eclipse ECF speaks. */
export const EXTENSIONS_NAMESPACE = "http://ws.apache.org/xmlrpc/namespaces/extensions";

/**
 * How extension types are spelt: `plain` is `<nil/>` and `<i8>`, which Python, Perl,
 * Ruby and C know; `apache` is `<ex:nil/>` and `<ex:i8>`, which Java knows.
 */
export type Dialect = "plain" | "apache";

/** In which zone a `dateTime.iso8601`, which names none, is to be understood. */
export type TimeZone = "utc" | "local";
