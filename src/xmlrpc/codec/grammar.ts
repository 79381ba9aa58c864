import {
  abbreviate,
  createTag,
  type Tag,
  type XmlReader,
  type XmlSyntaxError,
} from "../../xml/mod.ts";
import { type Scalar, SCALARS, STRING } from "./values/mod.ts";

/** Elements around values. */
export const METHOD_CALL: Tag = createTag("methodCall");
export const METHOD_RESPONSE: Tag = createTag("methodResponse");
export const METHOD_NAME: Tag = createTag("methodName");
export const PARAMS: Tag = createTag("params");
export const PARAM: Tag = createTag("param");
export const FAULT: Tag = createTag("fault");
export const VALUE: Tag = createTag("value");
export const DATA: Tag = createTag("data");
export const MEMBER: Tag = createTag("member");
export const NAME: Tag = createTag("name");

/** A scalar type with the characters before and after the content of a value. */
export interface Row {
  readonly start: string;
  readonly end: string;
  readonly scalar: Scalar;
}

/** Element of a value's type. */
export interface TypeTag extends Tag {
  /** Rules for a value of it; `undefined` for arrays, structs and unknown types. */
  readonly row: Row | undefined;
}

/** Creates the tag of a type; `localName` has Apache's prefix written `ex:`. */
export function createTypeTag(name: string, localName: string = name): TypeTag {
  const type = createTag(name);
  const scalar = SCALARS.get(localName);
  return { ...type, row: scalar && createRow(type, scalar) };
}

function createRow({ start, end }: Tag, scalar: Scalar): Row {
  return { start: VALUE.start + start, end: end + VALUE.end, scalar };
}

/** Row of the type that most values have. */
export const STRING_ROW: Row = createRow(createTag("string"), STRING);
/** Row of a value without a type. */
export const UNTYPED: Row = { start: VALUE.start, end: VALUE.end, scalar: STRING };

export const ARRAY: TypeTag = createTypeTag("array");
export const STRUCT: TypeTag = createTypeTag("struct");

/** Types that peers send most, by the first letter of their tags. */
export const TYPES: readonly (readonly TypeTag[] | undefined)[] = groupByInitial([
  createTypeTag("string"),
  STRUCT,
  createTypeTag("int"),
  createTypeTag("i4"),
  createTypeTag("i8"),
  createTypeTag("boolean"),
  createTypeTag("base64"),
  createTypeTag("double"),
  createTypeTag("dateTime.iso8601"),
  ARRAY,
  createTypeTag("nil"),
  createTypeTag("ex:nil"),
  createTypeTag("ex:i8"),
]);

function groupByInitial(tags: readonly TypeTag[]): TypeTag[][] {
  const table: TypeTag[][] = [];
  for (const tag of tags) (table[tag.name.charCodeAt(0)] ??= []).push(tag);
  return table;
}

/** Reads the start tag of an element and the white space before it. */
export function enter(xml: XmlReader, tag: Tag): void {
  if (xml.take(tag.start)) return;
  xml.skipSpace();
  if (xml.take(tag.start)) return;
  const offset = xml.offset;
  const found = xml.openElement();
  if (found === tag.name) return;
  if (found === undefined) throw createInvalidError(xml, `Cannot find <${tag.name}>`, tag.start);
  throw xml.createError(`Cannot read <${abbreviate(found)}>`, tag.start, "unexpected", offset);
}

/** Reads the end tag of an element and the white space before it. */
export function leave(xml: XmlReader, tag: Tag): void {
  if (xml.take(tag.end)) return;
  xml.skipSpace();
  xml.closeElement(tag);
}

/** Creates the error for XML that is not XML-RPC, or not even XML if it breaks off here. */
export function createInvalidError(
  xml: XmlReader,
  message: string,
  expected: string,
): XmlSyntaxError {
  return xml.createError(message, expected, xml.isAtEnd ? "not-well-formed" : "unexpected");
}
