import type { CallInstrument, RemoteCall } from "../distribution/mod.ts";
import type { Clock } from "../util/mod.ts";
import { type CallErrorType, findErrorType } from "./call_outcome.ts";
import { CallStatistics } from "./call_statistics.ts";

/** Measures the calls of a host, once that is asked for. */
export class CallTelemetry implements CallInstrument {
  readonly #clock: Clock;
  #statistics: CallStatistics | undefined;

  /** Creates an inactive instrument. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether calls are measured. */
  get isActive(): boolean {
    return this.#statistics !== undefined;
  }

  /** Starts to record statistics, once; returns them. */
  recordCalls(): CallStatistics {
    return this.#statistics ??= new CallStatistics();
  }

  /** Runs a call and records its outcome. */
  run(call: RemoteCall, next: (call: RemoteCall) => unknown, isKnownMethod: boolean): unknown {
    const beginMs = this.#clock.now();
    let result: unknown;
    try {
      result = next(call);
    } catch (error) {
      this.#fail(call, isKnownMethod, beginMs, error);
      throw error;
    }
    if (!(result instanceof Promise)) {
      this.#end(call, isKnownMethod, beginMs);
      return result;
    }
    return result.then(
      (value) => {
        this.#end(call, isKnownMethod, beginMs);
        return value;
      },
      (error) => {
        this.#fail(call, isKnownMethod, beginMs, error);
        throw error;
      },
    );
  }

  #fail(call: RemoteCall, isKnownMethod: boolean, beginMs: number, error: unknown): void {
    this.#end(call, isKnownMethod, beginMs, findErrorType(error, call));
  }

  #end(
    call: RemoteCall,
    isKnownMethod: boolean,
    beginMs: number,
    error?: CallErrorType | undefined,
  ): void {
    const latencyMs = this.#clock.now() - beginMs;
    this.#statistics?.record(call, { isKnownMethod, latencyMs, error });
  }
}
