import { MessageQueue } from "./message_queue.ts";
import type { EtcdError } from "../errors.ts";

/** A stream in both directions: iterate it for the replies. */
export interface Duplex<Request, Reply> extends AsyncIterableIterator<Reply> {
  /** Sends a request; does nothing once the stream has ended. */
  send(request: Request): void;
  /** Ends the stream. The iteration ends, or throws the error if there is one. */
  cancel(error?: EtcdError): void;
}

/** Part of a call of grpc-js that {@link GrpcDuplex} uses. */
export interface DuplexCall<Request, Reply, Failure> {
  write(request: Request): unknown;
  cancel(): void;
  pause(): unknown;
  resume(): unknown;
  isPaused(): boolean;
  on(event: "data", listener: (reply: Reply) => void): unknown;
  on(event: "error", listener: (error: Failure) => void): unknown;
  on(event: "end", listener: () => void): unknown;
}

/** Number of replies not yet read at which the member is asked to pause. */
const PAUSE_AT = 64;

/** A stream of grpc-js as a {@link Duplex}. */
export class GrpcDuplex<Request, Reply, Failure> implements Duplex<Request, Reply> {
  readonly #call: DuplexCall<Request, Reply, Failure>;
  readonly #replies = new MessageQueue<Reply>();
  readonly #onEnd: (error: EtcdError | undefined) => void;

  constructor(
    call: DuplexCall<Request, Reply, Failure>,
    translate: (error: Failure | null) => EtcdError,
    onEnd: (error: EtcdError | undefined) => void,
  ) {
    this.#call = call;
    this.#onEnd = onEnd;
    call.on("data", (reply: Reply) => {
      this.#replies.push(reply);
      if (this.#replies.length >= PAUSE_AT) call.pause();
    });
    // A failing stream emits `error` and then `end`; the first one counts. The listener for
    // `error` stays, because a cancelled call still reports code 1.
    call.on("error", (error: Failure) => this.#finish(translate(error)));
    call.on("end", () => this.#finish(translate(null)));
  }

  send(request: Request): void {
    if (!this.#replies.isEnded) this.#call.write(request);
  }

  cancel(error?: EtcdError): void {
    if (error === undefined) this.#replies.end();
    else this.#replies.fail(error);
    this.#onEnd(error);
    this.#call.cancel();
  }

  next(): Promise<IteratorResult<Reply, undefined>> {
    if (this.#replies.length <= PAUSE_AT / 2 && this.#call.isPaused()) this.#call.resume();
    return this.#replies.next();
  }

  async return(): Promise<IteratorResult<Reply, undefined>> {
    this.cancel();
    return await this.#replies.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #finish(error: EtcdError): void {
    if (this.#replies.isEnded) return;
    this.#replies.fail(error);
    this.#onEnd(error);
  }
}
