import { detached, resolve } from "./_references.ts";
import { XmlRpcSyntaxError } from "./errors.ts";
import { EXTENSIONS_NAMESPACE } from "./values.ts";

// deno-lint-ignore no-control-regex
const ILLEGAL = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
// XML 1.0, productions 4 and 4a.
const NAME_START =
  ":A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D" +
  "\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}";
const NAME = new RegExp(
  `[${NAME_START}][${NAME_START}\\-.0-9\\xB7\\u0300-\\u036F\\u203F-\\u2040]*`,
  "uy",
);
const SPACE = /[ \t\n\r]*/y;
const DECLARATION =
  /<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(["'])1\.[0-9]+\1(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(["'])[A-Za-z][-A-Za-z0-9._]*\2)?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(["'])(?:yes|no)\3)?[ \t\n]*\?>/y;

/**
 * Reads well-formed XML in one pass, without a tree: the caller asks for text and
 * tags in the order it expects them. A DOCTYPE is refused, so there is nothing to
 * expand and nothing to fetch. Work is linear in the input.
 */
export class XmlReader {
  readonly #text: string;
  readonly #open: string[] = [];
  readonly #extensionPrefixes = new Set(["ex"]);
  readonly #joinsSurrogates: boolean;
  #at = 0;
  #selfClosed = false;
  #declaresExtensions = false;

  /** @param joinsSurrogates whether two references to the halves of a character are read as it */
  constructor(text: string, joinsSurrogates = false) {
    this.#joinsSurrogates = joinsSurrogates;
    // XML 1.0, 2.11: line ends are LF before anything else looks at them.
    this.#text = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
    const illegal = this.#text.search(ILLEGAL);
    if (illegal >= 0) throw new XmlRpcSyntaxError("Cannot read a control character", illegal);
    if (!this.#text.isWellFormed()) throw new XmlRpcSyntaxError("Cannot read half a character", 0);
    this.#skipDeclaration();
  }

  /** Where the reader stands. */
  get offset(): number {
    return this.#at;
  }

  /** Whether the document ends here. */
  get isAtEnd(): boolean {
    const rest = this.#text.length - this.#at;
    return !this.#selfClosed && (rest <= 0 || (rest === 1 && this.#text.endsWith("<")));
  }

  /** Whether some element declared the namespace of Apache's extensions. */
  get declaresExtensions(): boolean {
    return this.#declaresExtensions;
  }

  /**
   * The text up to the next tag, with references resolved, comments and processing
   * instructions left out and CDATA taken in.
   */
  text(): string {
    if (this.#selfClosed) return "";
    let result = "";
    while (true) {
      const tag = this.#text.indexOf("<", this.#at);
      const end = tag < 0 ? this.#text.length : tag;
      if (end > this.#at) result += this.#characters(this.#at, end);
      this.#at = end;
      if (tag < 0) return result;
      const next = this.#text.charCodeAt(tag + 1);
      if (next === 0x3f /* ? */) this.#skipInstruction();
      else if (next !== 0x21 /* ! */) return result;
      else if (this.#text.startsWith("<!--", tag)) this.#skipComment();
      else if (this.#text.startsWith("<![CDATA[", tag)) result += this.#cdata();
      else throw this.error("Cannot read a document type definition: it is refused");
    }
  }

  /** Skips white space, comments and instructions; other text is an error. */
  space(): void {
    const from = this.#at;
    const text = this.text();
    if (isSpace(text)) return;
    const faultCode = this.#open.length === 0 ? -32700 : -32600;
    throw new XmlRpcSyntaxError("Cannot read text between elements", from, faultCode);
  }

  /** The name of the element that opens here, or undefined when none does. */
  open(): string | undefined {
    if (this.#selfClosed || this.#text.charCodeAt(this.#at) !== 0x3c) return undefined;
    if (this.#text.charCodeAt(this.#at + 1) === 0x2f /* / */) return undefined;
    this.#at++;
    const name = this.#name();
    this.#attributes();
    if (this.#text.startsWith("/>", this.#at)) {
      this.#at += 2;
      this.#selfClosed = true;
    } else if (this.#text[this.#at] === ">") this.#at++;
    else throw this.error(`Cannot read the tag <${shown(name)}`);
    this.#open.push(name);
    return this.#localName(name);
  }

  /** Whether the open element ends here. */
  isClosing(): boolean {
    return this.#selfClosed || this.#text.startsWith("</", this.#at);
  }

  /** Reads the end tag of the open element. */
  close(): void {
    const expected = this.#open.pop();
    if (this.#selfClosed) {
      this.#selfClosed = false;
      return;
    }
    if (!this.#text.startsWith("</", this.#at)) {
      throw this.error(
        `Cannot find </${shown(expected)}>`,
        this.#at + 1 < this.#text.length ? -32600 : -32700,
      );
    }
    this.#at += 2;
    const name = this.#name();
    if (name !== expected) {
      throw this.error(`Cannot end <${shown(expected)}> with </${shown(name)}>`);
    }
    this.#space();
    if (this.#text[this.#at] !== ">") throw this.error(`Cannot read the tag </${shown(name)}`);
    this.#at++;
  }

  /** Makes sure that nothing but comments and instructions follows. */
  end(): void {
    const text = this.text();
    if (!isSpace(text) || this.#at < this.#text.length) {
      throw this.error("Cannot read more after the root element");
    }
  }

  error(message: string, faultCode = -32700): XmlRpcSyntaxError {
    return new XmlRpcSyntaxError(message, this.#at, faultCode);
  }

  #localName(name: string): string {
    const colon = name.indexOf(":");
    if (colon < 0 || !this.#extensionPrefixes.has(name.slice(0, colon))) return name;
    return `ex:${name.slice(colon + 1)}`;
  }

  #skipDeclaration(): void {
    if (!/^<\?xml[ \t\n?]/.test(this.#text.slice(0, 6))) return;
    DECLARATION.lastIndex = 0;
    if (!DECLARATION.test(this.#text)) throw this.error("Cannot read the XML declaration");
    this.#at = DECLARATION.lastIndex;
  }

  #name(): string {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined) throw this.error("Cannot read a name");
    this.#at += name.length;
    return name;
  }

  #space(): boolean {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    const moved = SPACE.lastIndex > this.#at;
    this.#at = SPACE.lastIndex;
    return moved;
  }

  #attributes(): void {
    let seen: Set<string> | undefined;
    while (this.#space()) {
      const next = this.#text[this.#at];
      if (next === ">" || next === "/" || next === undefined) return;
      const name = this.#name();
      seen ??= new Set();
      if (seen.has(name)) throw this.error(`Cannot read attribute ${shown(name)} twice`);
      seen.add(name);
      this.#declareNamespace(name, this.#attributeValue(name));
    }
  }

  #attributeValue(name: string): string {
    this.#space();
    if (this.#text[this.#at] !== "=") {
      throw this.error(`Cannot find the value of attribute ${shown(name)}`);
    }
    this.#at++;
    this.#space();
    const quote = this.#text[this.#at];
    const end = quote === '"' || quote === "'" ? this.#text.indexOf(quote, this.#at + 1) : -1;
    if (end < 0) throw this.error(`Cannot read the value of attribute ${shown(name)}`);
    const raw = this.#text.slice(this.#at + 1, end);
    if (raw.includes("<")) throw this.error("Cannot read < in an attribute");
    const value = resolve(raw, this.#at + 1, this.#joinsSurrogates);
    this.#at = end + 1;
    return value;
  }

  #declareNamespace(name: string, value: string): void {
    if (value !== EXTENSIONS_NAMESPACE || !name.startsWith("xmlns")) return;
    this.#declaresExtensions = true;
    if (name.startsWith("xmlns:")) this.#extensionPrefixes.add(name.slice(6));
  }

  /** The text up to a place, which is not yet where an element opens or ends. */
  #characters(from: number, to: number): string {
    const raw = this.#text.slice(from, to);
    const bad = raw.indexOf("]]>");
    if (bad >= 0) throw new XmlRpcSyntaxError("Cannot read ]]> in text", from + bad);
    if (this.#open.length === 0 && raw.includes("&")) {
      throw new XmlRpcSyntaxError("Cannot read a reference outside the root element", from);
    }
    return resolve(raw, from, this.#joinsSurrogates);
  }

  #skipComment(): void {
    const end = this.#text.indexOf("--", this.#at + 4);
    if (end < 0 || this.#text[end + 2] !== ">") throw this.error("Cannot read the comment");
    this.#at = end + 3;
  }

  #skipInstruction(): void {
    const end = this.#text.indexOf("?>", this.#at);
    if (end < 0) throw this.error("Cannot read the processing instruction");
    this.#at += 2;
    if (/^xml$/i.test(this.#name())) throw this.error("Cannot read an XML declaration here");
    if (!this.#space() && this.#at !== end) {
      throw this.error("Cannot read the processing instruction");
    }
    this.#at = end + 2;
  }

  #cdata(): string {
    if (this.#open.length === 0) throw this.error("Cannot read text outside the root element");
    const from = this.#at + "<![CDATA[".length;
    const end = this.#text.indexOf("]]>", from);
    if (end < 0) throw this.error("Cannot find the end of the CDATA section");
    this.#at = end + 3;
    return detached(this.#text.slice(from, end));
  }
}

/** A text as error messages show it: not longer than needed to find it. */
export function shown(text: string | undefined): string {
  return text !== undefined && text.length > 40 ? `${text.slice(0, 40)}...` : text ?? "";
}

/** Whether a text is nothing but XML white space, which U+00A0 is not. */
export function isSpace(text: string): boolean {
  return /^[ \t\n\r]*$/.test(text);
}
