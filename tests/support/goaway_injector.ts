/** When a GOAWAY is sent to a client: in one write with the server's SETTINGS, or later. */
export type GoAwayMoment =
  | "with settings"
  | "after settings"
  | "after acknowledgement"
  | "within 5 ms"
  | "after 500 ms"
  | "before settings"
  | "with an error code"
  | "twice, the second with the last stream"
  | "during the first stream"
  | "with a reset of the connection"
  | "cut in two"
  | "instead of settings"
  | "in single bytes"
  | "after a ping"
  | "with a long explanation"
  | "with the acknowledgement";

type Connection = Deno.TcpConn | Deno.TlsConn;

/** Creates a GOAWAY frame with the last stream that may end, an error code and an explanation. */
function createGoAway(lastStream: number, errorCode: number, explanation = 0): Uint8Array {
  const bytes = new Uint8Array(17 + explanation);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, (8 + explanation) << 8 | 7);
  view.setUint32(9, lastStream);
  view.setUint32(13, errorCode);
  return bytes;
}

/** That of a server that drains: no error, every stream may end. */
const GOAWAY = createGoAway(0x7fffffff, 0);
/** That of a server that is overloaded (ENHANCE_YOUR_CALM). */
const CALM_DOWN = createGoAway(0, 11);
const EXPLAINED = createGoAway(0x7fffffff, 0, 16_000);
const PING = Uint8Array.of(0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);
/** Acknowledgement of the client's SETTINGS. */
const ACKNOWLEDGEMENT = Uint8Array.of(0, 0, 0, 4, 1, 0, 0, 0, 0);

/**
 * A TCP proxy on loopback that sends a GOAWAY to clients that are connecting.
 */
export class GoAwayInjector implements AsyncDisposable {
  /** Number of GOAWAY frames that were sent. */
  injected = 0;
  /** Moments that had their turn. */
  readonly moments = new Set<GoAwayMoment>();
  readonly #listener: Deno.Listener<Deno.TcpConn | Deno.TlsConn, Deno.NetAddr>;
  readonly #targetPort: number;
  readonly #plan: (connection: number) => GoAwayMoment | undefined;
  readonly #open = new Set<Connection>();
  readonly #loops = new Set<Promise<void>>();
  #accepted = 0;

  /**
   * Listens on a free port.
   *
   * @param plan returns when to send a GOAWAY on a connection, counted from 1
   * @param tls certificate of the listener, if clients use TLS; the target never does
   */
  constructor(
    targetPort: number,
    plan: (connection: number) => GoAwayMoment | undefined,
    tls?: { readonly cert: string; readonly key: string },
  ) {
    this.#targetPort = targetPort;
    this.#plan = plan;
    const address = { hostname: "127.0.0.1", port: 0 };
    this.#listener = tls === undefined
      ? Deno.listen(address)
      : Deno.listenTls({ ...address, ...tls, alpnProtocols: ["h2"] });
    this.#run(this.#accept());
  }

  /** Address of the proxy, as `host:port`. */
  get endpoint(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of [...this.#open]) this.#close(connection);
    await Promise.all(this.#loops);
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      this.#open.add(client);
      this.#run(this.#join(client, this.#plan(++this.#accepted)));
    }
  }

  async #join(client: Connection, moment: GoAwayMoment | undefined): Promise<void> {
    const server = await Deno.connect({ hostname: "127.0.0.1", port: this.#targetPort });
    this.#open.add(server);
    server.setNoDelay(true);
    if ("setNoDelay" in client) client.setNoDelay(true);
    const request = Promise.withResolvers<void>();
    this.#run(this.#pump(client, async (chunk) => {
      await writeAll(server, chunk);
      if (hasHeaders(chunk)) request.resolve();
    }, server));
    if (moment === "during the first stream") {
      request.promise.then(() => {
        this.#count("during the first stream");
        this.#injectLater(client, 0);
      });
      moment = undefined;
    }
    let isFirst = moment !== undefined;
    await this.#pump(server, async (chunk) => {
      if (isFirst && moment !== undefined) await this.#inject(client, chunk, moment);
      else await writeAll(client, chunk);
      isFirst = false;
    }, client);
  }

  /** Sends the server's first bytes, which begin with a whole SETTINGS frame, and the GOAWAY. */
  async #inject(
    client: Connection,
    chunk: Uint8Array,
    moment: Exclude<GoAwayMoment, "during the first stream">,
  ): Promise<void> {
    const [high = 0, middle = 0, low = 0] = chunk;
    const end = 9 + (high << 16 | middle << 8 | low);
    const [settings, rest] = [chunk.subarray(0, end), chunk.subarray(end)];
    this.#count(moment);
    switch (moment) {
      case "with settings":
        return await writeAll(client, Uint8Array.of(...settings, ...GOAWAY, ...rest));
      case "after settings":
        for (const part of [settings, GOAWAY, rest]) await writeAll(client, part);
        return;
      case "after acknowledgement":
        for (const part of [settings, rest, GOAWAY]) await writeAll(client, part);
        return;
      case "before settings":
        return await writeAll(client, Uint8Array.of(...GOAWAY, ...chunk));
      case "instead of settings":
        return await writeAll(client, GOAWAY);
      case "in single bytes":
        for (const byte of [...settings, ...GOAWAY]) await writeAll(client, Uint8Array.of(byte));
        return;
      case "after a ping":
        return await writeAll(client, Uint8Array.of(...settings, ...PING, ...GOAWAY, ...rest));
      case "with a long explanation":
        return await writeAll(client, Uint8Array.of(...settings, ...EXPLAINED, ...rest));
      case "with the acknowledgement":
        return await writeAll(client, Uint8Array.of(...settings, ...ACKNOWLEDGEMENT, ...GOAWAY));
      case "with an error code":
        return await writeAll(client, Uint8Array.of(...settings, ...CALM_DOWN, ...rest));
      case "twice, the second with the last stream":
        return await writeAll(
          client,
          Uint8Array.of(...settings, ...GOAWAY, ...createGoAway(0, 0), ...rest),
        );
      case "with a reset of the connection":
        await writeAll(client, Uint8Array.of(...settings, ...GOAWAY));
        return this.#close(client);
      case "cut in two":
        await writeAll(client, Uint8Array.of(...chunk, ...GOAWAY.subarray(0, 5)));
        return await writeAll(client, GOAWAY.subarray(5));
      case "within 5 ms":
      case "after 500 ms":
        await writeAll(client, chunk);
        return this.#injectLater(client, moment === "within 5 ms" ? this.injected % 5 : 500);
    }
  }

  #count(moment: GoAwayMoment): void {
    this.injected++;
    this.moments.add(moment);
  }

  #injectLater(client: Connection, delayMs: number): void {
    this.#run((async () => {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await writeAll(client, GOAWAY).catch(() => {}); // the client has closed it meanwhile
    })());
  }

  async #pump(
    from: Connection,
    write: (chunk: Uint8Array) => Promise<void>,
    to: Connection,
  ): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (let length; (length = await from.read(buffer)) !== null;) {
        await write(buffer.slice(0, length));
      }
    } catch {
      // Closed by either side, or by the test.
    }
    this.#close(from);
    this.#close(to);
  }

  #close(connection: Connection): void {
    if (this.#open.delete(connection)) connection.close();
  }

  #run(loop: Promise<void>): void {
    this.#loops.add(loop);
    loop.finally(() => this.#loops.delete(loop));
  }
}

/** Whether a client begins a stream: one of the frames is HEADERS. */
function hasHeaders(chunk: Uint8Array): boolean {
  for (let at = 0; at + 9 <= chunk.length;) {
    if (chunk[at + 3] === 1) return true;
    at += 9 + ((chunk[at] ?? 0) << 16 | (chunk[at + 1] ?? 0) << 8 | (chunk[at + 2] ?? 0));
  }
  return false;
}

async function writeAll(connection: Connection, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
