import type { HttpReply, HttpTransport } from "../http/mod.ts";
import type { OptionNames } from "../util/mod.ts";
import type { DecodeOptions, EncodeOptions, IntegerForm } from "./codec/mod.ts";

/** Status and headers of an answer. */
export type XmlRpcReplyHead = Pick<HttpReply, "status" | "headers">;

/** Settings of an {@link XmlRpcClient}; all may be left out. */
export interface XmlRpcClientOptions
  extends Omit<DecodeOptions, "maxLength">, Omit<EncodeOptions, "maxLength"> {
  /**
   * Whether odd values that peers send are read, such as an invalid date as a string; see
   * {@link DecodeOptions}. @default true
   */
  readonly lenient?: boolean;
  /** Deadline of a call, connecting included; `Infinity` for none. @default 30000 */
  readonly timeoutMs?: number;
  /** Largest answer in bytes, before and after decompression. @default 8388608 */
  readonly maxReplyBytes?: number;
  /** Headers of every request, in printable ASCII. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Sends the requests, with a proxy or TLS settings of its own.
   * @default an `HttpClient` that all XML-RPC clients share
   */
  readonly http?: HttpTransport;
  /**
   * Sends the requests in place of `http`, for transports of your own. Deno's own `fetch`
   * may send a request twice when a connection ends early.
   */
  readonly fetch?: typeof fetch;
}

/** Settings of one call; all may be left out. */
export interface XmlRpcCallOptions {
  /** Deadline of this call. @default the client's `timeoutMs` */
  readonly timeoutMs?: number;
  /** Aborts the call; its `reason` is thrown as it is. */
  readonly signal?: AbortSignal | undefined;
  /** Headers of this request, besides the client's; they replace those of the same name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Form of whole numbers beyond 32 bits in this call. @default the client's `integers` */
  readonly integers?: IntegerForm | undefined;
  /**
   * Receives status and headers of the answer before it is read. May be async; the call rejects
   * with its error.
   */
  readonly onReply?: (reply: XmlRpcReplyHead) => void;
}

/** Every option, so that the compiler finds one that is missing here. */
const CLIENT_NAMES: Readonly<Record<keyof XmlRpcClientOptions, true>> = {
  allowNil: true,
  dateTimeAs: true,
  dialect: true,
  fetch: true,
  headers: true,
  http: true,
  i8As: true,
  integers: true,
  joinSurrogates: true,
  lenient: true,
  maxDepth: true,
  maxReplyBytes: true,
  maxValues: true,
  methodNames: true,
  timeoutMs: true,
  timeZone: true,
  typedNumbers: true,
};

const CALL_NAMES: Readonly<Record<keyof XmlRpcCallOptions, true>> = {
  headers: true,
  integers: true,
  onReply: true,
  signal: true,
  timeoutMs: true,
};

/** Names of the {@link XmlRpcClientOptions}. */
export const CLIENT_OPTIONS: OptionNames = { path: "", known: Object.keys(CLIENT_NAMES) };
/** Names of the {@link XmlRpcCallOptions}. */
export const CALL_OPTIONS: OptionNames = { path: "", known: Object.keys(CALL_NAMES) };
