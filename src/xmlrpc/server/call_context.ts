/** Context of a call, as a method finds it in `this` and in {@link currentCall}. */
export interface CallContext {
  /** Name of the method as it was called. */
  readonly methodName: string;
  /** The HTTP request, whose body has been read. */
  readonly request: Request;
  /** Caller, as the handler's `authenticate` returned it; `undefined` without `authenticate`. */
  readonly principal: unknown;
  /** Aborted if the result is not needed any more: client gone, time over, server closed. */
  readonly signal: AbortSignal;
}

let current: CallContext | undefined;

/**
 * Returns the call that a method of a handler answers, for methods that have a `this` of their own.
 * Valid up to the first `await` of the method; `undefined` outside of calls. Methods of remote
 * services use `currentCall` of the root module.
 *
 * @example
 * ```ts
 * import { createXmlRpcHandler, currentCall, encodeMethodCall } from "@remote-services/etcd3/xmlrpc";
 *
 * const handle = createXmlRpcHandler({ getName: () => currentCall()?.methodName });
 * const headers = { "content-type": "text/xml" };
 * const body = encodeMethodCall("getName");
 * const reply = await handle(new Request("http://localhost/", { method: "POST", headers, body }));
 * console.log((await reply.text()).includes("<string>getName</string>")); // true
 * ```
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

/** Context of a call; its signal costs nothing until it is used. */
export class Call implements CallContext {
  readonly methodName: string;
  readonly request: Request;
  readonly principal: unknown;
  readonly #serverSignal: AbortSignal | undefined;
  #stop: AbortController | undefined;
  #signal: AbortSignal | undefined;
  #reason: unknown;

  /**
   * Creates a context.
   *
   * @param closed aborted when the server closes
   */
  constructor(
    methodName: string,
    request: Request,
    principal: unknown,
    closed: AbortSignal | undefined,
  ) {
    this.methodName = methodName;
    this.request = request;
    this.principal = principal;
    this.#serverSignal = closed;
  }

  get signal(): AbortSignal {
    if (this.#signal !== undefined) return this.#signal;
    this.#stop = new AbortController();
    if (this.#reason !== undefined) this.#stop.abort(this.#reason);
    const signals = [this.#stop.signal, this.request.signal];
    if (this.#serverSignal !== undefined) signals.push(this.#serverSignal);
    return this.#signal = AbortSignal.any(signals);
  }

  /** Notifies the method that its result is not needed any more. */
  stop(reason: unknown): void {
    this.#reason = reason;
    this.#stop?.abort(reason);
  }
}
