/** Control, format (bidirectional ones among them), line and paragraph separators, surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Returns a string without the user names and passwords of the URLs in it.
 *
 * @example
 * ```ts
 * console.log(hideCredentials("at http://ada:secret@host/x")); // at http://host/x
 * ```
 */
export function hideCredentials(text: string): string {
  return text.includes("@") ? text.replace(/(:\/\/)[^\s/?#"'<>]*@/g, "$1") : text;
}

/**
 * Returns a received string in a form that is safe in a log or a message: at most `maxLength`
 * characters, with control and bidirectional characters escaped as `\u{a}`.
 *
 * @example
 * ```ts
 * console.log(toPrintable("a\nb", 10)); // a\u{a}b
 * ```
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
