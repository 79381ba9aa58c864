import { escapeXml } from "../../../xml/mod.ts";
import {
  DateTime,
  type Dialect,
  formatBase64,
  formatDouble,
  formatPlainTime,
  formatTime,
  type TimeZone,
  TypedNumber,
  viewBytes,
} from "../values/mod.ts";
import type { MethodNames } from "../method_name_rules.ts";
import {
  createMemberStart,
  type End,
  getMemberStart,
  MEMBER_END,
  PARAM_END,
  PARAM_START,
  type Start,
  VALUE_END,
  VALUE_START,
} from "./tag_literals.ts";
import { describeKind, ValuePlace } from "./value_place.ts";

/**
 * Form of whole numbers beyond 32 bits.
 *
 * - `strict`: they are refused.
 * - `double`: sent as `double`, which every peer reads.
 * - `i8`: sent as `i8`, an extension that some peers lack.
 */
export type IntegerForm = "strict" | "double" | "i8";

/** How to write a document. */
export interface EncodeOptions {
  /** Spelling of `nil` and `i8`. @default "plain" */
  readonly dialect?: Dialect;
  /** Whether `null` may be sent; `nil` is an extension that some peers lack. @default true */
  readonly allowNil?: boolean;
  /**
   * Type of a whole `number` beyond 32 bits, such as `Date.now()`: refused, sent as `double`,
   * or sent as `i8`, an extension that some peers lack. From 2^53 on a number is no longer
   * exact and always sent as `double`. @default "strict"
   */
  readonly integers?: IntegerForm;
  /** Which names of methods can be called. @default "specification" */
  readonly methodNames?: MethodNames;
  /** Zone in which a `Date` is written; milliseconds are lost. @default "utc" */
  readonly timeZone?: TimeZone;
  /** Maximum nesting of arrays and structs. @default 64 */
  readonly maxDepth?: number;
  /** Maximum length of the document in characters. @default Infinity */
  readonly maxLength?: number;
}

/** Length from which a piece of the document is stored. */
const PIECE = 65_536;

/** Writes values one after the other. Errors name the place of the value. */
export class Writer {
  #text = "";
  #pieces: string[] = [];
  #length = 0;
  #maxPiece: number;
  readonly #options: EncodeOptions;
  readonly #maxLength: number;
  readonly #place: ValuePlace;
  /** Path of the place. */
  readonly #path: (string | number)[];
  #usesExtensions: boolean;

  /** Starts empty; errors call the place of the first value `root`. */
  constructor(options: EncodeOptions, root: string) {
    this.#options = options;
    this.#maxLength = options.maxLength ?? Infinity;
    this.#maxPiece = Math.min(PIECE, this.#maxLength);
    this.#usesExtensions = options.dialect === "apache";
    this.#place = new ValuePlace(root, options.maxDepth);
    this.#path = this.#place.path;
  }

  /** Everything that has been written. */
  get text(): string {
    if (this.#pieces.length === 0) return this.#text;
    return this.#pieces.join("") + this.#text;
  }

  /** Whether Apache's namespace must be declared; known once all values are written. */
  get usesExtensions(): boolean {
    return this.#usesExtensions;
  }

  /** Writes a parameter. */
  writeParam(value: unknown, index?: number): void {
    if (index !== undefined) this.#path[1] = index;
    this.#write(value, PARAM_START, PARAM_END);
  }

  /** Writes a value. */
  writeValue(value: unknown): void {
    this.#write(value, VALUE_START, VALUE_END);
  }

  #write(value: unknown, start: Start, end: End): void {
    switch (typeof value) {
      case "string":
        this.#text += start.string;
        this.#text += this.#escape(value);
        this.#text += end.string;
        break;
      case "number":
        this.#writeNumber(value, start, end);
        break;
      case "boolean":
        this.#text += start.value;
        this.#text += value ? end.true : end.false;
        break;
      default:
        this.#text += start.value;
        this.#writeOther(value);
        this.#text += end.value;
    }
    if (this.#text.length > this.#maxPiece) this.#flush();
  }

  #writeOther(value: unknown): void {
    if (typeof value === "object" && value !== null) this.#writeObject(value);
    else if (value === undefined || value === null) this.#writeNil();
    else if (typeof value === "bigint") this.#writeInteger("i8", value);
    else throw this.#place.createError(`a ${typeof value}`, "send data");
  }

  /** Stores a piece as a flat string; the thousands of strings that it consists of are large. */
  #flush(): void {
    this.#length += this.#text.length;
    if (this.#length > this.#maxLength) {
      throw this.#place.createError(`beyond ${this.#maxLength} characters`, "send less");
    }
    this.#text.charCodeAt(0); // makes V8 flatten it
    this.#pieces.push(this.#text);
    this.#text = "";
    this.#maxPiece = Math.min(PIECE, this.#maxLength - this.#length);
  }

  #writeNil(): void {
    if (this.#options.allowNil === false) {
      throw this.#place.createError("null", "allow nil, or send another value");
    }
    this.#text += `<${this.#nameExtension("nil")}/>`;
  }

  #writeNumber(value: number, start: Start, end: End): void {
    if ((value | 0) === value && !Object.is(value, -0)) {
      this.#text += start.int;
      this.#text += value;
      this.#text += end.int;
      return;
    }
    this.#text += start.value;
    if (!Number.isSafeInteger(value) || value === 0) this.#writeDouble("double", value);
    else this.#writeLargeInteger(value);
    this.#text += end.value;
  }

  #writeLargeInteger(value: number): void {
    const { integers = "strict" } = this.#options;
    if (integers === "i8") this.#writeInteger("i8", value);
    else if (integers === "double") this.#writeDouble("double", value);
    else {
      const advice = 'use i8() or double(), or the option integers: "i8" or "double"';
      throw this.#place.createError(`${value}, which needs more than 32 bits`, advice);
    }
  }

  #writeDouble(type: "double" | "float", value: number): void {
    if (!Number.isFinite(value)) {
      throw this.#place.createError(String(value), "send a finite number");
    }
    const name = type === "float" ? this.#nameExtension("float", true) : type;
    this.#text += name === "double" ? "<double>" : `<${name}>`;
    this.#text += formatDouble(value);
    this.#text += name === "double" ? "</double>" : `</${name}>`;
  }

  #writeInteger(type: "int" | "i2" | "i8", value: number | bigint): void {
    const bits = { int: 32, i2: 16, i8: 64 }[type];
    const isExact = typeof value === "bigint" || Number.isSafeInteger(value);
    if (!isExact || BigInt.asIntN(bits, BigInt(value)) !== BigInt(value)) {
      throw this.#place.createError(`${value} as ${type}`, `send a whole number of ${bits} bits`);
    }
    const name = type === "int" ? type : this.#nameExtension(type, type === "i2");
    this.#text += `<${name}>${BigInt(value)}</${name}>`;
  }

  /** Returns the name of an extension element in the dialect; some exist in Apache's only. */
  #nameExtension(name: string, isApacheOnly = false): string {
    if (isApacheOnly) this.#usesExtensions = true;
    return isApacheOnly || this.#options.dialect === "apache" ? `ex:${name}` : name;
  }

  #writeObject(value: object): void {
    if (Array.isArray(value)) return this.#writeArray(value, value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#writeStruct(value);
    if (value instanceof TypedNumber) return this.#writeTypedNumber(value);
    const bytes = viewBytes(value);
    if (bytes !== undefined) this.#text += `<base64>${formatBase64(bytes)}</base64>`;
    else if (value instanceof Set) this.#writeArray(value, [...value]);
    else if (value instanceof Map) this.#writeMap(value);
    else this.#writeTime(value);
  }

  #writeTypedNumber({ type, value }: TypedNumber): void {
    if (type === "double" || type === "float") this.#writeDouble(type, Number(value));
    else this.#writeInteger(type, value);
  }

  #writeTime(value: object): void {
    const { timeZone = "utc" } = this.#options;
    const time = value instanceof DateTime
      ? formatPlainTime(value.text) ?? ""
      : formatTime(value, timeZone);
    if (time === undefined) {
      const advice = value instanceof Promise ? "await it" : adviseForm(value);
      throw this.#place.createError(describeKind(value), advice);
    }
    if (time === "") {
      throw this.#place.createError(String(value), "send a date of the years 0 to 9999");
    }
    this.#text += `<dateTime.iso8601>${time}</dateTime.iso8601>`;
  }

  #writeArray(container: object, items: readonly unknown[]): void {
    const level = this.#place.enter(container);
    this.#text += "<array><data>";
    for (let index = 0; index < items.length; index++) {
      this.#path[level] = index;
      this.#write(items[index], VALUE_START, VALUE_END);
    }
    this.#text += "</data></array>";
    this.#place.leave();
  }

  #writeStruct(struct: object): void {
    const names = Object.keys(struct);
    if (names.length === 0 && isIterable(struct)) {
      throw this.#place.createError("an iterable", "send an array");
    }
    const level = this.#place.enter(struct);
    this.#text += "<struct>";
    for (const name of names) {
      this.#writeMember(level, name, (struct as Readonly<Record<string, unknown>>)[name]);
    }
    this.#text += "</struct>";
    this.#place.leave();
  }

  #writeMap(map: ReadonlyMap<unknown, unknown>): void {
    const level = this.#place.enter(map);
    this.#text += "<struct>";
    for (const [name, value] of map) {
      if (typeof name !== "string") {
        this.#path.length = level;
        throw this.#place.createError("a map with a key that is not a string", "use strings");
      }
      this.#writeMember(level, name, value);
    }
    this.#text += "</struct>";
    this.#place.leave();
  }

  #writeMember(level: number, name: string, value: unknown): void {
    if (value === undefined) return;
    this.#path[level] = name;
    const start = getMemberStart(name) ?? createMemberStart(name, this.#escape(name));
    this.#write(value, start, MEMBER_END);
  }

  #escape(text: string): string {
    const escaped = escapeXml(text);
    if (escaped !== undefined) return escaped;
    throw this.#place.createError(
      "a string with a character that XML cannot carry",
      "send the bytes as Uint8Array",
    );
  }
}

function isIterable(value: object): boolean {
  return Symbol.iterator in value || Symbol.asyncIterator in value;
}

function adviseForm(value: object): string {
  return isIterable(value) ? "send an array" : "send a plain object";
}
