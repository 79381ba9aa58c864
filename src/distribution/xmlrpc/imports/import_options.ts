import type { EndpointDescription } from "../../../endpoint/mod.ts";
import { HostRules, HttpClient, type HttpClientTls } from "../../../http/mod.ts";
import type { XmlRpcClientOptions } from "../../../xmlrpc/mod.ts";
import { checkOptionNames, type Clock, listHeaders, SYSTEM_CLOCK } from "../../../util/mod.ts";
import { checkIntegers, CODEC_NAMES, type XmlRpcCodecOptions } from "../codec_options.ts";

/** Returns the headers of the calls of an endpoint, such as a token for its host. */
export type CreateHeaders = (
  endpoint: EndpointDescription,
) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;

/** Options of an {@link XmlRpcImportProvider}; all may be left out. */
export interface XmlRpcImportOptions extends XmlRpcCodecOptions {
  /** Deadline of a call whose endpoint has no `osgi.basic.timeout`. @default 30000 */
  readonly timeoutMs?: number;
  /**
   * Headers of every call, such as `authorization`; a function returns those of the calls of an
   * endpoint and is asked for each call. Give `allowHosts` too: descriptions come from a directory
   * that other processes write, and decide where the headers go. @default none
   */
  readonly headers?: Readonly<Record<string, string>> | CreateHeaders;
  /**
   * Hosts that may be called: names (`node-1.example`), names below one (`*.example`), IP
   * addresses and ranges (`10.0.0.0/8`); all but ranges may have a port. Nothing is sent to any
   * other host; its calls fail with `not-allowed`. @default every host
   */
  readonly allowHosts?: readonly string[];
  /** Largest answer in bytes, before and after decompression. @default 67108864 */
  readonly maxReplyBytes?: number;
  /** Maximum number of values of an answer, items and members included. @default 1000000 */
  readonly maxValues?: number;
  /** Authorities to trust over TLS, and the certificate to show. @default those of the runtime */
  readonly tls?: HttpClientTls;
  /**
   * URL of a proxy for all calls, such as `http://user:password@proxy:3128`. The variables
   * `HTTP_PROXY` and `HTTPS_PROXY` are ignored.
   * @default none
   */
  readonly proxy?: string | URL;
  /**
   * Longest time in milliseconds to connect to an exporter; then another one is called, if there
   * is one.
   * @default 5000
   */
  readonly connectTimeoutMs?: number;
  /**
   * Sends the HTTP requests in place of the library's own client. Deno's own `fetch` may send a
   * request twice when a connection ends early.
   * @default a client that sends each request once
   */
  readonly fetch?: typeof fetch;
  /** Source of time. @default the clock of the machine */
  readonly clock?: Clock;
}

const OPTION_NAMES: Readonly<Record<keyof XmlRpcImportOptions, true>> = {
  ...CODEC_NAMES,
  timeoutMs: true,
  headers: true,
  allowHosts: true,
  maxReplyBytes: true,
  tls: true,
  proxy: true,
  connectTimeoutMs: true,
  fetch: true,
  clock: true,
};

/** Largest answer; the caller asked for it, so it may be larger than a request. */
const MAX_REPLY_BYTES = 64 * 1024 * 1024;
const MAX_REPLY_VALUES = 1_000_000;

/** Parts that the clients of all endpoints share. */
export interface SharedClient {
  /** Options of each client. */
  readonly options: XmlRpcClientOptions;
  /** HTTP client of this provider, to close; `undefined` if it uses another one. */
  readonly http: HttpClient | undefined;
  /** Hosts that may be called; `undefined` for every host. */
  readonly allowHosts: HostRules | undefined;
  /** Returns the headers of a call; `undefined` if `options` has them. */
  readonly createHeaders: CreateHeaders | undefined;
}

/**
 * Checks the options and creates what the clients share.
 *
 * @throws {TypeError} if `fetch` is given beside an option that it makes useless, or on an
 * option that does not exist
 * @throws {RangeError} if a limit is not positive
 */
export function createSharedClient(options: XmlRpcImportOptions): SharedClient {
  checkOptionNames(options, { path: "client", known: Object.keys(OPTION_NAMES) });
  checkIntegers(options.integers);
  if (options.tls !== undefined) {
    checkOptionNames(options.tls, { path: "client.tls", known: ["ca", "cert", "key"] });
  }
  if (options.headers !== undefined && typeof options.headers !== "function") {
    listHeaders(options.headers, "client.headers");
  }
  const { headers, fetch, timeoutMs: _timeoutMs, clock: _clock, proxy: _proxy, ...rest } = options;
  const {
    tls: _tls,
    connectTimeoutMs: _connectTimeoutMs,
    allowHosts,
    maxReplyBytes = MAX_REPLY_BYTES,
    maxValues = MAX_REPLY_VALUES,
    ...codec
  } = rest;
  for (const [name, limit] of Object.entries({ maxReplyBytes, maxValues })) {
    if (limit > 0) continue;
    throw new RangeError(`Cannot use ${name} ${limit}: give a positive number`);
  }
  const http = createHttpClient(options);
  return {
    options: {
      ...codec,
      maxReplyBytes,
      maxValues,
      joinSurrogates: true,
      ...(headers === undefined || typeof headers === "function" ? {} : { headers }),
      ...(fetch === undefined ? {} : { fetch }),
      ...(http === undefined ? {} : { http }),
    },
    http,
    allowHosts: allowHosts === undefined
      ? undefined
      : new HostRules(allowHosts, "client.allowHosts"),
    createHeaders: typeof headers === "function" ? headers : undefined,
  };
}

/** Options that are those of the library's own HTTP client. */
const HTTP_CLIENT_NAMES = ["proxy", "tls", "connectTimeoutMs"] as const;

function createHttpClient(options: XmlRpcImportOptions): HttpClient | undefined {
  const names = HTTP_CLIENT_NAMES.filter((name) => options[name] !== undefined);
  const hasOwnClock = (options.clock ?? SYSTEM_CLOCK) !== SYSTEM_CLOCK;
  if (names.length === 0 && (options.fetch !== undefined || !hasOwnClock)) return undefined;
  if (options.fetch !== undefined) {
    throw new TypeError(`Cannot use ${names[0]} beside fetch: your fetch decides about it`);
  }
  const { proxy, tls, connectTimeoutMs, clock } = options;
  return new HttpClient({
    ...(proxy === undefined ? {} : { proxy }),
    ...(tls === undefined ? {} : { tls }),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(clock === undefined ? {} : { clock }),
  });
}
