import { loadBuiltin } from "../util/mod.ts";
import { findShiftByte, isNeverRead, parseEncodingLabel } from "./encoding_labels.ts";
import { UTF8_DECLARATIONS } from "./reader.ts";
import { createXmlError, type XmlErrorCode, XmlSyntaxError } from "./syntax_error.ts";

/** Information about the bytes of a document. */
export interface DecodeXmlOptions {
  /** Charset of the HTTP header, which counts only if the document names no encoding. */
  readonly charset?: string | undefined;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });
/** Length from which it pays to test first whether a document is nothing but ASCII. */
const LARGE = 1024;
const LESS = 0x3c, QUESTION = 0x3f, GREATER = 0x3e;

/**
 * Decodes a document to a string: a byte order mark decides, then the XML declaration, then
 * the charset of the HTTP header, which peers often get wrong, then UTF-8. A document whose
 * bytes are all ASCII is read whatever encoding it names. A string is only checked for
 * halves of characters.
 *
 * @throws {XmlSyntaxError} `unsupported-encoding` or `invalid-bytes`
 * @example
 * ```ts
 * import { decodeXmlBytes } from "./mod.ts";
 *
 * decodeXmlBytes(Uint8Array.of(0x3c, 0xe9, 0x2f, 0x3e), { charset: "latin-1" }); // "<é/>"
 * ```
 */
export function decodeXmlBytes(
  document: string | Uint8Array,
  { charset }: DecodeXmlOptions = {},
): string {
  if (typeof document === "string") return checkHalves(document);
  if (document[0] === LESS && (charset === undefined || charset === "utf-8")) {
    const text = decodeUsual(document);
    if (text !== undefined) return text;
  }
  const unicode = detectUnicode(document);
  if (unicode !== undefined) return decode(document, unicode);
  const declared = findDeclaredEncoding(document);
  if (declared !== undefined) return decodeAs(document, declared);
  if (charset === undefined) return decode(document, "utf-8");
  try {
    return decodeAs(document, charset);
  } catch (error) {
    // The header may be wrong: it is ignored if the document is valid UTF-8.
    const isUnknown = error instanceof XmlSyntaxError && error.code === "unsupported-encoding";
    if (isUnknown && !isNeverRead(charset) && loadBuiltin("node:buffer").isUtf8(document)) {
      return decode(document, "utf-8");
    }
    throw error;
  }
}

/** Decodes UTF-8 faster than `TextDecoder`; `undefined` if bytes or declaration are unusual. */
function decodeUsual(document: Uint8Array): string | undefined {
  const { length } = document;
  const text = length > LARGE && loadBuiltin("node:buffer").isAscii(document)
    ? Buffer.prototype.latin1Slice.call(document, 0, length)
    : Buffer.prototype.utf8Slice.call(document, 0, length);
  if (text.includes("\ufffd")) return undefined; // stands for invalid bytes
  const second = document[1];
  if (second !== QUESTION) return second === 0 ? undefined : text;
  for (const usual of UTF8_DECLARATIONS) if (text.slice(0, usual.length) === usual) return text;
  return undefined;
}

/** Returns the encoding of a byte order mark, or of UTF-16 without one (XML 1.0, appendix F). */
function detectUnicode([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === LESS && second === 0) return "utf-16le";
  return first === 0 && second === LESS ? "utf-16be" : undefined;
}

function decodeAs(document: Uint8Array, label: string): string {
  if (isNeverRead(label)) throw createUnsupportedError(label);
  const isPlain = !document.includes(findShiftByte(label));
  if (isPlain && loadBuiltin("node:buffer").isAscii(document)) return decodeLatin1(document);
  const encoding = parseEncodingLabel(label);
  if (encoding === undefined) throw createUnsupportedError(label);
  if (encoding === "latin1") return decodeLatin1(document);
  // Perl declares us-ascii and sends UTF-8.
  return decode(document, encoding === "ascii" ? "utf-8" : encoding);
}

function decode(bytes: Uint8Array, encoding: string): string {
  const decoder = encoding === "utf-8" ? UTF8 : createDecoder(encoding);
  try {
    return decoder.decode(bytes);
  } catch {
    const message = `Cannot read the bytes as ${encoding}`;
    throw createError(message, "bytes of that encoding", "invalid-bytes");
  }
}

/** Creates a decoder; not every runtime has every encoding: Node 22 lacks iso-8859-16. */
function createDecoder(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    throw createUnsupportedError(encoding);
  }
}

/** Returns the encoding that the XML declaration names, in lower case. */
function findDeclaredEncoding(bytes: Uint8Array): string | undefined {
  const end = bytes[1] === QUESTION ? bytes.indexOf(GREATER) + 1 : 0;
  if (end === 0 || end > 1024) return undefined;
  const declaration = decodeLatin1(bytes.subarray(0, end));
  return /^<\?xml(?=\s).*?\sencoding\s*=\s*["']([^"']*)["']/s.exec(declaration)?.[1]?.toLowerCase();
}

/** Decodes byte by byte; `TextDecoder("iso-8859-1")` would be windows-1252. */
function decodeLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Checks a string for halves of characters, which bytes cannot have. */
function checkHalves(document: string): string {
  const text = document.charCodeAt(0) === 0xfeff ? document.slice(1) : document;
  if (text.isWellFormed()) return text;
  const offset = text.search(/\p{Cs}/u);
  throw createXmlError(text, offset, "Cannot read half a character", "a whole one");
}

function createUnsupportedError(label: string): XmlSyntaxError {
  const message = `Cannot read the encoding ${label.slice(0, 40)}`;
  return createError(message, "UTF-8 or another encoding of the WHATWG", "unsupported-encoding");
}

function createError(message: string, expected: string, code: XmlErrorCode): XmlSyntaxError {
  return createXmlError("", 0, message, expected, code);
}
