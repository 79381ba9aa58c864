import { charsetOf, readBody } from "../http/mod.ts";
import { Deadlines } from "../util/mod.ts";
import {
  type DecodeOptions,
  encodeMethodCall,
  type EncodeOptions,
  readMethodResponse,
  XmlRpcFault,
  type XmlRpcValue,
} from "./codec/mod.ts";
import {
  XmlRpcConnectionError,
  XmlRpcHttpError,
  XmlRpcInvalidReplyError,
  XmlRpcReplyTooLargeError,
  XmlRpcTimeoutError,
  XmlRpcTransportError,
} from "./client_errors.ts";

/** How a client calls. */
export interface XmlRpcClientOptions
  extends Omit<DecodeOptions, "maxLength">, Omit<EncodeOptions, "maxLength"> {
  /** Deadline of a call, connecting included; `Infinity` for none. @default 30000 */
  readonly timeoutMs?: number;
  /** Largest answer, after decompression. @default 8388608 */
  readonly maxReplyBytes?: number;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Does the HTTP requests. @default globalThis.fetch */
  readonly fetch?: typeof fetch;
}

/** Settings of one call. */
export interface XmlRpcCallOptions {
  /** Deadline of this call. @default the client's `timeoutMs` */
  readonly timeoutMs?: number;
  /** Aborts the call; its `reason` is thrown as it is. */
  readonly signal?: AbortSignal;
}

const MAX_REPLY_BYTES = 8 * 1024 * 1024;

/** Why a call was stopped when its deadline had passed. */
const LATE = new Error("deadline");

/**
 * Calls the methods of an XML-RPC server. It holds no connection of its own: `fetch`
 * keeps and reuses them.
 *
 * @example
 * ```ts ignore
 * import { XmlRpcClient } from "@remote-services/etcd3/xmlrpc";
 *
 * const client = new XmlRpcClient("http://127.0.0.1:8000/RPC2");
 * const sum = await client.call("math.add", [1, 2]);
 * ```
 */
export class XmlRpcClient {
  /** The server, without user name, password and query. */
  readonly url: string;
  readonly #target: string;
  readonly #options: XmlRpcClientOptions;
  readonly #timeoutMs: number;
  readonly #deadlines: Deadlines;
  readonly #decodeOptions: DecodeOptions;
  readonly #headers: [name: string, value: string][];

  /**
   * Checks the address; nothing is sent yet.
   *
   * @throws {TypeError} when it is no http or https URL.
   * @throws {RangeError} when `timeoutMs` is not positive.
   */
  constructor(url: string | URL, options: XmlRpcClientOptions = {}) {
    const target = new URL(url);
    if (!/^https?:$/.test(target.protocol)) {
      throw new TypeError(`Cannot call ${target.protocol} URLs: give http or https`);
    }
    this.#target = target.href;
    const shown = new URL(target);
    shown.username = "";
    shown.password = "";
    shown.search = ""; // where secrets are put, too
    shown.hash = "";
    this.url = shown.href;
    this.#options = options;
    this.#timeoutMs = checkTimeout(options.timeoutMs ?? 30_000);
    this.#deadlines = new Deadlines(this.#timeoutMs);
    this.#decodeOptions = { ...options, maxLength: options.maxReplyBytes ?? MAX_REPLY_BYTES };
    const headers = new Headers(options.headers);
    if (!headers.has("content-type")) headers.set("content-type", "text/xml");
    this.#headers = [...headers];
  }

  /**
   * Calls a method and gives its result.
   *
   * @throws {XmlRpcFault} when the method answers with a fault.
   * @throws {XmlRpcTransportError} when there is no answer: {@link XmlRpcConnectionError},
   * {@link XmlRpcTimeoutError}, {@link XmlRpcHttpError}, {@link XmlRpcReplyTooLargeError}
   * or {@link XmlRpcInvalidReplyError}.
   * @throws {TypeError} when a parameter is none that XML-RPC can carry.
   */
  async call(
    methodName: string,
    params: readonly unknown[] = [],
    options: XmlRpcCallOptions = {},
  ): Promise<XmlRpcValue> {
    const { signal } = options;
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    const deadlines = timeoutMs === this.#timeoutMs
      ? this.#deadlines
      : new Deadlines(checkTimeout(timeoutMs));
    // A string has a Content-Length; iPOPO's and Python's servers can't do without.
    const document = encodeMethodCall(methodName, params, this.#options);
    signal?.throwIfAborted();
    const stop = new AbortController();
    const onAbort = () => stop.abort(signal?.reason);
    const deadline = deadlines.add(() => stop.abort(LATE));
    signal?.addEventListener("abort", onAbort);
    try {
      return await this.#exchange(methodName, document, stop.signal);
    } catch (cause) {
      if (cause instanceof XmlRpcFault || cause instanceof XmlRpcTransportError) throw cause;
      signal?.throwIfAborted(); // the caller's own reason, unwrapped
      const call = `Cannot call ${methodName} at ${this.url}`;
      if (stop.signal.reason === LATE) {
        throw new XmlRpcTimeoutError(`${call}: no answer within ${timeoutMs} ms`, { cause });
      }
      if (cause instanceof SyntaxError) {
        throw new XmlRpcInvalidReplyError(`${call}: ${cause.message}`, { cause });
      }
      const reason = reasonOf(cause).replaceAll(this.#target, this.url);
      throw new XmlRpcConnectionError(`${call}: ${reason}`, { cause });
    } finally {
      deadlines.delete(deadline);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  async #exchange(methodName: string, body: string, signal: AbortSignal): Promise<XmlRpcValue> {
    const { fetch: send = fetch, maxReplyBytes = MAX_REPLY_BYTES } = this.#options;
    const response = await send(this.#target, {
      method: "POST",
      headers: this.#headers,
      body,
      redirect: "error",
      signal,
    });
    const call = `Cannot call ${methodName} at ${this.url}`;
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new XmlRpcHttpError(`${call}: HTTP status ${response.status}`, response.status);
    }
    const reply = await replyOf(response, maxReplyBytes);
    if (reply === undefined) {
      throw new XmlRpcReplyTooLargeError(`${call}: the answer exceeds ${maxReplyBytes} bytes`);
    }
    const charset = charsetOf(response.headers.get("content-type") ?? "");
    return readMethodResponse(reply, this.#decodeOptions, { charset });
  }
}

function checkTimeout(timeoutMs: number): number {
  if (timeoutMs > 0) return timeoutMs;
  throw new RangeError(`Cannot use timeoutMs ${timeoutMs}: give a positive number`);
}

/** The bytes of an answer; undefined when there are too many. */
function replyOf(response: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  const { headers } = response;
  // With its length known, a body is read at once, which is faster.
  const length = headers.has("content-encoding")
    ? NaN
    : Number(headers.get("content-length") ?? NaN);
  return length <= maxBytes ? response.bytes() : readBody(response.body, maxBytes);
}

/** The innermost message, which says why; fetch itself says only that it failed. */
function reasonOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  return inner instanceof Error ? inner.message : String(inner);
}
