import {
  ARRAY,
  DATA,
  enter,
  invalid,
  leave,
  MEMBER,
  NAME,
  PARAM,
  PARAMS,
  type Row,
  STRING_ROW,
  STRUCT,
  TYPES,
  type TypeTag,
  typeTag,
  UNTYPED,
  VALUE,
} from "./grammar.ts";
import { checkedDepth } from "./limits.ts";
import { parseInteger } from "./numbers.ts";
import type { ScalarOptions } from "./scalars.ts";
import { isSpace, shown, type XmlReader } from "../../xml/mod.ts";
import { FAULT_CODES, XmlRpcFault, type XmlRpcSyntaxError } from "./errors.ts";
import type { XmlRpcValue } from "./values.ts";

/** How to read a document. */
export interface DecodeOptions extends ScalarOptions {
  /**
   * Read two references to the halves of one character as that character. It is no
   * XML, but Apache's writer, and so ECF, sends emoji so. @default false
   */
  readonly joinSurrogates?: boolean;
  /** Deepest nesting of arrays and structs. @default 64 */
  readonly maxDepth?: number;
  /** Most values in one document, those of arrays and members of structs included. @default 100000 */
  readonly maxValues?: number;
  /** Longest document, in bytes, or in UTF-16 units when it is text. @default 8388608 */
  readonly maxLength?: number;
}

const MAX_VALUES = 100_000;
const STRUCT_START = VALUE.start + STRUCT.start;
const NO_MEMBER: Member = { name: "", row: undefined };

/** Whether a decoded value is a struct, the only plain object. */
function isStruct(value: XmlRpcValue): value is { readonly [name: string]: XmlRpcValue } {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}

/** Adds a member as an own property: `__proto__` is a name like any other. */
function define(struct: Struct, name: string, value: XmlRpcValue): void {
  if (name !== "__proto__") struct[name] = value;
  else {
    Object.defineProperty(struct, name, {
      ...{ value, writable: true, enumerable: true, configurable: true },
    });
  }
}

type Struct = Record<string, XmlRpcValue>;

/** A member of a struct, and how it was written when its value was a scalar. */
interface Member {
  readonly name: string;
  readonly row: Row | undefined;
}

/**
 * Reads what stands inside the roots of calls and answers.
 *
 * Values come in rows: arrays of one type, lists of structs with the same members. So
 * what stood around the text of a scalar is kept, and where the same characters come
 * again in the same place they mean the same and are compared at once. Whatever
 * differs is read element by element.
 */
export class ValueDecoder {
  readonly #xml: XmlReader;
  readonly #options: DecodeOptions;
  readonly #maxDepth: number;
  /** For each depth, the members of the struct before. */
  readonly #members: Member[][] = [];
  /** How the scalar before was written. */
  #row: Row = STRING_ROW;
  /** Where the text of the value before stood, when that was a scalar. */
  #textFrom = -1;
  #textTo = -1;
  #valuesLeft: number;

  constructor(xml: XmlReader, options: DecodeOptions) {
    this.#xml = xml;
    this.#options = options;
    this.#maxDepth = checkedDepth(options.maxDepth);
    this.#valuesLeft = options.maxValues ?? MAX_VALUES;
  }

  /** The parameters of a call, whose `params` may be missing. */
  params(): XmlRpcValue[] {
    this.#xml.space();
    if (this.#xml.isClosing) return [];
    enter(this.#xml, PARAMS);
    return this.paramList();
  }

  /** What stands inside `params`, and its end. */
  paramList(): XmlRpcValue[] {
    const xml = this.#xml;
    const values = [];
    for (xml.space(); !xml.isClosing; xml.space()) {
      enter(xml, PARAM);
      values.push(this.#value(1));
      leave(xml, PARAM);
    }
    xml.close(PARAMS);
    return values;
  }

  /** What stands inside `fault`. Members beyond the two are ignored. */
  fault(): XmlRpcFault {
    const offset = this.#xml.offset;
    const value = this.#value(1);
    const { faultCode: code, faultString: text } = isStruct(value) ? value : {};
    const isNumber = typeof code === "number" || typeof code === "bigint" ||
      typeof code === "string";
    const number = isNumber ? parseInteger(String(code), 53) : undefined;
    if (number !== undefined && typeof text === "string") return new XmlRpcFault(number, text);
    throw this.#xml.error("Cannot read the fault", "a struct of faultCode and faultString", {
      offset,
      faultCode: FAULT_CODES.invalidXmlRpc,
    });
  }

  /** A `value`. */
  #value(depth: number): XmlRpcValue {
    const usual = this.#scalarIn(this.#row);
    if (usual !== undefined) return usual;
    const xml = this.#xml;
    this.#count();
    let value: XmlRpcValue;
    if (xml.take(STRUCT_START)) value = this.#container(STRUCT, depth);
    else {
      enter(xml, VALUE);
      value = this.#content(depth);
    }
    leave(xml, VALUE);
    return value;
  }

  /** A scalar with just this around it, undefined where something else stands. */
  #scalarIn({ start, end, scalar }: Row): XmlRpcValue | undefined {
    const xml = this.#xml;
    const from = xml.offset;
    if (!xml.take(start)) return undefined;
    const text = xml.text();
    const textTo = xml.offset;
    if (xml.take(end)) {
      const value = scalar.parse(text, this.#options);
      if (value !== undefined) {
        this.#textFrom = from + start.length;
        this.#textTo = textTo;
        this.#count();
        return value;
      }
    }
    xml.rewind(from);
    return undefined;
  }

  /** What stands inside `value`. Without a type it is a string. */
  #content(depth: number): XmlRpcValue {
    const xml = this.#xml;
    this.#textFrom = xml.offset;
    const text = xml.text();
    this.#textTo = xml.offset;
    if (xml.isClosing) {
      this.#row = UNTYPED;
      return text;
    }
    if (text !== "" && !isSpace(text)) {
      throw this.#invalid("Cannot read text beside the type of a value", "one of the two");
    }
    const offset = xml.offset;
    const type = this.#type();
    const isScalar = type !== ARRAY && type !== STRUCT;
    return isScalar ? this.#scalar(type, offset) : this.#container(type, depth);
  }

  #container(type: TypeTag, depth: number): XmlRpcValue {
    if (depth > this.#maxDepth) {
      throw this.#invalid(
        "Cannot read values nested so deeply",
        `${this.#maxDepth} levels at most`,
      );
    }
    const value = type === ARRAY ? this.#array(depth) : this.#struct(depth);
    this.#textFrom = -1;
    return value;
  }

  /** Goes into the element of a value's type. */
  #type(): TypeTag {
    const xml = this.#xml;
    const candidates = TYPES[xml.initial];
    if (candidates !== undefined) {
      for (const candidate of candidates) if (xml.take(candidate.start)) return candidate;
    }
    const name = xml.open();
    if (name === undefined) throw this.#invalid("Cannot find </value>", "</value>");
    if (name === ARRAY.name) return ARRAY;
    return name === STRUCT.name ? STRUCT : typeTag(name, xml.localName(name));
  }

  #array(depth: number): XmlRpcValue[] {
    const xml = this.#xml;
    enter(xml, DATA);
    const items = [];
    for (xml.space(); !xml.isClosing; xml.space()) items.push(this.#value(depth + 1));
    xml.close(DATA);
    leave(xml, ARRAY);
    return items;
  }

  #struct(depth: number): XmlRpcValue {
    const xml = this.#xml;
    const struct: Struct = {};
    const usual = this.#members[depth] ??= [];
    let index = 0;
    for (xml.space(); !xml.isClosing; xml.space()) {
      const { name, row } = usual[index] ?? NO_MEMBER;
      const value = row && this.#scalarIn(row);
      // All names before are as usual, so this one is not among them.
      if (value !== undefined) define(struct, name, value);
      else this.#member(struct, depth, usual, index);
      index++;
    }
    xml.close(STRUCT);
    return struct;
  }

  /** Reads a member and keeps how it was written. */
  #member(
    struct: Struct,
    depth: number,
    usual: Member[],
    index: number,
  ): void {
    const xml = this.#xml;
    const from = xml.offset;
    enter(xml, MEMBER);
    enter(xml, NAME);
    const name = xml.text();
    if (Object.hasOwn(struct, name)) {
      const quoted = JSON.stringify(shown(name));
      throw this.#invalid(`Cannot read the member ${quoted} twice`, "another name");
    }
    xml.close(NAME);
    const value = this.#value(depth + 1);
    const [textFrom, textTo] = [this.#textFrom, this.#textTo];
    leave(xml, MEMBER);
    define(struct, name, value);
    if (usual[index]?.name !== name) usual.length = index;
    const start = textFrom < 0 ? "/>" : xml.raw(from, textFrom);
    const end = xml.raw(textTo, xml.offset);
    // After a tag that closes itself there is no text of a scalar.
    const row = start.endsWith("/>") ? undefined : { start, end, scalar: this.#row.scalar };
    usual[index] = { name, row };
  }

  #scalar(type: TypeTag, offset: number): XmlRpcValue {
    const xml = this.#xml;
    const { name, row } = type;
    const faultCode = FAULT_CODES.invalidXmlRpc;
    if (row === undefined) {
      const message = `Cannot read the type <${shown(name)}>`;
      throw xml.error(message, "a type of XML-RPC", { offset, faultCode });
    }
    this.#row = row;
    this.#textFrom = xml.offset;
    const text = xml.text();
    this.#textTo = xml.offset;
    if (!xml.isClosing) throw this.#invalid(`Cannot read an element in <${name}>`, type.end);
    xml.close(type);
    const value = row.scalar.parse(text, this.#options);
    if (value !== undefined) return value;
    const message = `Cannot read ${JSON.stringify(shown(text))} as <${name}>`;
    throw xml.error(message, row.scalar.expected, { offset, faultCode });
  }

  #count(): void {
    if (--this.#valuesLeft >= 0) return;
    const { maxValues = MAX_VALUES } = this.#options;
    throw this.#invalid("Cannot read so many values", `${maxValues} at most`);
  }

  #invalid(message: string, expected: string): XmlRpcSyntaxError {
    return invalid(this.#xml, message, expected);
  }
}
