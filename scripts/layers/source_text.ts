/** Import of another file or package. */
export interface ImportedModule {
  /** Specifier as it is written. */
  readonly specifier: string;
  /** Line of the specifier, counted from 1. */
  readonly line: number;
}

/** Words after which a slash begins a regular expression, not a division. */
const BEFORE_REGEX =
  /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|throw|await|yield)$/;

const IMPORT = /(?<![\w$#.])(?:from|import|(?:import|loadBuiltin)\s*\()\s*(["'`])/g;

/**
 * Replaces comments and the contents of strings, templates and regular expressions by spaces.
 * Quotes, line breaks and the code inside `${}` stay where they are, so positions agree with
 * the source.
 */
export function maskSource(source: string): string {
  const mask = new Mask(source);
  mask.maskCode(0, false);
  return mask.toString();
}

/**
 * Returns every module that a source imports or re-exports, also types, dynamic imports and
 * modules of Node that are loaded by name.
 */
export function findImports(source: string, masked: string): ImportedModule[] {
  return [...masked.matchAll(IMPORT)].map((match) => {
    const [text, quote = '"'] = match;
    const start = match.index + text.length;
    return {
      specifier: source.slice(start, masked.indexOf(quote, start)),
      line: lineAt(source, start),
    };
  });
}

/** Returns the line of a position, counted from 1. */
export function lineAt(source: string, position: number): number {
  let line = 1;
  for (
    let at = source.indexOf("\n");
    at !== -1 && at < position;
    at = source.indexOf("\n", at + 1)
  ) {
    line++;
  }
  return line;
}

/** Source in which parts are overwritten by spaces. */
class Mask {
  readonly #source: string;
  readonly #characters: string[];

  constructor(source: string) {
    this.#source = source;
    this.#characters = source.split("");
  }

  toString(): string {
    return this.#characters.join("");
  }

  /** Masks code up to its end, or to the brace that closes a `${}`; returns that position. */
  maskCode(start: number, isEmbedded: boolean): number {
    let depth = 0;
    let at = start;
    while (at < this.#source.length) {
      const character = this.#source[at];
      if (character === "{") depth++;
      if (character === "}") {
        if (isEmbedded && depth === 0) return at;
        depth--;
      }
      at = this.#maskToken(at);
    }
    return at;
  }

  /** Masks what begins at a position if it is not code; returns the position after it. */
  #maskToken(at: number): number {
    const source = this.#source;
    switch (source[at]) {
      case '"':
      case "'":
        return this.#maskString(at);
      case "`":
        return this.#maskTemplate(at);
      case "/":
        if (source[at + 1] === "/") return this.#blank(at, findEnd(source, "\n", at, 0));
        if (source[at + 1] === "*") return this.#blank(at, findEnd(source, "*/", at + 2, 2));
        return this.#isRegex(at) ? this.#maskRegex(at) : at + 1;
      default:
        return at + 1;
    }
  }

  #maskString(at: number): number {
    const quote = this.#source[at];
    let end = at + 1;
    while (end < this.#source.length && this.#source[end] !== quote) {
      end += this.#source[end] === "\\" ? 2 : 1;
    }
    this.#blank(at + 1, end);
    return end + 1;
  }

  #maskTemplate(at: number): number {
    let end = at + 1;
    while (end < this.#source.length && this.#source[end] !== "`") {
      if (this.#source.startsWith("${", end)) end = this.maskCode(end + 2, true) + 1;
      else end = this.#blank(end, end + (this.#source[end] === "\\" ? 2 : 1));
    }
    return end + 1;
  }

  #maskRegex(at: number): number {
    let isClass = false;
    let end = at + 1;
    for (; end < this.#source.length; end++) {
      const character = this.#source[end];
      if (character === "\\") end++;
      else if (character === "[") isClass = true;
      else if (character === "]") isClass = false;
      else if ((character === "/" && !isClass) || character === "\n") break;
    }
    this.#blank(at + 1, end);
    return end + 1;
  }

  /** Whether a slash stands where a value is expected. */
  #isRegex(at: number): boolean {
    const before = this.#characters.slice(Math.max(0, at - 200), at).join("").trimEnd();
    return !/[\w$)\]"'`}]$/.test(before) || BEFORE_REGEX.test(before);
  }

  /** Overwrites a range with spaces, but for line breaks; returns its end. */
  #blank(start: number, end: number): number {
    for (let at = start; at < Math.min(end, this.#characters.length); at++) {
      if (this.#characters[at] !== "\n") this.#characters[at] = " ";
    }
    return end;
  }
}

function findEnd(source: string, mark: string, from: number, length: number): number {
  const found = source.indexOf(mark, from);
  return found === -1 ? source.length : found + length;
}
