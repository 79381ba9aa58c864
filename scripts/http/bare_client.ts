import { connect, type Socket } from "node:net";
import { pollSockets } from "../../src/util/mod.ts";
import { type BareReply, BareReplyReader } from "./bare_reply.ts";

/** Sends a body once and returns the reply's. */
export type Send = (url: string, body: string) => Promise<string>;

/** Longest reply that is read. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Times of decision 0001: check before use, proof of an origin, distrust, longest idle time. */
const CHECK_AFTER_MS = 5;
const PROBATION_MS = 20;
const DISTRUST_MS = 10_000;
const MAX_IDLE_MS = 4000;

/**
 * Creates the fastest client that is safe as decision 0001 says, the yardstick of `HttpClient`:
 * it sends each request once, with its length; it uses a connection again only if the origin has
 * proved to keep one, if the last reply was complete, nothing followed it, it does not close and
 * was not promised for a shorter time, and if no end of the connection has arrived; it reads both
 * framings, refuses an unclear one and every status but 200, and bounds head and reply.
 *
 * It has nothing that safety does not need: no time-outs, no signals, no headers but these, no
 * TLS, no content codings, no headers of the reply, and errors without a kind.
 */
export function createBareClient(): Send {
  const origins = new Map<string, BareOrigin>();
  return (url, body) => {
    let origin = origins.get(url);
    if (origin === undefined) origins.set(url, origin = new BareOrigin(new URL(url)));
    return origin.send(body);
  };
}

class BareOrigin {
  readonly #url: URL;
  readonly #head: string;
  readonly replies = new BareReplyReader();
  /** In the order in which they became idle. */
  readonly #idle: BareConnection[] = [];
  #isProven = false;
  #distrustedUntil = 0;

  constructor(url: URL) {
    this.#url = url;
    this.#head = `POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\n` +
      "content-type: text/xml\r\n";
  }

  send(body: string): Promise<string> {
    const now = performance.now();
    const isLast = now < this.#distrustedUntil;
    const request = `${this.#head}${isLast ? "connection: close\r\n" : ""}content-length: ${
      Buffer.byteLength(body)
    }\r\n\r\n${body}`;
    const kept = isLast ? undefined : this.#take(now);
    const isFresh = kept !== undefined && now - kept.since <= CHECK_AFTER_MS;
    return isFresh ? kept.exchange(request) : this.#sendChecked(request, kept);
  }

  /** Sends over a connection that was idle for a while, if it is still open, or a new one. */
  async #sendChecked(request: string, kept: BareConnection | undefined): Promise<string> {
    if (kept !== undefined) await pollSockets(() => !kept.isOpen);
    const connection = kept?.isOpen === true ? kept : await this.#open();
    return await connection.exchange(request);
  }

  onIdle(connection: BareConnection): void {
    this.#idle.push(connection);
  }

  /** Forgets a connection; one that ended although its server kept it costs the trust. */
  onEnd(connection: BareConnection, isLoss: boolean): void {
    const now = performance.now();
    const index = this.#idle.lastIndexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    const isShort = index >= 0 && !this.#isProven && now - connection.since < PROBATION_MS;
    if (!isLoss && !isShort) return;
    this.#isProven = false;
    this.#distrustedUntil = now + DISTRUST_MS;
    for (const idle of this.#idle.splice(0)) idle.close();
  }

  #take(now: number): BareConnection | undefined {
    if (!this.#isProven) {
      const [oldest] = this.#idle;
      if (oldest === undefined || now - oldest.since < PROBATION_MS) return undefined;
      this.#isProven = true;
    }
    const connection = this.#idle.pop();
    if (connection === undefined || now - connection.since < connection.maxIdleMs) {
      return connection;
    }
    connection.close();
    return undefined;
  }

  async #open(): Promise<BareConnection> {
    const { hostname, port } = this.#url;
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once("connect", resolve).once("error", reject);
    await promise;
    return new BareConnection(socket, this);
  }
}

class BareConnection {
  readonly #socket: Socket;
  readonly #origin: BareOrigin;
  #waiting: PromiseWithResolvers<string> | undefined;
  #received: Buffer | undefined;
  #isReused = false;
  isOpen = true;
  /** Time from which it is idle. */
  since = 0;
  /** Time after which it is not used again. */
  maxIdleMs = MAX_IDLE_MS;

  constructor(socket: Socket, origin: BareOrigin) {
    this.#socket = socket;
    this.#origin = origin;
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", (error) => this.#end(error));
    socket.on("end", () => this.#end(new Error("the server closed the connection")));
    socket.on("close", () => this.#end(new Error("the connection was closed")));
  }

  exchange(request: string): Promise<string> {
    this.#waiting = Promise.withResolvers();
    this.#socket.write(request);
    return this.#waiting.promise;
  }

  close(): void {
    this.isOpen = false;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    const received = this.#received === undefined ? chunk : Buffer.concat([this.#received, chunk]);
    if (this.#waiting === undefined) return this.#end(new Error("the server sent too much"));
    if (received.length > MAX_BYTES) return this.#end(new Error("the reply is too large"));
    try {
      const reply = this.#origin.replies.read(received);
      if (reply === undefined) return void (this.#received = received);
      this.#complete(reply, reply.keptMs > 0 && reply.end === received.length);
    } catch (error) {
      this.#end(error);
    }
  }

  #complete({ body, keptMs }: BareReply, isKept: boolean): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#received = undefined;
    if (!isKept || this.#socket.writableLength > 0) this.close();
    else {
      this.#isReused = true;
      this.maxIdleMs = Math.min(MAX_IDLE_MS, keptMs);
      this.since = performance.now();
      this.#origin.onIdle(this);
    }
    waiting?.resolve(body);
  }

  #end(error: unknown): void {
    if (!this.isOpen) return;
    this.close();
    this.#origin.onEnd(this, this.#waiting !== undefined && this.#isReused);
    this.#waiting?.reject(error);
  }
}
