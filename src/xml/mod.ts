/**
 * Strict XML 1.0 without a DOCTYPE: a reader without a tree, a small tree on top of it, the
 * encodings of documents, and escaping. Shared by XML-RPC and endpoint description files.
 *
 * @module
 */
export { abbreviate, isXmlSpace } from "./characters.ts";
export { decodeXmlBytes, type DecodeXmlOptions } from "./encoding.ts";
export { escapeXml, replaceUnencodable } from "./escape.ts";
export type { AttributeListener } from "./markup.ts";
export type { XmlReaderOptions } from "./reader.ts";
export { XmlReader } from "./reader.ts";
export type { XmlErrorCode, XmlErrorDetails } from "./syntax_error.ts";
export { XmlSyntaxError } from "./syntax_error.ts";
export { createTag, type Tag } from "./tag.ts";
export { parseXml, type ParseXmlOptions, type XmlElement } from "./tree.ts";
