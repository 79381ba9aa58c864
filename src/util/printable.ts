/** Control, format (bidirectional ones among them), line and paragraph separators, surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** User name and password of a URL that is the whole string; they may have spaces. */
const CREDENTIALS_OF_URL = /^(\s*[a-z][a-z\d+.-]*:[/\\]{2})[^/\\?#]*@/i;
/** The same of a URL within a string. */
const CREDENTIALS = /(:\/\/|\bhttps?:[/\\]*)[^\s/?#]*@/gi;

/**
 * Returns a string without the user names and passwords of the URLs in it.
 *
 * @example
 * ```ts
 * console.log(hideCredentials("at http://ada:secret@host/x")); // at http://host/x
 * ```
 */
export function hideCredentials(text: string): string {
  if (!text.includes("@")) return text;
  return text.replace(CREDENTIALS_OF_URL, "$1").replace(CREDENTIALS, "$1");
}

/**
 * Returns a received string in a form that is safe in a log or a message: at most `maxLength`
 * characters, without the credentials of URLs, with control and bidirectional characters escaped
 * as `\u{a}`.
 *
 * @example
 * ```ts
 * console.log(toPrintable("a\nb", 10)); // a\u{a}b
 * ```
 */
export function toPrintable(text: string, maxLength = 200): string {
  const open = hideCredentials(text); // before it is cut, perhaps within a password
  const escaped = open.slice(0, maxLength).replace(
    UNPRINTABLE,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  if (open.length <= maxLength && escaped.length <= maxLength) return escaped;
  return `${escaped.slice(0, maxLength).replace(/\\(?:u(?:\{[\da-f]*)?)?$/, "")}...`;
}
