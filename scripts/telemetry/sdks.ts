/**
 * OpenTelemetry SDKs for the benchmark.
 *
 * @module
 */
import {
  context,
  metrics,
  propagation,
  type TextMapGetter,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { AlwaysOffSampler, BasicTracerProvider } from "@opentelemetry/sdk-trace-base";

/** Symbol under which all APIs of a process keep their registrations. */
export const API_KEY: symbol = Symbol.for("opentelemetry.js.api.1");

/** Registers the SDK without processors and readers; returns what was registered. */
export function registerSdk(): object {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new BasicTracerProvider());
  metrics.setGlobalMeterProvider(new MeterProvider());
  return Object(Reflect.get(globalThis, API_KEY));
}

/** Creates tracers of the SDK whose spans are not recorded. */
export function createUnsampledTracers(): BasicTracerProvider {
  return new BasicTracerProvider({ sampler: new AlwaysOffSampler() });
}

/** Creates an SDK whose functions do nothing but pass a trace on. */
export function createIdleSdk(): object {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const spanId = "b7ad6b7169203331";
  const spanContext = () => ({ traceId, spanId });
  const span = { spanContext, setAttribute() {}, setStatus() {}, end() {} };
  const root = { getValue: () => undefined, setValue: (): unknown => root };
  const observable = () => ({ addCallback() {}, removeCallback() {} });
  return {
    trace: { getTracer: () => ({ startSpan: () => span }) },
    context: { active: () => root, with: (_context: unknown, run: () => unknown) => run() },
    propagation: {
      inject(_context: unknown, carrier: object, setter: TextMapSetter) {
        setter.set(carrier, "traceparent", `00-${traceId}-${spanId}-01`);
      },
      extract(context: unknown, carrier: object, getter: TextMapGetter) {
        getter.get(carrier, "traceparent");
        return context;
      },
    },
    metrics: {
      getMeter: () => ({
        createHistogram: () => ({ record() {} }),
        createObservableCounter: observable,
        createObservableUpDownCounter: observable,
        createObservableGauge: observable,
      }),
    },
  };
}
