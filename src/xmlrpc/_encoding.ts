import { FAULT_CODES, XmlRpcSyntaxError } from "./errors.ts";

/**
 * Turns a document's bytes into text: a byte order mark decides, then the XML
 * declaration, then UTF-8. The HTTP charset is not asked; peers often get it wrong.
 */
export function textOf(document: string | Uint8Array): string {
  if (typeof document === "string") return document.replace(/^\ufeff/, "");
  const encoding = encodingOf(document);
  if (encoding === "iso-8859-1") return latin1(document);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(document);
  } catch {
    throw new XmlRpcSyntaxError(`Cannot read the bytes as ${encoding}`, 0, -32702);
  }
}

function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | "iso-8859-1" {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const declaration = /^<\?xml\s[^>]*\?>/.exec(latin1(bytes.subarray(0, 1024)))?.[0] ?? "";
  const declared = /\sencoding\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1] ?? "utf-8";
  switch (declared.toLowerCase()) {
    case "utf-8":
    case "utf8":
    case "us-ascii": // Perl declares this and sends UTF-8
      return "utf-8";
    case "iso-8859-1":
      return "iso-8859-1";
    default:
      throw new XmlRpcSyntaxError(
        `Cannot read the encoding ${declared}: use UTF-8`,
        0,
        FAULT_CODES.unsupportedEncoding,
      );
  }
}

/** Byte for byte; `TextDecoder("iso-8859-1")` would be windows-1252. */
function latin1(bytes: Uint8Array): string {
  const chunks = [];
  for (let at = 0; at < bytes.length; at += 8192) {
    chunks.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  }
  return chunks.join("");
}
