import { checkOptionNames, type Clock, type Logger } from "../../util/mod.ts";
import type { HttpServerKind, HttpServerLimits, HttpServerTls } from "./http_server.ts";
import type { PageGuardOptions } from "./page_guard.ts";

/** Settings of an {@link HttpService}; all may be left out. */
export interface HttpServiceOptions extends PageGuardOptions {
  /** Address to listen on. @default "127.0.0.1" */
  readonly hostname?: string;
  /** Port to listen on, 0 for any free one. @default 8181 */
  readonly port?: number;
  /**
   * Host that other processes are to call; `auto` for the local address of the connection
   * to etcd.
   * @default `hostname`; `auto` if that is `0.0.0.0` or `::`
   */
  readonly advertisedHostname?: string;
  /** Serves HTTPS with this certificate. @default HTTP */
  readonly tls?: HttpServerTls;
  /**
   * Implementation of the server: `deno` for Deno's own, which serves HTTP only (HTTPS is served
   * by `node:https` in any case, to change its certificate), `node` for `node:http`, which has
   * `limits`.
   * @default "deno" for HTTP on Deno, otherwise "node"
   */
  readonly server?: HttpServerKind;
  /** Limits of connections, for `server: "node"`. */
  readonly limits?: HttpServerLimits;
  /**
   * Serves `/livez`, and `/readyz`, which is 503 from the moment of draining.
   * @default false
   */
  readonly probes?: boolean;
}

/** Parts that an {@link HttpService} uses; all may be left out. */
export interface HttpServiceContext {
  /** Receives log records. @default silent */
  readonly logger?: Logger;
  /** Source of time. @default the machine's */
  readonly clock?: Clock;
  /**
   * Returns the address to advertise with `advertisedHostname: "auto"`; `undefined` while it is
   * unknown.
   */
  readonly findLocalAddress?: () => string | undefined;
}

/** Every option, so that the compiler finds one that is missing here. */
export const HTTP_SERVICE_NAMES: Readonly<Record<keyof HttpServiceOptions, true>> = {
  advertisedHostname: true,
  allowedHosts: true,
  allowedOrigins: true,
  hostname: true,
  limits: true,
  port: true,
  probes: true,
  server: true,
  tls: true,
};
const LIMIT_NAMES: Readonly<Record<keyof HttpServerLimits, true>> = {
  maxConnections: true,
  headersTimeoutMs: true,
  requestTimeoutMs: true,
  keepAliveTimeoutMs: true,
};

/**
 * Checks the names of options.
 *
 * @param path names them in errors, such as `http`; empty for the options themselves
 * @param names options that may be given
 * @throws {TypeError} on an option that does not exist
 */
export function checkHttpServiceOptions(
  options: HttpServiceOptions,
  path = "",
  names: Readonly<Record<string, true>> = HTTP_SERVICE_NAMES,
): void {
  const prefix = path === "" ? "" : `${path}.`;
  checkOptionNames(options, { path, known: Object.keys(names) });
  checkOptionNames(options.tls ?? {}, { path: `${prefix}tls`, known: ["cert", "key"] });
  checkOptionNames(options.limits ?? {}, {
    path: `${prefix}limits`,
    known: Object.keys(LIMIT_NAMES),
  });
}
