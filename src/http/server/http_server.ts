import type { Responder } from "./responder.ts";

/** Certificate of a server; PEM. */
export interface HttpServerTls {
  /** Certificate chain. */
  readonly cert: string;
  /** Private key of `cert`. */
  readonly key: string;
}

/** Limits of connections; only the server on `node:http` has them. */
export interface HttpServerLimits {
  /** Most open connections; more are closed at once. @default Infinity */
  readonly maxConnections?: number;
  /**
   * Longest time for the head of a request to arrive, and before it, with TLS, for the handshake.
   * @default 30000
   */
  readonly headersTimeoutMs?: number;
  /** Longest time for a whole request to arrive. @default 60000 */
  readonly requestTimeoutMs?: number;
  /** Time after which a connection without a request is closed. @default 30000 */
  readonly keepAliveTimeoutMs?: number;
}

/** Address and settings of an {@link HttpServer}. */
export interface HttpListenOptions {
  /** Address to listen on. */
  readonly hostname: string;
  /** Port to listen on, 0 for any free one. */
  readonly port: number;
  /** Serves HTTPS. */
  readonly tls?: HttpServerTls | undefined;
  /** Limits of connections. */
  readonly limits?: HttpServerLimits | undefined;
  /** Receives the error that ended the listener, such as a lack of file descriptors. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * A listening server: the contract of Deno's own and `node:http`. Bodies stream both ways;
 * `request.signal` is aborted if the client leaves.
 */
export interface HttpServer {
  /** Port that it listens on. */
  readonly port: number;
  /** Number of requests that are not answered yet. */
  readonly running: number;
  /** Resolves once no request is running. */
  whenIdle(): Promise<void>;
  /**
   * Stops to accept connections and closes idle ones; running requests go on. Resolves once
   * all connections are closed.
   */
  stop(): Promise<void>;
  /** Breaks off the requests that are not answered yet: no client takes it for an answer. */
  cut(): void;
  /** Shows another certificate from now on; `undefined` if the server can't. */
  readonly reloadTls: ((tls: HttpServerTls) => void) | undefined;
}

/** Starts a server. */
export type HttpListen = (
  options: HttpListenOptions,
  responder: Responder,
) => HttpServer | Promise<HttpServer>;

/** Implementation of the server. */
export type HttpServerKind = "deno" | "node";
