import type { HttpServiceOptions } from "../http/mod.ts";
import { checkOptionNames, type Logger } from "../util/mod.ts";
import type { Authenticate } from "../xmlrpc/mod.ts";

/** Settings of {@link webPage}; all may be left out. */
export interface WebPageOptions {
  /** Path of the page. @default "/page", or "/" with `http` */
  readonly path?: string;
  /** Settings of a server for the page alone. @default the server of the host */
  readonly http?: HttpServiceOptions;
  /**
   * Authenticates each request, as for XML-RPC: `basicAuth({ ada: "secret" })` makes a browser
   * ask for name and password. Required if other machines can reach the server.
   * @default everyone on this machine
   */
  readonly authenticate?: Authenticate;
  /** Whether the page may call methods of the endpoints. @default false */
  readonly allowCalls?: boolean;
  /** Longest time of a call from the page, in milliseconds. @default 30000 */
  readonly callTimeoutMs?: number;
  /** Title of the page, such as the name of the cluster. @default "Remote services" */
  readonly title?: string;
  /** Receives a record of each call from the page. @default silent */
  readonly logger?: Logger;
}

const NAMES: Readonly<Record<keyof WebPageOptions, true>> = {
  path: true,
  http: true,
  authenticate: true,
  allowCalls: true,
  callTimeoutMs: true,
  title: true,
  logger: true,
};

/**
 * Checks the options and returns the path without a final slash.
 *
 * @throws {TypeError} on an unknown option or an invalid path
 */
export function checkPageOptions(options: WebPageOptions): string {
  checkOptionNames(options, { path: "", known: Object.keys(NAMES) });
  const { path = options.http === undefined ? "/page" : "/", authenticate } = options;
  if (authenticate !== undefined && typeof authenticate !== "function") {
    throw new TypeError("Cannot use authenticate: it is not a function; give basicAuth({...})");
  }
  if (/^\/[\w.~/-]*$/.test(path) && !path.includes("//")) return path.replace(/\/$/, "");
  throw new TypeError(
    `Cannot serve the page at ${JSON.stringify(path)}: give a path such as "/page"`,
  );
}
