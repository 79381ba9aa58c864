import { loadBuiltin, toPrintable } from "../../util/mod.ts";
import { checkHost, isLoopbackHost } from "./host_name.ts";
import { createRefusal, EXECUTED_HEADER } from "./refusal.ts";

/** Web pages and host names that are served. */
export interface PageGuardOptions {
  /**
   * Origins of web pages that may call, such as `https://app.example` or that of an extension,
   * `chrome-extension://abc`; they get CORS headers. `null` in a string allows sandboxed pages and
   * files.
   * @default only pages of this server
   */
  readonly allowedOrigins?: readonly string[];
  /**
   * Host names, besides the advertised one, that requests may name in their `host` header if
   * the server listens on loopback or a web page calls.
   * @default IP addresses and `localhost`
   */
  readonly allowedHosts?: readonly string[];
}

/** Result of a check: a refusal or the answer to a preflight, or headers to add, or nothing. */
export type PageCheck = Response | Readonly<Record<string, string>> | undefined;

/** Longest time that a browser may remember the answer to a preflight, in seconds. */
const PREFLIGHT_MAX_AGE = "600";

/**
 * Keeps web pages of other sites out. A browser lets any page send a POST to loopback, and a
 * host name of the page's own may lead there (DNS rebinding); programs are not affected.
 */
export class PageGuard {
  readonly #allowedOrigins: ReadonlySet<string>;
  readonly #allowedHosts: ReadonlySet<string>;
  readonly #isLoopback: boolean;
  /** Scheme and authority of the last known URL, so that the next request needs no look-up. */
  #knownOrigin = "";

  /** Creates a guard for a server that may be advertised under another address than it listens on. */
  constructor(hostname: string, advertisedHostname: string, options: PageGuardOptions = {}) {
    const { allowedOrigins = [], allowedHosts = [] } = options;
    checkList("allowedOrigins", allowedOrigins, "https://app.example");
    checkList("allowedHosts", allowedHosts, "node-1.example");
    for (const origin of allowedOrigins) checkOrigin(origin);
    for (const host of allowedHosts) checkHost("allowedHosts", host);
    this.#allowedOrigins = new Set(allowedOrigins);
    const hosts = ["localhost", hostname, advertisedHostname, ...allowedHosts];
    this.#allowedHosts = new Set(hosts.map(normalizeHost));
    this.#isLoopback = isLoopbackHost(hostname);
  }

  /**
   * Checks a request. Programs send none of the headers that browsers do.
   *
   * @param ownOrigin origin of its URL
   */
  check(request: Request, ownOrigin: string): PageCheck {
    const { headers } = request;
    // Not `has`, which on Deno copies all headers into a list that is slower to look up in.
    const origin = headers.get("origin");
    const site = headers.get("sec-fetch-site");
    if ((this.#isLoopback || origin !== null) && !this.#isKnownHost(ownOrigin)) {
      return createRefusal(403, "This host name is not served here; see allowedHosts");
    }
    if (origin === null) {
      if (site === null || site === "same-origin" || site === "none") return undefined;
      return createRefusal(403, "Web pages of other sites may not call; see allowedOrigins");
    }
    return this.#checkOrigin(request, origin, site);
  }

  #checkOrigin(request: Request, origin: string, site: string | null): PageCheck {
    if (this.#allowedOrigins.has(origin)) {
      return isPreflight(request) ? answerPreflight(request, origin) : createReplyHeaders(origin);
    }
    if (site === "same-origin" && isSameHost(origin, request.url)) return undefined;
    if (site === null && matchesOrigin(origin, request.url)) return undefined;
    return createRefusal(403, "Web pages of other sites may not call; see allowedOrigins");
  }

  #isKnownHost(origin: string): boolean {
    if (origin === this.#knownOrigin) return true;
    const name = normalizeHost(origin.replace(/^.*:\/\/|:\d*$/g, ""));
    const isKnown = this.#allowedHosts.has(name) ||
      loadBuiltin("node:net").isIP(name.replace(/^\[|\]$/g, "")) !== 0;
    if (isKnown) this.#knownOrigin = origin;
    return isKnown;
  }
}

/** Returns a host in lower case, without the dot that ends a full name. */
function normalizeHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}

function checkList(option: string, list: unknown, example: string): void {
  if (Array.isArray(list)) return;
  throw new TypeError(`Cannot use ${option}: it is not a list; give ["${example}"]`);
}

function checkOrigin(origin: unknown): void {
  const text = String(origin);
  const parsed = typeof origin === "string" ? parseOrigin(origin) : undefined;
  if (parsed === origin && parsed !== undefined) return;
  const example = JSON.stringify(parsed ?? "https://app.example");
  throw new TypeError(
    `Cannot allow the origin ${
      JSON.stringify(toPrintable(text))
    }: give scheme and host, such as ${example}`,
  );
}

/** Returns the origin of a page as browsers send it; `undefined` if a URL has none of its own. */
function parseOrigin(text: string): string | undefined {
  if (text === "null") return text;
  const { origin, protocol, host } = URL.parse(text) ?? { origin: "null", protocol: "", host: "" };
  if (origin !== "null") return origin;
  // Extensions and programs with web pages have schemes that URL knows no origin of.
  return host === "" || protocol === "file:" ? undefined : `${protocol}//${host}`;
}

/**
 * Whether a page comes from the host of a URL, perhaps through a proxy that speaks HTTPS with it and
 * leaves out the port. Enough where the browser itself says that the origin is the same.
 */
function isSameHost(origin: string, url: string): boolean {
  const [page, own] = [URL.parse(origin), URL.parse(url)];
  if (page === null || own === null || page.hostname !== own.hostname) return false;
  return own.port === "" || readPort(page) === own.port;
}

function readPort({ port, protocol }: URL): string {
  return port === "" ? (protocol === "https:" ? "443" : "80") : port;
}

/** Whether a page comes from the server of a URL, which may name a default port and capitals. */
function matchesOrigin(origin: string, url: string): boolean {
  return origin !== "null" && origin === URL.parse(url)?.origin;
}

function isPreflight({ method, headers }: Request): boolean {
  return method === "OPTIONS" && headers.has("access-control-request-method");
}

function answerPreflight({ headers }: Request, origin: string): Response {
  const asked = headers.get("access-control-request-headers") ?? "";
  return new Response(null, {
    status: 204,
    headers: {
      ...createCorsHeaders(origin),
      "access-control-allow-methods": "GET, HEAD, POST",
      "access-control-allow-headers": /^[\w!#$%&'*+.^`|~, -]{0,1000}$/.test(asked) ? asked : "",
      "access-control-max-age": PREFLIGHT_MAX_AGE,
      ...(headers.has("access-control-request-private-network")
        ? { "access-control-allow-private-network": "true" }
        : {}),
    },
  });
}

/** Headers of a reply: a page may read whether a call was refused before anything ran. */
function createReplyHeaders(origin: string): Record<string, string> {
  return { ...createCorsHeaders(origin), "access-control-expose-headers": EXECUTED_HEADER };
}

function createCorsHeaders(origin: string): Record<string, string> {
  return { "access-control-allow-origin": origin, "vary": "origin" };
}

/** Returns scheme and authority of an absolute URL. */
export function readOrigin(url: string): string {
  return url.slice(0, url.indexOf("/", url.indexOf("://") + 3));
}
