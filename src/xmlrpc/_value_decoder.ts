import {
  parseBase64,
  parseBigInteger,
  parseBoolean,
  parseDateTime,
  parseDouble,
  parseInt64,
  parseInteger,
} from "./_scalars.ts";
import { isSpace, shown, type XmlReader } from "./_xml_reader.ts";
import { FAULT_CODES, XmlRpcFault, XmlRpcSyntaxError } from "./errors.ts";
import { type NumberType, type TimeZone, TypedNumber, type XmlRpcValue } from "./values.ts";

/** How to read a document. */
export interface DecodeOptions {
  /** Zone of a date and time that names none. @default "utc" */
  readonly timeZone?: TimeZone;
  /**
   * Give a `double`, `ex:float` and `ex:i2` as {@link TypedNumber}, so that it is sent
   * back as the type that it came as. @default false
   */
  readonly typedNumbers?: boolean;
  /**
   * Read two references to the halves of one character as that character. It is no
   * XML, but Apache's writer, and so ECF, sends emoji so. @default false
   */
  readonly joinSurrogates?: boolean;
  /** Deepest nesting of arrays and structs. @default 64 */
  readonly maxDepth?: number;
  /** Most values in one document. @default 100000 */
  readonly maxValues?: number;
}

/** Goes into an element, with white space before it. */
export function enter(xml: XmlReader, name: string): void {
  xml.space();
  const offset = xml.offset;
  const found = xml.isClosing() ? undefined : xml.open();
  if (found === name) return;
  throw new XmlRpcSyntaxError(
    found === undefined
      ? `Cannot find <${name}>`
      : `Cannot read <${shown(found)}>: expected <${name}>`,
    offset,
    found === undefined && xml.isAtEnd ? FAULT_CODES.notWellFormed : FAULT_CODES.invalidXmlRpc,
  );
}

/** A document that is XML but not XML-RPC, unless it breaks off here and so is not even XML. */
export function invalid(xml: XmlReader, message: string): XmlRpcSyntaxError {
  return xml.error(message, xml.isAtEnd ? FAULT_CODES.notWellFormed : FAULT_CODES.invalidXmlRpc);
}

/** Goes out of an element, with white space before its end. */
export function leave(xml: XmlReader): void {
  xml.space();
  xml.close();
}

/** Whether a decoded value is a struct, the only one without a prototype. */
function isStruct(value: XmlRpcValue): value is { readonly [name: string]: XmlRpcValue } {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null;
}

/** Reads what stands inside the roots of calls and answers. */
export class ValueDecoder {
  readonly #xml: XmlReader;
  readonly #timeZone: TimeZone;
  readonly #typedNumbers: boolean;
  readonly #maxDepth: number;
  #valuesLeft: number;

  constructor(xml: XmlReader, options: DecodeOptions) {
    this.#xml = xml;
    this.#timeZone = options.timeZone ?? "utc";
    this.#typedNumbers = options.typedNumbers ?? false;
    this.#maxDepth = options.maxDepth ?? 64;
    this.#valuesLeft = options.maxValues ?? 100_000;
  }

  /** The parameters of a call, whose `params` may be missing. */
  params(): XmlRpcValue[] {
    this.#xml.space();
    if (this.#xml.isClosing()) return [];
    enter(this.#xml, "params");
    return this.paramList();
  }

  /** What stands inside `params`, and its end. */
  paramList(): XmlRpcValue[] {
    const xml = this.#xml;
    const values = [];
    for (xml.space(); !xml.isClosing(); xml.space()) {
      enter(xml, "param");
      values.push(this.#enterValue(1));
      leave(xml);
    }
    xml.close();
    return values;
  }

  /** What stands inside `fault`, and its end. Members beyond the two are ignored. */
  fault(): XmlRpcFault {
    const offset = this.#xml.offset;
    const value = this.#enterValue(1);
    leave(this.#xml);
    const { faultCode: code, faultString: text } = isStruct(value) ? value : {};
    const isNumber = typeof code === "number" || typeof code === "bigint" ||
      typeof code === "string";
    const number = isNumber ? parseInteger(String(code), 53) : undefined;
    if (number === undefined || typeof text !== "string") {
      throw new XmlRpcSyntaxError(
        "Cannot read the fault: expected faultCode and faultString",
        offset,
        FAULT_CODES.invalidXmlRpc,
      );
    }
    return new XmlRpcFault(number, text);
  }

  #enterValue(depth: number): XmlRpcValue {
    enter(this.#xml, "value");
    return this.#value(depth);
  }

  /** What stands inside `value`, and its end. Without a type it is a string. */
  #value(depth: number): XmlRpcValue {
    const xml = this.#xml;
    if (--this.#valuesLeft < 0) throw this.#invalid("Cannot read so many values");
    const text = xml.text();
    if (xml.isClosing()) {
      xml.close();
      return text;
    }
    if (!isSpace(text)) throw this.#invalid("Cannot read text beside the type of a value");
    const offset = xml.offset;
    const type = xml.open();
    if (type === undefined) throw this.#invalid("Cannot find </value>");
    let value: XmlRpcValue;
    if (type === "array") value = this.#array(depth);
    else if (type === "struct") value = this.#struct(depth);
    else value = this.#scalar(type, offset);
    leave(xml);
    return value;
  }

  #array(depth: number): XmlRpcValue[] {
    const xml = this.#xml;
    this.#checkDepth(depth);
    enter(xml, "data");
    const items = [];
    for (xml.space(); !xml.isClosing(); xml.space()) items.push(this.#enterValue(depth + 1));
    xml.close();
    leave(xml);
    return items;
  }

  #struct(depth: number): XmlRpcValue {
    const xml = this.#xml;
    this.#checkDepth(depth);
    // Without a prototype, `__proto__` is a name like any other.
    const members: Record<string, XmlRpcValue> = Object.create(null);
    for (xml.space(); !xml.isClosing(); xml.space()) {
      enter(xml, "member");
      enter(xml, "name");
      const name = xml.text();
      if (name in members) {
        throw this.#invalid(`Cannot read the member ${JSON.stringify(shown(name))} twice`);
      }
      xml.close();
      members[name] = this.#enterValue(depth + 1);
      leave(xml);
    }
    xml.close();
    return members;
  }

  #scalar(type: string, offset: number): XmlRpcValue {
    const text = this.#xml.text();
    if (!this.#xml.isClosing()) {
      throw this.#invalid(`Cannot read an element inside <${shown(type)}>`);
    }
    this.#xml.close();
    const value = this.#parse(type, text);
    if (value !== undefined) return value;
    throw new XmlRpcSyntaxError(
      `Cannot read ${JSON.stringify(shown(text))} as <${type}>`,
      offset,
      FAULT_CODES.invalidXmlRpc,
    );
  }

  /** The value of a scalar, undefined when the text does not fit the type. */
  #parse(type: string, text: string): XmlRpcValue | undefined {
    switch (type) {
      case "string":
        return text;
      case "int":
      case "i4":
        return parseInteger(text, 32);
      case "boolean":
        return parseBoolean(text);
      case "double":
        return this.#typed("double", parseDouble(text));
      case "ex:float":
        return this.#typed("float", parseDouble(text));
      case "dateTime.iso8601":
      case "ex:dateTime":
        return parseDateTime(text, this.#timeZone);
      case "base64":
        return parseBase64(text);
      case "nil":
      case "ex:nil":
        return isSpace(text) ? null : undefined;
      case "i8":
      case "ex:i8":
        return parseInt64(text);
      case "i1":
      case "ex:i1":
        return parseInteger(text, 8);
      case "i2":
      case "ex:i2":
        return this.#typed("i2", parseInteger(text, 16));
      case "biginteger":
      case "ex:biginteger":
        return parseBigInteger(text);
      default:
        throw this.#invalid(`Cannot read the type <${shown(type)}>`);
    }
  }

  #typed(type: NumberType, value: number | undefined): XmlRpcValue | undefined {
    return this.#typedNumbers && value !== undefined ? new TypedNumber(type, value) : value;
  }

  #checkDepth(depth: number): void {
    if (depth > this.#maxDepth) throw this.#invalid("Cannot read values nested so deeply");
  }

  #invalid(message: string): XmlRpcSyntaxError {
    return invalid(this.#xml, message);
  }
}
