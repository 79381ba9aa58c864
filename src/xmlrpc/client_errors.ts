/**
 * Reason that a call has no answer, as the `code` of an {@link XmlRpcTransportError}.
 *
 * - `unreachable`: no connection was made.
 * - `interrupted`: the connection broke.
 * - `timeout`: no answer in time.
 * - `http-status`: the answer has an HTTP status other than 200.
 * - `too-large`: the answer exceeds `maxReplyBytes`.
 * - `invalid-reply`: the answer is no XML-RPC document.
 * - `closed`: the HTTP client is closed.
 */
export type XmlRpcTransportCode =
  | "unreachable"
  | "interrupted"
  | "timeout"
  | "http-status"
  | "too-large"
  | "invalid-reply"
  | "closed";

/** Details of an {@link XmlRpcTransportError}. */
export interface XmlRpcTransportErrorDetails extends ErrorOptions {
  /** Whether bytes of the call may have reached the server. */
  readonly wasSent: boolean;
  /** Message without method and server. @default the message */
  readonly reason?: string | undefined;
}

/**
 * A call that returned no XML-RPC answer, neither a value nor a fault. There is a class for
 * each kind of reason, and a `code` for a `switch`.
 */
export abstract class XmlRpcTransportError extends Error {
  /** Reason of the failure. */
  abstract readonly code: XmlRpcTransportCode;
  /** Whether bytes of the call may have reached the server; `false` is proof that none did. */
  readonly wasSent: boolean;
  /** Why there is no answer: the message without method and server. */
  readonly reason: string;

  /** Creates an error; `message` names the method and the server. */
  constructor(message: string, details: XmlRpcTransportErrorDetails) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.wasSent = details.wasSent;
    this.reason = details.reason ?? message;
  }
}

/** The server can't be reached, or the connection ended before the answer. */
export class XmlRpcConnectionError extends XmlRpcTransportError {
  /** Always `XmlRpcConnectionError`. */
  override readonly name = "XmlRpcConnectionError";
  /**
   * `unreachable` if no connection was made, so that the method surely did not run;
   * `interrupted` if the connection ended before the answer; `closed` if the HTTP client was
   * closed before the call.
   */
  readonly code: "unreachable" | "interrupted" | "closed";

  /** Creates an error. */
  constructor(
    code: "unreachable" | "interrupted" | "closed",
    message: string,
    details: XmlRpcTransportErrorDetails,
  ) {
    super(message, details);
    this.code = code;
  }
}

/** There was no complete answer in time; the method may have run if `wasSent`. */
export class XmlRpcTimeoutError extends XmlRpcTransportError {
  /** Always `XmlRpcTimeoutError`. */
  override readonly name = "XmlRpcTimeoutError";
  /** Always `timeout`. */
  override readonly code = "timeout";
}

/** The answer has a status other than 200 and no fault. */
export class XmlRpcHttpError extends XmlRpcTransportError {
  /** Always `XmlRpcHttpError`. */
  override readonly name = "XmlRpcHttpError";
  /** Always `http-status`. */
  override readonly code = "http-status";
  /** HTTP status. */
  readonly status: number;
  /** Not a field, which would be printed with the error: the server chooses them. */
  readonly #headers: ReadonlyMap<string, string>;

  /** Creates an error. */
  constructor(
    message: string,
    status: number,
    headers: ReadonlyMap<string, string> = new Map(),
    reason: string = message,
  ) {
    super(message, { wasSent: true, reason });
    this.status = status;
    this.#headers = headers;
  }

  /** Headers of the answer, by name in lower case. */
  get headers(): ReadonlyMap<string, string> {
    return this.#headers;
  }
}

/** The answer exceeds `maxReplyBytes`. */
export class XmlRpcReplyTooLargeError extends XmlRpcTransportError {
  /** Always `XmlRpcReplyTooLargeError`. */
  override readonly name = "XmlRpcReplyTooLargeError";
  /** Always `too-large`. */
  override readonly code = "too-large";
}

/** The answer is not XML-RPC or not HTTP; the message shows its beginning. */
export class XmlRpcInvalidReplyError extends XmlRpcTransportError {
  /** Always `XmlRpcInvalidReplyError`. */
  override readonly name = "XmlRpcInvalidReplyError";
  /** Always `invalid-reply`. */
  override readonly code = "invalid-reply";
}
