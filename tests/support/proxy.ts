/** TCP proxy, on loopback by default, that shows the faults of real networks. */
export class FaultProxy implements AsyncDisposable {
  /** Direction whose bytes are read and not passed on. */
  swallow: "nothing" | "toClient" | "toServer" | "both" = "nothing";
  /** Delay of every chunk. */
  delayMs = 0;
  /** Number of the next connections that are accepted and then neither read nor answered. */
  muteNext = 0;
  /** Connections accepted so far. */
  accepted = 0;
  /** Called before a chunk is passed on; the proxy waits for it. */
  onChunk: (direction: "toClient" | "toServer", chunk: Uint8Array) => void | Promise<void> =
    () => {};
  readonly #listener: Deno.TcpListener;
  readonly #targetPort: number;
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #clients = new Set<Deno.TcpConn>();
  readonly #loops = new Set<Promise<void>>();
  readonly #accepting: Promise<void>;

  constructor(targetPort: number, { hostname = "127.0.0.1", port = 0 } = {}) {
    this.#targetPort = targetPort;
    this.#listener = Deno.listen({ hostname, port });
    this.#accepting = this.#accept();
  }

  get endpoint(): string {
    const { hostname, port } = this.#listener.addr;
    return `${hostname}:${port}`;
  }

  /**
   * Sends every client a GOAWAY frame of HTTP/2, as a server that drains does: no error,
   * every stream may end. Call it while nothing else is sent.
   */
  async goAway(): Promise<void> {
    const [header, lastStream, code] = [[0, 0, 8, 7, 0, 0, 0, 0, 0], [0x7f, 0xff, 0xff, 0xff], [
      0,
      0,
      0,
      0,
    ]];
    const frame = Uint8Array.from([...header, ...lastStream, ...code]);
    await Promise.all([...this.#clients].map((client) => client.write(frame)));
  }

  /** Breaks every connection. */
  cut(): void {
    for (const connection of [...this.#connections]) this.#close(connection);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#accepting;
    await Promise.all(this.#loops);
  }

  async #accept(): Promise<void> {
    try {
      for await (const client of this.#listener) {
        this.accepted++;
        this.#connections.add(client);
        this.#clients.add(client);
        if (this.muteNext > 0) this.muteNext--;
        else this.#run(this.#join(client));
      }
    } catch {
      // The listener was closed.
    }
  }

  async #join(client: Deno.TcpConn): Promise<void> {
    try {
      const server = await Deno.connect({ hostname: "127.0.0.1", port: this.#targetPort });
      this.#connections.add(server);
      this.#run(this.#pump(client, server, "toServer"));
      this.#run(this.#pump(server, client, "toClient"));
    } catch {
      this.#close(client); // no server behind the proxy
    }
  }

  async #pump(from: Deno.TcpConn, to: Deno.TcpConn, direction: "toClient" | "toServer") {
    const buffer = new Uint8Array(65_536);
    try {
      for (
        let length = await from.read(buffer);
        length !== null;
        length = await from.read(buffer)
      ) {
        const chunk = buffer.slice(0, length);
        await this.onChunk(direction, chunk);
        if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
        if (this.swallow === "both" || this.swallow === direction) continue;
        for (let at = 0; at < chunk.length;) at += await to.write(chunk.subarray(at));
      }
    } catch {
      // Broken by either side, or by the test.
    }
    this.#close(from);
    this.#close(to);
  }

  #close(connection: Deno.TcpConn): void {
    this.#clients.delete(connection);
    if (!this.#connections.delete(connection)) return;
    try {
      connection.close();
    } catch {
      // Closed already.
    }
  }

  #run(loop: Promise<void>): void {
    this.#loops.add(loop);
    loop.finally(() => this.#loops.delete(loop));
  }
}
