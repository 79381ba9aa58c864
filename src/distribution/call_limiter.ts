import {
  type Clock,
  type Deadline,
  Deadlines,
  Gate,
  type Linked,
  LinkedList,
  onAbort,
  SYSTEM_CLOCK,
  type Timer,
} from "../util/mod.ts";
import { RemoteCallError, type RemoteCallErrorCode } from "./remote_call_error.ts";

/** A running call of a method that returned a promise. */
export interface RunningCall extends Linked<RunningCall> {
  /** Ends the call with an error; its method goes on. */
  stop(error: RemoteCallError): void;
}

/** Time after which a call is watched for a caller that leaves: watching costs too much at once. */
const WATCH_AFTER_MS = 250;

/** Running calls of all services of a server. */
export class RunningCalls {
  /** Calls whose methods returned a promise. */
  readonly calls: LinkedList<RunningCall> = new LinkedList();
  /** Calls that do not take long yet; its timer goes on between calls. */
  readonly young: Deadlines;

  /** Creates an empty collection. */
  constructor(clock?: Clock) {
    this.young = new Deadlines(WATCH_AFTER_MS, { clock: clock ?? SYSTEM_CLOCK, keepsTimer: true });
  }

  /** Ends every call with an error, and the timer; methods go on. */
  close(createError: () => RemoteCallError): void {
    const calls = [];
    for (let call = this.calls.first; call; call = call.next) calls.push(call);
    for (const call of calls) call.stop(createError());
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
  readonly #context: WaitingContext;

  /**
   * Creates a limiter.
   *
   * @throws {RangeError} if a limit is below 1
   */
  constructor({ running, maxCalls, maxAbandoned = 100, clock = SYSTEM_CLOCK }: CallLimits) {
    this.#gate = new Gate(maxCalls);
    this.#abandoned = new Gate(maxAbandoned);
    this.#context = { clock, running, gate: this.#gate, abandoned: this.#abandoned };
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
      const { timeoutMs, startMs } = call;
      const waiting = new WaitingCall(call, timeoutMs, this.#context, result, reject);
      waiting.start(startMs);
      result.then(
        (value) => waiting.end() && resolve(value),
        (error) => waiting.end() && reject(error),
      );
    });
  }
}

/** What the waiting calls of a service share. */
interface WaitingContext {
  readonly clock: Clock;
  readonly running: RunningCalls;
  readonly gate: Gate;
  readonly abandoned: Gate;
}

/** A call whose caller waits for the promise of its method, for its time to be over, or leaves. */
class WaitingCall implements RunningCall {
  previous: RunningCall | undefined = undefined;
  next: RunningCall | undefined = undefined;
  readonly #call: LimitedCall;
  readonly #timeoutMs: number;
  readonly #context: WaitingContext;
  readonly #result: Promise<unknown>;
  readonly #reject: (error: RemoteCallError) => void;
  #isOver = false;
  #young: Deadline | undefined;
  #timer: Timer | undefined;
  #caller: Disposable | undefined;

  constructor(
    call: LimitedCall,
    timeoutMs: number,
    context: WaitingContext,
    result: Promise<unknown>,
    reject: (error: RemoteCallError) => void,
  ) {
    this.#call = call;
    this.#timeoutMs = timeoutMs;
    this.#context = context;
    this.#result = result;
    this.#reject = reject;
  }

  /** Begins to wait. The caller of a short call need not be watched. */
  start(startMs: number): void {
    const { running } = this.#context;
    running.calls.add(this);
    if (this.#timeoutMs <= WATCH_AFTER_MS) this.#startTimer(this.#timeoutMs);
    else this.#young = running.young.add(() => this.#watch(), startMs);
  }

  /** Ends the wait; returns whether it had not ended before. */
  end(): boolean {
    if (this.#isOver) return false; // the caller has its answer
    this.#isOver = true;
    const { running, gate } = this.#context;
    running.calls.delete(this);
    if (this.#young !== undefined) running.young.delete(this.#young);
    this.#timer?.cancel();
    this.#caller?.[Symbol.dispose]();
    gate.leave();
    return true;
  }

  stop(error: RemoteCallError): void {
    if (!this.end()) return;
    this.#context.abandoned.linger(this.#result);
    this.#reject(error); // before the method is notified, which may end it with another result
    this.#call.stop(error);
  }

  /** Watches a call that takes long: its time, and whether its caller is still there. */
  #watch(): void {
    this.#startTimer(this.#timeoutMs - WATCH_AFTER_MS);
    this.#caller = onAbort(this.#call.getCallerSignal(), () => {
      this.stop(createError("interrupted", "the caller has left", this.#call.label));
    });
  }

  #startTimer(leftMs: number): void {
    this.#timer = this.#context.clock.startTimer(leftMs, () => {
      const reason = `no answer within ${this.#timeoutMs} ms`;
      this.stop(createError("timeout", reason, this.#call.label));
    });
  }
}

function createOverloadedError(label: string, reason: string): RemoteCallError {
  return createError("overloaded", `${reason}; try again later, or call another server`, label);
}

function createError(code: RemoteCallErrorCode, reason: string, label: string): RemoteCallError {
  return new RemoteCallError(code, `Cannot call ${label}: ${reason}`, { reason });
}
