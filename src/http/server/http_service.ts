import {
  checkOptionNames,
  type Clock,
  createSafeLogger,
  SILENT,
  type Subscription,
  SYSTEM_CLOCK,
} from "../../util/mod.ts";
import type { HttpServerTls } from "./http_server.ts";
import {
  checkHttpServiceOptions,
  type HttpServiceContext,
  type HttpServiceOptions,
} from "./http_service_options.ts";
import { PageGuard } from "./page_guard.ts";
import {
  checkAdvertisedHost,
  chooseAdvertisedHost,
  formatUrlHost,
  isLoopbackHost,
} from "./host_name.ts";
import { createRefusal } from "./refusal.ts";
import { RefusalCounts } from "./refusal_counts.ts";
import {
  addHeaders,
  collectResponse,
  createErrorResponse,
  type Respond,
  type Responder,
  type Servlet,
  toResponder,
} from "./responder.ts";
import { Router } from "./router.ts";
import { chooseServer } from "./adapters/mod.ts";
import { type HttpServiceState, ServerKeeper } from "./server_keeper.ts";

/** How an {@link HttpService} closes. */
export interface HttpCloseOptions {
  /** Longest time for running requests to end; 0 cuts them off at once. @default 10000 */
  readonly drainTimeoutMs?: number | undefined;
}

/**
 * An HTTP server with a servlet for each path. It listens once {@link start} is called, and
 * again by itself if the listener fails, for example without a free file descriptor.
 *
 * @example
 * ```ts
 * import { HttpService } from "@remote-services/etcd3";
 *
 * await using http = new HttpService({ port: 8181, probes: true });
 * await http.start();
 * using _servlet = http.register("/hello", () => new Response("Hello"));
 * console.log(await (await fetch("http://127.0.0.1:8181/hello")).text()); // Hello
 * ```
 */
export class HttpService implements AsyncDisposable {
  readonly #advertisedHostname: string;
  readonly #findLocalAddress: () => string | undefined;
  readonly #scheme: "http" | "https";
  /** Whether only this machine can reach it. */
  readonly isLoopback: boolean;
  /** Requests that it or a servlet refused before it was known what they ask for. */
  readonly refusals: RefusalCounts = new RefusalCounts();
  readonly #guard: PageGuard;
  readonly #keeper: ServerKeeper;
  readonly #clock: Clock;
  readonly #router = new Router(this.#refuseAs(404, "Not Found"));
  readonly #abort = new AbortController();
  /** Aborted when running requests need not be waited for any more. */
  readonly #isOver = new AbortController();
  readonly #draining = new AbortController();
  /** The same as `draining.aborted`, which costs too much for each request. */
  #isDraining = false;
  #closing: Promise<number> | undefined;

  /**
   * Checks the options; the port is not taken yet.
   *
   * @throws {TypeError | RangeError} if an option can't be used
   */
  constructor(options: HttpServiceOptions = {}, context: HttpServiceContext = {}) {
    checkHttpServiceOptions(options);
    const { hostname = "127.0.0.1", port = 8181, tls, limits } = options;
    const { logger = SILENT, clock = SYSTEM_CLOCK } = context;
    this.#advertisedHostname = chooseAdvertisedHost(options);
    checkPort(port);
    this.#findLocalAddress = context.findLocalAddress ?? (() => undefined);
    this.#scheme = tls === undefined ? "http" : "https";
    this.isLoopback = isLoopbackHost(hostname);
    this.#guard = new PageGuard(hostname, this.#advertisedHostname, options);
    const listen = chooseServer(options.server, tls !== undefined);
    this.#keeper = new ServerKeeper(
      { hostname, port, tls, limits },
      { listen, logger: createSafeLogger(logger), clock },
      (request, respond) => this.#respond(request, respond),
    );
    this.#clock = clock;
    if (options.probes === true) this.#registerProbes();
  }

  /** Current state. */
  get state(): HttpServiceState {
    return this.#keeper.state;
  }

  /** Whether it serves and is not about to stop. */
  get isReady(): boolean {
    return this.state.kind === "listening" && !this.#isDraining;
  }

  /**
   * Starts to listen, once.
   *
   * @throws {HttpListenError} `port-in-use` if another program has the port, and others
   * @throws {Error} if it was closed before
   */
  start(): Promise<void> {
    return this.#keeper.start();
  }

  /**
   * URL that other processes are to call, such as `http://127.0.0.1:8181`.
   *
   * @throws {Error} if it does not listen yet
   * @throws {TypeError} if the address is to be found by `auto` and is unknown
   */
  get url(): string {
    const { port } = this.#keeper;
    if (port === undefined) throw new Error("The HTTP service does not listen yet");
    return `${this.#scheme}://${formatUrlHost(this.#findAdvertisedHost())}:${port}`;
  }

  /** Whether it serves HTTPS. */
  get isTls(): boolean {
    return this.#scheme === "https";
  }

  /** Host of the {@link url}; `undefined` while it is to be found and unknown. */
  get advertisedHost(): string | undefined {
    return this.#advertisedHostname === "auto"
      ? this.#findLocalAddress()
      : this.#advertisedHostname;
  }

  #findAdvertisedHost(): string {
    if (this.#advertisedHostname !== "auto") return this.#advertisedHostname;
    const address = this.#findLocalAddress();
    if (address !== undefined) return checkAdvertisedHost(address, "the local address");
    throw new TypeError(
      "Cannot find the address to advertise: it is that of the connection to etcd, and there is " +
        "no connection; give advertisedHostname",
    );
  }

  /**
   * Puts a servlet at a path, such as `/xml-rpc`, until the result is closed.
   *
   * @throws {TypeError} if the path is invalid or has a servlet
   */
  register(path: string, servlet: Servlet): Subscription {
    return this.registerResponder(path, toResponder(servlet));
  }

  /**
   * Same as {@link register}, with a function that answers through another one.
   *
   * @throws {TypeError} also if it has fewer than two parameters, as a servlet has
   */
  registerResponder(path: string, responder: Responder): Subscription {
    return this.#router.add(path, responder);
  }

  /** Answers a request as the server does; for tests and other servers. */
  handle(request: Request): Promise<Response> {
    return collectResponse((request, respond) => this.#respond(request, respond), request);
  }

  /** Goes on serving but is not ready any more: `/readyz` is 503, and clients leave. */
  startDraining(): void {
    this.#isDraining = true;
    this.#draining.abort();
  }

  /**
   * Serves another certificate from now on; connections that are open keep theirs. On Bun
   * the port is closed for a moment.
   *
   * @throws {TypeError} if it does not serve HTTPS, or on an option that does not exist
   * @throws {HttpListenError} `invalid-tls` if the certificate or its key can't be read
   */
  async reloadTls(tls: HttpServerTls): Promise<void> {
    if (this.#scheme === "http") {
      throw new TypeError("Cannot reload the certificate: give tls to serve HTTPS");
    }
    checkOptionNames(tls, { path: "tls", known: ["cert", "key"] });
    await this.#keeper.reloadTls(tls);
  }

  /**
   * Stops to accept connections, waits for running requests, then cuts them off. May be called
   * more than once; one with 0 ends the wait of an earlier one.
   *
   * @returns number of requests that were cut off
   */
  close(options: HttpCloseOptions = {}): Promise<number> {
    checkOptionNames(options, { path: "", known: ["drainTimeoutMs"] });
    const { drainTimeoutMs = 10_000 } = options;
    if (drainTimeoutMs === 0) this.#isOver.abort();
    return this.#closing ??= this.#shutDown(drainTimeoutMs);
  }

  /** Same as {@link close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Aborted once it is draining: long answers should end. */
  get draining(): AbortSignal {
    return this.#draining.signal;
  }

  /** Aborted once it is closed: nothing that still runs can be answered. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  #respond(request: Request, respond: Respond): void {
    const { origin, responder } = this.#router.find(request.url);
    const check = this.#guard.check(request, origin);
    if (check !== undefined && check instanceof Response) return respond(this.#refuse(check));
    if (check === undefined && !this.#isDraining) return responder(request, respond);
    const headers = { ...check, ...(this.#isDraining ? { connection: "close" } : {}) };
    // Any answer has the headers, so that an allowed page can read that it was refused.
    const respondWith = (response: Response) => respond(addHeaders(response, headers));
    try {
      responder(request, respondWith);
    } catch {
      respondWith(createErrorResponse());
    }
  }

  /** Counts a refusal; the answer to a browser that asks whether it may call is none. */
  #refuse(response: Response): Response {
    if (response.status >= 400) this.refusals.add(String(response.status));
    return response;
  }

  #refuseAs(status: number, reason: string): Responder {
    return (_request, respond) => respond(this.#refuse(createRefusal(status, reason)));
  }

  #registerProbes(): void {
    this.register("/livez", () => new Response("ok\n"));
    this.register("/readyz", () => {
      return this.isReady
        ? new Response("ok\n")
        : createRefusal(503, this.#isDraining ? "draining" : this.state.kind);
    });
  }

  async #shutDown(drainTimeoutMs: number): Promise<number> {
    this.startDraining();
    this.#router.close(this.#refuseAs(503, "The server is closing"));
    const timer = this.#clock.startTimer(drainTimeoutMs, () => this.#isOver.abort());
    try {
      return await this.#keeper.close(this.#isOver.signal);
    } finally {
      timer.cancel();
      this.#abort.abort();
    }
  }
}

function checkPort(port: unknown): void {
  if (Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65_535) return;
  const given = typeof port === "string" ? JSON.stringify(port) : String(port);
  throw new RangeError(`Cannot listen on port ${given}: give a number from 0 to 65535`);
}
