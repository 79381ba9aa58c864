/**
 * Reason of an {@link XmlSyntaxError}: the document is not well-formed XML, it is XML but
 * not what the caller asked for, its encoding is not supported, or its bytes are invalid in
 * that encoding.
 */
export type XmlErrorCode =
  | "not-well-formed"
  | "unexpected"
  | "unsupported-encoding"
  | "invalid-bytes";

/** Place of an {@link XmlSyntaxError} and what would have been valid there. */
export interface XmlErrorDetails {
  /** What the reader expected, such as `</value>`. */
  readonly expected: string;
  /** Distance from the start of the document in UTF-16 units; CRLF counts as one. */
  readonly offset: number;
  /** Line of the document, from 1. */
  readonly line: number;
  /** Column in the line in UTF-16 units, from 1. */
  readonly column: number;
  /** Reason. @default "not-well-formed" */
  readonly code?: XmlErrorCode;
}

/**
 * A document that the XML reader refuses. XML-RPC and EDEF translate it into errors of
 * their own.
 *
 * @example
 * ```ts
 * import { XmlReader, XmlSyntaxError } from "./mod.ts";
 *
 * try {
 *   new XmlReader("<a>&nbsp;</a>").readText();
 * } catch (error) {
 *   if (error instanceof XmlSyntaxError) console.log(error.line, error.column, error.code);
 * }
 * ```
 */
export class XmlSyntaxError extends SyntaxError {
  /** Always `XmlSyntaxError`. */
  override readonly name = "XmlSyntaxError";
  /** What the reader expected, such as `</value>`. */
  readonly expected: string;
  /** Place of the error in UTF-16 units from the start; CRLF counts as one. */
  readonly offset: number;
  /** Line of the document, from 1. */
  readonly line: number;
  /** Column in the line in UTF-16 units, from 1. */
  readonly column: number;
  /** Reason; `not-well-formed` unless stated otherwise. */
  readonly code: XmlErrorCode;

  /** Creates an error; `message` says what cannot be read, as in "Cannot read a tag". */
  constructor(message: string, details: XmlErrorDetails, options?: ErrorOptions) {
    const { expected, offset, line, column, code = "not-well-formed" } = details;
    super(formatXmlError(message, details), options);
    this.expected = expected;
    this.offset = offset;
    this.line = line;
    this.column = column;
    this.code = code;
  }
}

/** Returns the message of an error with what was expected and its place. */
function formatXmlError(
  message: string,
  { expected, line, column }: Pick<XmlErrorDetails, "expected" | "line" | "column">,
): string {
  return `${message}: expected ${expected} (line ${line}, column ${column})`;
}

/** Creates an error at an offset of a document whose line ends are LF. */
export function createXmlError(
  document: string,
  offset: number,
  message: string,
  expected: string,
  code: XmlErrorCode = "not-well-formed",
): XmlSyntaxError {
  const before = document.slice(0, offset);
  const line = before.split("\n").length;
  const column = offset - before.lastIndexOf("\n");
  return new XmlSyntaxError(message, { expected, offset, line, column, code });
}
