import { positionOf } from "./position.ts";
import { checkLegal, type Fail, isPlain, resolve, SPECIAL } from "./references.ts";
import { FAULT_CODES, XmlRpcSyntaxError } from "../xmlrpc/codec/mod.ts";

// XML 1.0, productions 4 and 4a.
const NAME_START =
  ":A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D" +
  "\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}";
const NAME = new RegExp(
  `[${NAME_START}][${NAME_START}\\-.0-9\\xB7\\u0300-\\u036F\\u203F-\\u2040]*`,
  "uy",
);
const DECLARATION =
  /<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(["'])1\.[0-9]+\1(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(["'])[A-Za-z][-A-Za-z0-9._]*\2)?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(["'])(?:yes|no)\3)?[ \t\n]*\?>/y;
const TAB = 0x09, LF = 0x0a, SPACE = 0x20;
/** So many characters of a text are looked at one by one, which is faster for short texts. */
const SHORT = 32;
/** A document of this length may stay in memory for the sake of one string of it. */
const SMALL_DOCUMENT = 4096;

/** Where an error is and which fault tells of it: here and not well-formed, unless said. */
interface Mishap {
  readonly offset?: number;
  readonly faultCode?: number;
}

/** Reads the pieces of XML 1.0 that stand inside tags and between them. */
export class XmlScanner {
  /** The document, whose line ends are LF. */
  protected readonly document: string;
  /** Where the scanner stands. */
  protected at = 0;
  readonly #joinsSurrogates: boolean;
  readonly #isSmall: boolean;

  constructor(text: string, joinsSurrogates: boolean) {
    this.#joinsSurrogates = joinsSurrogates;
    // XML 1.0, 2.11: line ends are LF before anything else looks at them.
    this.document = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
    this.#isSmall = this.document.length <= SMALL_DOCUMENT;
  }

  /** An error, here unless told otherwise. */
  error(message: string, expected: string, mishap: Mishap = {}): XmlRpcSyntaxError {
    const { offset = this.at, faultCode = FAULT_CODES.notWellFormed } = mishap;
    return new XmlRpcSyntaxError(message, {
      ...{ expected, faultCode },
      ...positionOf(this.document, offset),
    });
  }

  /** Skips white space and tells whether there was any. */
  protected skipSpace(): boolean {
    const from = this.at;
    let code = this.document.charCodeAt(from);
    while (code === LF || code === SPACE || code === TAB) {
      code = this.document.charCodeAt(++this.at);
    }
    return this.at > from;
  }

  /** Reads the XML declaration where there is one. */
  protected declaration(): void {
    if (!/^<\?xml[ \t\n?]/.test(this.document.slice(0, 6))) return;
    DECLARATION.lastIndex = 0;
    if (!DECLARATION.test(this.document)) {
      throw this.error("Cannot read the XML declaration", '<?xml version="1.0"?>');
    }
    this.at = DECLARATION.lastIndex;
  }

  /** Reads the name of an element, an attribute or an instruction. */
  protected name(): string {
    NAME.lastIndex = this.at;
    const name = NAME.exec(this.document)?.[0];
    if (name === undefined) throw this.error("Cannot read a tag", "a name");
    this.at += name.length;
    return name;
  }

  /** Reads the attributes of a tag. */
  protected attributes(onAttribute: (name: string, value: string) => void): void {
    let seen: Set<string> | undefined;
    while (this.skipSpace()) {
      const next = this.document[this.at];
      if (next === ">" || next === "/" || next === undefined) return;
      const offset = this.at;
      const name = this.name();
      seen ??= new Set();
      if (seen.has(name)) {
        throw this.error(`Cannot read attribute ${shown(name)} twice`, "one", { offset });
      }
      seen.add(name);
      onAttribute(name, this.#attributeValue(name));
    }
  }

  #attributeValue(name: string): string {
    this.skipSpace();
    if (this.document[this.at] !== "=") {
      throw this.error(`Cannot find the value of attribute ${shown(name)}`, "=");
    }
    this.at++;
    this.skipSpace();
    const quote = this.document[this.at];
    const from = this.at + 1;
    const end = quote === '"' || quote === "'" ? this.document.indexOf(quote, from) : -1;
    if (end < 0) throw this.error(`Cannot read the value of attribute ${shown(name)}`, "quotes");
    const raw = this.document.slice(from, end);
    if (raw.includes("<")) {
      throw this.error("Cannot read < in an attribute", "&lt;", {
        offset: from + raw.indexOf("<"),
      });
    }
    this.at = end + 1;
    return resolve(raw, from, this.#joinsSurrogates, this.#fail);
  }

  /** Where a text that needs no care ends; soon, for it is read character by character. */
  protected plainEnd(from: number): number {
    let at = from;
    while (at < from + SHORT && isPlain(this.document.charCodeAt(at))) at++;
    return at;
  }

  /**
   * A piece of the document as it stands. V8 keeps the whole document alive for a
   * slice of it, so that one string kept of a large document would cost as much as it;
   * up to 12 characters are copied by V8 itself.
   */
  protected kept(from: number, to: number): string {
    const slice = this.document.slice(from, to);
    return this.#isSmall || to - from <= 12 ? slice : ` ${slice}`.slice(1);
  }

  /** The text of a place that has no tags in it, with references resolved. */
  protected characters(from: number, to: number): string {
    const raw = this.document.slice(from, to);
    if (!SPECIAL.test(raw)) return this.kept(from, to);
    const sectionEnd = raw.indexOf("]]>");
    if (sectionEnd >= 0) this.#fail("Cannot read ]]> in text", "]]&gt;", from + sectionEnd);
    const resolved = resolve(raw, from, this.#joinsSurrogates, this.#fail);
    return resolved === raw ? this.kept(from, to) : resolved;
  }

  /** Reads a comment. */
  protected comment(): void {
    const from = this.at + "<!--".length;
    const end = this.document.indexOf("--", from);
    if (end < 0) throw this.error("Cannot find the end of the comment", "-->");
    if (this.document[end + 2] !== ">") this.#fail("Cannot read -- in a comment", "-->", end);
    checkLegal(this.document.slice(from, end), from, this.#fail);
    this.at = end + "-->".length;
  }

  /** Reads a processing instruction. */
  protected instruction(): void {
    const offset = this.at;
    const end = this.document.indexOf("?>", offset + 2);
    if (end < 0) throw this.error("Cannot find the end of the processing instruction", "?>");
    this.at += 2;
    if (/^xml$/i.test(this.name())) {
      this.#fail("Cannot read an XML declaration here", "it at the beginning only", offset);
    }
    if (!this.skipSpace() && this.at !== end) {
      throw this.error("Cannot read the processing instruction", "?>");
    }
    checkLegal(this.document.slice(this.at, end), this.at, this.#fail);
    this.at = end + 2;
  }

  /** Reads a CDATA section and gives its text. */
  protected cdata(): string {
    const from = this.at + "<![CDATA[".length;
    const end = this.document.indexOf("]]>", from);
    if (end < 0) throw this.error("Cannot find the end of the CDATA section", "]]>");
    const text = this.document.slice(from, end);
    checkLegal(text, from, this.#fail);
    this.at = end + 3;
    return this.kept(from, end);
  }

  readonly #fail: Fail = (message, expected, offset) => {
    throw this.error(message, expected, { offset });
  };
}

/** A text as error messages show it: not longer than needed to find it. */
export function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

/** Whether a text is nothing but XML white space, which U+00A0 is not. */
export function isSpace(text: string): boolean {
  return /^[ \t\n\r]*$/.test(text);
}
