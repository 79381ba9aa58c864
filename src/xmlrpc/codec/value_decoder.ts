import { abbreviate, isXmlSpace, type XmlReader } from "../../xml/mod.ts";
import type { ExtensionPrefixes } from "./extensions.ts";
import {
  ARRAY,
  createInvalidError,
  createTypeTag,
  DATA,
  enter,
  leave,
  MEMBER,
  NAME,
  PARAM,
  PARAMS,
  type Row,
  STRUCT,
  TYPES,
  type TypeTag,
  UNTYPED,
  VALUE,
} from "./grammar.ts";
import type { LayoutRecorder } from "./layout.ts";
import { checkDepth } from "./limits.ts";
import { Replay } from "./replay.ts";
import {
  defineMember,
  type Scalar,
  type ScalarOptions,
  STRING,
  type Struct,
  type XmlRpcValue,
} from "./values/mod.ts";
import { ValueLimit } from "./value_limit.ts";
import type { MethodNames } from "./method_name_rules.ts";

/** How to read a document. */
export interface DecodeOptions extends ScalarOptions {
  /**
   * Whether two references to the halves of one character are read as that character. It is
   * not well-formed, but Apache's writer, and so ECF, sends emoji this way. @default false
   */
  readonly joinSurrogates?: boolean;
  /**
   * Which method names are read: those of the specification, or any without white space and
   * control characters. @default "specification"
   */
  readonly methodNames?: MethodNames;
  /** Maximum nesting of arrays and structs. @default 64 */
  readonly maxDepth?: number;
  /** Maximum number of values, items and members included. @default 100000 */
  readonly maxValues?: number;
  /** Maximum length of the document in bytes, or in UTF-16 units of a string. @default 8388608 */
  readonly maxLength?: number;
}

/** Switches that are not for users. */
export interface DecoderSwitches {
  /** Whether rows are read on the fast path; tests turn it off. @default true */
  readonly replays?: boolean;
  /**
   * Whether a fault is read: an invalid scalar and one of an unknown type are returned as
   * strings, and a member needs no `value`. @default false
   */
  readonly isFault?: boolean;
  /** Records how the values are written; rows are not read on the fast path then. */
  readonly recorder?: LayoutRecorder | undefined;
}

const STRUCT_START = VALUE.start + STRUCT.start;

/** Reads what stands inside the root elements of calls and replies. */
export class ValueDecoder {
  readonly #xml: XmlReader;
  readonly #extensions: ExtensionPrefixes;
  readonly #options: DecodeOptions;
  readonly #maxDepth: number;
  readonly #limit: ValueLimit;
  readonly #replay: Replay | undefined;
  readonly #isFault: boolean;
  readonly #recorder: LayoutRecorder | undefined;

  /** Reads from the current place of a reader. */
  constructor(
    xml: XmlReader,
    extensions: ExtensionPrefixes,
    options: DecodeOptions,
    { recorder, replays = recorder === undefined, isFault = false }: DecoderSwitches = {},
  ) {
    this.#xml = xml;
    this.#extensions = extensions;
    this.#options = options;
    this.#maxDepth = checkDepth(options.maxDepth);
    this.#limit = new ValueLimit(xml, options.maxValues);
    this.#isFault = isFault;
    this.#recorder = recorder;
    this.#replay = replays ? new Replay(xml, options, this.#limit) : undefined;
  }

  /** Reads the parameters of a call, whose `params` may be missing. */
  readParams(): XmlRpcValue[] {
    this.#xml.skipSpace();
    if (this.#xml.isClosing) return [];
    enter(this.#xml, PARAMS);
    return this.readParamList();
  }

  /** Reads the content of `params`, and its end tag. */
  readParamList(): XmlRpcValue[] {
    const xml = this.#xml;
    const values = [];
    for (xml.skipSpace(); !xml.isClosing; xml.skipSpace()) {
      enter(xml, PARAM);
      values.push(this.readValue(1));
      leave(xml, PARAM);
    }
    xml.closeElement(PARAMS);
    return values;
  }

  /** Reads a `value`. */
  readValue(depth: number): XmlRpcValue {
    const usual = this.#replay?.readScalar();
    if (usual !== undefined) return usual;
    const xml = this.#xml;
    this.#limit.count();
    let value: XmlRpcValue;
    if (xml.take(STRUCT_START)) value = this.#readContainer(STRUCT, depth);
    else {
      enter(xml, VALUE);
      value = this.readContent(depth);
    }
    leave(xml, VALUE);
    return value;
  }

  /** Reads the content of a `value`. Without a type it is a string. */
  readContent(depth: number): XmlRpcValue {
    const xml = this.#xml;
    const textFrom = xml.offset;
    const text = xml.readText();
    if (xml.isClosing) {
      this.#recordScalar(UNTYPED, textFrom);
      return text;
    }
    if (text !== "" && !isXmlSpace(text)) {
      const message = "Cannot read text beside the type of a value";
      throw createInvalidError(xml, message, "one of the two");
    }
    const offset = xml.offset;
    const type = this.#enterType();
    const isScalar = type !== ARRAY && type !== STRUCT;
    return isScalar ? this.#readScalar(type, offset) : this.#readContainer(type, depth);
  }

  /** Reads the start tag of a value's type. */
  #enterType(): TypeTag {
    const xml = this.#xml;
    const candidates = TYPES[xml.initial];
    if (candidates !== undefined) {
      for (const candidate of candidates) if (xml.take(candidate.start)) return candidate;
    }
    const name = xml.openElement();
    if (name === undefined) throw createInvalidError(xml, "Cannot find </value>", "</value>");
    if (name === ARRAY.name) return ARRAY;
    return name === STRUCT.name
      ? STRUCT
      : createTypeTag(name, this.#extensions.normalizeName(name));
  }

  #readContainer(type: TypeTag, depth: number): XmlRpcValue {
    if (depth > this.#maxDepth) {
      const expected = `${this.#maxDepth} levels at most`;
      throw createInvalidError(this.#xml, "Cannot read values nested so deeply", expected);
    }
    const value = type === ARRAY ? this.#readArray(depth) : this.#readStruct(depth);
    this.#replay?.recordContainer();
    return value;
  }

  #readArray(depth: number): XmlRpcValue[] {
    const xml = this.#xml;
    const hasData = xml.take(DATA.start) || this.#enterData();
    const items = [];
    this.#recorder?.addArray();
    for (xml.skipSpace(); !xml.isClosing; xml.skipSpace()) items.push(this.readValue(depth + 1));
    if (hasData) xml.closeElement(DATA);
    leave(xml, ARRAY);
    return items;
  }

  /** Reads the start tag of `data`, which may be missing if the options allow it. */
  #enterData(): boolean {
    const xml = this.#xml;
    xml.skipSpace();
    const isMissing = xml.isClosing || xml.isTagNamed(VALUE.name);
    if (isMissing && this.#options.lenient) return false;
    enter(xml, DATA);
    return true;
  }

  #readStruct(depth: number): XmlRpcValue {
    const xml = this.#xml;
    const struct: Struct = {};
    const replay = this.#replay;
    const members = replay?.findMembers(depth) ?? [];
    let index = 0;
    this.#recorder?.openStruct();
    for (xml.skipSpace(); !xml.isClosing; xml.skipSpace()) {
      if (replay === undefined || !replay.readMember(struct, members, index)) {
        const from = xml.offset;
        const name = this.#readMember(struct, depth);
        replay?.recordMember(name, members, index, from);
      }
      index++;
    }
    xml.closeElement(STRUCT);
    this.#recorder?.closeStruct();
    return struct;
  }

  /** Reads a member and returns its name. */
  #readMember(struct: Struct, depth: number): string {
    const xml = this.#xml;
    enter(xml, MEMBER);
    enter(xml, NAME);
    const name = xml.readText();
    if (Object.hasOwn(struct, name)) {
      const message = `Cannot read the member ${JSON.stringify(abbreviate(name))} twice`;
      throw createInvalidError(xml, message, "another name");
    }
    xml.closeElement(NAME);
    this.#recorder?.addName(name);
    const isBare = this.#isFault && !this.#isBeforeValue();
    defineMember(struct, name, isBare ? this.readContent(depth + 1) : this.readValue(depth + 1));
    leave(xml, MEMBER);
    return name;
  }

  #isBeforeValue(): boolean {
    const from = this.#xml.offset;
    this.#xml.readText();
    const isBefore = this.#xml.isTagNamed(VALUE.name);
    this.#xml.rewind(from);
    return isBefore;
  }

  #parse(scalar: Scalar, text: string): XmlRpcValue | undefined {
    const options = this.#options;
    const value = scalar.parse(text, options);
    if (value !== undefined) return value;
    const odd = options.lenient ? scalar.parseOdd?.(text, options) : undefined;
    return odd ?? (this.#isFault ? text : undefined);
  }

  /** Records a scalar whose content ends here. */
  #recordScalar(row: Row, textFrom: number): void {
    const { offset } = this.#xml;
    this.#replay?.recordScalar(row, textFrom, offset);
    this.#recorder?.addScalar(row.scalar, textFrom, offset);
  }

  #readScalar(type: TypeTag, offset: number): XmlRpcValue {
    const xml = this.#xml;
    const { name, row } = type;
    const scalar = row?.scalar ?? (this.#isFault ? STRING : undefined);
    if (scalar === undefined) {
      const message = `Cannot read the type <${abbreviate(name)}>`;
      throw xml.createError(message, "a type of XML-RPC", "unexpected", offset);
    }
    const textFrom = xml.offset;
    const text = xml.readText();
    if (row !== undefined) this.#recordScalar(row, textFrom);
    if (!xml.isClosing) {
      throw createInvalidError(xml, `Cannot read an element in <${abbreviate(name)}>`, type.end);
    }
    xml.closeElement(type);
    const value = this.#parse(scalar, text);
    if (value !== undefined) return value;
    const message = `Cannot read ${JSON.stringify(abbreviate(text))} as <${name}>`;
    throw xml.createError(message, scalar.expected, "unexpected", offset);
  }
}
