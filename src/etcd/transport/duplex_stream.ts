import { MessageQueue } from "./async_queue.ts";
import type { EtcdError } from "../errors.ts";

/**
 * Requests go in by `send`, replies come out by iteration; `cancel` ends both, and
 * with an error the iteration throws it.
 */
export interface Duplex<Request, Reply> extends AsyncIterableIterator<Reply> {
  send(request: Request): void;
  cancel(error?: EtcdError): void;
}

/** What {@link GrpcDuplex} needs of a call of grpc-js. */
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

/** Replies that may wait for a slow reader before the member is asked to pause. */
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
    // A failing stream fires `error` and then `end`; the first one counts. The
    // `error` listener stays, because a cancelled call still reports code 1.
    call.on("error", (error: Failure) => this.#finish(translate(error)));
    call.on("end", () => this.#finish(translate(null)));
  }

  send(request: Request): void {
    if (!this.#replies.isEnded) this.#call.write(request);
  }

  cancel(error?: EtcdError): void {
    if (error === undefined) this.#replies.end();
    else this.#replies.end(error);
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
    this.#replies.end(error);
    this.#onEnd(error);
  }
}
