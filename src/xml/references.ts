const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);
/** Longest reference that is looked at; a number may have leading zeros. */
const MAX_REFERENCE = 64;
/** What needs care in a text: references, the end of CDATA, illegal characters. */
// deno-lint-ignore no-control-regex
export const SPECIAL = /[&\]\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
// deno-lint-ignore no-control-regex
const ILLEGAL = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
/** Two references that may be the halves of one character, as Apache's writer sends them. */
const TWO = /^&#(x[\da-fA-F]{4}|\d{5});&#(x[\da-fA-F]{4}|\d{5});/;

/** Says what is wrong at an offset of the document. */
export type Fail = (message: string, expected: string, offset: number) => never;

/** Whether a character of text is legal and no `<`, `&` or `]`. */
export function isPlain(code: number): boolean {
  if (code < 0x20) return code === 0x0a || code === 0x09 || code === 0x0d;
  return code !== 0x26 && code !== 0x3c && code !== 0x5d && code < 0xfffe;
}

/** Refuses characters that XML 1.0 does not have (production 2). */
export function checkLegal(text: string, from: number, fail: Fail): void {
  const at = text.search(ILLEGAL);
  if (at >= 0) {
    fail(`Cannot read the character ${codePoint(text, at)}`, "one that XML has", from + at);
  }
}

/**
 * Resolves the references of a text, once each.
 *
 * @param from where the text stands in the document, for errors
 * @param joinsSurrogates whether two references to the halves of a character are read as it
 */
export function resolve(raw: string, from: number, joinsSurrogates: boolean, fail: Fail): string {
  checkLegal(raw, from, fail);
  let at = raw.indexOf("&");
  if (at < 0) return raw;
  const parts = [];
  let done = 0;
  for (; at >= 0; at = raw.indexOf("&", done)) {
    const start = raw.slice(at, at + MAX_REFERENCE);
    const pair = joinsSurrogates ? joined(start) : undefined;
    const length = pair?.length ?? start.indexOf(";") + 1;
    const name = start.slice(1, Math.max(length - 1, 1));
    const character = pair?.character ?? ENTITIES.get(name) ?? characterOf(name);
    if (character === undefined) {
      fail(
        `Cannot read the reference &${name || "..."};`,
        "&amp; &lt; &gt; &quot; &apos; or a character's number",
        from + at,
      );
    }
    parts.push(raw.slice(done, at), character);
    done = at + length;
  }
  parts.push(raw.slice(done));
  return parts.join("");
}

function codePoint(text: string, at: number): string {
  return `U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The character whose halves two references are, and how long they are. */
function joined(start: string): { character: string; length: number } | undefined {
  const [whole = "", ...numbers] = TWO.exec(start) ?? [];
  const [high = 0, low = 0] = numbers.map((number) => Number(number.replace("x", "0x")));
  if (high < 0xd800 || high > 0xdbff || low < 0xdc00 || low > 0xdfff) return undefined;
  return { character: String.fromCharCode(high, low), length: whole.length };
}

function characterOf(reference: string): string | undefined {
  const match = /^#(?:x([0-9A-Fa-f]+)|([0-9]+))$/.exec(reference);
  if (match === null) return undefined;
  const code = match[1] === undefined ? parseInt(match[2] ?? "", 10) : parseInt(match[1], 16);
  const isLegal = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
  return isLegal ? String.fromCodePoint(code) : undefined;
}
