import { DeadlineLists, type Gate, onAbort } from "../../util/mod.ts";
import { XmlRpcFault, type XmlRpcValue } from "../codec/mod.ts";
import type { MethodRights } from "./method_rights.ts";
import { type Call, runCall } from "./call_context.ts";
import type { Dispatch } from "./method_table.ts";

/** Settings of a {@link CallRunner}. */
export interface CallRunnerOptions {
  /** Longest time of a call; a function returns it for each request. */
  readonly timeoutMs: number | ((request: Request) => number);
  /** Code of the fault that answers a call that takes too long. */
  readonly faultCode: number;
  /** Gate that still counts a method after its call was answered. */
  readonly gate: Gate;
  /** Refuses calls that are not allowed; `undefined` if every call is. */
  readonly rights: MethodRights | undefined;
  /** Aborted when the server closes. */
  readonly closed: AbortSignal | undefined;
}

/** Ends the wait for a method with a reason. */
type Stop = (reason: string) => void;

/** Runs the methods of calls, and waits for them no longer than they may take. */
export class CallRunner {
  readonly #dispatch: Dispatch;
  readonly #options: CallRunnerOptions;
  readonly #deadlines: DeadlineLists;
  readonly #waiting = new Set<Stop>();

  /** Creates a runner. */
  constructor(dispatch: Dispatch, options: CallRunnerOptions) {
    this.#dispatch = dispatch;
    this.#options = options;
    const { closed } = options;
    this.#deadlines = new DeadlineLists({ keepsTimer: closed?.aborted === false });
    onAbort(closed, () => this.#close());
  }

  /**
   * Runs a method, if it may be called, and returns its result or a promise of it, without a time
   * limit.
   */
  start(call: Call, params: readonly XmlRpcValue[]): unknown {
    const checked = this.#options.rights?.check(call);
    return checked === undefined ? this.#run(call, params) : checked.then(() => {
      call.signal.throwIfAborted(); // the caller has not waited for the check
      return this.#run(call, params);
    });
  }

  #run(call: Call, params: readonly XmlRpcValue[]): unknown {
    return runCall(call, () => this.#dispatch(call.methodName, params, call));
  }

  /**
   * Waits for the result of a method. If it takes too long or the server closes, the method
   * is notified by its signal.
   *
   * @throws {XmlRpcFault} if the method takes too long or the server closes
   */
  wait(result: Promise<unknown>, call: Call): Promise<unknown> {
    const { timeoutMs: limit, closed } = this.#options;
    if (limit === Infinity && closed === undefined) return result; // the owner limits it itself
    result.catch(() => {}); // handled below, unless the limit throws
    const timeoutMs = typeof limit === "function" ? limit(call.request) : limit;
    const deadlines = this.#deadlines.get(timeoutMs);
    return new Promise((resolve, reject) => {
      const stop = (reason: string) => {
        end();
        reject(this.#stop(result, call, reason));
      };
      const late = () => stop(`${call.methodName} did not answer within ${timeoutMs} ms`);
      const deadline = deadlines.add(late);
      const end = () => {
        deadlines.delete(deadline);
        this.#waiting.delete(stop);
      };
      this.#waiting.add(stop);
      result.finally(end).then(resolve, reject);
      if (closed?.aborted) stop("The server has closed");
    });
  }

  /** Notifies a method that its result is not needed; the caller receives the fault. */
  #stop(result: Promise<unknown>, call: Call, reason: string): XmlRpcFault {
    const fault = new XmlRpcFault(this.#options.faultCode, reason);
    this.#options.gate.linger(result);
    queueMicrotask(() => call.stop(fault)); // after the caller, whom the method can't outrun
    return fault;
  }

  #close(): void {
    for (const stop of [...this.#waiting]) stop("The server has closed");
    this.#deadlines.close();
  }
}
