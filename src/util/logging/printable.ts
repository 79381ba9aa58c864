import { hideCredentials } from "./hidden_credentials.ts";

/** Control, format (bidirectional ones among them), line and paragraph separators, surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

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
