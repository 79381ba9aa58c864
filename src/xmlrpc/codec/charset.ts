import { Buffer, isAscii } from "node:buffer";
import { positionOf, UTF8_DECLARATIONS } from "../../xml/mod.ts";
import { FAULT_CODES, XmlRpcSyntaxError } from "./errors.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true });
/** How errors say which encodings are read. */
const READABLE = "UTF-8, UTF-16 or ISO-8859-1";

/** From here on it pays to ask first whether a document is nothing but ASCII. */
const LARGE = 1024;
/** Beginnings of documents in UTF-8 that need no closer look. */
const USUAL = [...UTF8_DECLARATIONS, "<methodC", "<methodR"];

/**
 * Turns a document's bytes into text: a byte order mark decides, then the XML
 * declaration, then the HTTP charset, which peers often get wrong, then UTF-8.
 *
 * @param charset what the HTTP header says
 */
export function textOf(document: string | Uint8Array, charset?: string): string {
  if (typeof document === "string") return checkedText(document);
  if (charset === undefined && document[0] === 0x3c /* < */) {
    const text = fastText(document);
    if (text !== undefined) return text;
  }
  const [first, second] = document;
  if (first === 0xff && second === 0xfe) return decode(document, "utf-16le");
  if (first === 0xfe && second === 0xff) return decode(document, "utf-16be");
  if (first === 0xef && second === 0xbb) return decode(document, "utf-8");
  const encoding = declaredEncoding(document) ?? charset?.toLowerCase() ?? "utf-8";
  switch (encoding) {
    case "utf-8":
    case "utf8":
    case "us-ascii": // Perl declares this and sends UTF-8
      return decode(document, "utf-8");
    case "iso-8859-1":
    case "latin1":
      return latin1(document);
    case "utf-16": // without a mark it is big-endian, RFC 2781
    case "utf-16be":
      return decode(document, "utf-16be");
    case "utf-16le":
      return decode(document, "utf-16le");
    default:
      throw failure(
        `Cannot read the encoding ${encoding.slice(0, 40)}`,
        READABLE,
        FAULT_CODES.unsupportedEncoding,
      );
  }
}

/** Node's decoder is faster than `TextDecoder`, but puts U+FFFD where bytes are wrong. */
function fastText(document: Uint8Array): string | undefined {
  const { length } = document;
  const text = length > LARGE && isAscii(document)
    ? Buffer.prototype.latin1Slice.call(document, 0, length)
    : Buffer.prototype.utf8Slice.call(document, 0, length);
  if (text.includes("\ufffd")) return undefined;
  for (const usual of USUAL) if (text.slice(0, usual.length) === usual) return text;
  return undefined;
}

function decode(bytes: Uint8Array, encoding: "utf-8" | "utf-16le" | "utf-16be"): string {
  try {
    return (encoding === "utf-8" ? UTF8 : new TextDecoder(encoding, { fatal: true })).decode(bytes);
  } catch {
    throw failure(
      `Cannot read the bytes as ${encoding}`,
      "bytes of that encoding",
      FAULT_CODES.invalidCharacter,
    );
  }
}

/** What the XML declaration names, undefined where it names nothing. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const end = bytes[1] === 0x3f /* ? */ ? bytes.indexOf(0x3e /* > */) + 1 : 0;
  if (end === 0 || end > 1024) return undefined;
  const declaration = latin1(bytes.subarray(0, end));
  return /^<\?xml(?=\s).*?\sencoding\s*=\s*["']([^"']*)["']/s.exec(declaration)?.[1]?.toLowerCase();
}

/** Byte for byte; `TextDecoder("iso-8859-1")` would be windows-1252. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Text may hold what bytes can't: halves of characters. */
function checkedText(document: string): string {
  const text = withoutMark(document);
  if (text.isWellFormed()) return text;
  throw new XmlRpcSyntaxError("Cannot read half a character", {
    expected: "a whole one",
    ...positionOf(text, text.search(/\p{Cs}/u)),
  });
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function failure(message: string, expected: string, faultCode: number): XmlRpcSyntaxError {
  return new XmlRpcSyntaxError(message, { expected, offset: 0, line: 1, column: 1, faultCode });
}
