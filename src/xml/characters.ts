import { createXmlError } from "./syntax_error.ts";

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);
const HASH = 0x23, SEMICOLON = 0x3b, LOWER_X = 0x78;
/** Longest reference that is read; a number may have leading zeros. */
const MAX_REFERENCE = 64;
/** Characters that need care in text: references, the end of CDATA, illegal characters. */
// deno-lint-ignore no-control-regex
export const SPECIAL = /[&\]\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
// deno-lint-ignore no-control-regex
const ILLEGAL = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
/** Two references that may be the halves of one character, as Apache's writer sends them. */
const PAIR = /^&#(x[\da-fA-F]{4}|\d{5});&#(x[\da-fA-F]{4}|\d{5});/;

/** Whether a character is legal in text and neither `<` nor `&` nor `]`. */
export function isPlain(code: number): boolean {
  if (code < 0x20) return code === 0x0a || code === 0x09 || code === 0x0d;
  return code !== 0x26 && code !== 0x3c && code !== 0x5d && code < 0xfffe;
}

/** Whether a string has nothing but XML white space; U+00A0 does not count as such. */
export function isXmlSpace(text: string): boolean {
  return /^[ \t\n\r]*$/.test(text);
}

/** Shortens a string of the document for an error message. */
export function abbreviate(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

/**
 * Checks a part of the document for characters that XML 1.0 does not have (production 2).
 *
 * @throws {XmlSyntaxError} at the first one
 */
export function checkLegal(document: string, from: number, to: number): void {
  const text = document.slice(from, to);
  const at = text.search(ILLEGAL);
  if (at < 0) return;
  const message = `Cannot read the character ${formatCodePoint(text, at)}`;
  throw createXmlError(document, from + at, message, "one that XML has");
}

/** Rules for resolving references. */
export interface TextRules {
  /** Whether two references to the halves of a character are read as it. */
  readonly joinsSurrogates: boolean;
  /** Whether white space becomes spaces, as in an attribute (XML 1.0, 3.3.3). */
  readonly isAttribute?: boolean;
}

/**
 * Returns a part of the document with its references resolved, once each.
 *
 * @throws {XmlSyntaxError} on an illegal character or an unknown reference
 */
export function resolveReferences(
  document: string,
  from: number,
  to: number,
  { joinsSurrogates, isAttribute = false }: TextRules,
): string {
  checkLegal(document, from, to);
  const text = document.slice(from, to);
  const raw = isAttribute ? text.replace(/[\t\n]/g, " ") : text;
  const parts = [];
  let done = 0;
  for (let at = raw.indexOf("&"); at >= 0; at = raw.indexOf("&", done)) {
    const reference = parseReference(raw, at, joinsSurrogates);
    if (reference === undefined) {
      const start = raw.slice(at, at + MAX_REFERENCE);
      const name = start.slice(1, Math.max(start.indexOf(";"), 1));
      const message = `Cannot read the reference &${name || "..."};`;
      const expected = "&amp; &lt; &gt; &quot; &apos; or the number of a character";
      throw createXmlError(document, from + at, message, expected);
    }
    parts.push(raw.slice(done, at), reference.character);
    done = at + reference.length;
  }
  if (parts.length === 0) return raw;
  parts.push(raw.slice(done));
  return parts.join("");
}

/** A resolved reference and its length in the document. */
interface Reference {
  readonly character: string;
  readonly length: number;
}

function parseReference(
  text: string,
  at: number,
  joinsSurrogates: boolean,
): Reference | undefined {
  const isNumber = text.charCodeAt(at + 1) === HASH;
  const pair = isNumber && joinsSurrogates
    ? joinHalves(text.slice(at, at + MAX_REFERENCE))
    : undefined;
  if (pair !== undefined) return pair;
  const end = findSemicolon(text, at);
  if (end < 0) return undefined;
  const character = isNumber
    ? parseCharacter(text.slice(at + 2, end))
    : ENTITIES.get(text.slice(at + 1, end));
  return character === undefined ? undefined : { character, length: end + 1 - at };
}

function findSemicolon(text: string, from: number): number {
  const limit = Math.min(text.length, from + MAX_REFERENCE);
  for (let at = from; at < limit; at++) if (text.charCodeAt(at) === SEMICOLON) return at;
  return -1;
}

/** Returns the character whose halves two references are. */
function joinHalves(start: string): Reference | undefined {
  const [whole = "", ...numbers] = PAIR.exec(start) ?? [];
  const [high = 0, low = 0] = numbers.map((number) => Number(number.replace("x", "0x")));
  if (high < 0xd800 || high > 0xdbff || low < 0xdc00 || low > 0xdfff) return undefined;
  return { character: String.fromCharCode(high, low), length: whole.length };
}

/** Parses the number of a reference: decimal, or hexadecimal after an `x`. */
function parseCharacter(number: string): string | undefined {
  const isHex = number.charCodeAt(0) === LOWER_X;
  if (!(isHex ? /^x[0-9A-Fa-f]+$/ : /^[0-9]+$/).test(number)) return undefined;
  const code = isHex ? parseInt(number.slice(1), 16) : parseInt(number, 10);
  const isLegal = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
  return isLegal ? String.fromCodePoint(code) : undefined;
}

function formatCodePoint(text: string, at: number): string {
  return `U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0")}`;
}
