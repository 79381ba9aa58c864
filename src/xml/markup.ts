import { abbreviate, checkLegal, resolveReferences } from "./characters.ts";
import { createXmlError } from "./syntax_error.ts";

// XML 1.0, productions 4 and 4a.
const NAME_START =
  ":A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D" +
  "\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}";
const NAME = new RegExp(
  `[${NAME_START}][${NAME_START}\\-.0-9\\xB7\\u0300-\\u036F\\u203F-\\u2040]*`,
  "uy",
);
const DECLARATION =
  /<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(["'])1\.[0-9]+\1(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(["'])[A-Za-z][-A-Za-z0-9._]*\2)?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(["'])(?:yes|no)\3)?[ \t\n]*\?>/y;
/** Most attributes of a tag; XML-RPC and EDEF need a few. */
const MAX_ATTRIBUTES = 1000;
const TAB = 0x09, LF = 0x0a, SPACE = 0x20;

/** Receiver of the attributes of tags. */
export interface AttributeListener {
  /** Receives an attribute, its references resolved and its white space normalized. */
  onAttribute(name: string, value: string): void;
}

// Each function below reads one piece of markup at an offset of a document and returns the
// offset of its end. All throw an XmlSyntaxError at the place that is not well-formed.

/** Returns the offset of the first character that is not white space. */
export function skipSpace(document: string, from: number): number {
  let at = from;
  let code = document.charCodeAt(at);
  while (code === LF || code === SPACE || code === TAB) code = document.charCodeAt(++at);
  return at;
}

/** Returns the end of the XML declaration, 0 if the document begins with none. */
export function skipDeclaration(document: string): number {
  if (!/^<\?xml[ \t\n?]/.test(document.slice(0, 6))) return 0;
  DECLARATION.lastIndex = 0;
  if (DECLARATION.test(document)) return DECLARATION.lastIndex;
  const message = "Cannot read the XML declaration";
  throw createXmlError(document, 0, message, '<?xml version="1.0"?>');
}

/** Returns the name of an element, an attribute or an instruction. */
export function readName(document: string, at: number): string {
  NAME.lastIndex = at;
  const name = NAME.exec(document)?.[0];
  if (name === undefined) throw createXmlError(document, at, "Cannot read a tag", "a name");
  return name;
}

/** Reads the attributes of a tag and the white space before its end. */
export function readAttributes(
  document: string,
  from: number,
  listener: AttributeListener | undefined,
  joinsSurrogates: boolean,
): number {
  let seen: Set<string> | undefined;
  let end = from;
  while (true) {
    const at = skipSpace(document, end);
    const next = document[at];
    if (at === end || next === ">" || next === "/" || next === undefined) return at;
    const name = readName(document, at);
    seen ??= new Set();
    if (seen.has(name)) {
      throw createXmlError(document, at, `Cannot read attribute ${abbreviate(name)} twice`, "one");
    }
    seen.add(name);
    if (seen.size > MAX_ATTRIBUTES) {
      const expected = `${MAX_ATTRIBUTES} at most`;
      throw createXmlError(document, at, "Cannot read so many attributes", expected, "unexpected");
    }
    const valueFrom = findAttributeValue(document, at + name.length, name);
    end = document.indexOf(document[valueFrom - 1] ?? "", valueFrom) + 1;
    checkAttributeValue(document, valueFrom, end - 1, name);
    const rules = { joinsSurrogates, isAttribute: true };
    listener?.onAttribute(name, resolveReferences(document, valueFrom, end - 1, rules));
  }
}

/** Returns the offset after the opening quote of an attribute's value. */
function findAttributeValue(document: string, from: number, name: string): number {
  const equals = skipSpace(document, from);
  const message = `Cannot find the value of attribute ${abbreviate(name)}`;
  if (document[equals] !== "=") throw createXmlError(document, equals, message, "=");
  const at = skipSpace(document, equals + 1);
  if (document[at] === '"' || document[at] === "'") return at + 1;
  throw createXmlError(document, at, message, "quotes");
}

function checkAttributeValue(document: string, from: number, end: number, name: string): void {
  if (end < from) {
    const message = `Cannot read the value of attribute ${abbreviate(name)}`;
    throw createXmlError(document, from - 1, message, "quotes");
  }
  const less = document.slice(from, end).indexOf("<");
  if (less < 0) return;
  throw createXmlError(document, from + less, "Cannot read < in an attribute", "&lt;");
}

/** Returns the end of a comment. */
export function skipComment(document: string, at: number): number {
  const from = at + "<!--".length;
  const end = document.indexOf("--", from);
  if (end < 0) throw createXmlError(document, at, "Cannot find the end of the comment", "-->");
  if (document[end + 2] !== ">") {
    throw createXmlError(document, end, "Cannot read -- in a comment", "-->");
  }
  checkLegal(document, from, end);
  return end + "-->".length;
}

/** Returns the end of a processing instruction. */
export function skipInstruction(document: string, at: number): number {
  const end = document.indexOf("?>", at + 2);
  if (end < 0) {
    throw createXmlError(document, at, "Cannot find the end of the processing instruction", "?>");
  }
  const name = readName(document, at + 2);
  if (/^xml$/i.test(name)) {
    const message = "Cannot read an XML declaration here";
    throw createXmlError(document, at, message, "it at the beginning only");
  }
  const nameEnd = at + 2 + name.length;
  if (nameEnd !== end && skipSpace(document, nameEnd) === nameEnd) {
    throw createXmlError(document, nameEnd, "Cannot read the processing instruction", "?>");
  }
  checkLegal(document, nameEnd, end);
  return end + 2;
}

/** Returns the offset of the `]]>` that ends a CDATA section. */
export function findCdataEnd(document: string, at: number): number {
  const from = at + "<![CDATA[".length;
  const end = document.indexOf("]]>", from);
  if (end < 0) {
    throw createXmlError(document, at, "Cannot find the end of the CDATA section", "]]>");
  }
  checkLegal(document, from, end);
  return end;
}
