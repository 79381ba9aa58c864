import {
  chooseAdvertisedHost,
  findAsciiForm,
  type HttpService,
  type HttpServiceOptions,
  isCallableHost,
  isLoopbackHost,
  isWildcardHost,
} from "../../http/mod.ts";
import { type Logger, toPrintable } from "../../util/mod.ts";

/** Options that decide which address is advertised. */
export interface AddressOptions
  extends Pick<HttpServiceOptions, "hostname" | "advertisedHostname"> {
  /** URL that other processes are to call. */
  readonly advertisedUrl?: string;
}

/** Advertised address of the XML-RPC servlet. */
export class AdvertisedAddress {
  readonly #options: AddressOptions;
  readonly #url: string | undefined;
  readonly #host: string | undefined;
  readonly #path: string;
  readonly #logger: Logger;
  readonly #findLocalAddress: () => string | undefined;
  #hasWarned = false;

  /**
   * Checks the options.
   *
   * @param path path of the servlet
   * @param findLocalAddress returns the local address of the connection to the directory
   * @throws {TypeError} if the URL is invalid, or given beside `advertisedHostname`
   */
  constructor(
    options: AddressOptions,
    path: string,
    { logger, findLocalAddress }: {
      readonly logger: Logger;
      readonly findLocalAddress: () => string | undefined;
    },
  ) {
    const { advertisedHostname, advertisedUrl } = options;
    this.#options = options;
    this.#path = path;
    this.#logger = logger;
    this.#findLocalAddress = findLocalAddress;
    const url = advertisedUrl === undefined ? undefined : parseAdvertisedUrl(advertisedUrl);
    if (url !== undefined && advertisedHostname !== undefined) {
      throw new TypeError("Cannot use advertisedHostname beside advertisedUrl: give one of them");
    }
    this.#url = url === undefined ? undefined : url.pathname === "/" ? url.origin + path : url.href;
    const host = url?.hostname ?? chooseAdvertisedHost(options);
    this.#host = host === "auto" ? undefined : host;
  }

  /** Host that other processes call; `undefined` if it is found when a service is exported. */
  get host(): string | undefined {
    return this.#host?.replace(/^\[(.*)\]$/, "$1");
  }

  /** Whether it is an https URL; `undefined` if the HTTP server decides that. */
  get isTls(): boolean | undefined {
    return this.#url?.startsWith("https:");
  }

  /**
   * Returns the URL of the servlet. Logs a warning, once, if other hosts cannot call it.
   *
   * @throws {TypeError} if the address is to be found and is unknown
   */
  createUrl(http: HttpService): string {
    const url = this.#url ?? http.url + this.#path;
    this.#warnOnce(url);
    return url;
  }

  #warnOnce(url: string): void {
    const reason = this.#hasWarned ? undefined : this.#findReason(new URL(url).hostname);
    if (reason === undefined) return;
    this.#hasWarned = true;
    this.#logger.warn(`Other hosts cannot call ${url}: ${reason}`, { url });
  }

  #findReason(host: string): string | undefined {
    const { hostname = "127.0.0.1", advertisedHostname, advertisedUrl } = this.#options;
    if (!isLoopbackHost(host)) {
      return isLoopbackHost(hostname) && advertisedUrl === undefined
        ? `this process listens on ${hostname} only; set hostname, or advertisedUrl if a proxy ` +
          "forwards to it"
        : undefined;
    }
    const isFound = advertisedHostname === "auto" || isWildcardHost(hostname);
    const local = this.#findLocalAddress();
    const isRemote = local !== undefined && !isLoopbackHost(local);
    // With etcd on this host, a program that listens everywhere is meant for others too.
    if (!isRemote && !(isFound && local !== undefined)) return undefined;
    return `${host} is a loopback address; set advertisedHostname`;
  }
}

/** Scheme, host, port and path as written; a URL parser would repair or drop some. */
const ADVERTISED_URL =
  /^https?:\/\/(\[[\da-f:.]+\]|[^\s/:@?#\\]+)(?::([1-9]\d*))?(?:\/[^\s?#\\]*)?$/i;

function parseAdvertisedUrl(given: unknown): URL {
  const text = typeof given === "string" || given instanceof URL ? String(given) : "";
  const [, host = ""] = ADVERTISED_URL.exec(text) ?? [];
  const url = isCallableHost(host.replace(/^\[(.*)\]$/, "$1")) ? URL.parse(text) : null;
  if (url !== null) return url;
  const ascii = findAsciiForm(text.replace(/^https?:\/\//i, "").replace(/[/:].*$/s, ""));
  throw new TypeError(
    `Cannot use advertisedUrl ${
      typeof given === "string" ? JSON.stringify(toPrintable(text)) : String(given)
    }: give a URL that other processes can call, such as https://node-1.example:8443/xml-rpc` +
      (ascii === undefined ? "" : `; in ASCII the host is ${ascii}`),
  );
}
