import type { RemoteCall } from "../distribution/mod.ts";
import { type CallErrorType, OTHER } from "./call_outcome.ts";
import { LatencyHistogram } from "./latency_histogram.ts";

/** Name under which the calls of a method are counted. */
export interface CountedMethod {
  /** Interface; `_OTHER` for all beyond the limits. */
  readonly interfaceName: string;
  /** Method; `_OTHER` for unknown ones, and for all beyond the limits. */
  readonly method: string;
}

/** Counts and latencies of the calls of one method at one moment. */
export interface MethodStatistics extends CountedMethod {
  /** `outgoing` for calls to other processes, `incoming` for those from them. */
  readonly direction: RemoteCall["direction"];
  /** Number of calls that have ended; each attempt of an outgoing call counts. */
  readonly calls: number;
  /** Number of failed calls among them, by reason. */
  readonly errors: ReadonlyMap<CallErrorType, number>;
  /** Latencies of all calls. */
  readonly latencies: LatencyHistogram;
}

/** Limits of a {@link CallStatistics}. */
export interface CallStatisticsLimits {
  /** Maximum number of methods that are listed on their own. @default 500 */
  readonly maxMethods?: number;
  /** Maximum number of these of one interface in one direction. @default 100 */
  readonly maxMethodsPerInterface?: number;
}

/** Outcome of a call. */
export interface CallOutcome {
  /** Whether the method is one of the service; strangers may send any name. */
  readonly isKnownMethod: boolean;
  /** Time that the call took. */
  readonly latencyMs: number;
  /** Reason that the call failed; `undefined` if it did not. */
  readonly error: CallErrorType | undefined;
}

/** Counts of one method. */
class Series implements CountedMethod {
  readonly interfaceName: string;
  readonly method: string;
  readonly errors = new Map<CallErrorType, number>();
  readonly latencies = new LatencyHistogram();

  constructor(interfaceName: string, method: string) {
    this.interfaceName = interfaceName;
    this.method = method;
  }

  record(latencyMs: number, error: CallErrorType | undefined): void {
    this.latencies.record(latencyMs);
    if (error !== undefined) this.errors.set(error, (this.errors.get(error) ?? 0) + 1);
  }
}

type SeriesByMethod = Map<string, Series>;

/**
 * Counts calls, errors and latencies by direction, interface and method. Names beyond the
 * limits, and methods that no service has, share the name `_OTHER`: another process can't make
 * it grow.
 *
 * @example
 * ```ts
 * import { inProcess, memory, remoteServices } from "@remote-services/etcd3";
 *
 * const providers = { discovery: [memory()], distribution: [inProcess()], drainMs: 0 };
 * await using server = await remoteServices(providers);
 * await using client = await remoteServices(providers);
 * await server.register("com.example.Greeter", { greet: () => "Hello" });
 * const statistics = client.recordCalls();
 * const greeter = await client.service<{ greet(): string }>("com.example.Greeter");
 * await greeter.greet();
 * for (const { method, calls, latencies } of statistics.snapshot()) {
 *   console.log(method, calls, (latencies.quantileMs(0.95) ?? 0) < 1000); // greet 1 true
 * }
 * ```
 */
export class CallStatistics {
  readonly #maxMethods: number;
  readonly #maxMethodsPerInterface: number;
  readonly #series = {
    outgoing: new Map<string, SeriesByMethod>(),
    incoming: new Map<string, SeriesByMethod>(),
  };
  #methods = 0;

  /** Creates empty statistics. */
  constructor(limits: CallStatisticsLimits = {}) {
    this.#maxMethods = limits.maxMethods ?? 500;
    this.#maxMethodsPerInterface = limits.maxMethodsPerInterface ?? 100;
  }

  /** Records a call that has ended. Returns the name under which it counts. */
  record(
    call: Pick<RemoteCall, "direction" | "interfaceName" | "method">,
    { isKnownMethod, latencyMs, error }: CallOutcome,
  ): CountedMethod {
    const isUnknown = !isKnownMethod || error === "no-such-method";
    const { direction, interfaceName, method } = call;
    const series = this.#find(direction, interfaceName, isUnknown ? OTHER : method);
    series.record(latencyMs, error);
    return series;
  }

  /** Returns the counts since the beginning; they do not change afterwards. */
  snapshot(): readonly MethodStatistics[] {
    return (["outgoing", "incoming"] as const).flatMap((direction) =>
      [...this.#series[direction]].flatMap(([interfaceName, methods]) =>
        [...methods].map(([method, { errors, latencies }]) => ({
          direction,
          interfaceName,
          method,
          calls: latencies.count,
          errors: new Map(errors),
          latencies: latencies.copy(),
        }))
      )
    );
  }

  #find(direction: RemoteCall["direction"], interfaceName: string, method: string): Series {
    return this.#series[direction].get(interfaceName)?.get(method) ??
      this.#add(direction, interfaceName, method);
  }

  #add(direction: RemoteCall["direction"], interfaceName: string, method: string): Series {
    const isOther = interfaceName === OTHER && method === OTHER;
    const methods = this.#series[direction].get(interfaceName) ?? new Map<string, Series>();
    if (!isOther && this.#methods >= this.#maxMethods) return this.#find(direction, OTHER, OTHER);
    if (method !== OTHER && methods.size >= this.#maxMethodsPerInterface) {
      return this.#find(direction, interfaceName, OTHER);
    }
    const series = new Series(interfaceName, method);
    if (!isOther) this.#methods++;
    this.#series[direction].set(interfaceName, methods.set(method, series));
    return series;
  }
}
