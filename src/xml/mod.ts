/**
 * Strict XML 1.0 without a tree, shared by XML-RPC and endpoint description files.
 *
 * @module
 */
export { encodable, escape } from "./escape.ts";
export { positionOf } from "./position.ts";
export type { Tag } from "./xml_reader.ts";
export { tag, UTF8_DECLARATIONS, XmlReader } from "./xml_reader.ts";
export { isSpace, shown } from "./xml_scanner.ts";
