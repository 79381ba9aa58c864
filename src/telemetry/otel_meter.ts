import type { RemoteCall } from "../distribution/mod.ts";
import { type CallErrorType, OTHER } from "./call_outcome.ts";
import type { CountedMethod } from "./call_statistics.ts";
import { createHostMetrics, HOST_METRICS, type HostState } from "./host_metrics.ts";
import type { Metric } from "./metric.ts";
import {
  type Attributes,
  type Context,
  type Histogram,
  INSTRUMENTATION,
  type Meter,
  type MeterProvider,
  type Observable,
  type ObservableResult,
} from "./open_telemetry.ts";

/** Bounds in seconds that the semantic conventions advise for durations of calls. */
export const DURATION_BOUNDS: readonly number[] = [
  0.005,
  0.01,
  0.025,
  0.05,
  0.075,
  0.1,
  0.25,
  0.5,
  0.75,
  1,
  2.5,
  5,
  7.5,
  10,
];

/** Instruments of one meter provider. */
interface Instruments {
  readonly provider: MeterProvider;
  readonly durations: Readonly<Record<RemoteCall["direction"], Histogram>>;
  /** Stops the observation of the host's metrics. */
  readonly stop: () => void;
}

/**
 * Records the durations of calls, `rpc.client.call.duration` and `rpc.server.call.duration`, and
 * the metrics of a host with the meter provider that is registered.
 */
export class OtelMeter {
  readonly #hostId: string;
  readonly #readState: () => HostState;
  readonly #attributes = new WeakMap<CountedMethod, Attributes>();
  #instruments: Instruments | undefined;
  #isClosed = false;

  /**
   * Creates a meter without instruments.
   *
   * @param hostId distinguishes the hosts of one process
   */
  constructor(hostId: string, readState: () => HostState) {
    this.#hostId = hostId;
    this.#readState = readState;
  }

  /** Creates the instruments of a provider, unless they exist. */
  follow(provider: MeterProvider | undefined): void {
    if (provider === this.#instruments?.provider || this.#isClosed) return;
    this.#instruments?.stop();
    this.#instruments = provider === undefined ? undefined : this.#createInstruments(provider);
  }

  /**
   * Records a call that has ended.
   *
   * @param system its protocol
   */
  record(
    direction: RemoteCall["direction"],
    system: string,
    counted: CountedMethod,
    { latencyMs, error, context }: {
      readonly latencyMs: number;
      readonly error: CallErrorType | undefined;
      readonly context: Context | undefined;
    },
  ): void {
    if (this.#instruments === undefined) return;
    const attributes = this.#findAttributes(system, counted);
    this.#instruments.durations[direction].record(
      latencyMs / 1000,
      error === undefined ? attributes : { ...attributes, "error.type": error },
      context,
    );
  }

  /** Stops observing the host. */
  close(): void {
    this.#isClosed = true;
    this.#instruments?.stop();
    this.#instruments = undefined;
  }

  /** Returns the attributes of a method; they are kept, as long as its protocol is the same. */
  #findAttributes(system: string, counted: CountedMethod): Attributes {
    const known = this.#attributes.get(counted);
    if (known?.["rpc.system.name"] === system) return known;
    const { interfaceName, method } = counted;
    const attributes = {
      "rpc.system.name": system,
      "rpc.method": method === OTHER ? method : `${interfaceName}/${method}`,
    };
    this.#attributes.set(counted, attributes);
    return attributes;
  }

  #createInstruments(provider: MeterProvider): Instruments {
    const meter = provider.getMeter(INSTRUMENTATION);
    const stops = HOST_METRICS.map((metric) => this.#observe(meter, metric));
    return {
      provider,
      durations: {
        outgoing: createDurations(meter, "client", "outgoing"),
        incoming: createDurations(meter, "server", "incoming"),
      },
      stop: () => {
        for (const stop of stops) stop();
      },
    };
  }

  #observe(meter: Meter, { name, kind, unit, description }: Omit<Metric, "samples">): () => void {
    const observable = createObservable(meter, kind, name, { unit, description });
    const observe = (result: ObservableResult) => {
      const metric = createHostMetrics(this.#readState()).find((one) => one.name === name);
      for (const { value, attributes } of metric?.samples ?? []) {
        result.observe(value, { ...attributes, "rsa.framework.uuid": this.#hostId });
      }
    };
    observable.addCallback(observe);
    return () => observable.removeCallback(observe);
  }
}

function createObservable(
  meter: Meter,
  kind: Metric["kind"],
  name: string,
  options: { readonly unit: string; readonly description: string },
): Observable {
  switch (kind) {
    case "counter":
      return meter.createObservableCounter(name, options);
    case "updowncounter":
      return meter.createObservableUpDownCounter(name, options);
    case "gauge":
      return meter.createObservableGauge(name, options);
  }
}

function createDurations(meter: Meter, side: "client" | "server", direction: string): Histogram {
  return meter.createHistogram(`rpc.${side}.call.duration`, {
    unit: "s",
    description: `Duration of ${direction} remote calls.`,
    advice: { explicitBucketBoundaries: [...DURATION_BOUNDS] },
  });
}
