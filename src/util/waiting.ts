import { type Clock, SYSTEM_CLOCK } from "./clock.ts";
import { type Linked, LinkedList } from "./linked_list.ts";

/** Limits of a wait. */
export interface WaitLimits {
  /** Longest wait in milliseconds. @default Infinity */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait; its `reason` is thrown unchanged. */
  readonly signal?: AbortSignal | undefined;
  /** Creates the error of a wait that took too long. @default a `TimeoutError` */
  readonly createTimeoutError?: (() => unknown) | undefined;
  /** Clock to wait by. @default the clock of the machine */
  readonly clock?: Clock | undefined;
}

/** Function that waits for a signal until it is disposed. */
class Waiter implements Linked<Waiter>, Disposable {
  readonly callback: () => void;
  readonly #list: LinkedList<Waiter>;
  previous: Waiter | undefined;
  next: Waiter | undefined;

  constructor(callback: () => void, list: LinkedList<Waiter>) {
    this.callback = callback;
    this.#list = list;
    list.add(this);
  }

  [Symbol.dispose](): void {
    this.#list.delete(this);
  }
}

/** Functions that wait for signals of {@link createBusyController}, until these are aborted. */
const WAITING = new WeakMap<AbortSignal, LinkedList<Waiter>>();
const NOTHING: Disposable = { [Symbol.dispose]() {} };

/**
 * Calls a function once when a signal is aborted, at once if it already is. Disposing the
 * result takes the function back.
 *
 * @example
 * ```ts
 * const controller = new AbortController();
 * using _subscription = onAbort(controller.signal, () => console.log("stopped"));
 * controller.abort();
 * ```
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): Disposable {
  if (signal === undefined) return NOTHING;
  const waiting = WAITING.get(signal);
  if (waiting !== undefined) return new Waiter(callback, waiting);
  if (signal.aborted) callback();
  else signal.addEventListener("abort", callback, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener("abort", callback) };
}

/**
 * Creates a controller for whose signal every call waits with {@link onAbort}: its one listener
 * serves all of them. Adding and removing a listener for each takes 0.9 µs of a call.
 */
export function createBusyController(): AbortController {
  const controller = new AbortController();
  const waiting = new LinkedList<Waiter>();
  WAITING.set(controller.signal, waiting);
  controller.signal.addEventListener("abort", () => {
    WAITING.delete(controller.signal);
    for (let next = waiting.first; next !== undefined; next = waiting.first) {
      waiting.delete(next);
      next.callback();
    }
  }, { once: true });
  return controller;
}

/**
 * Waits for a promise, a deadline or a signal, whichever comes first. The promise itself
 * goes on; its later rejection is handled.
 *
 * @throws the promise's rejection, the signal's `reason`, or the time-out's error
 * @example
 * ```ts
 * const never = new Promise<never>(() => {});
 * const result = await waitFor(never, { timeoutMs: 10 }).catch((error) => error.message);
 * console.log(result); // No result within 10 ms
 * ```
 */
export async function waitFor<T>(promise: PromiseLike<T>, limits: WaitLimits = {}): Promise<T> {
  const { timeoutMs = Infinity, signal, clock = SYSTEM_CLOCK } = limits;
  if (timeoutMs === Infinity && signal === undefined) return await promise;
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const timer = clock.startTimer(
    timeoutMs,
    () => reject(limits.createTimeoutError?.() ?? createTimeoutError(timeoutMs)),
  );
  using _subscription = onAbort(signal, () => reject(signal?.reason));
  try {
    return await Promise.race([promise, limit]);
  } finally {
    timer.cancel();
  }
}

/**
 * Waits for a time. Resolves early, without an error, when the signal is aborted.
 *
 * @param delayMs milliseconds
 * @example
 * ```ts
 * await pause(5);
 * await pause(60_000, AbortSignal.abort()); // returns at once
 * ```
 */
export async function pause(
  delayMs: number,
  signal?: AbortSignal,
  clock: Clock = SYSTEM_CLOCK,
): Promise<void> {
  if (signal?.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.startTimer(delayMs, resolve);
  using _subscription = onAbort(signal, resolve);
  await promise;
  timer.cancel();
}

function createTimeoutError(timeoutMs: number): DOMException {
  return new DOMException(`No result within ${timeoutMs} ms`, "TimeoutError");
}
