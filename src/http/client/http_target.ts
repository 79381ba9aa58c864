/** Address of a request, checked and taken apart once. */
export class HttpTarget {
  /** The URL without user name, password, query and fragment; safe to print. */
  readonly displayUrl: string;
  /** Whether the scheme is `https`. */
  readonly isTls: boolean;
  /** Host to connect to, without the brackets of an IPv6 address. */
  readonly hostname: string;
  /** Port to connect to. */
  readonly port: number;
  /** Value of the `host` header. */
  readonly host: string;
  /** Scheme, host and port; requests of one origin share connections. */
  readonly origin: string;
  /** Path and query, the request target. */
  readonly path: string;
  /** Not a field, which would be printed with the object. */
  readonly #authorization: string | undefined;

  /** Takes a URL apart; see {@link parseHttpTarget}. */
  constructor(url: URL) {
    this.isTls = url.protocol === "https:";
    this.hostname = url.hostname.replace(/^\[|\]$/g, "");
    this.port = url.port === "" ? (this.isTls ? 443 : 80) : Number(url.port);
    this.host = url.host;
    this.origin = `${url.protocol}//${url.host}`;
    this.path = url.pathname + url.search;
    this.displayUrl = `${url.protocol}//${url.host}${url.pathname}`;
    this.#authorization = formatBasic(url);
  }

  /** Value of the `authorization` header that the URL's user name and password make. */
  get authorization(): string | undefined {
    return this.#authorization;
  }

  /** Host, in brackets if it is an IPv6 address, and port. */
  get address(): string {
    return `${this.host.replace(/:\d+$/, "")}:${this.port}`;
  }
}

/**
 * Parses the URL of a server. User name and password become Basic authentication.
 *
 * @throws {TypeError} if it is not an http or https URL; the message never has the password
 * @example
 * ```ts
 * import { parseHttpTarget } from "@remote-services/etcd3/xmlrpc";
 *
 * const target = parseHttpTarget("http://user:secret@127.0.0.1:8181/RPC2");
 * console.log(target.displayUrl); // http://127.0.0.1:8181/RPC2
 * ```
 */
export function parseHttpTarget(url: string | URL): HttpTarget {
  const parsed = URL.parse(url);
  if (parsed === null) throw new TypeError("Cannot call the address: it is not a URL; give one");
  if (!/^https?:$/.test(parsed.protocol)) {
    throw new TypeError(`Cannot call ${parsed.protocol} URLs: give http or https`);
  }
  return new HttpTarget(parsed);
}

function formatBasic({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const text = `${decodePercent(username)}:${decodePercent(password)}`;
  return `Basic ${Buffer.from(text, "utf8").toString("base64")}`;
}

/** Decodes `%41`; returns a string unchanged whose percent signs encode nothing. */
function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a literal percent sign of a password
  }
}
