/** Answers the requests of one path. */
export type Servlet = (request: Request) => Response | Promise<Response>;

/** Where to listen. */
export interface HttpServiceOptions {
  /** Address to listen on. @default "127.0.0.1" */
  readonly hostname?: string;
  /** Port to listen on, 0 for any free one. @default 8181 */
  readonly port?: number;
  /** Host that others are told to call. @default `hostname` */
  readonly advertisedHostname?: string;
  /** Serve HTTPS. Deno can't ask clients for certificates: a proxy in front can. @default HTTP */
  readonly tls?: {
    /** Certificate chain, PEM. */
    readonly cert: string;
    /** Its private key, PEM. */
    readonly key: string;
  };
}

/** Longest time that {@link HttpService.close} waits for requests that are under way. */
const DRAIN_MS = 1000;

/** An HTTP server with a servlet for each path. It listens once {@link start} is called. */
export class HttpService implements AsyncDisposable {
  readonly #hostname: string;
  readonly #port: number;
  readonly #advertisedHostname: string;
  readonly #tls: HttpServiceOptions["tls"];
  readonly #servlets = new Map<string, Servlet>();
  /** Cuts every connection. */
  readonly #cut = new AbortController();
  readonly #closed = new AbortController();
  #running = 0;
  #onIdle: (() => void) | undefined;
  #server: Deno.HttpServer<Deno.NetAddr> | undefined;
  #closing: Promise<void> | undefined;

  /** Checks the options; the port is not taken yet. */
  constructor(options: HttpServiceOptions = {}) {
    this.#hostname = options.hostname ?? "127.0.0.1";
    this.#port = options.port ?? 8181;
    this.#advertisedHostname = options.advertisedHostname ?? this.#hostname;
    this.#tls = options.tls;
    if (/^(?:0\.0\.0\.0|::)$/.test(this.#advertisedHostname)) {
      throw new TypeError(
        `Cannot tell others to call ${this.#advertisedHostname}: give advertisedHostname`,
      );
    }
    if (!Number.isInteger(this.#port) || this.#port < 0 || this.#port > 65_535) {
      throw new RangeError(`Cannot listen on port ${this.#port}: give 0 to 65535`);
    }
  }

  /**
   * Starts to listen, once.
   *
   * @throws {Deno.errors.AddrInUse} when the port is taken, with its number.
   * @throws {Deno.errors.InvalidData} when the certificate or its key can't be read.
   * @throws {Error} when it was closed before.
   */
  start(): void {
    if (this.#closing !== undefined) throw new Error("Cannot start the HTTP service: it is closed");
    if (this.#server !== undefined) return;
    try {
      this.#server = Deno.serve({
        hostname: this.#hostname,
        port: this.#port,
        signal: this.#cut.signal,
        ...this.#tls,
        onListen() {},
        onError: () => new Response("Internal Server Error\n", { status: 500 }),
      }, (request) => this.#serve(request));
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      throw new Deno.errors.AddrInUse(
        `Cannot listen on ${this.#hostname}:${this.#port}: the port is in use; choose another`,
        { cause: error },
      );
    }
  }

  /** The address that others are told, such as `http://127.0.0.1:8181`, once it listens. */
  get url(): string {
    if (this.#server === undefined) throw new Error("The HTTP service does not listen yet");
    const host = this.#advertisedHostname;
    const scheme = this.#tls === undefined ? "http" : "https";
    return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${this.#server.addr.port}`;
  }

  /**
   * Puts a servlet at a path, such as `/xml-rpc`, and gives the function that removes it.
   *
   * @throws {TypeError} when the path is none or has a servlet.
   */
  register(path: string, servlet: Servlet): () => void {
    if (!/^\/[^\s?#]*$/.test(path)) {
      throw new TypeError(`Cannot serve the path ${JSON.stringify(path)}`);
    }
    if (this.#servlets.has(path)) throw new TypeError(`Cannot serve ${path}: it has a servlet`);
    this.#servlets.set(path, servlet);
    return () => {
      if (this.#servlets.get(path) === servlet) this.#servlets.delete(path);
    };
  }

  /** Answers a request as the server does; for tests and other servers. */
  handle(request: Request): Response | Promise<Response> {
    const servlet = this.#servlets.get(pathOf(request.url));
    return servlet?.(request) ?? new Response("Not Found\n", { status: 404 });
  }

  /** Takes no more requests, waits a second for those under way, then cuts them off. */
  close(): Promise<void> {
    return this.#closing ??= this.#shutDown();
  }

  /** Same as {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Aborted when it closes: what is still at work has nobody to answer. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  async #serve(request: Request): Promise<Response> {
    if (this.#closing !== undefined) return new Response("Service Unavailable\n", { status: 503 });
    this.#running++;
    try {
      return await this.handle(request);
    } finally {
      if (--this.#running === 0) this.#onIdle?.();
    }
  }

  async #shutDown(): Promise<void> {
    const idle = Promise.withResolvers<boolean>();
    const late = Promise.withResolvers<false>();
    const timer = setTimeout(() => late.resolve(false), DRAIN_MS);
    this.#onIdle = () => idle.resolve(true);
    if (this.#running === 0) idle.resolve(true);
    const isIdle = await Promise.race([idle.promise, late.promise]);
    this.#closed.abort();
    if (isIdle) {
      // Lets the last answers out. A client that does not read its own is not waited for;
      // after this Deno can't cut it off any more.
      await Promise.race([this.#server?.shutdown(), late.promise]);
    } else {
      this.#cut.abort();
      await this.#server?.finished;
    }
    clearTimeout(timer);
  }
}

/** The path of an absolute URL; a server's requests have URLs that are parsed already. */
function pathOf(url: string): string {
  const from = url.indexOf("/", url.indexOf("://") + 3);
  if (from < 0) return "/";
  const query = url.slice(from).search(/[?#]/);
  return query < 0 ? url.slice(from) : url.slice(from, from + query);
}
