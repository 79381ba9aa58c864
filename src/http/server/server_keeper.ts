import {
  type Clock,
  type Logger,
  openSignalPipe,
  pause,
  toMessage,
  waitFor,
} from "../../util/mod.ts";
import { checkCertificate } from "./certificate.ts";
import { toListenError, toReloadError } from "./http_listen_error.ts";
import type { HttpListen, HttpListenOptions, HttpServer, HttpServerTls } from "./http_server.ts";
import type { Responder } from "./responder.ts";

/**
 * Current state of an HTTP service.
 *
 * - `created`: `start` was not called yet.
 * - `starting`: `started` settles with the start.
 * - `listening`: requests are answered.
 * - `recovering`: the listener failed by `cause`, and is opened again on the same port.
 * - `closed`: no new connection is accepted.
 */
export type HttpServiceState =
  | { readonly kind: "created" }
  | { readonly kind: "starting"; readonly started: Promise<void> }
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "recovering"; readonly port: number; readonly cause: unknown }
  | { readonly kind: "closed" };

/** Parts that a {@link ServerKeeper} uses. */
export interface ServerKeeperContext {
  readonly listen: HttpListen;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Longest time for the connections to close once all requests are answered. */
const LINGER_MS = 1000;
/** First and longest wait before listening again. */
const RETRY_MS = { first: 5, longest: 1000 };
/** Time without a failure after which the next one is logged and retried like the first. */
const CALM_MS = 10_000;

/**
 * Keeps one port served: listens, listens again after a failure, changes the certificate, and
 * stops in order.
 */
export class ServerKeeper {
  readonly #options: Omit<HttpListenOptions, "onFailure">;
  readonly #context: ServerKeeperContext;
  readonly #responder: Responder;
  readonly #stop = new AbortController();
  /** The server that listens, and earlier ones whose requests are still running. */
  readonly #servers = new Set<HttpServer>();
  #tls: HttpServerTls | undefined;
  #state: HttpServiceState = { kind: "created" };
  #port: number | undefined;
  #failures = 0;
  #lastFailureMs = -Infinity;

  /** Creates a keeper; the port is not taken yet. */
  constructor(
    options: Omit<HttpListenOptions, "onFailure">,
    context: ServerKeeperContext,
    responder: Responder,
  ) {
    this.#options = options;
    this.#tls = options.tls;
    this.#context = context;
    this.#responder = responder;
  }

  /** Current state. */
  get state(): HttpServiceState {
    return this.#state;
  }

  /** Port that it listens on, or did before it was closed. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Starts to listen, once; see `HttpService.start`. */
  async start(): Promise<void> {
    switch (this.#state.kind) {
      case "created":
        return await this.#start();
      case "starting":
        return await this.#state.started;
      case "listening":
      case "recovering":
        return;
      case "closed":
        throw new Error("Cannot start the HTTP service: it is closed");
    }
  }

  /** Serves another certificate; see `HttpService.reloadTls`. */
  async reloadTls(tls: HttpServerTls): Promise<void> {
    const before = this.#tls;
    this.#tls = tls;
    try {
      checkCertificate(tls);
      const [server] = [...this.#servers].slice(-1);
      if (server?.reloadTls !== undefined) server.reloadTls(tls);
      else if (this.#state.kind === "listening") await this.#replace(this.#state.port);
    } catch (error) {
      this.#tls = before;
      throw toReloadError(error, tls);
    }
  }

  /**
   * Stops to accept connections, waits for running requests, then cuts them off. Returns the
   * number of requests that were cut off.
   *
   * @param isOver aborted when the time to wait is over
   */
  async close(isOver: AbortSignal): Promise<number> {
    if (this.#state.kind === "starting") await this.#state.started.catch(() => {});
    this.#setState({ kind: "closed" });
    this.#stop.abort();
    const servers = [...this.#servers];
    if (!isOver.aborted) {
      for (const server of servers) server.stop(); // at once: another process may have the port
      await ignoreAbort(Promise.all(servers.map((server) => server.whenIdle())), isOver);
    }
    const cut = servers.reduce((sum, { running }) => sum + running, 0);
    if (cut === 0) await this.#linger(servers, isOver);
    for (const server of servers) server.cut();
    await this.#linger(servers, undefined);
    return cut;
  }

  /** Waits a moment until the last replies have left. */
  async #linger(servers: HttpServer[], signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.#context;
    const createTimeoutError = () => undefined;
    const stopped = Promise.all(servers.map((server) => server.stop()));
    try {
      await waitFor(stopped, { timeoutMs: LINGER_MS, signal, clock, createTimeoutError });
    } catch {
      // A client that does not read its reply is not waited for.
    }
  }

  async #start(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => {}); // the caller of this start has the rejection
    this.#setState({ kind: "starting", started: promise });
    try {
      openSignalPipe();
      if (this.#tls !== undefined) checkCertificate(this.#tls);
      // Deno.serve listens within this call, so that callers need not wait for the address.
      const server = this.#open(this.#options.port);
      this.#adopt(server instanceof Promise ? await server : server);
      resolve();
    } catch (cause) {
      const error = toListenError(cause, this.#options);
      this.#setState({ kind: "created" });
      reject(error);
      throw error;
    }
  }

  #open(port: number): HttpServer | Promise<HttpServer> {
    const options = {
      ...this.#options,
      port,
      tls: this.#tls,
      onFailure: (cause: unknown) => void this.#recover(cause),
    };
    return this.#context.listen(options, this.#responder);
  }

  #adopt(server: HttpServer): void {
    this.#servers.add(server);
    this.#port = server.port;
    this.#setState({ kind: "listening", port: server.port });
  }

  /** Stops the servers that listen; they are forgotten once their requests have ended. */
  #retire(): void {
    for (const server of this.#servers) {
      server.stop().then(() => this.#servers.delete(server));
    }
  }

  /** Replaces the listening server by another one, once it has released the port. */
  async #replace(port: number): Promise<void> {
    this.#retire();
    this.#setState({ kind: "recovering", port, cause: undefined });
    this.#failures = 0;
    if (!await this.#tryAgain(port)) await this.#listenAgain(port);
  }

  /** Listens again on the same port, until it succeeds or the service is closed. */
  async #recover(cause: unknown): Promise<void> {
    if (this.#state.kind !== "listening") return;
    const { port } = this.#state;
    const { logger, clock } = this.#context;
    this.#setState({ kind: "recovering", port, cause });
    if (clock.now() - this.#lastFailureMs > CALM_MS) {
      this.#failures = 0;
      logger.error(`The HTTP server on port ${port} failed and listens again: ${toMessage(cause)}`);
    }
    this.#retire();
    await this.#listenAgain(port);
  }

  async #listenAgain(port: number): Promise<void> {
    const { clock } = this.#context;
    do {
      this.#lastFailureMs = clock.now();
      const delayMs = Math.min(RETRY_MS.first * 2 ** this.#failures++, RETRY_MS.longest);
      await pause(delayMs, this.#stop.signal, clock);
    } while (!this.#stop.signal.aborted && !await this.#tryAgain(port));
  }

  /** Tries to listen; returns whether it succeeded. */
  async #tryAgain(port: number): Promise<boolean> {
    try {
      const server = await this.#open(port);
      if (this.#stop.signal.aborted) server.cut();
      else this.#adopt(server);
      return true;
    } catch (cause) {
      if (!this.#stop.signal.aborted) this.#setState({ kind: "recovering", port, cause });
      return false;
    }
  }

  #setState(state: HttpServiceState): void {
    this.#state = state;
  }
}

/** Waits for a promise or a signal. */
async function ignoreAbort(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  try {
    await waitFor(promise, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
