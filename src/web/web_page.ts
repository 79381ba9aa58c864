import { HttpService } from "../http/mod.ts";
import { checkTimeout, createSafeLogger, onAbort, SILENT } from "../util/mod.ts";
import { EndpointFeed, type PageHost } from "./feed/mod.ts";
import { checkPageOptions, type WebPageOptions } from "./options.ts";
import { createPageServlets } from "./page_servlets.ts";
import { PageStreams } from "./page_streams.ts";
import { RecentCalls } from "./recent_calls.ts";

/** A page that is served, as {@link webPage} returns it. Ends with {@link close}. */
export interface WebPage extends AsyncDisposable {
  /** Address of the page. */
  readonly url: string;
  /** Stops serving the page, and ends its server if it has one of its own. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Serves a live page of the endpoints that a host knows: what comes and goes, the state of the
 * connection to etcd, and the calls of the host. Resolves once it is served. It ends with the host
 * at the latest.
 *
 * By default the page is at `/page` of the host's own HTTP server, which listens on loopback. Web
 * pages of other sites cannot use it. If other machines can reach the server, `authenticate` is
 * required.
 *
 * @throws {TypeError | RangeError} on an invalid option; if the path is taken; if the host has no
 * HTTP server; or if other machines can reach the server and `authenticate` is not given
 * @throws {HttpListenError} if the server can't listen
 * @example
 * ```ts
 * import { memory, remoteServices } from "@remote-services/etcd3";
 * import { webPage } from "@remote-services/etcd3/web";
 *
 * await using host = await remoteServices({ discovery: [memory()], http: { port: 0 } });
 * await using page = await webPage(host);
 * const response = await fetch(page.url);
 * console.log((await response.text()).includes("Remote services")); // true
 * ```
 */
export async function webPage(host: PageHost, options: WebPageOptions = {}): Promise<WebPage> {
  const base = checkPageOptions(options);
  checkTimeout(options.callTimeoutMs ?? 30_000, "callTimeoutMs");
  const { clock } = host.framework;
  const findLocalAddress = () =>
    host.discoveries.find(({ localAddress }) => localAddress !== undefined)?.localAddress ??
      "127.0.0.1";
  const own = options.http === undefined
    ? undefined
    : new HttpService(options.http, { clock, findLocalAddress, ...pickLogger(options) });
  const http = own ?? host.http;
  if (http === undefined) {
    throw new TypeError("Cannot serve the page: the host has no HTTP server; give http");
  }
  if (!http.isLoopback && options.authenticate === undefined) {
    throw new TypeError(
      "Cannot serve the page: other machines can reach the server; give authenticate, such as " +
        "basicAuth({...}), or http: { port } for a server on loopback",
    );
  }
  const page = new ServedPage(host, http, { base, options });
  const close = () => closePage(page, own);
  try {
    await http.start();
    page.open();
    return { url: `${http.url}${base}/`, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function closePage(page: ServedPage, own: HttpService | undefined): Promise<void> {
  page.close();
  await own?.close({ drainTimeoutMs: 0 });
}

function pickLogger({ logger }: WebPageOptions) {
  return logger === undefined ? {} : { logger };
}

/** Servlets, streams and the feed of one page. */
class ServedPage {
  readonly #http: HttpService;
  readonly #base: string;
  readonly #feed: EndpointFeed;
  readonly #streams: PageStreams;
  readonly #servlets: ReturnType<typeof createPageServlets>;
  readonly #abort = new AbortController();
  readonly #open: Disposable[] = [];

  constructor(
    host: PageHost,
    http: HttpService,
    { base, options }: { readonly base: string; readonly options: WebPageOptions },
  ) {
    const { clock } = host.framework;
    const { authenticate, title = "Remote services", callTimeoutMs = 30_000 } = options;
    this.#http = http;
    this.#base = base;
    this.#streams = new PageStreams(clock, () => this.#feed.refresh());
    this.#feed = new EndpointFeed(host, clock, () => this.#streams.notify());
    const calls = new RecentCalls(host.recordCalls());
    const logger = createSafeLogger(options.logger ?? SILENT);
    const { signal } = this.#abort;
    this.#servlets = createPageServlets({
      feed: this.#feed,
      streams: this.#streams,
      epoch: clock.uuid(),
      title,
      authenticate,
      call: options.allowCalls === true
        ? { host, timeoutMs: callTimeoutMs, logger, signal }
        : undefined,
      getNowMs: () => clock.epochMs(),
      getMethods: () => calls.list(clock.now()),
    });
  }

  /** Registers the servlets and follows the host. */
  open(): void {
    this.#register();
    this.#open.push(
      this.#feed.start(),
      // Streams would hold up the end of the server.
      onAbort(this.#http.draining, () => this.#streams.close()),
    );
  }

  close(): void {
    this.#abort.abort();
    for (const one of this.#open.splice(0)) one[Symbol.dispose]();
    this.#streams.close();
  }

  #register(): void {
    for (const [name, servlet] of this.#servlets) {
      this.#open.push(this.#http.register(`${this.#base}/${name}`, servlet));
    }
    if (this.#base === "") return;
    const location = `${this.#base.slice(this.#base.lastIndexOf("/") + 1)}/`;
    this.#open.push(
      this.#http.register(
        this.#base,
        () => new Response(null, { status: 308, headers: { location } }),
      ),
    );
  }
}
