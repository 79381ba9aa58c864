/** A piece of a pattern that may stand anywhere, with its table for the search. */
interface Piece {
  readonly text: string;
  /** Length of the longest border of each prefix (Knuth, Morris and Pratt). */
  readonly borders: readonly number[];
}

/**
 * A value with wildcards, such as `a*b*c`: the first piece begins the string, the last ends
 * it, the others follow in order. The match takes linear time, whatever the pattern: filters
 * may come from users and properties from other processes.
 */
export class WildcardPattern {
  /** The parts between the wildcards; the first and the last may be empty. */
  readonly pieces: readonly string[];
  readonly #first: string;
  readonly #middle: readonly Piece[];
  readonly #last: string;

  /** Creates a pattern from at least two pieces. */
  constructor(pieces: readonly string[]) {
    this.pieces = pieces;
    this.#first = pieces[0] ?? "";
    this.#last = pieces.at(-1) ?? "";
    this.#middle = pieces.slice(1, -1).map((text) => ({ text, borders: findBorders(text) }));
  }

  /** Whether a string matches. */
  matches(text: string): boolean {
    if (!text.startsWith(this.#first)) return false;
    let at = this.#first.length;
    for (const piece of this.#middle) {
      at = findEnd(text, piece, at);
      if (at < 0) return false;
    }
    return text.length - at >= this.#last.length && text.endsWith(this.#last);
  }
}

/** Returns the end of the first occurrence of a piece from an index on, or -1. */
function findEnd(text: string, { text: wanted, borders }: Piece, from: number): number {
  let matched = 0;
  for (let at = from; at < text.length; at++) {
    matched = extendMatch(wanted, borders, matched, text.charCodeAt(at));
    if (matched === wanted.length) return at + 1;
  }
  return wanted === "" ? from : -1;
}

function findBorders(text: string): number[] {
  const borders = [0];
  for (let at = 1; at < text.length; at++) {
    borders.push(extendMatch(text, borders, borders[at - 1] ?? 0, text.charCodeAt(at)));
  }
  return borders;
}

/** Returns how much of a piece is matched after one more character. */
function extendMatch(
  text: string,
  borders: readonly number[],
  matched: number,
  code: number,
): number {
  let length = matched;
  while (length > 0 && text.charCodeAt(length) !== code) length = borders[length - 1] ?? 0;
  return text.charCodeAt(length) === code ? length + 1 : length;
}
