import { type Clock, Deadlines, Gate, onAbort, SYSTEM_CLOCK, type Timer } from "../util/mod.ts";
import { RemoteCallError, type RemoteCallErrorCode } from "./remote_call_error.ts";

/** Ends a running call with an error; its method goes on. */
export type StopCall = (error: RemoteCallError) => void;

/** Time after which a call is watched for a caller that leaves: watching costs too much at once. */
const WATCH_AFTER_MS = 250;

/** Running calls of all services of a server. */
export class RunningCalls {
  /** Functions that end them. */
  readonly stops: Set<StopCall> = new Set();
  /** Calls that do not take long yet; its timer goes on between calls. */
  readonly young: Deadlines;

  /** Creates an empty collection. */
  constructor(clock?: Clock) {
    this.young = new Deadlines(WATCH_AFTER_MS, { clock: clock ?? SYSTEM_CLOCK, keepsTimer: true });
  }

  /** Ends every call with an error, and the timer; methods go on. */
  close(createError: () => RemoteCallError): void {
    for (const stop of [...this.stops]) stop(createError());
    this.young.close();
  }
}

/** Limits of a {@link CallLimiter}. */
export interface CallLimits {
  /** Running calls of the server; each limiter adds and deletes its own. */
  readonly running: RunningCalls;
  /** Maximum number of calls whose callers wait. */
  readonly maxCalls: number;
  /** Maximum number of methods that go on although their callers left. @default 100 */
  readonly maxAbandoned?: number | undefined;
  /** Source of time. @default the clock of the machine */
  readonly clock?: Clock | undefined;
}

/** A call that a {@link CallLimiter} runs. */
export interface LimitedCall {
  /** Names the call in errors, such as `add of com.example.Math`. */
  readonly label: string;
  /** Longest time that the caller waits, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * Time on the clock when the wait began. A look at the clock costs as much as reading a small
   * document: it is asked only if a method returns a promise, before anything else runs.
   */
  readonly startMs: number;
  /** Returns a signal that is aborted when the caller leaves. Asked only if a call takes long. */
  getCallerSignal(): AbortSignal;
  /** Notifies the method that the caller no longer waits. */
  stop(reason: RemoteCallError): void;
}

/**
 * Limits the calls of one service, so that its callers can't take the place of others'. A call
 * holds a place until its method ends, its time is over or its caller has left. A method that
 * goes on after that counts as abandoned; too many of them stop further calls of the service.
 */
export class CallLimiter {
  readonly #gate: Gate;
  readonly #abandoned: Gate;
  readonly #clock: Clock;
  readonly #running: RunningCalls;

  /**
   * Creates a limiter.
   *
   * @throws {RangeError} if a limit is below 1
   */
  constructor({ running, maxCalls, maxAbandoned = 100, clock = SYSTEM_CLOCK }: CallLimits) {
    this.#running = running;
    this.#gate = new Gate(maxCalls);
    this.#abandoned = new Gate(maxAbandoned);
    this.#clock = clock;
  }

  /**
   * Runs a method within the limits. Returns its result, or a promise of it.
   *
   * @throws {RemoteCallError} `overloaded` if there is no place; the promise rejects with
   * `timeout` or `interrupted` if the caller's time is over or the caller has left
   */
  run(call: LimitedCall, invoke: () => unknown): unknown {
    this.#enter(call);
    let result: unknown;
    try {
      result = invoke();
    } catch (error) {
      this.#gate.leave();
      throw error;
    }
    if (result instanceof Promise) return this.#wait(call, result);
    this.#gate.leave();
    return result;
  }

  #enter({ label }: LimitedCall): void {
    if (!this.#abandoned.enter()) {
      throw createOverloadedError(label, "too many of its calls go on although their callers left");
    }
    this.#abandoned.leave();
    if (!this.#gate.enter()) throw createOverloadedError(label, "too many calls are running");
  }

  #wait(call: LimitedCall, result: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const watch = new CallWatch(this.#clock, call, (error) => stop(error));
      const { timeoutMs, startMs } = call;
      const deadline = timeoutMs <= WATCH_AFTER_MS
        ? undefined
        : this.#running.young.add(() => watch.start(timeoutMs - WATCH_AFTER_MS), startMs);
      if (deadline === undefined) watch.startTimer(timeoutMs);
      const leave = (): boolean => {
        if (!this.#running.stops.delete(stop)) return false; // the caller has its answer
        if (deadline !== undefined) this.#running.young.delete(deadline);
        watch.end();
        this.#gate.leave();
        return true;
      };
      const stop: StopCall = (error) => {
        if (!leave()) return;
        this.#abandoned.linger(result);
        reject(error); // before the method is notified, which may end it with another result
        call.stop(error);
      };
      this.#running.stops.add(stop);
      result.then(
        (value) => leave() && resolve(value),
        (error) => leave() && reject(error),
      );
    });
  }
}

/** Watches a call that takes long: its time, and whether its caller is still there. */
class CallWatch {
  readonly #clock: Clock;
  readonly #call: LimitedCall;
  readonly #onStop: StopCall;
  #timer: Timer | undefined;
  #caller: Disposable | undefined;

  constructor(clock: Clock, call: LimitedCall, onStop: StopCall) {
    this.#clock = clock;
    this.#call = call;
    this.#onStop = onStop;
  }

  /** Starts the timer of a short call, whose caller need not be watched. */
  startTimer(leftMs: number): void {
    this.#timer = this.#clock.startTimer(leftMs, this.#onTimeout);
  }

  /** Starts the timer and watches the caller. */
  start(leftMs: number): void {
    this.startTimer(leftMs);
    this.#caller = onAbort(this.#call.getCallerSignal(), this.#onLeft);
  }

  end(): void {
    this.#timer?.cancel();
    this.#caller?.[Symbol.dispose]();
  }

  readonly #onTimeout = (): void => {
    const { label, timeoutMs } = this.#call;
    this.#onStop(createError("timeout", `no answer within ${timeoutMs} ms`, label));
  };

  readonly #onLeft = (): void => {
    const { label } = this.#call;
    this.#onStop(createError("interrupted", "the caller has left", label));
  };
}

function createOverloadedError(label: string, reason: string): RemoteCallError {
  return createError("overloaded", `${reason}; try again later, or call another server`, label);
}

function createError(code: RemoteCallErrorCode, reason: string, label: string): RemoteCallError {
  return new RemoteCallError(code, `Cannot call ${label}: ${reason}`, { reason });
}
