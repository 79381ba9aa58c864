/** One piece of markup: a comment, CDATA, an instruction, or a tag with its attributes. */
const MARKUP =
  /<(?:!--(?:(?!--)[^])*-->|!\[CDATA\[[^]*?\]\]>|\?[^]*?\?>|(\/?)([^\s"'<>/=!?]+)((?:\s+[^\s"'<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>)/y;
const TEXT = /[^<]*/y;
/** A `&` that begins no reference. */
const BARE = /&(?!(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/;
const CHARACTER = /&#(?:x([\da-fA-F]+)|(\d+));/g;
/** More attributes than any element has; the parser behind takes quadratic time for them. */
const MAX_ATTRIBUTES = 32;
// deno-lint-ignore no-control-regex
const ILLEGAL = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/**
 * Finds what makes a text no XML: the parser behind it believes nearly everything. No
 * DOCTYPE is let through, so that there is nothing to expand. Undefined when all is well.
 */
export function faultOf(text: string, maxDepth: number): string | undefined {
  if (ILLEGAL.test(text)) return "a control character";
  const open: string[] = [];
  let roots = 0;
  for (let at = 0; at < text.length;) {
    TEXT.lastIndex = at;
    const between = TEXT.exec(text)?.[0] ?? "";
    at += between.length;
    if (hasBadReference(between)) {
      return `a & that begins no reference that XML has, before offset ${at}`;
    }
    if (open.length === 0 && between.trim() !== "") {
      return `text outside the root, before offset ${at}`;
    }
    if (at >= text.length) break;
    MARKUP.lastIndex = at;
    const match = MARKUP.exec(text);
    if (match === null) return `broken markup or a DOCTYPE at offset ${at}`;
    const [whole, slash, name, attributes = "", selfClosing] = match;
    if (at > 0 && /^<\?xml\s/i.test(whole)) return `an XML declaration at offset ${at}`;
    if (open.length === 0 && whole.startsWith("<![")) {
      return `text outside the root, at offset ${at}`;
    }
    if (name !== undefined) {
      if (hasBadReference(attributes)) {
        return `a & that begins no reference that XML has, at offset ${at}`;
      }
      const names = [...attributes.matchAll(/([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')/g)].map((
        [, one],
      ) => one);
      if (names.length > MAX_ATTRIBUTES) return `too many attributes at offset ${at}`;
      if (new Set(names).size < names.length) return `an attribute twice at offset ${at}`;
      if (slash === "/") {
        if (open.pop() !== name) {
          return `</${name.slice(0, 40)}> where another tag ends, at offset ${at}`;
        }
      } else {
        if (open.length === 0 && ++roots > 1) return `a second root at offset ${at}`;
        if (open.length >= maxDepth) return `more than ${maxDepth} levels at offset ${at}`;
        if (selfClosing !== "/") open.push(name);
      }
    }
    at += whole.length;
  }
  return open.length > 0 ? `no </${open.at(-1)}>` : roots === 0 ? "no element" : undefined;
}

/** Whether a `&` begins no reference, or one to a character that XML does not have. */
function hasBadReference(text: string): boolean {
  if (!text.includes("&")) return false;
  if (BARE.test(text)) return true;
  return [...text.matchAll(CHARACTER)].some(([, hex, decimal]) => {
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return true;
    return ILLEGAL.test(String.fromCodePoint(code));
  });
}
