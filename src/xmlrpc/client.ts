import {
  FetchTransport,
  HttpClient,
  HttpClientError,
  type HttpReply,
  type HttpTarget,
  type HttpTransport,
  parseHttpTarget,
  readCharset,
} from "../http/mod.ts";
import { checkOptionNames, hideCredentials, toMessage, toPrintable } from "../util/mod.ts";
import {
  XmlRpcConnectionError,
  XmlRpcHttpError,
  XmlRpcInvalidReplyError,
  XmlRpcReplyTooLargeError,
  XmlRpcTimeoutError,
  type XmlRpcTransportError,
} from "./client_errors.ts";
import {
  CALL_OPTIONS,
  CLIENT_OPTIONS,
  type XmlRpcCallOptions,
  type XmlRpcClientOptions,
} from "./client_options.ts";
import {
  type DecodeOptions,
  type EncodeOptions,
  Layouts,
  readMethodResponse,
  writeMethodCall,
  XmlRpcFault,
  type XmlRpcValue,
} from "./codec/mod.ts";

import { RequestHeaders } from "./request_headers.ts";

const MAX_REPLY_BYTES = 8 * 1024 * 1024;

/** Client of every {@link XmlRpcClient} that has none of its own. */
const SHARED_HTTP_CLIENT = new HttpClient();

/**
 * Calls the methods of an XML-RPC server. A call is sent at most once: if its connection ends
 * early it fails, and its error says whether the method may have run.
 *
 * @priority 100
 * @example
 * ```ts
 * import { HttpService } from "@remote-services/etcd3";
 * import { createXmlRpcHandler, XmlRpcClient } from "@remote-services/etcd3/xmlrpc";
 *
 * const handle = createXmlRpcHandler({ "math.add": (a, b) => Number(a) + Number(b) });
 * await using http = new HttpService({ port: 8000 });
 * await http.start();
 * using _servlet = http.register("/RPC2", handle);
 * const client = new XmlRpcClient("http://127.0.0.1:8000/RPC2");
 * console.log(await client.call("math.add", [1, 2])); // 3
 * ```
 */
export class XmlRpcClient {
  /** URL of the server, without user name, password and query. */
  readonly url: string;
  readonly #target: HttpTarget;
  readonly #http: HttpTransport;
  readonly #timeoutMs: number;
  readonly #maxReplyBytes: number;
  readonly #encodeOptions: EncodeOptions;
  readonly #decodeOptions: DecodeOptions;
  readonly #layouts = new Layouts();
  readonly #headers: RequestHeaders;

  /**
   * Checks the address and the options; nothing is sent yet.
   *
   * @throws {TypeError} if the address is not an http or https URL, a header can't be sent, or
   * an option does not exist
   * @throws {RangeError} if `timeoutMs` is not positive
   */
  constructor(url: string | URL, options: XmlRpcClientOptions = {}) {
    checkOptionNames(options, CLIENT_OPTIONS);
    this.#target = parseHttpTarget(url);
    this.url = this.#target.displayUrl;
    this.#http = options.fetch === undefined
      ? options.http ?? SHARED_HTTP_CLIENT
      : new FetchTransport(options.fetch);
    this.#timeoutMs = checkTimeout(options.timeoutMs ?? 30_000);
    this.#maxReplyBytes = options.maxReplyBytes ?? MAX_REPLY_BYTES;
    this.#encodeOptions = options;
    this.#decodeOptions = { lenient: true, ...options, maxLength: this.#maxReplyBytes };
    this.#headers = new RequestHeaders(options.headers);
  }

  /**
   * Calls a method and returns its result.
   *
   * @throws {XmlRpcFault} if the method answers with a fault; its `cause` is an
   * {@link XmlRpcHttpError} if the HTTP status is not 200
   * @throws {XmlRpcTransportError} if there is no answer: {@link XmlRpcConnectionError},
   * {@link XmlRpcTimeoutError}, {@link XmlRpcHttpError}, {@link XmlRpcReplyTooLargeError}
   * or {@link XmlRpcInvalidReplyError}
   * @throws {TypeError} if XML-RPC can't carry a parameter
   */
  async call(
    methodName: string,
    params: readonly unknown[] = [],
    options: XmlRpcCallOptions = {},
  ): Promise<XmlRpcValue> {
    checkOptionNames(options, CALL_OPTIONS);
    const { integers } = options;
    const document = writeMethodCall(
      methodName,
      params,
      integers === undefined ? this.#encodeOptions : { ...this.#encodeOptions, integers },
    );
    let reply: HttpReply;
    try {
      reply = await this.#send(document, options);
    } catch (error) {
      if (!(error instanceof HttpClientError)) throw error;
      throw toTransportError(error, this.#createLabel(methodName), this.#maxReplyBytes);
    }
    const handled: unknown = options.onReply?.(reply);
    if (handled !== undefined) await handled;
    if (reply.status !== 200) throw this.#readHttpError(reply, methodName);
    try {
      return this.#decode(reply, methodName);
    } catch (cause) {
      if (cause instanceof XmlRpcFault) throw cause;
      const reason = `${toMessage(cause)}; the answer is ${describe(reply)}`;
      const message = `${this.#createLabel(methodName)}: ${reason}`;
      throw new XmlRpcInvalidReplyError(message, { wasSent: true, cause, reason });
    }
  }

  #send(body: string, options: XmlRpcCallOptions): Promise<HttpReply> {
    const { timeoutMs, signal, headers } = options;
    return this.#http.request({
      target: this.#target,
      method: "POST",
      headers: this.#headers.merge(headers),
      body,
      timeoutMs: timeoutMs === undefined ? this.#timeoutMs : checkTimeout(timeoutMs),
      maxBytes: this.#maxReplyBytes,
      signal,
    });
  }

  #createLabel(methodName: string): string {
    return `Cannot call ${methodName} at ${this.url}`;
  }

  #decode({ headers, body }: HttpReply, methodName: string): XmlRpcValue {
    const charset = readCharset(headers.get("content-type") ?? "");
    const origin = { charset, layouts: this.#layouts, methodName };
    return readMethodResponse(body, this.#decodeOptions, origin);
  }

  /** Returns the error of an answer with another status than 200: its fault, if it has one. */
  #readHttpError(reply: HttpReply, methodName: string): XmlRpcFault | XmlRpcHttpError {
    const { status, headers } = reply;
    const reason = `HTTP status ${status}${formatRedirect(reply)}${formatBody(reply)}`;
    const message = `${this.#createLabel(methodName)}: ${reason}`;
    const error = new XmlRpcHttpError(message, status, headers, reason);
    try {
      this.#decode(reply, methodName);
    } catch (fault) {
      if (!(fault instanceof XmlRpcFault)) return error;
      fault.cause = error;
      return fault;
    }
    return error;
  }
}

function checkTimeout(timeoutMs: number): number {
  if (timeoutMs > 0) return timeoutMs;
  throw new RangeError(`Cannot use timeoutMs ${timeoutMs}: give a positive number`);
}

function toTransportError(
  error: HttpClientError,
  label: string,
  maxReplyBytes: number,
): XmlRpcTransportError {
  const { code, wasSent } = error;
  const reason = code === "too-large" ? `the answer exceeds ${maxReplyBytes} bytes` : error.message;
  const details = { wasSent, cause: error, reason };
  const message = `${label}: ${reason}`;
  switch (code) {
    case "unreachable":
    case "interrupted":
    case "closed":
      return new XmlRpcConnectionError(code, message, details);
    case "timeout":
      return new XmlRpcTimeoutError(message, details);
    case "too-large":
      return new XmlRpcReplyTooLargeError(message, details);
    case "invalid-reply":
      return new XmlRpcInvalidReplyError(message, details);
  }
}

/** Returns status, content type and beginning of an answer that can't be read. */
function describe(reply: HttpReply): string {
  const type = reply.headers.get("content-type");
  const kind = type === undefined ? "of no content type" : toPrintable(type, 100);
  return `status ${reply.status}, ${kind}${formatBody(reply)}`;
}

/** Returns where a reply redirects to; a call is never sent there. */
function formatRedirect({ status, headers }: HttpReply): string {
  const location = headers.get("location");
  if (status < 300 || status > 399 || location === undefined) return "";
  return `, a redirect to ${toPrintable(hideCredentials(location))} that is not followed`;
}

/** Returns the first 200 characters of a body, escaped. */
function formatBody({ body }: HttpReply): string {
  if (body.length === 0) return ", empty";
  return `, beginning with: ${
    toPrintable(new TextDecoder().decode(body.subarray(0, 801)).trimEnd())
  }`;
}
