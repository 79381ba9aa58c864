import type {
  CallInstrument,
  CallMeasurement,
  MeasuredCall,
  RemoteCall,
  RemoteCallError,
} from "../distribution/mod.ts";
import type { Clock } from "../util/mod.ts";
import { describeCall, UNKNOWN_SYSTEM } from "./call_attributes.ts";
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
  /** Name that distinguishes the hosts of one process. */
  readonly hostId: string;
  /** Returns the state of the host, for its metrics. */
  readonly readState: () => HostState;
}

/**
 * Measures the calls of a host: counts them once that is asked for, and traces them once an
 * OpenTelemetry SDK is registered.
 */
export class CallTelemetry implements CallInstrument {
  readonly #options: CallTelemetryOptions;
  readonly #tracer = new CallTracer();
  readonly #meter: OtelMeter;
  readonly #parts: MeasurementParts;
  #isRecording = false;

  /** Creates an inactive instrument. */
  constructor(options: CallTelemetryOptions) {
    this.#options = options;
    this.#meter = new OtelMeter(options.hostId, options.readState);
    const { clock } = options;
    this.#parts = { clock, meter: this.#meter, statistics: new CallStatistics() };
  }

  /** Whether calls are measured. */
  get isActive(): boolean {
    return this.#isRecording || this.#findOpenTelemetry() !== undefined;
  }

  /** Starts to record statistics, once; returns them. */
  recordCalls(): CallStatistics {
    if (!this.#isRecording) this.#parts.statistics = new CallStatistics();
    this.#isRecording = true;
    return this.#parts.statistics;
  }

  /** Counts and traces a call that failed before an endpoint was known. */
  recordUnattempted(
    { interfaceName, method, waitedMs, error }: {
      readonly interfaceName: string;
      readonly method: string;
      readonly waitedMs: number;
      readonly error: RemoteCallError;
    },
  ): void {
    const api = this.#findOpenTelemetry();
    if (!this.#isRecording && api === undefined) return;
    const counted = this.#parts.statistics.record(
      { direction: "outgoing", interfaceName, method },
      { isKnownMethod: true, latencyMs: waitedMs, error: error.code },
    );
    if (api === undefined) return;
    ignoreFailure(() => {
      const startTime = this.#options.clock.epochMs() - waitedMs;
      this.#tracer.traceUnattempted(api, `${interfaceName}/${method}`, { error, startTime });
      this.#meter.follow(api.metrics);
      const outcome = { latencyMs: waitedMs, error: error.code, context: undefined };
      this.#meter.record("outgoing", UNKNOWN_SYSTEM, counted, outcome);
    });
  }

  /** Observes the host with the meters of OpenTelemetry, if they are registered. */
  observeHost(): void {
    ignoreFailure(() => this.#meter.follow(this.#findOpenTelemetry()?.metrics));
  }

  /** Stops observing the host. */
  close(): void {
    ignoreFailure(() => this.#meter.close());
  }

  /** Begins to measure a call. */
  begin(call: MeasuredCall, isKnownMethod: boolean): CallMeasurement {
    const api = this.#findOpenTelemetry();
    const observed = api === undefined ? undefined : this.#observe(api, call, isKnownMethod);
    return new Measurement(call, isKnownMethod, this.#parts, observed);
  }

  #observe(api: OpenTelemetry, call: MeasuredCall, isKnownMethod: boolean): ObservedCall {
    const description = describeCall(call, isKnownMethod);
    let traced: TracedCall | undefined;
    try {
      this.#meter.follow(api.metrics);
      traced = this.#tracer.start(api, call, description);
    } catch {
      // A failure of the SDK must not become one of the call.
    }
    return { system: description.system, traced };
  }

  #findOpenTelemetry(): OpenTelemetry | undefined {
    return this.#options.usesOpenTelemetry ? findOpenTelemetry() : undefined;
  }
}

/** A call that OpenTelemetry observes. */
interface ObservedCall {
  readonly system: string;
  readonly traced: TracedCall | undefined;
}

/** Parts that all measurements share. */
interface MeasurementParts {
  readonly clock: Clock;
  readonly meter: OtelMeter;
  statistics: CallStatistics;
}

class Measurement implements CallMeasurement {
  readonly #call: RemoteCall;
  readonly #isKnownMethod: boolean;
  readonly #parts: MeasurementParts;
  readonly #observed: ObservedCall | undefined;
  readonly #beginMs: number;

  constructor(
    call: RemoteCall,
    isKnownMethod: boolean,
    parts: MeasurementParts,
    observed: ObservedCall | undefined,
  ) {
    this.#call = call;
    this.#isKnownMethod = isKnownMethod;
    this.#parts = parts;
    this.#observed = observed;
    this.#beginMs = parts.clock.now();
  }

  run<T>(next: (call: RemoteCall) => T, isWatched: boolean): T {
    const traced = this.#observed?.traced;
    return traced === undefined ? next(this.#call) : traced.run(next, isWatched);
  }

  end(): void {
    this.#end(undefined, undefined);
  }

  fail(error: unknown): void {
    this.#end(findErrorType(error, this.#call), error);
  }

  #end(type: CallErrorType | undefined, error: unknown): void {
    const { clock, statistics, meter } = this.#parts;
    const latencyMs = clock.now() - this.#beginMs;
    const outcome = { isKnownMethod: this.#isKnownMethod, latencyMs, error: type };
    const counted = statistics.record(this.#call, outcome);
    if (this.#observed === undefined) return;
    const { system, traced } = this.#observed;
    try {
      traced?.end(type, error);
      const context = traced?.context;
      meter.record(this.#call.direction, system, counted, { latencyMs, error: type, context });
    } catch {
      // A failure of the SDK must not become one of the call.
    }
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
