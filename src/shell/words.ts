/** A word of a command line and its place in it. */
export interface Word {
  /** The word without quotes and backslashes. */
  readonly text: string;
  /** Index of its first character. */
  readonly from: number;
  /** Index after its last character. */
  readonly to: number;
}

const WORD = /\s*((?:[^\s"'\\]|\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*'|["'\\])+)/y;

/**
 * Splits a line into words at white space, except in quotes or after a backslash. A quote
 * that is not closed belongs to its word, so that JSON can be typed unchanged.
 */
export function splitWords(line: string): readonly Word[] {
  const words: Word[] = [];
  for (let at = 0; at < line.length;) {
    WORD.lastIndex = at;
    const raw = WORD.exec(line)?.[1];
    if (raw === undefined) break;
    at = WORD.lastIndex;
    words.push({ text: removeQuotes(raw), from: at - raw.length, to: at });
  }
  return words;
}

function removeQuotes(raw: string): string {
  return raw.replace(
    /\\([^])|"((?:[^"\\]|\\[^])*)"|'([^']*)'/g,
    (whole, escaped, double, single) => {
      if (escaped !== undefined) return escaped;
      if (double !== undefined) return double.replace(/\\(["\\])/g, "$1");
      return single ?? whole;
    },
  );
}
