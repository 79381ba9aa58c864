/** Control, format (bidirectional ones among them), line and paragraph separators, surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Returns a text that others sent in a form that is safe in a log or a message: at most
 * `maxLength` characters, control and bidirectional characters escaped as `\u{a}`.
 */
export function toPrintable(text: string, maxLength = 200): string {
  const isLong = text.length > maxLength;
  const cut = isLong ? text.slice(0, maxLength) : text;
  const escaped = cut.replace(
    UNPRINTABLE,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return isLong ? `${escaped}...` : escaped;
}
