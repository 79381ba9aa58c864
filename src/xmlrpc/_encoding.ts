import { FAULT_CODES, XmlRpcSyntaxError } from "./errors.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Turns a document's bytes into text: a byte order mark decides, then the XML
 * declaration, then UTF-8. The HTTP charset is not asked; peers often get it wrong.
 */
export function textOf(document: string | Uint8Array): string {
  if (typeof document === "string") return document.replace(/^\ufeff/, "");
  const [first, second] = document;
  if (first === 0xff && second === 0xfe) return decode(document, "utf-16le");
  if (first === 0xfe && second === 0xff) return decode(document, "utf-16be");
  switch (declaredEncoding(document)) {
    case "utf-8":
    case "utf8":
    case "us-ascii": // Perl declares this and sends UTF-8
      return decode(document, "utf-8");
    case "iso-8859-1":
      return latin1(document);
    default:
      throw new XmlRpcSyntaxError(
        `Cannot read the encoding ${declaredEncoding(document)}: use UTF-8`,
        0,
        FAULT_CODES.unsupportedEncoding,
      );
  }
}

function decode(bytes: Uint8Array, encoding: "utf-8" | "utf-16le" | "utf-16be"): string {
  try {
    return (encoding === "utf-8" ? UTF8 : new TextDecoder(encoding, { fatal: true })).decode(bytes);
  } catch {
    throw new XmlRpcSyntaxError(`Cannot read the bytes as ${encoding}`, 0, -32702);
  }
}

/** What the XML declaration names, `utf-8` where it names nothing. */
function declaredEncoding(bytes: Uint8Array): string {
  const end = bytes[1] === 0x3f /* ? */ ? bytes.indexOf(0x3e /* > */) + 1 : 0;
  if (end === 0 || end > 1024) return "utf-8";
  const declaration = latin1(bytes.subarray(0, end));
  const named = /^<\?xml(?=\s).*?\sencoding\s*=\s*["']([^"']*)["']/s.exec(declaration);
  return named?.[1]?.toLowerCase() ?? "utf-8";
}

/** Byte for byte; `TextDecoder("iso-8859-1")` would be windows-1252. */
function latin1(bytes: Uint8Array): string {
  const chunks = [];
  for (let at = 0; at < bytes.length; at += 8192) {
    chunks.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  }
  return chunks.join("");
}
