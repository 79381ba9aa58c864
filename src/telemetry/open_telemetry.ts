import type { MeasuredCall } from "../distribution/mod.ts";

/** Values of attributes that this library sets. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Values that travel with a call, as OpenTelemetry keeps them. */
export interface Context {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): Context;
}

/** Identity of a span in other processes. */
export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
}

/** A step of a trace. */
export interface Span {
  spanContext(): SpanContext;
  setAttribute(name: string, value: string | number | boolean): unknown;
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  end(): void;
}

/** Creates spans. */
export interface Tracer {
  startSpan(
    name: string,
    options: {
      readonly kind: number;
      readonly attributes: Attributes;
      /** Start in milliseconds since 1970. @default now */
      readonly startTime?: number;
    },
    context: Context,
  ): Span;
}

/** Creates tracers. */
export interface TracerProvider {
  getTracer(name: string): Tracer;
}

/** Keeps the context of the code that runs. */
export interface ContextManager {
  active(): Context;
  with<T>(context: Context, run: () => T): T;
}

/** Writes contexts to headers, and reads them. */
export interface Propagator {
  inject(context: Context, carrier: HeaderCarrier, setter: typeof HEADER_SETTER): void;
  extract(
    context: Context,
    carrier: MeasuredCall,
    getter: typeof HEADER_GETTER,
  ): Context;
}

/** Records durations. */
export interface Histogram {
  record(value: number, attributes: Attributes, context?: Context): void;
}

/** Receives the values of one observation. */
export interface ObservableResult {
  observe(value: number, attributes: Attributes): void;
}

/** An instrument whose values are read on request. */
export interface Observable {
  addCallback(callback: (result: ObservableResult) => void): void;
  removeCallback(callback: (result: ObservableResult) => void): void;
}

/** Settings of an instrument. */
export interface InstrumentOptions {
  readonly description: string;
  readonly unit: string;
  readonly advice?: { readonly explicitBucketBoundaries: number[] };
}

/** Creates instruments. */
export interface Meter {
  createHistogram(name: string, options: InstrumentOptions): Histogram;
  createObservableCounter(name: string, options: InstrumentOptions): Observable;
  createObservableUpDownCounter(name: string, options: InstrumentOptions): Observable;
  createObservableGauge(name: string, options: InstrumentOptions): Observable;
}

/** Creates meters. */
export interface MeterProvider {
  getMeter(name: string): Meter;
}

/** Parts that the OpenTelemetry SDKs of a process have registered; each may come later. */
export interface OpenTelemetry {
  readonly trace?: TracerProvider | undefined;
  readonly context?: ContextManager | undefined;
  readonly propagation?: Propagator | undefined;
  readonly metrics?: MeterProvider | undefined;
}

/** Name of this library, as tracers and meters are called. */
export const INSTRUMENTATION = "@remote-services/etcd3";

/** Symbol under which each OpenTelemetry API 1.x of a process keeps its registrations. */
const API_KEY = Symbol.for("opentelemetry.js.api.1");

/** The global object; a look-up of a symbol is several times faster than `Reflect.get`. */
const GLOBALS: Readonly<Record<symbol, unknown>> = Object(globalThis);

/** Key of the span in a context, as `@opentelemetry/api` and Deno name it. */
export const SPAN_KEY: symbol = Symbol.for("OpenTelemetry Context Key SPAN");

/** Headers that HTTP can carry. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\x20-\x7e]*$/;
const MAX_HEADER = 8192;

/** Headers of a call to which a trace is added; what is written past the setter is not sent. */
export interface HeaderCarrier {
  readonly headers: Record<string, string>;
}

/** Writes a header, unless HTTP can't carry it. */
export const HEADER_SETTER = {
  set({ headers }: HeaderCarrier, name: string, value: string): void {
    const isUsable = NAME.test(name) && value.length <= MAX_HEADER && VALUE.test(value);
    if (isUsable) headers[name.toLowerCase()] = value;
  },
};

/** Reads a header of a call. */
export const HEADER_GETTER = {
  get(call: MeasuredCall, name: string): string | undefined {
    const key = name.toLowerCase();
    return call.readHeader === undefined ? call.headers[key] : call.readHeader(key);
  },
  keys: ({ headers }: MeasuredCall): string[] => Object.keys(headers),
};

/** Registrations found last, kept so that their parts are checked once. */
let checked: OpenTelemetry = {};
let isUsable = false;

/**
 * Returns the current registrations; `undefined` without an SDK. They are looked up at each use,
 * because an SDK may be registered at any time: by `OTEL_DENO=true` before the program, by an SDK
 * later.
 */
export function findOpenTelemetry(): OpenTelemetry | undefined {
  const found = GLOBALS[API_KEY];
  if (found === undefined) return undefined;
  const { trace, context, propagation, metrics } = Object(found);
  const isSame = trace === checked.trace && context === checked.context &&
    propagation === checked.propagation && metrics === checked.metrics;
  if (!isSame) {
    checked = { trace, context, propagation, metrics };
    isUsable = areUsable(checked);
  }
  return isUsable ? checked : undefined;
}

/** Whether the parts that are registered have the methods that this library uses. */
function areUsable({ trace, context, propagation, metrics }: OpenTelemetry): boolean {
  const isAny = [trace, context, propagation, metrics].some((part) => part !== undefined);
  return isAny && hasMethods(trace, "getTracer") && hasMethods(context, "active", "with") &&
    hasMethods(propagation, "inject", "extract") && hasMethods(metrics, "getMeter");
}

/** Whether a part has methods, if it is registered; the parts of Deno are classes. */
function hasMethods(part: unknown, ...names: string[]): boolean {
  if (!(part instanceof Object)) return part === undefined;
  return names.every((name) => typeof Reflect.get(part, name) === "function");
}
