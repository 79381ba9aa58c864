/**
 * Reason of an {@link HttpClientError}.
 *
 * - `unreachable`: no connection was made.
 * - `interrupted`: the connection broke.
 * - `timeout`: no answer in time.
 * - `too-large`: the body of the answer exceeds `maxBytes`.
 * - `invalid-reply`: the answer is not HTTP/1.1 that can be read.
 * - `closed`: the client is closed.
 */
export type HttpClientErrorCode =
  | "unreachable"
  | "interrupted"
  | "timeout"
  | "too-large"
  | "invalid-reply"
  | "closed";

/** Details of an {@link HttpClientError}. */
export interface HttpClientErrorDetails extends ErrorOptions {
  /** Whether bytes of the request may have reached the server. */
  readonly wasSent: boolean;
}

/**
 * A request that has no usable reply. `wasSent: false` is proof that no byte of the request
 * left this process, so that it may be sent again elsewhere.
 *
 * | `code` | `wasSent` | when |
 * | --- | --- | --- |
 * | `unreachable` | no | no connection was made: refused, name unknown, TLS failed, no descriptor left |
 * | `interrupted` | yes | the connection ended before the reply was complete |
 * | `timeout` | either | no complete reply in time |
 * | `too-large` | yes | the body exceeds `maxBytes`, before or after inflating |
 * | `invalid-reply` | yes | the reply is not HTTP/1.1, or its content coding is unknown or broken |
 * | `closed` | no | the client was closed before |
 */
export class HttpClientError extends Error {
  /** Always `HttpClientError`. */
  override readonly name = "HttpClientError";
  /** Reason of the failure. */
  readonly code: HttpClientErrorCode;
  /** Whether bytes of the request may have reached the server. */
  readonly wasSent: boolean;

  /** Creates an error. */
  constructor(code: HttpClientErrorCode, message: string, details: HttpClientErrorDetails) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.wasSent = details.wasSent;
  }
}
