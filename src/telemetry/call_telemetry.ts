import type { CallInstrument, RemoteCall } from "../distribution/mod.ts";
import type { Clock } from "../util/mod.ts";
import { type CallErrorType, findErrorType } from "./call_outcome.ts";
import { CallStatistics } from "./call_statistics.ts";
import { CallTracer, type TracedCall } from "./call_tracer.ts";
import type { HostState } from "./host_metrics.ts";
import { findOpenTelemetry, type OpenTelemetry } from "./open_telemetry.ts";
import { OtelMeter } from "./otel_meter.ts";

/** Parts that a {@link CallTelemetry} needs. */
export interface CallTelemetryOptions {
  /** Source of time. */
  readonly clock: Clock;
  /** Whether calls are traced once an OpenTelemetry SDK is registered. */
  readonly usesOpenTelemetry: boolean;
  /** Tells the hosts of one process apart. */
  readonly hostId: string;
  /** Returns the state of the host, for its metrics. */
  readonly readState: () => HostState;
}

/** A call that is running. */
interface Measurement {
  readonly call: RemoteCall;
  readonly isKnownMethod: boolean;
  readonly beginMs: number;
  readonly traced: TracedCall | undefined;
}

/**
 * Measures the calls of a host: counts them once that is asked for, and traces them once an
 * OpenTelemetry SDK is registered.
 */
export class CallTelemetry implements CallInstrument {
  readonly #options: CallTelemetryOptions;
  readonly #tracer = new CallTracer();
  readonly #meter: OtelMeter;
  #statistics = new CallStatistics();
  #isRecording = false;

  /** Creates an inactive instrument. */
  constructor(options: CallTelemetryOptions) {
    this.#options = options;
    this.#meter = new OtelMeter(options.hostId, options.readState);
  }

  /** Whether calls are measured. */
  get isActive(): boolean {
    return this.#isRecording || this.#findOpenTelemetry() !== undefined;
  }

  /** Starts to record statistics, once; returns them. */
  recordCalls(): CallStatistics {
    if (!this.#isRecording) this.#statistics = new CallStatistics();
    this.#isRecording = true;
    return this.#statistics;
  }

  /** Observes the host with the meters of OpenTelemetry, if they are registered. */
  observeHost(): void {
    ignoreFailure(() => this.#meter.follow(this.#findOpenTelemetry()?.metrics));
  }

  /** Stops to observe the host. */
  close(): void {
    ignoreFailure(() => this.#meter.close());
  }

  /** Runs a call and records its outcome. */
  run(call: RemoteCall, next: (call: RemoteCall) => unknown, isKnownMethod: boolean): unknown {
    const measurement = this.#begin(call, isKnownMethod);
    const { traced } = measurement;
    let result: unknown;
    try {
      result = traced === undefined ? next(call) : traced.run(() => next(traced.call));
    } catch (error) {
      this.#fail(measurement, error);
      throw error;
    }
    if (!(result instanceof Promise)) {
      this.#end(measurement);
      return result;
    }
    return result.then(
      (value) => {
        this.#end(measurement);
        return value;
      },
      (error) => {
        this.#fail(measurement, error);
        throw error;
      },
    );
  }

  #findOpenTelemetry(): OpenTelemetry | undefined {
    return this.#options.usesOpenTelemetry ? findOpenTelemetry() : undefined;
  }

  #begin(call: RemoteCall, isKnownMethod: boolean): Measurement {
    const api = this.#findOpenTelemetry();
    const traced = api === undefined
      ? undefined
      : ignoreFailure(() => this.#tracer.start(api, call, isKnownMethod));
    if (api !== undefined) this.observeHost();
    return { call, isKnownMethod, beginMs: this.#options.clock.now(), traced };
  }

  #fail(measurement: Measurement, error: unknown): void {
    this.#end(measurement, findErrorType(error, measurement.call), error);
  }

  #end(
    { call, isKnownMethod, beginMs, traced }: Measurement,
    type?: CallErrorType | undefined,
    error?: unknown,
  ): void {
    const latencyMs = this.#options.clock.now() - beginMs;
    const name = this.#statistics.record(call, { isKnownMethod, latencyMs, error: type });
    if (this.#findOpenTelemetry() === undefined) return;
    ignoreFailure(() => {
      traced?.end(type, error);
      this.#meter.record(call, name, { latencyMs, error: type, context: traced?.context });
    });
  }
}

/** Calls a function of an SDK, whose failure must not become one of the call. */
function ignoreFailure<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
