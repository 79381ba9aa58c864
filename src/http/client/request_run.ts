import { toMessage } from "../../util/mod.ts";
import type { ClientConnection, ExchangeResult } from "./client_connection.ts";
import { HttpClientError } from "./http_client_errors.ts";
import type { RawReply, ReplyReader } from "./reply_reader.ts";

/** State of a request. */
type State =
  | { readonly kind: "connecting"; readonly dialing: AbortController | undefined }
  | { readonly kind: "sent"; readonly connection: ClientConnection }
  | { readonly kind: "ended" };

/** One request on its way. It ends once: with a reply, an error or {@link stop}. */
export class RequestRun {
  /** Resolves with the reply. */
  readonly reply: Promise<RawReply>;
  readonly #resolve: (reply: RawReply) => void;
  readonly #reject: (error: unknown) => void;
  #state: State = { kind: "connecting", dialing: undefined };

  /** Creates a request that was not sent yet. */
  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<RawReply>();
    this.reply = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Whether it has ended. */
  get hasEnded(): boolean {
    return this.#state.kind === "ended";
  }

  /** Begins to connect; returns the signal that ends the attempt. */
  startDialing(): AbortSignal {
    const dialing = new AbortController();
    if (this.#state.kind === "connecting") this.#state = { kind: "connecting", dialing };
    else dialing.abort();
    return dialing.signal;
  }

  /** Sends the request over a connection. */
  send(
    connection: ClientConnection,
    request: string | Uint8Array,
    reader: ReplyReader,
    onEnd: (result: ExchangeResult) => void,
  ): void {
    this.#state = { kind: "sent", connection };
    connection.exchange(request, reader, (result) => {
      this.#state = { kind: "ended" };
      onEnd(result);
      if (result.kind === "reply") this.#resolve(result.reply);
      else this.#reject(toError(result));
    });
  }

  /** Ends the request because no connection can be made. */
  fail(error: unknown): void {
    if (this.#state.kind === "ended") return;
    this.#state = { kind: "ended" };
    this.#reject(error);
  }

  /** Ends the request with an error; its connection is closed. */
  stop(createError: (wasSent: boolean) => unknown): void {
    const state = this.#state;
    if (state.kind === "ended") return;
    this.#state = { kind: "ended" };
    if (state.kind === "connecting") state.dialing?.abort();
    else state.connection.close();
    this.#reject(createError(state.kind === "sent"));
  }
}

function toError(result: Exclude<ExchangeResult, { kind: "reply" }>): HttpClientError {
  switch (result.kind) {
    case "interrupted": {
      const { cause } = result;
      const message = `the connection ended before the reply was complete: ${toMessage(cause)}`;
      return new HttpClientError("interrupted", message, { wasSent: true, cause });
    }
    case "too-large":
      return new HttpClientError("too-large", "the reply exceeds the limit", { wasSent: true });
    case "invalid":
      return new HttpClientError("invalid-reply", result.reason, { wasSent: true });
  }
}
