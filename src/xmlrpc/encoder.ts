import { formatBase64, formatDateTime, formatDouble } from "./_scalars.ts";
import { FAULT_CODES, XmlRpcFault } from "./errors.ts";
import { type Dialect, EXTENSIONS_NAMESPACE, type TimeZone, TypedNumber } from "./values.ts";

/** How to write a document. */
export interface EncodeOptions {
  /** How `nil` and `i8` are spelt. @default "plain" */
  readonly dialect?: Dialect;
  /** Whether `null` may be sent; `nil` is an extension that some peers lack. @default true */
  readonly allowNil?: boolean;
  /**
   * What to do with a whole `number` beyond 32 bits. From 2^53 on a number is no longer
   * exact and is sent as `double`. @default "error"
   */
  readonly largeIntegers?: "error" | "i8";
  /** Zone in which a `Date` is written; the wire form names none. @default "utc" */
  readonly timeZone?: TimeZone;
  /** Deepest nesting of arrays and structs. @default 64 */
  readonly maxDepth?: number;
  /** Longest document, in characters. @default Infinity */
  readonly maxLength?: number;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * Writes a `methodCall`.
 *
 * @throws {TypeError} naming the place, as in `params[0].name`, when a value is none
 * that XML-RPC can carry.
 */
export function encodeMethodCall(
  methodName: string,
  params: readonly unknown[] = [],
  options: EncodeOptions = {},
): string {
  if (!/^[\w.:/]+$/.test(methodName)) {
    throw new TypeError(
      `Cannot call ${
        JSON.stringify(methodName)
      }: a method's name has only letters, digits, _ . : and /`,
    );
  }
  const writer = new Writer(options);
  const body = params.map((value, index) =>
    `<param>${writer.value(value, `params[${index}]`)}</param>`
  );
  return `${DECLARATION}<methodCall${writer.namespace()}><methodName>${methodName}</methodName>` +
    `<params>${body.join("")}</params></methodCall>`;
}

/**
 * Writes a `methodResponse` with one value.
 *
 * @throws {TypeError} naming the place, as in `result.items[2]`, when the value is none
 * that XML-RPC can carry.
 */
export function encodeMethodResponse(value: unknown, options: EncodeOptions = {}): string {
  const writer = new Writer(options);
  const body = writer.value(value, "result");
  return `${DECLARATION}<methodResponse${writer.namespace()}><params><param>${body}</param></params>` +
    `</methodResponse>`;
}

/**
 * Writes a `methodResponse` with a fault: an {@link XmlRpcFault}, or a code and a text.
 * It never fails: characters that XML can't carry are replaced, and a code that is 0 or
 * no 32-bit integer becomes -32603.
 */
export function encodeFault(fault: XmlRpcFault): string;
/** Writes a `methodResponse` with a fault of the given code and text. */
export function encodeFault(faultCode: number, faultString: string): string;
export function encodeFault(fault: XmlRpcFault | number, text?: string): string {
  const [code, words] = fault instanceof XmlRpcFault
    ? [fault.faultCode, fault.faultString]
    : [fault, text];
  const isCode = Number.isInteger(code) && code !== 0 && (code | 0) === code;
  const struct = new Writer({}).value({
    faultCode: isCode ? code : FAULT_CODES.internalError,
    faultString: String(words ?? "").toWellFormed().replace(UNENCODABLE, "\ufffd") ||
      "Unknown error",
  }, "fault");
  return `${DECLARATION}<methodResponse><fault>${struct}</fault></methodResponse>`;
}

// deno-lint-ignore no-control-regex
const UNENCODABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\r": "&#13;",
};

class Writer {
  readonly #options: Required<EncodeOptions>;
  readonly #path = new Set<object>();
  #usesExtensions: boolean;
  #length = 0;

  constructor(options: EncodeOptions) {
    this.#options = {
      dialect: options.dialect ?? "plain",
      allowNil: options.allowNil ?? true,
      largeIntegers: options.largeIntegers ?? "error",
      timeZone: options.timeZone ?? "utc",
      maxDepth: options.maxDepth ?? 64,
      maxLength: options.maxLength ?? Infinity,
    };
    this.#usesExtensions = options.dialect === "apache";
  }

  /** The declaration that the root element needs; to be asked for after the values. */
  namespace(): string {
    return this.#usesExtensions ? ` xmlns:ex="${EXTENSIONS_NAMESPACE}"` : "";
  }

  value(value: unknown, place: string): string {
    const isContainer = typeof value === "object" && value !== null;
    const text = `<value>${this.#typed(value, place)}</value>`;
    // What is inside a container is counted already.
    this.#length += isContainer ? 15 : text.length;
    if (this.#length > this.#options.maxLength) {
      throw cannot(place, `beyond ${this.#options.maxLength} characters`, "send less");
    }
    return text;
  }

  #typed(value: unknown, place: string): string {
    switch (typeof value) {
      case "string":
        return `<string>${escape(value, place)}</string>`;
      case "number":
        return this.#number(value, place);
      case "boolean":
        return `<boolean>${value ? 1 : 0}</boolean>`;
      case "bigint":
        return this.#integer("i8", value, place);
      case "undefined":
        return this.#nil(place);
      case "object":
        return value === null ? this.#nil(place) : this.#object(value, place);
      default:
        throw cannot(place, `a ${typeof value}`, "send data");
    }
  }

  #nil(place: string): string {
    if (!this.#options.allowNil) throw cannot(place, "null", "allow nil, or send another value");
    return `<${this.#extension("nil")}/>`;
  }

  #number(value: number, place: string): string {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      return this.#double("double", value, place);
    }
    if ((value | 0) === value) return `<int>${value}</int>`;
    if (this.#options.largeIntegers === "i8") return this.#integer("i8", value, place);
    throw cannot(place, `${value}, which needs more than 32 bits`, "use i8() or double()");
  }

  #double(type: "double" | "float", value: number, place: string): string {
    if (!Number.isFinite(value)) throw cannot(place, String(value), "send a finite number");
    const name = type === "float" ? this.#extension("float", true) : type;
    return `<${name}>${formatDouble(value)}</${name}>`;
  }

  #integer(type: "int" | "i2" | "i8", value: number | bigint, place: string): string {
    const bits = { int: 32, i2: 16, i8: 64 }[type];
    const isExact = typeof value === "bigint" || Number.isSafeInteger(value);
    if (!isExact || BigInt.asIntN(bits, BigInt(value)) !== BigInt(value)) {
      throw cannot(place, `${value} as ${type}`, `send a whole number of ${bits} bits`);
    }
    const name = type === "int" ? type : this.#extension(type, type === "i2");
    return `<${name}>${value}</${name}>`;
  }

  /** The name of an extension element in the dialect; some exist in Apache's only. */
  #extension(name: string, isApacheOnly = false): string {
    if (isApacheOnly) this.#usesExtensions = true;
    return isApacheOnly || this.#options.dialect === "apache" ? `ex:${name}` : name;
  }

  #object(value: object, place: string): string {
    if (value instanceof TypedNumber) return this.#typedNumber(value, place);
    if (value instanceof Date) return this.#date(value, place);
    const bytes = bytesOf(value);
    if (bytes !== undefined) return `<base64>${formatBase64(bytes)}</base64>`;
    if (this.#path.has(value)) throw cannot(place, "a value that contains itself", "send a tree");
    if (this.#path.size >= this.#options.maxDepth) {
      throw cannot(place, `more than ${this.#options.maxDepth} levels`, "send a flatter value");
    }
    this.#path.add(value);
    const text = this.#container(value, place);
    this.#path.delete(value);
    return text;
  }

  #typedNumber({ type, value }: TypedNumber, place: string): string {
    if (type === "double" || type === "float") return this.#double(type, Number(value), place);
    return this.#integer(type, value, place);
  }

  #date(date: Date, place: string): string {
    const text = formatDateTime(date, this.#options.timeZone);
    if (text === undefined) throw cannot(place, String(date), "send a date of the years 0 to 9999");
    return `<dateTime.iso8601>${text}</dateTime.iso8601>`;
  }

  #container(value: object, place: string): string {
    if (Array.isArray(value) || value instanceof Set) return this.#array([...value], place);
    if (value instanceof Map) return this.#struct([...value], place);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === null || prototype === Object.prototype) {
      return this.#struct(Object.entries(value), place);
    }
    throw cannot(place, `a ${value.constructor?.name ?? "class"}`, "send a plain object");
  }

  #array(items: readonly unknown[], place: string): string {
    const body = items.map((item, index) => this.value(item, `${place}[${index}]`));
    return `<array><data>${body.join("")}</data></array>`;
  }

  #struct(members: readonly (readonly [unknown, unknown])[], place: string): string {
    const body = members.map(([name, value]) => {
      if (typeof name !== "string") {
        throw cannot(place, "a map with a key that is no text", "use text");
      }
      if (value === undefined) return "";
      const member = `${place}.${name}`;
      return `<member><name>${escape(name, member)}</name>${this.value(value, member)}</member>`;
    });
    return `<struct>${body.join("")}</struct>`;
  }
}

function cannot(place: string, what: string, advice: string): TypeError {
  return new TypeError(`Cannot send ${place} by XML-RPC: it is ${what}; ${advice}`);
}

function bytesOf(value: object): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value instanceof DataView) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return undefined;
}

function escape(text: string, place: string): string {
  if (text.search(UNENCODABLE) >= 0 || !text.isWellFormed()) {
    throw cannot(
      place,
      "text with a character that XML can't carry",
      "send the bytes as Uint8Array",
    );
  }
  return /[&<>\r]/.test(text)
    ? text.replace(/[&<>\r]/g, (character) => ESCAPES[character] ?? "")
    : text;
}
