/** Why a call got no answer, as the `code` of an {@link XmlRpcTransportError}. */
export type XmlRpcTransportCode =
  | "connection"
  | "timeout"
  | "http-status"
  | "too-large"
  | "invalid-reply";

/**
 * A call that got no XML-RPC answer, neither a value nor a fault. There is a class for
 * each reason, and its `code` for a `switch`.
 */
export abstract class XmlRpcTransportError extends Error {
  /** The reason. */
  abstract readonly code: XmlRpcTransportCode;
}

/** The server can't be reached, refuses the connection, redirects, or the connection broke. */
export class XmlRpcConnectionError extends XmlRpcTransportError {
  /** Always `XmlRpcConnectionError`. */
  override readonly name = "XmlRpcConnectionError";
  /** Always `connection`. */
  override readonly code = "connection";
}

/** There was no complete answer in time; the method may have run. */
export class XmlRpcTimeoutError extends XmlRpcTransportError {
  /** Always `XmlRpcTimeoutError`. */
  override readonly name = "XmlRpcTimeoutError";
  /** Always `timeout`. */
  override readonly code = "timeout";
}

/** The answer has a status other than 200. */
export class XmlRpcHttpError extends XmlRpcTransportError {
  /** Always `XmlRpcHttpError`. */
  override readonly name = "XmlRpcHttpError";
  /** Always `http-status`. */
  override readonly code = "http-status";
  /** The status. */
  readonly status: number;

  /** Makes an error; `message` names the method and the server. */
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** The answer exceeds `maxReplyBytes`. */
export class XmlRpcReplyTooLargeError extends XmlRpcTransportError {
  /** Always `XmlRpcReplyTooLargeError`. */
  override readonly name = "XmlRpcReplyTooLargeError";
  /** Always `too-large`. */
  override readonly code = "too-large";
}

/** The answer is no XML-RPC; the `cause` says where it fails. */
export class XmlRpcInvalidReplyError extends XmlRpcTransportError {
  /** Always `XmlRpcInvalidReplyError`. */
  override readonly name = "XmlRpcInvalidReplyError";
  /** Always `invalid-reply`. */
  override readonly code = "invalid-reply";
}
