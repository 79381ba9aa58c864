/**
 * Telemetry of calls as a program would write it by hand with the API of OpenTelemetry: what the
 * SDK costs by itself, for the same spans and durations as those of the library.
 *
 * @module
 */
import {
  type Context,
  context,
  type Histogram,
  metrics,
  propagation,
  type Span,
  SpanKind,
  trace,
  type Tracer,
  type TracerProvider,
} from "@opentelemetry/api";
import type {
  CallInstrument,
  CallMeasurement,
  MeasuredCall,
  RemoteCall,
} from "../../src/distribution/mod.ts";

const DURATION = { "rpc.system.name": "xmlrpc", "rpc.method": "com.example.Greeter/greet" };
const SPAN = {
  ...DURATION,
  "server.address": "127.0.0.1",
  "server.port": 8181,
  "rsa.endpoint.id": "1",
};
const GETTER = {
  get: (call: MeasuredCall, name: string) => call.readHeader?.(name),
  keys: () => [],
};

/** Traces and measures calls with the SDK that was registered first. */
export class HandWrittenTelemetry implements CallInstrument {
  readonly isActive = true;
  readonly #tracer: Tracer;
  readonly #durations: Readonly<Record<RemoteCall["direction"], Histogram>>;

  /** Creates tracer and instruments. */
  constructor(tracers: TracerProvider) {
    this.#tracer = tracers.getTracer("by hand");
    const meter = metrics.getMeter("by hand");
    this.#durations = {
      outgoing: meter.createHistogram("rpc.client.call.duration", { unit: "s" }),
      incoming: meter.createHistogram("rpc.server.call.duration", { unit: "s" }),
    };
  }

  /** Starts the span of a call. */
  begin(call: MeasuredCall): CallMeasurement {
    const isIncoming = call.direction === "incoming";
    const active = context.active();
    const parent = isIncoming ? propagation.extract(active, call, GETTER) : active;
    const kind = isIncoming ? SpanKind.SERVER : SpanKind.CLIENT;
    const span = this.#tracer.startSpan(
      "com.example.Greeter/greet",
      { kind, attributes: SPAN },
      parent,
    );
    return new HandWrittenMeasurement(call, span, {
      parent: trace.setSpan(parent, span),
      durations: this.#durations[call.direction],
    });
  }
}

class HandWrittenMeasurement implements CallMeasurement {
  readonly #call: RemoteCall;
  readonly #span: Span;
  readonly #parts: { readonly parent: Context; readonly durations: Histogram };
  readonly #beginMs = performance.now();

  constructor(
    call: RemoteCall,
    span: Span,
    parts: { readonly parent: Context; readonly durations: Histogram },
  ) {
    this.#call = call;
    this.#span = span;
    this.#parts = parts;
  }

  run<T>(next: (call: RemoteCall) => T): T {
    const { parent } = this.#parts;
    if (this.#call.direction === "incoming") return context.with(parent, () => next(this.#call));
    const headers = { ...this.#call.headers };
    propagation.inject(parent, headers);
    return context.with(parent, () => next({ ...this.#call, headers }));
  }

  end(): void {
    const seconds = (performance.now() - this.#beginMs) / 1000;
    this.#parts.durations.record(seconds, DURATION, this.#parts.parent);
    this.#span.end();
  }

  fail(): void {
    this.end();
  }
}
