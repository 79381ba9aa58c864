import { hideCredentials } from "./hidden_credentials.ts";

/** Control, format (bidirectional ones among them), line and paragraph separators, surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** Part of a long string that is looked at for credentials, as a multiple of what is shown. */
const LOOKED_AT = 50;

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
  const lookedAt = LOOKED_AT * maxLength;
  const isLong = text.length > lookedAt;
  // Before it is cut, perhaps within a password; one that may end later is taken to end there.
  const end = isLong && text.includes("@", lookedAt) ? "@" : "";
  const open = hideCredentials(isLong ? text.slice(0, lookedAt) + end : text);
  const escaped = open.slice(0, maxLength).replace(
    UNPRINTABLE,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  if (!isLong && open.length <= maxLength && escaped.length <= maxLength) return escaped;
  return `${escaped.slice(0, maxLength).replace(/\\(?:u(?:\{[\da-f]*)?)?$/, "")}...`;
}
