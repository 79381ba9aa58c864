import { type XmlErrorCode, XmlSyntaxError } from "../../xml/mod.ts";
import type { XmlRpcValue } from "./values/mod.ts";

/** Members of a fault's struct as the peer sent them. */
export type FaultMembers = Readonly<Record<string, XmlRpcValue>>;

/** Additional settings of an {@link XmlRpcFault}. */
export interface XmlRpcFaultDetails extends ErrorOptions {
  /** Members as the peer sent them. @default `faultCode` and `faultString` */
  readonly members?: FaultMembers;
}

/**
 * An error that the peer's method answered: a `<fault>`, not a broken transport. A method
 * that throws one answers with its code and string.
 *
 * @example
 * ```ts
 * import { XmlRpcFault } from "@remote-services/etcd3/xmlrpc";
 *
 * const fault = new XmlRpcFault(42, "sold out");
 * console.log(fault.faultCode, fault.faultString);
 * ```
 */
export class XmlRpcFault extends Error {
  /** Always `XmlRpcFault`. */
  override readonly name = "XmlRpcFault";
  /** Code of the fault, whose meaning is up to the peer; 0 if the peer sent no number. */
  readonly faultCode: number;
  /** Description of the fault; empty if the peer sent none. */
  readonly faultString: string;
  /** Members of the fault's struct as the peer sent them, such as a code that is a string. */
  readonly members: FaultMembers;

  /** Creates a fault. */
  constructor(faultCode: number, faultString: string, options: XmlRpcFaultDetails = {}) {
    const { members = { faultCode, faultString }, ...rest } = options;
    super(faultString || `Fault ${faultCode}`, rest);
    this.faultCode = faultCode;
    this.faultString = faultString;
    this.members = members;
  }

  /** HTTP status of the answer if it was not 200; its headers are in the `cause`. */
  get httpStatus(): number | undefined {
    const { cause } = this;
    const isHttpError = typeof cause === "object" && cause !== null && "status" in cause;
    return isHttpError && typeof cause.status === "number" ? cause.status : undefined;
  }
}

/** Fault codes of the 2001 interoperability specification. */
export const FAULT_CODES = {
  /** The document is not well-formed XML. */
  notWellFormed: -32700,
  /** The document's encoding is not supported. */
  unsupportedEncoding: -32701,
  /** A byte or character is invalid in the document's encoding. */
  invalidCharacter: -32702,
  /** The document is XML, but not XML-RPC. */
  invalidXmlRpc: -32600,
  /** The method does not exist. */
  methodNotFound: -32601,
  /** The method does not accept the parameters. */
  invalidParams: -32602,
  /** The server could not produce a reply. */
  internalError: -32603,
  /** The method failed. */
  applicationError: -32500,
} as const;

const CODES: Readonly<Record<XmlErrorCode, number>> = {
  "not-well-formed": FAULT_CODES.notWellFormed,
  "unexpected": FAULT_CODES.invalidXmlRpc,
  "unsupported-encoding": FAULT_CODES.unsupportedEncoding,
  "invalid-bytes": FAULT_CODES.invalidCharacter,
};

/** A document that cannot be read; `cause` is the error of the XML reader. */
export class XmlRpcSyntaxError extends SyntaxError {
  /** Always `XmlRpcSyntaxError`. */
  override readonly name = "XmlRpcSyntaxError";
  /** What the reader expected, such as `</value>`. */
  readonly expected: string;
  /** Place of the error in UTF-16 units from the start; CRLF counts as one. */
  readonly offset: number;
  /** Line of the document, from 1. */
  readonly line: number;
  /** Column in the line in UTF-16 units, from 1. */
  readonly column: number;
  /** Code of the fault that reports the error to a peer: -32700 to -32702 or -32600. */
  readonly faultCode: number;

  /** Translates an error of the XML reader. */
  constructor(cause: XmlSyntaxError) {
    super(cause.message, { cause });
    this.expected = cause.expected;
    this.offset = cause.offset;
    this.line = cause.line;
    this.column = cause.column;
    this.faultCode = CODES[cause.code];
  }
}

/** A value that XML-RPC cannot carry. The message has advice for whoever sends it. */
export class XmlRpcValueError extends TypeError {
  /** Place and kind of the value, without advice, for a peer. */
  readonly reason: string;

  /**
   * Creates an error.
   *
   * @param place place of the value, such as `result.items[2]`
   * @param what kind of the value
   */
  constructor(place: string, what: string, advice: string) {
    super(`Cannot send ${place} by XML-RPC: it is ${what}; ${advice}`);
    this.reason = `${place} is ${what}`;
  }
}

/** Returns the error to throw for an error of the XML reader; other errors unchanged. */
export function translateXmlError(error: unknown): unknown {
  return error instanceof XmlSyntaxError ? new XmlRpcSyntaxError(error) : error;
}
