import { abbreviate, isPlain, isXmlSpace, resolveReferences, SPECIAL } from "./characters.ts";
import {
  type AttributeListener,
  findCdataEnd,
  readAttributes,
  readName,
  skipComment,
  skipDeclaration,
  skipInstruction,
  skipSpace,
} from "./markup.ts";
import { createXmlError, type XmlErrorCode, type XmlSyntaxError } from "./syntax_error.ts";
import type { Tag } from "./tag.ts";

/** Settings of an {@link XmlReader}. */
export interface XmlReaderOptions {
  /**
   * Whether two references to the halves of a character are read as it: not well-formed,
   * but sent by Apache's XML-RPC writer. @default false
   */
  readonly joinSurrogates?: boolean;
  /** Receives the attributes of all elements in document order. */
  readonly attributeListener?: AttributeListener;
}

/** XML declarations that need no closer look: they name UTF-8 or nothing. */
export const UTF8_DECLARATIONS: readonly string[] = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<?xml version="1.0"?>',
  "<?xml version='1.0'?>",
  '<?xml version="1.0" encoding="utf-8"?>',
];
const BANG = 0x21, SLASH = 0x2f, LESS = 0x3c, QUESTION = 0x3f;
/** Number of characters that are checked one by one, which is faster for short strings. */
const SHORT = 32;
/** Length up to which a document may stay in memory because of one string of it. */
const SMALL_DOCUMENT = 4096;

/**
 * Reads well-formed XML in one pass, without a tree: the caller asks for text and tags in
 * the order in which it expects them. Tags as almost every peer writes them are compared
 * as strings; everything else that XML allows takes a slower path. A DOCTYPE is refused,
 * so there is nothing to expand and nothing to fetch. Work is linear in the input.
 *
 * Every method throws an {@link XmlSyntaxError} on what is not well-formed.
 *
 * @example
 * ```ts
 * import { createTag, XmlReader } from "./mod.ts";
 *
 * const xml = new XmlReader("<greeting>Hello &amp; welcome</greeting>");
 * const name = xml.openElement(); // "greeting"
 * const text = xml.readText(); // "Hello & welcome"
 * xml.closeElement(createTag("greeting"));
 * xml.checkEnd();
 * ```
 */
export class XmlReader {
  /** The document, whose line ends are LF. */
  readonly #document: string;
  readonly #joinsSurrogates: boolean;
  readonly #listener: AttributeListener | undefined;
  /** Whether the document may stay in memory because of one string of it. */
  readonly isSmall: boolean;
  #at = 0;
  #selfClosed = false;

  /** Starts before the root element, after the XML declaration if there is one. */
  constructor(text: string, options: XmlReaderOptions = {}) {
    this.#joinsSurrogates = options.joinSurrogates ?? false;
    this.#listener = options.attributeListener;
    // XML 1.0, 2.11: line ends become LF before anything else.
    this.#document = text.includes("\r") ? toLineFeeds(text) : text;
    this.isSmall = this.#document.length <= SMALL_DOCUMENT;
    if (this.initial !== QUESTION) return;
    for (const usual of UTF8_DECLARATIONS) if (this.take(usual)) return;
    this.#at = skipDeclaration(this.#document);
  }

  /** Current offset. */
  get offset(): number {
    return this.#at;
  }

  /** Whether the document ends here. */
  get isAtEnd(): boolean {
    const rest = this.#document.length - this.#at;
    return !this.#selfClosed && (rest <= 0 || (rest === 1 && this.#document.endsWith("<")));
  }

  /** Whether a tag begins here. */
  get isTag(): boolean {
    return this.#document.charCodeAt(this.#at) === LESS;
  }

  /** Whether the open element ends here. */
  get isClosing(): boolean {
    const at = this.#at;
    return this.#selfClosed ||
      (this.#document.charCodeAt(at) === LESS && this.#document.charCodeAt(at + 1) === SLASH);
  }

  /** Code of the character after this one: the first of a tag's name. */
  get initial(): number {
    return this.#document.charCodeAt(this.#at + 1);
  }

  /** Whether a start tag of an element begins here, with or without attributes. */
  isTagNamed(name: string): boolean {
    const start = `<${name}`;
    const end = this.#at + start.length;
    return !this.#selfClosed && this.#document.slice(this.#at, end) === start &&
      /[ \t\n>/]/.test(this.#document[end] ?? "");
  }

  /** Skips a literal if the document continues with it, and returns whether it does. */
  take(literal: string): boolean {
    const end = this.#at + literal.length;
    // Many times faster than startsWith, which V8 does character by character.
    if (this.#selfClosed || this.#document.slice(this.#at, end) !== literal) return false;
    this.#at = end;
    return true;
  }

  /** Skips a literal if it is all that is left, and returns whether it is. */
  takeRest(literal: string): boolean {
    if (this.#selfClosed || this.#document.slice(this.#at) !== literal) return false;
    this.#at = this.#document.length;
    return true;
  }

  /** Returns to an earlier offset, one outside every self-closed element. */
  rewind(offset: number): void {
    this.#at = offset;
  }

  /** Returns the document between two offsets, unchanged. */
  slice(from: number, to: number): string {
    return this.#document.slice(from, to);
  }

  /**
   * Returns everything up to the next tag as a string, with references resolved and CDATA
   * included, without comments and processing instructions.
   */
  readText(): string {
    if (this.#selfClosed) return "";
    const from = this.#at;
    let plainTo = from;
    const shortTo = from + SHORT;
    while (plainTo < shortTo && isPlain(this.#document.charCodeAt(plainTo))) plainTo++;
    const next = this.#document.charCodeAt(plainTo) === LESS
      ? plainTo
      : this.#document.indexOf("<", plainTo);
    if (next < 0 || this.#isMarkup(next)) return this.#readMixedText();
    this.#at = next;
    return next === plainTo ? this.#copy(from, next) : this.#readCharacters(from, next);
  }

  /** Skips white space, comments and instructions inside the root; other text is an error. */
  skipSpace(): void {
    if (this.#selfClosed) return;
    const offset = skipSpace(this.#document, this.#at);
    this.#at = offset;
    if (this.#document.charCodeAt(offset) === LESS && !this.#isMarkup(offset)) return;
    if (isXmlSpace(this.#readMixedText())) return;
    throw this.createError("Cannot read text between elements", "a tag", "unexpected", offset);
  }

  /** Skips white space, comments and instructions outside the root. */
  skipMisc(): void {
    while (true) {
      this.#at = skipSpace(this.#document, this.#at);
      if (!this.isTag || !this.#isMarkup(this.#at)) return;
      if (this.#document.startsWith("<![CDATA[", this.#at)) {
        throw this.createError("Cannot read text outside the root element", "a tag");
      }
      this.#skipMarkup();
    }
  }

  /** Reads a start tag and returns its name, `undefined` if none begins here. */
  openElement(): string | undefined {
    if (this.isClosing || !this.isTag) return undefined;
    if (this.initial === BANG) this.#refuseDeclaration();
    const document = this.#document;
    const name = readName(document, this.#at + 1);
    const from = this.#at + 1 + name.length;
    this.#at = readAttributes(document, from, this.#listener, this.#joinsSurrogates);
    if (document.startsWith("/>", this.#at)) {
      this.#at += 2;
      this.#selfClosed = true;
    } else if (document[this.#at] === ">") this.#at++;
    else throw this.createError(`Cannot read the tag <${abbreviate(name)}`, "> or />");
    return name;
  }

  /** Reads the end tag of the open element. */
  closeElement({ name, end }: Tag): void {
    if (this.#selfClosed) {
      this.#selfClosed = false;
      return;
    }
    if (this.take(end)) return;
    const expected = `</${abbreviate(name)}>`;
    if (!this.isClosing) {
      const message = `Cannot find the end of <${abbreviate(name)}>`;
      throw this.createError(message, expected, this.isAtEnd ? "not-well-formed" : "unexpected");
    }
    const found = readName(this.#document, this.#at + 2);
    if (found !== name) throw this.createError(`Cannot read </${abbreviate(found)}>`, expected);
    this.#at = skipSpace(this.#document, this.#at + 2 + found.length);
    if (this.#document[this.#at] !== ">") {
      throw this.createError(`Cannot read the tag </${abbreviate(name)}`, ">");
    }
    this.#at++;
  }

  /** Checks that nothing but comments and instructions follows. */
  checkEnd(): void {
    this.skipMisc();
    if (this.#at < this.#document.length) {
      throw this.createError("Cannot read more after the root element", "the end of the document");
    }
  }

  /** Creates an error, here unless an offset is given. */
  createError(
    message: string,
    expected: string,
    code: XmlErrorCode = "not-well-formed",
    offset: number = this.#at,
  ): XmlSyntaxError {
    return createXmlError(this.#document, offset, message, expected, code);
  }

  /** Whether a `<` begins a comment, an instruction or CDATA. */
  #isMarkup(at: number): boolean {
    const next = this.#document.charCodeAt(at + 1);
    return next === BANG || next === QUESTION;
  }

  /** Skips a comment or an instruction. */
  #skipMarkup(): void {
    if (this.initial === QUESTION) this.#at = skipInstruction(this.#document, this.#at);
    else if (this.#document.startsWith("<!--", this.#at)) {
      this.#at = skipComment(this.#document, this.#at);
    } else this.#refuseDeclaration();
  }

  #readMixedText(): string {
    let result = "";
    while (true) {
      const next = this.#document.indexOf("<", this.#at);
      const end = next < 0 ? this.#document.length : next;
      if (end > this.#at) result += this.#readCharacters(this.#at, end);
      this.#at = end;
      if (next < 0 || !this.#isMarkup(next)) return result;
      if (this.#document.startsWith("<![CDATA[", next)) {
        const textEnd = findCdataEnd(this.#document, next);
        result += this.#copy(next + "<![CDATA[".length, textEnd);
        this.#at = textEnd + "]]>".length;
      } else this.#skipMarkup();
    }
  }

  /** Returns a part without tags with its references resolved. */
  #readCharacters(from: number, to: number): string {
    const raw = this.#document.slice(from, to);
    if (!SPECIAL.test(raw)) return this.#copy(from, to);
    const sectionEnd = raw.indexOf("]]>");
    if (sectionEnd >= 0) {
      const offset = from + sectionEnd;
      throw this.createError("Cannot read ]]> in text", "]]&gt;", "not-well-formed", offset);
    }
    const rules = { joinsSurrogates: this.#joinsSurrogates };
    const resolved = resolveReferences(this.#document, from, to, rules);
    return resolved === raw ? this.#copy(from, to) : resolved;
  }

  /**
   * Returns a part of the document that does not keep the document in memory. V8 keeps the
   * whole document alive for a slice of it, except for up to 12 characters, which it copies.
   */
  #copy(from: number, to: number): string {
    const slice = this.#document.slice(from, to);
    return this.isSmall || to - from <= 12 ? slice : ` ${slice}`.slice(1);
  }

  #refuseDeclaration(): never {
    throw this.createError("Cannot read a document type definition", "a document without one");
  }
}

/** Twice as fast as a pattern if there are millions. */
function toLineFeeds(text: string): string {
  const unix = text.includes("\r\n") ? text.split("\r\n").join("\n") : text;
  return unix.split("\r").join("\n");
}
