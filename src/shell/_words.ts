/** A word of a command line, and where it begins. */
interface Word {
  readonly text: string;
  readonly from: number;
}

const WORD = /\s*((?:[^\s"'\\]|\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*')+)/y;

/**
 * The words of a line: separated by white space, which quotes or a backslash keep. A
 * quote that is not closed belongs to the word, so that JSON can be typed as it is.
 */
export function wordsOf(line: string): readonly Word[] {
  const words: Word[] = [];
  for (let at = 0; at < line.length;) {
    WORD.lastIndex = at;
    const match = WORD.exec(line);
    const from = match === null
      ? at + line.slice(at).search(/\S|$/)
      : WORD.lastIndex - (match[1] ?? "").length;
    const raw = match?.[1] ?? /^\S*/.exec(line.slice(from))?.[0] ?? "";
    if (raw === "") break;
    words.push({ text: unquoted(raw), from });
    at = from + raw.length;
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
