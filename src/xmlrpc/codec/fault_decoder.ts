import type { XmlReader } from "../../xml/mod.ts";
import { XmlRpcFault } from "./errors.ts";
import type { ExtensionPrefixes } from "./extensions.ts";
import { isDecimal, isStruct, trimXmlSpace, TypedNumber, type XmlRpcValue } from "./values/mod.ts";
import { type DecodeOptions, ValueDecoder } from "./value_decoder.ts";

/** Names of the two members as peers spell them, in lower case and without separators. */
const CODE_NAMES: readonly string[] = ["faultcode", "code", "errorcode", "errno"];
const STRING_NAMES: readonly string[] = [
  "faultstring",
  "string",
  "message",
  "faultmessage",
  "errorstring",
  "errormessage",
  "errmsg",
  "error",
  "description",
  "reason",
  "text",
];

/**
 * Reads the content of `fault`. The words of a peer are delivered whatever their shape:
 * `value` may be missing, the members may have other types and names, and scalars that are
 * invalid are read as their text. What is not well-formed XML is refused as everywhere.
 */
export function readFault(
  xml: XmlReader,
  extensions: ExtensionPrefixes,
  options: DecodeOptions,
): XmlRpcFault {
  const decoder = new ValueDecoder(xml, extensions, { ...options, lenient: true }, {
    isFault: true,
  });
  const from = xml.offset;
  const text = xml.readText();
  if (xml.isClosing) return createFault(text);
  if (xml.isTagNamed("value")) return createFault(decoder.readValue(1));
  xml.rewind(from);
  return createFault(decoder.readContent(1));
}

function createFault(value: XmlRpcValue): XmlRpcFault {
  const members = isStruct(value) ? value : undefined;
  const parts = members === undefined ? collectParts(value) : members;
  const code = findMember(parts, CODE_NAMES);
  const string = findMember(parts, STRING_NAMES) ?? findWords(parts, code);
  const faultString = toWords(string) || (typeof code === "string" ? code : "");
  return new XmlRpcFault(toCode(code), faultString, { members: members ?? {} });
}

/** Returns the members that a fault without a struct seems to have. */
function collectParts(value: XmlRpcValue): Readonly<Record<string, XmlRpcValue>> {
  const values: readonly XmlRpcValue[] = Array.isArray(value) ? value : [value];
  return {
    faultCode: values.find((item) => typeof item === "number" || typeof item === "bigint"),
    faultString: values.find((item) => typeof item === "string"),
  };
}

/** Returns the first member that has one of the names. */
function findMember(
  members: Readonly<Record<string, XmlRpcValue>>,
  names: readonly string[],
): XmlRpcValue {
  const entries = Object.entries(members);
  const simplify = (name: string) => name.toLowerCase().replace(/[^a-z]/g, "");
  for (const name of names) {
    const found = entries.find(([key]) => simplify(key) === name);
    if (found !== undefined) return found[1];
  }
  return undefined;
}

/** Returns the first string of a fault whose members have unknown names. */
function findWords(
  members: Readonly<Record<string, XmlRpcValue>>,
  code: XmlRpcValue,
): XmlRpcValue {
  return Object.values(members).find((member) => typeof member === "string" && member !== code);
}

function decodeWords(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}

function toCode(code: XmlRpcValue): number {
  if (code instanceof TypedNumber) return toCode(code.value);
  if (typeof code === "bigint") return Number(code);
  if (typeof code === "number") return Number.isFinite(code) ? code : 0;
  const text = typeof code === "string" ? trimXmlSpace(code) : "";
  const number = isDecimal(text) ? Number(text) : 0;
  return Number.isFinite(number) ? number : 0;
}

/** Returns a member of any type as a string; Perl sends strings that are not ASCII in base64. */
function toWords(value: XmlRpcValue): string {
  if (value instanceof TypedNumber) return String(value.value);
  if (value instanceof Uint8Array) return decodeWords(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(toWords).filter((words) => words !== "").join(" ");
  if (isStruct(value)) return toWords(findMember(value, STRING_NAMES) ?? findWords(value, ""));
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    default:
      return "";
  }
}
