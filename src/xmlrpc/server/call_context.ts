/** What a method is told besides its parameters. */
export interface CallContext {
  /** Name of the method as it was called. */
  readonly methodName: string;
  /** The HTTP request, whose body has been read. */
  readonly request: Request;
  /** Who calls, as the handler's `authenticate` says; undefined when it has none. */
  readonly principal: unknown;
  /** Aborted when nobody waits for the result: the caller left, time ran out, the server closed. */
  readonly signal: AbortSignal;
}

let current: CallContext | undefined;

/**
 * The call that a method answers, for services whose methods have a `this` of their
 * own. Ask at the method's beginning: after an `await` another call may be under way.
 * Undefined outside of calls.
 */
export function currentCall(): CallContext | undefined {
  // No AsyncLocalStorage: it would cost every call as much as its document does.
  return current;
}

/** Runs a method as part of a call. */
export function runCall<T>(context: CallContext, method: () => T): T {
  const before = current;
  current = context;
  try {
    return method();
  } finally {
    current = before;
  }
}

/** The context of a call, whose signal costs nothing while nobody asks for it. */
export class Call implements CallContext {
  readonly methodName: string;
  readonly request: Request;
  readonly principal: unknown;
  readonly #closed: AbortSignal | undefined;
  #stop: AbortController | undefined;
  #signal: AbortSignal | undefined;
  #reason: unknown;

  /** @param closed aborted when the server closes */
  constructor(
    methodName: string,
    request: Request,
    principal: unknown,
    closed: AbortSignal | undefined,
  ) {
    this.methodName = methodName;
    this.request = request;
    this.principal = principal;
    this.#closed = closed;
  }

  get signal(): AbortSignal {
    if (this.#signal !== undefined) return this.#signal;
    this.#stop = new AbortController();
    if (this.#reason !== undefined) this.#stop.abort(this.#reason);
    const signals = [this.#stop.signal, this.request.signal];
    if (this.#closed !== undefined) signals.push(this.#closed);
    return this.#signal = AbortSignal.any(signals);
  }

  /** Tells the method that nobody waits any more. */
  stop(reason: unknown): void {
    this.#reason = reason;
    this.#stop?.abort(reason);
  }
}
