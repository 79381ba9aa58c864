import {
  type MeasuredCall,
  type RemoteCall,
  type RemoteCallError,
  RemoteFault,
} from "../distribution/mod.ts";
import { toMessage, toPrintable } from "../util/mod.ts";
import { type CallDescription, UNKNOWN_SYSTEM } from "./call_attributes.ts";
import type { CallErrorType } from "./call_outcome.ts";
import {
  type Context,
  type ContextManager,
  HEADER_GETTER,
  HEADER_SETTER,
  INSTRUMENTATION,
  type OpenTelemetry,
  type Span,
  SPAN_KEY,
  type Tracer,
  type TracerProvider,
} from "./open_telemetry.ts";
import { NO_CONTEXTS } from "./root_context.ts";

/** Values of OpenTelemetry's `SpanKind` and `SpanStatusCode`. */
const KIND = { incoming: 1, outgoing: 2 } as const;
const STATUS_ERROR = 2;

/** Longest message of a status, in characters. */
const MAX_MESSAGE = 300;

/**
 * Creates a span for each attempt of an outgoing call and for each incoming call, with the
 * attributes of the semantic conventions 1.45. The trace travels in the headers that the
 * registered propagator writes, `traceparent` as a rule.
 */
export class CallTracer {
  #provider: TracerProvider | undefined;
  #tracer: Tracer | undefined;

  /** Starts the span of a call; `undefined` if no tracer is registered. */
  start(
    { trace, context: contexts = NO_CONTEXTS, propagation }: OpenTelemetry,
    call: MeasuredCall,
    { name, attributes }: CallDescription,
  ): TracedCall | undefined {
    if (trace === undefined) return undefined;
    const active = contexts.active();
    const parent = call.direction === "outgoing" || propagation === undefined
      ? active
      : chooseParent(active, propagation.extract(active, call, HEADER_GETTER));
    const kind = KIND[call.direction];
    const span = this.#getTracer(trace).startSpan(name, { kind, attributes }, parent);
    const context = parent.setValue(SPAN_KEY, span);
    if (call.direction === "incoming" || propagation === undefined) {
      return new TracedCall(call, span, context, contexts);
    }
    const headers: Record<string, string> = { ...call.headers };
    propagation.inject(context, { headers }, HEADER_SETTER);
    return new TracedCall({ ...call, headers }, span, context, contexts);
  }

  /** Records a call that failed before an endpoint was known, as a span that has ended. */
  traceUnattempted(
    { trace, context: contexts = NO_CONTEXTS }: OpenTelemetry,
    name: string,
    { error, startTime }: { readonly error: RemoteCallError; readonly startTime: number },
  ): void {
    if (trace === undefined) return;
    const attributes = { "rpc.system.name": UNKNOWN_SYSTEM, "rpc.method": name };
    const options = { kind: KIND.outgoing, attributes, startTime };
    const span = this.#getTracer(trace).startSpan(name, options, contexts.active());
    endSpan(span, error.code, error);
  }

  #getTracer(provider: TracerProvider): Tracer {
    if (this.#tracer !== undefined && this.#provider === provider) return this.#tracer;
    this.#provider = provider;
    return this.#tracer = provider.getTracer(INSTRUMENTATION);
  }
}

/** A call with its span. */
export class TracedCall {
  /** Context in which the call runs. */
  readonly context: Context;
  readonly #call: RemoteCall;
  readonly #span: Span;
  readonly #contexts: ContextManager;

  /** Takes the call with the headers that carry the trace. */
  constructor(call: RemoteCall, span: Span, context: Context, contexts: ContextManager) {
    this.#call = call;
    this.#span = span;
    this.context = context;
    this.#contexts = contexts;
  }

  /** Runs the call; the spans of code that looks for the active span are children. */
  run<T>(next: (call: RemoteCall) => T, isWatched: boolean): T {
    if (!isWatched) return next(this.#call);
    return this.#contexts.with(this.context, () => next(this.#call));
  }

  /** Ends the span. */
  end(type: CallErrorType | undefined, error: unknown): void {
    endSpan(this.#span, type, error);
  }
}

function endSpan(span: Span, type: CallErrorType | undefined, error: unknown): void {
  if (type !== undefined) {
    span.setAttribute("error.type", type);
    if (error instanceof RemoteFault) {
      span.setAttribute("rpc.response.status_code", String(error.faultCode));
    }
    span.setStatus({ code: STATUS_ERROR, message: toPrintable(toMessage(error), MAX_MESSAGE) });
  }
  span.end();
}

/**
 * Returns the context of an incoming call. An instrumented HTTP server has read the headers
 * already, and its span is the nearer parent: then both belong to one trace.
 */
function chooseParent(active: Context, extracted: Context): Context {
  if (extracted === active) return active;
  const nearer = readSpanContext(active);
  const remote = readSpanContext(extracted);
  return nearer !== undefined && nearer.traceId === remote?.traceId ? active : extracted;
}

function readSpanContext(context: Context) {
  const span: unknown = context.getValue(SPAN_KEY);
  return isSpan(span) ? span.spanContext() : undefined;
}

function isSpan(value: unknown): value is Span {
  return typeof value === "object" && value !== null && "spanContext" in value &&
    typeof value.spanContext === "function";
}
