import { type Deadline, type Deadlines, onAbort, toMessage, toPrintable } from "../../util/mod.ts";
import type { ClientConnection, Exchange, ExchangeResult } from "./client_connection.ts";
import { HttpClientError } from "./http_client_errors.ts";
import type { OriginPool } from "./origin_pool.ts";
import { inflateReply, isInflated, type RawReply } from "./reply/mod.ts";

/** State of a request. */
type State =
  | { readonly kind: "connecting"; readonly dialing: AbortController | undefined }
  | { readonly kind: "sent"; readonly connection: ClientConnection }
  | { readonly kind: "ended" };

const CONNECTING: State = { kind: "connecting", dialing: undefined };
const ENDED: State = { kind: "ended" };

/** A request as it is sent. */
export interface RequestParts {
  /** Method. */
  readonly method: string;
  /** Largest body of the reply. */
  readonly maxBytes: number;
  /** Head and body. */
  readonly bytes: string | Uint8Array;
}

/** One request on its way. It ends once: with a reply, an error or {@link stop}. */
export class RequestRun implements Exchange {
  /** Resolves with the reply, inflated. */
  readonly reply: Promise<RawReply>;
  /** Method. */
  readonly method: string;
  /** Largest body of the reply. */
  readonly maxBytes: number;
  readonly #bytes: string | Uint8Array;
  readonly #pool: OriginPool;
  readonly #resolve: (reply: RawReply | Promise<RawReply>) => void;
  readonly #reject: (error: unknown) => void;
  #state: State = CONNECTING;
  #deadlines: Deadlines | undefined;
  #deadline: Deadline | undefined;
  #subscription: Disposable | undefined;

  /** Creates a request that was not sent yet. */
  constructor({ method, maxBytes, bytes }: RequestParts, pool: OriginPool) {
    const { promise, resolve, reject } = Promise.withResolvers<RawReply>();
    this.reply = promise;
    this.method = method;
    this.maxBytes = maxBytes;
    this.#bytes = bytes;
    this.#pool = pool;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Stops the request after a time. */
  limit(deadlines: Deadlines, timeoutMs: number, nowMs: number): void {
    const onLate = () => this.stop((wasSent) => createTimeoutError(timeoutMs, wasSent));
    this.#deadlines = deadlines;
    this.#deadline = deadlines.add(onLate, nowMs);
  }

  /** Stops the request when a signal is aborted. */
  stopOn(signal: AbortSignal): void {
    this.#subscription = onAbort(signal, () => this.stop(() => signal.reason));
  }

  /** Begins to connect; returns the signal that ends the attempt. */
  startDialing(): AbortSignal {
    const dialing = new AbortController();
    if (this.#state.kind === "connecting") this.#state = { kind: "connecting", dialing };
    else dialing.abort();
    return dialing.signal;
  }

  /** Sends the request over a connection, which is closed if the request has ended. */
  send(connection: ClientConnection): void {
    if (this.#state.kind === "ended") return connection.close();
    this.#state = { kind: "sent", connection };
    connection.start(this.#bytes, this);
  }

  /** Ends the request with the end of its exchange. */
  onEnd(result: ExchangeResult): void {
    if (this.#state.kind !== "sent") return;
    const { connection } = this.#state;
    this.#end();
    if (result.kind === "reply") {
      const { reply } = result;
      return this.#resolve(isInflated(reply) ? reply : inflateReply(reply, this.maxBytes));
    }
    const isLost = result.kind === "interrupted" && !result.hasBegun;
    if (isLost && connection.isReused) this.#pool.distrust();
    this.#reject(toError(result));
  }

  /** Ends the request because no connection can be made. */
  fail(error: unknown): void {
    if (this.#state.kind === "ended") return;
    this.#end();
    this.#reject(error);
  }

  /** Ends the request with an error; its connection is closed. */
  stop(createError: (wasSent: boolean) => unknown): void {
    const state = this.#state;
    if (state.kind === "ended") return;
    this.#end();
    if (state.kind === "connecting") state.dialing?.abort();
    else state.connection.close();
    this.#reject(createError(state.kind === "sent"));
  }

  #end(): void {
    this.#state = ENDED;
    if (this.#deadline !== undefined) this.#deadlines?.delete(this.#deadline);
    this.#subscription?.[Symbol.dispose]();
  }
}

function toError(result: Exclude<ExchangeResult, { kind: "reply" }>): HttpClientError {
  switch (result.kind) {
    case "interrupted": {
      const { cause } = result;
      const message = `the connection ended before the reply was complete: ${
        toPrintable(toMessage(cause))
      }`;
      return new HttpClientError("interrupted", message, { wasSent: true, cause });
    }
    case "too-large":
      return new HttpClientError("too-large", "the reply exceeds the limit", { wasSent: true });
    case "invalid":
      return new HttpClientError("invalid-reply", result.reason, { wasSent: true });
  }
}

function createTimeoutError(timeoutMs: number, wasSent: boolean): HttpClientError {
  const message = wasSent
    ? `no answer within ${timeoutMs} ms`
    : `no answer within ${timeoutMs} ms: no connection was made`;
  return new HttpClientError("timeout", message, { wasSent });
}
