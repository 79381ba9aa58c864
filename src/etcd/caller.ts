import type { Duplex, Method } from "./transport/mod.ts";

/** Settings of one call; both may be left out. */
export interface CallOptions {
  /**
   * Deadline of the call in milliseconds.
   * @default the client's `callTimeoutMs`
   */
  readonly timeoutMs?: number;
  /** Aborts the call; its `reason` is thrown as it is. */
  readonly signal?: AbortSignal;
}

/** What the typed services are written against: one link, or whichever is live. */
export interface Caller {
  unary<Request, Reply>(
    method: Method<Request, Reply>,
    request: Request,
    options: CallOptions,
  ): Promise<Reply>;
  duplex<Request, Reply>(
    method: Method<Request, Reply>,
    options: CallOptions,
  ): Promise<Duplex<Request, Reply>>;
}
