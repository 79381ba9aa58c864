/** Longest string that is checked character by character, which is faster for short ones. */
const SHORT = 32;
// deno-lint-ignore no-control-regex
const UNENCODABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
/** Everything that is not sent as it is, and halves of characters, which may be whole ones. */
// deno-lint-ignore no-control-regex
const SPECIAL = /[\0-\x08\x0b-\x1f&<>\ud800-\udfff\ufffe\uffff]/;
const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\r": "&#13;",
};

/**
 * Escapes a string for XML content. CR becomes a reference, as it would be read as LF.
 *
 * @returns `undefined` if the string has a character that XML 1.0 cannot carry
 * @example
 * ```ts
 * import { escapeXml } from "./mod.ts";
 *
 * escapeXml("a < b"); // "a &lt; b"
 * escapeXml("\0"); // undefined
 * ```
 */
export function escapeXml(text: string): string | undefined {
  if (text.length <= SHORT ? isPlain(text) : !SPECIAL.test(text)) return text;
  if (text.search(UNENCODABLE) >= 0 || !text.isWellFormed()) return undefined;
  return /[&<>\r]/.test(text)
    ? text.replace(/[&<>\r]/g, (character) => ESCAPES[character] ?? "")
    : text;
}

/** Returns the string with U+FFFD in place of each character that XML cannot carry. */
export function replaceUnencodable(text: string): string {
  return text.toWellFormed().replace(UNENCODABLE, "\ufffd");
}

function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 ? code !== 0x0a && code !== 0x09 : code >= 0xd800) return false;
    if (code === 0x26 || code === 0x3c || code === 0x3e) return false;
  }
  return true;
}
