import type { Clock } from "../../util/mod.ts";
import type { Connectable } from "./socket_dialer.ts";
import { BodyTooLargeError, type RawReply, type ReplyReader } from "./reply_reader.ts";

/** End of an exchange: the reply, or the reason that there is no reply. */
export type ExchangeResult =
  | { readonly kind: "reply"; readonly reply: RawReply }
  | { readonly kind: "interrupted"; readonly hasBegun: boolean; readonly cause: unknown }
  | { readonly kind: "too-large" }
  | { readonly kind: "invalid"; readonly reason: string };

/** State of a connection. `onEnd` is called once, at the end of an exchange. */
type State =
  | { readonly kind: "idle"; readonly since: number }
  | {
    readonly kind: "busy";
    readonly reader: ReplyReader;
    readonly onEnd: (result: ExchangeResult) => void;
  }
  | { readonly kind: "closed" };

/** Pool that owns a connection. */
export interface ConnectionOwner {
  /** Receives a connection that may carry another request. */
  onIdle(connection: ClientConnection): void;
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
    socket.setTimeout(MAX_IDLE_MS); // counts from the last byte in either direction
    socket.on("timeout", () => this.#onTimeout());
  }

  /** Whether it has carried a request before. */
  get isReused(): boolean {
    return this.#exchanges > 1;
  }

  /** Milliseconds without an exchange; undefined while there is one and after the end. */
  get idleMs(): number | undefined {
    return this.#state.kind === "idle" ? this.#clock.now() - this.#state.since : undefined;
  }

  /** Seconds that the server promised to keep the connection. */
  get keepAliveSeconds(): number {
    return this.#keepAliveSeconds;
  }

  /** Sends a request and calls a function once with its end. */
  exchange(
    request: string | Uint8Array,
    reader: ReplyReader,
    onEnd: (result: ExchangeResult) => void,
  ): void {
    if (this.#state.kind !== "idle") throw new Error("The connection carries another request");
    this.#exchanges++;
    this.#state = { kind: "busy", reader, onEnd };
    this.#socket.ref();
    this.#socket.write(request);
  }

  /** Closes the connection at once; an exchange on it ends without a call of its `onEnd`. */
  close(): void {
    this.#state = { kind: "closed" };
    this.#socket.destroy();
  }

  #onData(chunk: Uint8Array): void {
    if (this.#state.kind !== "busy") return this.#onEnd(new Error("the server sent too much"));
    const { reader } = this.#state;
    try {
      const reply = reader.push(chunk);
      if (reply !== undefined) this.#complete(reply, reader.hasSurplus);
    } catch (error) {
      this.#finish(
        error instanceof BodyTooLargeError
          ? { kind: "too-large" }
          : { kind: "invalid", reason: error instanceof Error ? error.message : String(error) },
      );
    }
  }

  #complete(reply: RawReply, hasSurplus: boolean): void {
    if (this.#state.kind !== "busy") return;
    // A reply that comes before the request is out makes the connection useless.
    const isReusable = reply.isKeptAlive && !hasSurplus && this.#socket.writableLength === 0;
    if (!isReusable) return this.#finish({ kind: "reply", reply });
    const { onEnd } = this.#state;
    const hint = /timeout=(\d{1,9})/i.exec(reply.headers.get("keep-alive") ?? "")?.[1];
    if (hint !== undefined) this.#keepAliveSeconds = Number(hint);
    this.#state = { kind: "idle", since: this.#clock.now() };
    this.#socket.unref(); // an idle connection does not keep the process alive
    this.#owner.onIdle(this);
    onEnd({ kind: "reply", reply });
  }

  #onTimeout(): void {
    if (this.#state.kind === "idle") this.#onEnd(new Error("the connection was idle"));
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
        const reply = reader.end();
        this.#finish(
          reply === undefined
            ? { kind: "interrupted", hasBegun: reader.hasBegun, cause }
            : { kind: "reply", reply },
        );
      }
    }
  }

  /** Ends the exchange, and the connection with it. */
  #finish(result: ExchangeResult): void {
    if (this.#state.kind !== "busy") return;
    const { onEnd } = this.#state;
    this.close();
    onEnd(result);
  }
}
