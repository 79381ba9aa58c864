/** Words; tabs and line breaks do not end them, since readers of URLs ignore these. */
const WORDS = /[^ \f\v\xa0\u2028\u2029]+/g;
/** Beginning of a URL within a word. */
const URL_START = /:[\t\n\r]*\/[\t\n\r]*\/|\b(?:https?|wss?|ftp):[/\\\t\n\r]*/gi;
/** End of the part of a URL that has user name, password, host and port. */
const AUTHORITY_END = /[/?#]/g;
/** Host and the beginning of something that is no port, as with a password that has a slash. */
const NO_PORT = /^[^:,[]*:[^\d,]/;
/** User name and password of a URL that is the whole string; they may have spaces. */
const CREDENTIALS_OF_URL =
  /^([\0-\x20]*(?:https?|wss?|ftp):[/\\]*)[^/\\?#]*@|^([\0-\x20]*(?:[a-z][a-z\d+.-]*:)?[/\\]{2})[^/?#]*@/i;
/** Characters that are ignored in a URL. */
const BREAKS = /[\t\n\r]/g;
/** Length of the longest scheme in `URL_START`, which may begin within an authority. */
const SCHEME_LENGTH = "https:".length;

/**
 * Returns a string without the user names and passwords of the URLs in it. Takes a time that is
 * proportional to its length, whatever another process made of it.
 *
 * @example
 * ```ts
 * console.log(hideCredentials("at http://ada:secret@host/x")); // at http://host/x
 * ```
 */
export function hideCredentials(text: string): string {
  if (!text.includes("@")) return text;
  return hideInUrl(text).replace(WORDS, (word) => word.includes("@") ? hideInWord(word) : word);
}

/** Leaves the credentials out of a URL that is the whole string, or its beginning. */
function hideInUrl(text: string): string {
  const found = CREDENTIALS_OF_URL.exec(text.replace(BREAKS, "")); // as every reader of URLs does
  if (found === null) return text;
  let at = 0;
  for (let left = found[0].length; left > 0; at++) if (text.charAt(at).search(BREAKS) < 0) left--;
  return (found[1] ?? found[2] ?? "") + text.slice(at);
}

/** Leaves the credentials out of the URLs in a word. */
function hideInWord(word: string): string {
  const last = word.lastIndexOf("@") + 1;
  let open = "";
  let at = 0;
  URL_START.lastIndex = 0;
  while (URL_START.exec(word) !== null) {
    const from = URL_START.lastIndex;
    AUTHORITY_END.lastIndex = from;
    const to = AUTHORITY_END.exec(word)?.index ?? word.length;
    const authority = word.slice(from, to);
    open += word.slice(at, from);
    at = Math.max(from, NO_PORT.test(authority) ? last : from + authority.lastIndexOf("@") + 1);
    URL_START.lastIndex = Math.max(at, to - SCHEME_LENGTH); // each character is read once or twice
  }
  return open + word.slice(at);
}
