/** A word of a command line, and where it stands. */
interface Word {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const WORD = /\s*((?:[^\s"'\\]|\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*'|["'\\])+)/y;

/**
 * The words of a line: separated by white space, which quotes or a backslash keep. A
 * quote that is not closed belongs to the word, so that JSON can be typed as it is.
 */
export function wordsOf(line: string): readonly Word[] {
  const words: Word[] = [];
  for (let at = 0; at < line.length;) {
    WORD.lastIndex = at;
    const raw = WORD.exec(line)?.[1];
    if (raw === undefined) break;
    at = WORD.lastIndex;
    words.push({ text: unquoted(raw), from: at - raw.length, to: at });
  }
  return words;
}

function unquoted(raw: string): string {
  return raw.replace(
    /\\([^])|"((?:[^"\\]|\\[^])*)"|'([^']*)'/g,
    (whole, escaped, double, single) => {
      if (escaped !== undefined) return escaped;
      if (double !== undefined) return double.replace(/\\(["\\])/g, "$1");
      return single ?? whole;
    },
  );
}
