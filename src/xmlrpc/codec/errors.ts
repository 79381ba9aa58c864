/** An error that the peer's method answered: a `<fault>`, not a broken transport. */
export class XmlRpcFault extends Error {
  /** Always `XmlRpcFault`. */
  override readonly name = "XmlRpcFault";
  /** The peer's number for the fault; its meaning is up to the peer. */
  readonly faultCode: number;
  /** The peer's words for the fault. */
  readonly faultString: string;

  /** Makes a fault; a method that throws one answers with just this code and text. */
  constructor(faultCode: number, faultString: string, options?: ErrorOptions) {
    super(faultString, options);
    this.faultCode = faultCode;
    this.faultString = faultString;
  }
}

/** Fault codes of the 2001 interoperability specification. */
export const FAULT_CODES = {
  /** The document is not well-formed XML. */
  notWellFormed: -32700,
  /** The document's encoding is not supported. */
  unsupportedEncoding: -32701,
  /** A byte or character is not of the document's encoding. */
  invalidCharacter: -32702,
  /** The document is XML, but not XML-RPC. */
  invalidXmlRpc: -32600,
  /** There is no such method. */
  methodNotFound: -32601,
  /** The parameters do not suit the method. */
  invalidParams: -32602,
  /** The server could not make an answer. */
  internalError: -32603,
  /** The method failed. */
  applicationError: -32500,
} as const;

/** Where an {@link XmlRpcSyntaxError} is, and what would have been right there. */
export interface SyntaxErrorDetails {
  /** What the reader expected, such as `</value>`. */
  readonly expected: string;
  /** Distance from the document's beginning, in UTF-16 units; CRLF counts as one. */
  readonly offset: number;
  /** Line of the document, from 1. */
  readonly line: number;
  /** Column in the line, in UTF-16 units, from 1. */
  readonly column: number;
  /** Fault that tells the peer. @default -32700 */
  readonly faultCode?: number;
}

/** A document that can't be read. */
export class XmlRpcSyntaxError extends SyntaxError {
  /** Always `XmlRpcSyntaxError`. */
  override readonly name = "XmlRpcSyntaxError";
  /** What the reader expected, such as `</value>`. */
  readonly expected: string;
  /** Where the reader gave up, in UTF-16 units from the beginning; CRLF counts as one. */
  readonly offset: number;
  /** Line of the document, from 1. */
  readonly line: number;
  /** Column in the line, in UTF-16 units, from 1. */
  readonly column: number;
  /** The fault that tells a peer about it: -32700 to -32702 or -32600. */
  readonly faultCode: number;

  /** Makes an error; `message` says what can't be read. */
  constructor(message: string, details: SyntaxErrorDetails) {
    const { expected, offset, line, column, faultCode = FAULT_CODES.notWellFormed } = details;
    super(`${message}: expected ${expected} (line ${line}, column ${column})`);
    this.expected = expected;
    this.offset = offset;
    this.line = line;
    this.column = column;
    this.faultCode = faultCode;
  }
}
