import { type Scalar, SCALARS, STRING } from "./scalars.ts";
import { shown, type Tag, tag, type XmlReader } from "../../xml/mod.ts";
import { FAULT_CODES, type XmlRpcSyntaxError } from "./errors.ts";

/** The elements around values. */
export const METHOD_CALL: Tag = tag("methodCall");
export const METHOD_RESPONSE: Tag = tag("methodResponse");
export const METHOD_NAME: Tag = tag("methodName");
export const PARAMS: Tag = tag("params");
export const PARAM: Tag = tag("param");
export const FAULT: Tag = tag("fault");
export const VALUE: Tag = tag("value");
export const DATA: Tag = tag("data");
export const MEMBER: Tag = tag("member");
export const NAME: Tag = tag("name");

/** A scalar and what stands before and after its text. */
export interface Row {
  readonly start: string;
  readonly end: string;
  readonly scalar: Scalar;
}

/** The element of a value's type. */
export interface TypeTag extends Tag {
  /** How to read a value of it; undefined for arrays, structs and what is no type. */
  readonly row: Row | undefined;
}

/** Makes the tag of a type; `localName` has Apache's prefix written `ex:`. */
export function typeTag(name: string, localName: string = name): TypeTag {
  const type = tag(name);
  const scalar = SCALARS.get(localName);
  return { ...type, row: scalar && rowOf(type, scalar) };
}

function rowOf({ start, end }: Tag, scalar: Scalar): Row {
  return { start: VALUE.start + start, end: end + VALUE.end, scalar };
}

/** A value of the type that most values have. */
export const STRING_ROW: Row = rowOf(tag("string"), STRING);
/** A value without a type. */
export const UNTYPED: Row = { start: VALUE.start, end: VALUE.end, scalar: STRING };

export const ARRAY: TypeTag = typeTag("array");
export const STRUCT: TypeTag = typeTag("struct");

/** The types that peers send most, by the first letter of their tags. */
export const TYPES: readonly (readonly TypeTag[] | undefined)[] = byInitial([
  ...[typeTag("string"), STRUCT, typeTag("int"), typeTag("i4"), typeTag("i8")],
  ...[typeTag("boolean"), typeTag("base64"), typeTag("double"), typeTag("dateTime.iso8601")],
  ...[ARRAY, typeTag("nil"), typeTag("ex:nil"), typeTag("ex:i8")],
]);

function byInitial(tags: readonly TypeTag[]): TypeTag[][] {
  const table: TypeTag[][] = [];
  for (const tag of tags) (table[tag.name.charCodeAt(0)] ??= []).push(tag);
  return table;
}

/** Goes into an element, with white space before it. */
export function enter(xml: XmlReader, tag: Tag): void {
  if (xml.take(tag.start)) return;
  xml.space();
  if (xml.take(tag.start)) return;
  const offset = xml.offset;
  const found = xml.open();
  if (found === tag.name) return;
  if (found === undefined) throw invalid(xml, `Cannot find <${tag.name}>`, tag.start);
  throw xml.error(`Cannot read <${shown(found)}>`, tag.start, {
    offset,
    faultCode: FAULT_CODES.invalidXmlRpc,
  });
}

/** Goes out of an element, with white space before its end. */
export function leave(xml: XmlReader, tag: Tag): void {
  if (xml.take(tag.end)) return;
  xml.space();
  xml.close(tag);
}

/** A document that is XML but not XML-RPC, unless it breaks off here and so is not even XML. */
export function invalid(xml: XmlReader, message: string, expected: string): XmlRpcSyntaxError {
  return xml.error(message, expected, {
    faultCode: xml.isAtEnd ? FAULT_CODES.notWellFormed : FAULT_CODES.invalidXmlRpc,
  });
}
