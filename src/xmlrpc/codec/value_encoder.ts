import { formatBase64, viewBytes } from "./base64.ts";
import { formatPlainTime, formatTime } from "./dates.ts";
import { checkDepth } from "./limits.ts";
import type { MethodNames } from "./method_name_rules.ts";
import { formatDouble } from "./numbers.ts";
import { escapeXml } from "../../xml/mod.ts";
import {
  type End,
  MEMBER_END,
  PARAM_END,
  PARAM_START,
  Start,
  VALUE_END,
  VALUE_START,
} from "./tag_literals.ts";
import { DateTime, type Dialect, type TimeZone, TypedNumber } from "./values.ts";

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
  readonly integers?: "strict" | "double" | "i8";
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
  readonly #maxDepth: number;
  readonly #maxLength: number;
  /** Containers around the value, to detect one that contains itself. */
  readonly #around: object[] = [];
  /** Place of the value: the name of the root, then keys and indices. */
  readonly #place: (string | number)[];
  /** Start of a member, by its name: names come in rows. */
  #memberStarts: Map<string, Start> | undefined;
  #usesExtensions: boolean;

  /** Starts empty; errors call the place of the first value `root`. */
  constructor(options: EncodeOptions, root: string) {
    this.#options = options;
    this.#maxDepth = checkDepth(options.maxDepth);
    this.#maxLength = options.maxLength ?? Infinity;
    this.#maxPiece = Math.min(PIECE, this.#maxLength);
    this.#usesExtensions = options.dialect === "apache";
    this.#place = [root];
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
    if (index !== undefined) this.#place[1] = index;
    this.#value(value, PARAM_START, PARAM_END);
  }

  /** Writes a value. */
  writeValue(value: unknown): void {
    this.#value(value, VALUE_START, VALUE_END);
  }

  #value(value: unknown, start: Start, end: End): void {
    switch (typeof value) {
      case "string":
        this.#text += start.string;
        this.#text += this.#escaped(value);
        this.#text += end.string;
        break;
      case "number":
        this.#number(value, start, end);
        break;
      case "boolean":
        this.#text += start.value;
        this.#text += value ? end.true : end.false;
        break;
      default:
        this.#text += start.value;
        this.#other(value);
        this.#text += end.value;
    }
    if (this.#text.length > this.#maxPiece) this.#flush();
  }

  #other(value: unknown): void {
    if (typeof value === "object" && value !== null) this.#object(value);
    else if (value === undefined || value === null) this.#nil();
    else if (typeof value === "bigint") this.#integer("i8", value);
    else throw this.#cannot(`a ${typeof value}`, "send data");
  }

  /** Stores a piece as a flat string; the thousands of strings that it consists of are large. */
  #flush(): void {
    this.#length += this.#text.length;
    if (this.#length > this.#maxLength) {
      throw this.#cannot(`beyond ${this.#maxLength} characters`, "send less");
    }
    this.#text.charCodeAt(0); // makes V8 flatten it
    this.#pieces.push(this.#text);
    this.#text = "";
    this.#maxPiece = Math.min(PIECE, this.#maxLength - this.#length);
  }

  #nil(): void {
    if (this.#options.allowNil === false) {
      throw this.#cannot("null", "allow nil, or send another value");
    }
    this.#text += `<${this.#extension("nil")}/>`;
  }

  #number(value: number, start: Start, end: End): void {
    if ((value | 0) === value && !Object.is(value, -0)) {
      this.#text += start.int;
      this.#text += value;
      this.#text += end.int;
      return;
    }
    this.#text += start.value;
    if (!Number.isSafeInteger(value) || value === 0) this.#double("double", value);
    else this.#largeInteger(value);
    this.#text += end.value;
  }

  #largeInteger(value: number): void {
    const { integers = "strict" } = this.#options;
    if (integers === "i8") this.#integer("i8", value);
    else if (integers === "double") this.#double("double", value);
    else {
      const advice = 'use i8() or double(), or the option integers: "i8" or "double"';
      throw this.#cannot(`${value}, which needs more than 32 bits`, advice);
    }
  }

  #double(type: "double" | "float", value: number): void {
    if (!Number.isFinite(value)) throw this.#cannot(String(value), "send a finite number");
    const name = type === "float" ? this.#extension("float", true) : type;
    this.#text += name === "double" ? "<double>" : `<${name}>`;
    this.#text += formatDouble(value);
    this.#text += name === "double" ? "</double>" : `</${name}>`;
  }

  #integer(type: "int" | "i2" | "i8", value: number | bigint): void {
    const bits = { int: 32, i2: 16, i8: 64 }[type];
    const isExact = typeof value === "bigint" || Number.isSafeInteger(value);
    if (!isExact || BigInt.asIntN(bits, BigInt(value)) !== BigInt(value)) {
      throw this.#cannot(`${value} as ${type}`, `send a whole number of ${bits} bits`);
    }
    const name = type === "int" ? type : this.#extension(type, type === "i2");
    this.#text += `<${name}>${BigInt(value)}</${name}>`;
  }

  /** Returns the name of an extension element in the dialect; some exist in Apache's only. */
  #extension(name: string, isApacheOnly = false): string {
    if (isApacheOnly) this.#usesExtensions = true;
    return isApacheOnly || this.#options.dialect === "apache" ? `ex:${name}` : name;
  }

  #object(value: object): void {
    if (Array.isArray(value)) return this.#array(value, value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#struct(value);
    if (value instanceof TypedNumber) return this.#typedNumber(value);
    const bytes = viewBytes(value);
    if (bytes !== undefined) this.#text += `<base64>${formatBase64(bytes)}</base64>`;
    else if (value instanceof Set) this.#array(value, [...value]);
    else if (value instanceof Map) this.#map(value);
    else this.#time(value);
  }

  #typedNumber({ type, value }: TypedNumber): void {
    if (type === "double" || type === "float") this.#double(type, Number(value));
    else this.#integer(type, value);
  }

  #time(value: object): void {
    const { timeZone = "utc" } = this.#options;
    const time = value instanceof DateTime
      ? formatPlainTime(value.text) ?? ""
      : formatTime(value, timeZone);
    if (time === undefined) {
      throw this.#cannot(`a ${value.constructor?.name ?? "class"}`, "send a plain object");
    }
    if (time === "") throw this.#cannot(String(value), "send a date of the years 0 to 9999");
    this.#text += `<dateTime.iso8601>${time}</dateTime.iso8601>`;
  }

  #array(container: object, items: readonly unknown[]): void {
    const level = this.#enter(container);
    this.#text += "<array><data>";
    for (let index = 0; index < items.length; index++) {
      this.#place[level] = index;
      this.#value(items[index], VALUE_START, VALUE_END);
    }
    this.#text += "</data></array>";
    this.#leave();
  }

  #struct(struct: object): void {
    const level = this.#enter(struct);
    this.#text += "<struct>";
    for (const name of Object.keys(struct)) {
      this.#member(level, name, (struct as Readonly<Record<string, unknown>>)[name]);
    }
    this.#text += "</struct>";
    this.#leave();
  }

  #map(map: ReadonlyMap<unknown, unknown>): void {
    const level = this.#enter(map);
    this.#text += "<struct>";
    for (const [name, value] of map) {
      if (typeof name !== "string") {
        this.#place.length = level;
        throw this.#cannot("a map with a key that is not a string", "use strings");
      }
      this.#member(level, name, value);
    }
    this.#text += "</struct>";
    this.#leave();
  }

  #member(level: number, name: string, value: unknown): void {
    if (value === undefined) return;
    this.#place[level] = name;
    const starts = this.#memberStarts ??= new Map();
    let start = starts.get(name);
    if (start === undefined) {
      start = new Start(`<member><name>${this.#escaped(name)}</name><value>`);
      starts.set(name, start);
    }
    this.#value(value, start, MEMBER_END);
  }

  /** Enters a container and returns the level of its keys in the place. */
  #enter(container: object): number {
    if (this.#around.includes(container)) {
      throw this.#cannot("a value that contains itself", "send a tree");
    }
    if (this.#around.length >= this.#maxDepth) {
      throw this.#cannot(`more than ${this.#maxDepth} levels`, "send a flatter value");
    }
    this.#around.push(container);
    return this.#place.push("") - 1;
  }

  #leave(): void {
    this.#around.pop();
    this.#place.pop();
  }

  #escaped(text: string): string {
    const escaped = escapeXml(text);
    if (escaped !== undefined) return escaped;
    throw this.#cannot(
      "a string with a character that XML cannot carry",
      "send the bytes as Uint8Array",
    );
  }

  #cannot(what: string, advice: string): TypeError {
    const [root = "", ...keys] = this.#place;
    const place = keys.map((key) =>
      typeof key === "string" && /^[A-Za-z_$][\w$]*$/.test(key)
        ? `.${key}`
        : `[${JSON.stringify(key)}]`
    );
    const path = place.join("").slice(0, 200);
    return new TypeError(`Cannot send ${root}${path} by XML-RPC: it is ${what}; ${advice}`);
  }
}
