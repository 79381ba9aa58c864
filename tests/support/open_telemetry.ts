import { context, metrics, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { DataPointType, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";

/** A metric reader that is asked by the test. */
class ManualReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Keeps the spans that have ended. */
class SpanList implements SpanProcessor {
  readonly spans: ReadableSpan[] = [];

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    this.spans.push(span);
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** The real SDK, registered as a program would, with what it recorded. */
export class OpenTelemetrySdk implements AsyncDisposable {
  readonly #list = new SpanList();
  readonly #reader = new ManualReader();
  readonly #tracers = new BasicTracerProvider({ spanProcessors: [this.#list] });
  readonly #meters = new MeterProvider({ readers: [this.#reader] });

  /** Registers the SDK in this process. */
  constructor() {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(this.#tracers);
    metrics.setGlobalMeterProvider(this.#meters);
  }

  /** Spans that have ended. */
  get spans(): readonly ReadableSpan[] {
    return this.#list.spans;
  }

  /** Returns the present values of a metric as `attribute=value ...: number`. */
  async readMetric(name: string): Promise<string[]> {
    const { resourceMetrics } = await this.#reader.collect();
    const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return all.filter(({ descriptor }) => descriptor.name === name).flatMap((metric) => {
      if (metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) return [];
      return metric.dataPoints.map(({ attributes, value }) => {
        const shown = Object.entries(attributes).map(([key, one]) => `${key}=${one}`).join(" ");
        return `${shown}: ${typeof value === "number" ? value : value.count}`;
      });
    });
  }

  /** Returns the bucket bounds of a histogram. */
  async readBounds(name: string): Promise<readonly number[]> {
    const { resourceMetrics } = await this.#reader.collect();
    const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    const metric = all.find(({ descriptor }) => descriptor.name === name);
    return metric?.dataPointType === DataPointType.HISTOGRAM
      ? metric.dataPoints[0]?.value.buckets.boundaries ?? []
      : [];
  }

  /** Removes the SDK from the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const api of [trace, context, propagation, metrics]) api.disable();
    await this.#tracers.shutdown();
    await this.#meters.shutdown();
  }
}
