import type { Clock } from "../../util/mod.ts";
import type { Connectable } from "./socket_dialer.ts";
import {
  BodyTooLargeError,
  type RawReply,
  ReplyReader,
  type WholeReplyReader,
} from "./reply/mod.ts";

/** End of an exchange: the reply, or the reason that there is no reply. */
export type ExchangeResult =
  | { readonly kind: "reply"; readonly reply: RawReply }
  | { readonly kind: "interrupted"; readonly hasBegun: boolean; readonly cause: unknown }
  | { readonly kind: "too-large" }
  | { readonly kind: "invalid"; readonly reason: string };

/** A request, and what becomes of it. */
export interface Exchange {
  /** Method of the request. */
  readonly method: string;
  /** Largest body of the reply. */
  readonly maxBytes: number;
  /** Is called once, at the end of the exchange. */
  onEnd(result: ExchangeResult): void;
}

/** State of a connection that carries a request. */
interface BusyState {
  readonly kind: "busy";
  readonly exchange: Exchange;
  /** Reads a reply that is not read by its owner's `wholeReplies`. */
  reader: ReplyReader | undefined;
}

/** State of a connection. */
type State =
  | { readonly kind: "idle"; readonly since: number }
  | BusyState
  | { readonly kind: "closed" };

/** Pool that owns a connection. */
export interface ConnectionOwner {
  /** Reads the usual replies of the origin. */
  readonly wholeReplies: WholeReplyReader;
  /** Receives a connection that may carry another request. */
  onIdle(connection: ClientConnection): void;
  /** Is notified when a connection is closed. */
  onClosed(): void;
  /** Receives a connection that ended after so many milliseconds without a request. */
  onIdleEnd(connection: ClientConnection, idleMs: number): void;
}

/** Longest time that a connection is kept without a request; Node's servers close after 5 s. */
export const MAX_IDLE_MS = 4000;

/** One HTTP/1.1 connection with one exchange at a time. Nothing is ever sent twice. */
export class ClientConnection {
  readonly #socket: Connectable;
  readonly #owner: ConnectionOwner;
  readonly #clock: Clock;
  #state: State;
  /** Seconds that the server keeps the connection, as its `keep-alive` header says. */
  #keepAliveSeconds = Infinity;
  #exchanges = 0;

  /** Creates a connection over a connected socket. */
  constructor(socket: Connectable, owner: ConnectionOwner, clock: Clock) {
    this.#socket = socket;
    this.#owner = owner;
    this.#clock = clock;
    this.#state = { kind: "idle", since: clock.now() };
    socket.on("data", (chunk: Uint8Array) => this.#onData(chunk));
    socket.on("end", () => this.#onEnd(new Error("the server closed the connection")));
    socket.on("error", (error: Error) => this.#onEnd(error));
    socket.on("close", () => this.#onEnd(new Error("the connection was closed")));
  }

  /** Whether it has carried a request before. */
  get isReused(): boolean {
    return this.#exchanges > 1;
  }

  /** Time since which it has no exchange; undefined while there is one and after the end. */
  get idleSinceMs(): number | undefined {
    return this.#state.kind === "idle" ? this.#state.since : undefined;
  }

  /** Seconds that the server promised to keep the connection. */
  get keepAliveSeconds(): number {
    return this.#keepAliveSeconds;
  }

  /** Sends a request. */
  start(request: string | Uint8Array, exchange: Exchange): void {
    if (this.#state.kind !== "idle") throw new Error("The connection carries another request");
    this.#exchanges++;
    this.#state = { kind: "busy", exchange, reader: undefined };
    this.#socket.ref();
    this.#socket.write(request);
  }

  /** Closes the connection at once; an exchange on it ends without a call of its `onEnd`. */
  close(): void {
    this.#state = { kind: "closed" };
    this.#socket.destroy();
    this.#owner.onClosed();
  }

  #onData(chunk: Uint8Array): void {
    if (this.#state.kind !== "busy") return this.#onEnd(new Error("the server sent too much"));
    const { exchange, reader } = this.#state;
    const whole = reader === undefined ? this.#owner.wholeReplies.read(chunk, exchange) : undefined;
    if (whole !== undefined) return this.#complete(whole, exchange);
    try {
      this.#read(chunk, this.#state);
    } catch (error) {
      this.#finish(
        error instanceof BodyTooLargeError
          ? { kind: "too-large" }
          : { kind: "invalid", reason: error instanceof Error ? error.message : String(error) },
      );
    }
  }

  #read(chunk: Uint8Array, state: BusyState): void {
    const { exchange } = state;
    const isFirst = state.reader === undefined;
    const reader = state.reader ??= new ReplyReader(exchange.method, exchange.maxBytes);
    const reply = reader.push(chunk);
    if (reply === undefined) return;
    if (reader.hasSurplus) return this.#finish({ kind: "reply", reply });
    if (isFirst) this.#owner.wholeReplies.learn(chunk, reply, exchange);
    this.#complete(reply, exchange);
  }

  #complete(reply: RawReply, exchange: Exchange): void {
    // A reply that comes before the request is out makes the connection useless.
    const isReusable = reply.isKeptAlive && this.#socket.writableLength === 0;
    if (!isReusable) return this.#finish({ kind: "reply", reply });
    const hint = reply.headers.get("keep-alive");
    if (hint !== undefined) this.#readKeepAlive(hint);
    this.#state = { kind: "idle", since: this.#clock.now() };
    this.#socket.unref(); // an idle connection does not keep the process alive
    this.#owner.onIdle(this);
    exchange.onEnd({ kind: "reply", reply });
  }

  #readKeepAlive(hint: string): void {
    const seconds = /timeout=(\d{1,9})/i.exec(hint)?.[1];
    if (seconds !== undefined) this.#keepAliveSeconds = Number(seconds);
  }

  /** Handles an end of the connection that the other side or the network made. */
  #onEnd(cause: Error): void {
    switch (this.#state.kind) {
      case "closed":
        return;
      case "idle": {
        const idleMs = this.#clock.now() - this.#state.since;
        this.close();
        return this.#owner.onIdleEnd(this, idleMs);
      }
      case "busy": {
        const { reader } = this.#state;
        const reply = reader?.end();
        this.#finish(
          reply === undefined
            ? { kind: "interrupted", hasBegun: reader?.hasBegun === true, cause }
            : { kind: "reply", reply },
        );
      }
    }
  }

  /** Ends the exchange, and the connection with it. */
  #finish(result: ExchangeResult): void {
    if (this.#state.kind !== "busy") return;
    const { exchange } = this.#state;
    this.close();
    exchange.onEnd(result);
  }
}
