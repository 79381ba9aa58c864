import {
  checkOptionNames,
  checkTimeout,
  type Clock,
  DeadlineLists,
  explainPermission,
  pollSockets,
  toMessage,
  toPrintable,
} from "../../util/mod.ts";
import { ClientConnection } from "./client_connection.ts";
import { HttpClientError } from "./http_client_errors.ts";
import { type Connectable, dial, type DialOptions, type HttpClientTls } from "./socket_dialer.ts";
import { type HttpTarget, parseHttpTarget } from "./http_target.ts";
import { OriginPool } from "./origin_pool.ts";
import { QUIET_CLOCK } from "./quiet_clock.ts";
import { formatRequestHead, type HeaderEntry } from "./request_head.ts";
import { type RequestParts, RequestRun } from "./request_run.ts";

/** Settings of an {@link HttpClient}; all may be left out. */
export interface HttpClientOptions {
  /**
   * URL of a proxy for all requests, such as `http://user:password@proxy:3128`. The variables
   * `HTTP_PROXY` and `HTTPS_PROXY` are ignored.
   * @default none
   */
  readonly proxy?: string | URL;
  /** Authorities to trust over TLS, and the certificate to show. @default the runtime's */
  readonly tls?: HttpClientTls;
  /**
   * Longest time in milliseconds to connect, TLS included. A host that is switched off answers
   * nothing, so that without this time a request to it takes its whole `timeoutMs`.
   * @default 5000
   */
  readonly connectTimeoutMs?: number;
  /** Source of the time that decides how long connections are kept. @default the machine's */
  readonly clock?: Clock;
}

/** A request of an {@link HttpClient}. */
export interface HttpRequest {
  /** Address, from {@link parseHttpTarget}. */
  readonly target: HttpTarget;
  /** Method. @default "GET" */
  readonly method?: string;
  /** Headers, in printable ASCII. */
  readonly headers?: Iterable<HeaderEntry>;
  /** Body; a string is sent in UTF-8. It always has a length, as Python's servers need. */
  readonly body?: string | Uint8Array;
  /** Longest time for the whole exchange, connecting included. @default 30000 */
  readonly timeoutMs?: number;
  /** Largest body of the reply, before and after inflating. @default 8388608 */
  readonly maxBytes?: number;
  /** Ends the request; its `reason` is thrown unchanged. */
  readonly signal?: AbortSignal | undefined;
}

/** Reply to an {@link HttpRequest}. */
export interface HttpReply {
  /** Status, 200 to 599. Redirects are not followed. */
  readonly status: number;
  /** Headers by name in lower case; repeated ones are joined by a comma. */
  readonly headers: ReadonlyMap<string, string>;
  /** Body, inflated. */
  readonly body: Uint8Array;
}

/** Sends HTTP requests. */
export interface HttpTransport {
  /** Sends a request and returns the reply; see {@link HttpClient.request}. */
  request(request: HttpRequest): Promise<HttpReply>;
}

const CONNECT_TIMEOUT_MS = 5000;
const MAX_BYTES = 8 * 1024 * 1024;
/** Time without use after which a connection is checked before it carries a request. */
const CHECK_AFTER_MS = 5;

/**
 * HTTP/1.1 client that never sends a request twice. It keeps connections, and ignores the
 * environment's proxy variables. Runs on Deno, Node and Bun.
 *
 * A kept connection carries a request only if its origin has proved to keep connections open;
 * see `docs/decisions/0001-http-client-never-repeats.md`.
 *
 * @example
 * ```ts
 * import { HttpService } from "@remote-services/etcd3";
 * import { HttpClient, parseHttpTarget } from "@remote-services/etcd3/xmlrpc";
 *
 * await using http = new HttpService({ port: 8181, probes: true });
 * await http.start();
 * await using client = new HttpClient();
 * const target = parseHttpTarget("http://127.0.0.1:8181/livez");
 * const { status } = await client.request({ target });
 * console.log(status); // 200
 * ```
 */
export class HttpClient implements HttpTransport, AsyncDisposable {
  readonly #dialOptions: DialOptions;
  readonly #pools = new Map<string, OriginPool>();
  readonly #clock: Clock;
  readonly #deadlines: DeadlineLists;
  readonly #connectTimeoutMs: number;
  #isClosed = false;

  /**
   * Creates a client; no connection is made yet.
   *
   * @throws {TypeError} if the proxy is not an http URL, or on an option that does not exist
   * @throws {RangeError} if `connectTimeoutMs` is not a positive time
   */
  constructor(options: HttpClientOptions = {}) {
    checkOptionNames(options, { path: "", known: ["proxy", "tls", "connectTimeoutMs", "clock"] });
    checkOptionNames(options.tls ?? {}, { path: "tls", known: ["ca", "cert", "key"] });
    const { connectTimeoutMs = CONNECT_TIMEOUT_MS } = options;
    checkTimeout(connectTimeoutMs, "connectTimeoutMs");
    this.#connectTimeoutMs = connectTimeoutMs;
    const proxy = options.proxy === undefined ? undefined : parseHttpTarget(options.proxy);
    if (proxy?.isTls) throw new TypeError("Cannot use an https proxy: give an http URL");
    this.#clock = options.clock ?? QUIET_CLOCK;
    // A quiet timer may go on between calls; while one runs, its socket keeps the process alive.
    const keepsTimer = options.clock === undefined;
    this.#deadlines = new DeadlineLists({ clock: this.#clock, keepsTimer });
    this.#dialOptions = { tls: options.tls, proxy };
  }

  /**
   * Sends a request once and returns the reply, whatever its status.
   *
   * @throws {HttpClientError} if there is no usable reply
   * @throws {TypeError} if a header can't be sent
   * @throws the reason of `signal`, unchanged
   */
  request(request: HttpRequest): Promise<HttpReply> {
    try {
      return this.#send(request).reply;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Closes the idle connections and refuses further requests; running ones go on. */
  close(): Promise<void> {
    this.#isClosed = true;
    for (const pool of this.#pools.values()) pool.close();
    return Promise.resolve();
  }

  /** Same as {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #send(request: HttpRequest): RequestRun {
    const { target, signal, timeoutMs = 30_000 } = request;
    signal?.throwIfAborted();
    if (this.#isClosed) {
      throw new HttpClientError("closed", "the HTTP client is closed", { wasSent: false });
    }
    const nowMs = this.#clock.now();
    const pool = this.#findPool(target);
    const run = new RequestRun(this.#prepare(request, pool.isDistrusted(nowMs)), pool);
    run.limit(this.#deadlines.get(timeoutMs), timeoutMs, nowMs);
    if (signal !== undefined) run.stopOn(signal);
    this.#start(run, target, pool, nowMs);
    return run;
  }

  #prepare(request: HttpRequest, isLast: boolean): RequestParts {
    const { target, method = "GET", headers = [], body = "", maxBytes = MAX_BYTES } = request;
    const contentLength = typeof body === "string" ? Buffer.byteLength(body) : body.length;
    const proxy = target.isTls ? undefined : this.#dialOptions.proxy; // TLS uses a tunnel
    const head = formatRequestHead({ method, target, proxy, isLast, contentLength }, headers);
    return { method, maxBytes, bytes: joinRequest(head, body) };
  }

  /** Sends the request over a kept connection, at once if it was used just now, or a new one. */
  #start(run: RequestRun, target: HttpTarget, pool: OriginPool, nowMs: number): void {
    const kept = pool.take(nowMs);
    if (kept?.idleSinceMs !== undefined && nowMs - kept.idleSinceMs < CHECK_AFTER_MS) {
      return run.send(kept);
    }
    this.#connect(run, target, pool, kept).then(
      (connection) => run.send(connection),
    ).catch((error) => run.fail(error));
  }

  /** Returns a kept connection that is still open, or a new one. */
  async #connect(
    run: RequestRun,
    target: HttpTarget,
    pool: OriginPool,
    kept: ClientConnection | undefined,
  ): Promise<ClientConnection> {
    for (let connection = kept; connection; connection = pool.take(this.#clock.now())) {
      await pollSockets(() => connection?.idleSinceMs === undefined);
      if (connection.idleSinceMs !== undefined) return connection;
    }
    return await this.#dial(run, target, pool);
  }

  async #dial(run: RequestRun, target: HttpTarget, pool: OriginPool): Promise<ClientConnection> {
    const signal = run.startDialing();
    const deadlines = this.#deadlines.get(this.#connectTimeoutMs);
    const deadline = deadlines.add(() => run.stop(() => this.#createConnectError()));
    let socket: Connectable;
    try {
      socket = await this.#dialOnce(target, signal);
    } catch (cause) {
      const { address } = this.#dialOptions.proxy ?? target;
      const message = `no connection was made: ${describe(cause, address)}`;
      throw new HttpClientError("unreachable", message, { wasSent: false, cause });
    } finally {
      deadlines.delete(deadline);
    }
    return new ClientConnection(socket, pool, this.#clock);
  }

  #createConnectError(): HttpClientError {
    const message = `no connection was made within ${this.#connectTimeoutMs} ms`;
    return new HttpClientError("unreachable", message, { wasSent: false });
  }

  /** Connects; without a free file descriptor it gives up the idle connections first. */
  async #dialOnce(target: HttpTarget, signal: AbortSignal): Promise<Connectable> {
    try {
      return await dial(target, this.#dialOptions, signal);
    } catch (error) {
      if (!isOutOfDescriptors(error) || this.#isClosed) throw error;
      for (const pool of this.#pools.values()) pool.closeIdle();
      return await dial(target, this.#dialOptions, signal);
    }
  }

  #findPool({ origin }: HttpTarget): OriginPool {
    let pool = this.#pools.get(origin);
    if (pool === undefined) {
      pool = new OriginPool(this.#clock);
      this.#pools.set(origin, pool);
    }
    return pool;
  }
}

function joinRequest(head: string, body: string | Uint8Array): string | Uint8Array {
  return typeof body === "string" ? head + body : Buffer.concat([Buffer.from(head), body]);
}

/**
 * Returns the message of a socket's error; that of a name with several addresses is empty. Names
 * of hosts and certificates are the choice of others.
 */
function describe(error: unknown, address: string): string {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return explainPermission(first, address) ?? toPrintable(toMessage(first));
}

function isOutOfDescriptors(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    (error.code === "EMFILE" || error.code === "ENFILE");
}
