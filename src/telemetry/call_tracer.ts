import { type RemoteCall, RemoteFault } from "../distribution/mod.ts";
import { hideCredentials, toMessage, toPrintable } from "../util/mod.ts";
import { findEndpointAttributes, nameMethod } from "./call_attributes.ts";
import { type CallErrorType, OTHER } from "./call_outcome.ts";
import {
  type Attributes,
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

/** Longest value of a header. */
const MAX_HEADER = 8192;

/** A call with its span. */
export interface TracedCall {
  /** The call, with the headers that carry the trace. */
  readonly call: RemoteCall;
  /** Context in which the call runs. */
  readonly context: Context;
  /** Runs a function so that the spans within are children of this one. */
  run(run: () => unknown): unknown;
  /** Ends the span. */
  end(type: CallErrorType | undefined, error: unknown): void;
}

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
    call: RemoteCall,
    isKnownMethod: boolean,
  ): TracedCall | undefined {
    if (trace === undefined) return undefined;
    const active = contexts.active();
    const parent = call.direction === "outgoing" || propagation === undefined
      ? active
      : chooseParent(active, propagation.extract(active, call.headers, HEADER_GETTER));
    const { name, attributes } = describe(call, isKnownMethod);
    const span = this.#getTracer(trace).startSpan(
      name,
      { kind: KIND[call.direction], attributes },
      parent,
    );
    const context = parent.setValue(SPAN_KEY, span);
    if (call.direction === "incoming" || propagation === undefined) {
      return new SpannedCall(call, span, context, contexts);
    }
    const headers = new Map<string, string>();
    propagation.inject(context, headers, HEADER_SETTER);
    return new SpannedCall(addHeaders(call, headers), span, context, contexts);
  }

  #getTracer(provider: TracerProvider): Tracer {
    if (this.#tracer !== undefined && this.#provider === provider) return this.#tracer;
    this.#provider = provider;
    return this.#tracer = provider.getTracer(INSTRUMENTATION);
  }
}

class SpannedCall implements TracedCall {
  readonly call: RemoteCall;
  readonly context: Context;
  readonly #span: Span;
  readonly #contexts: ContextManager;

  constructor(call: RemoteCall, span: Span, context: Context, contexts: ContextManager) {
    this.call = call;
    this.#span = span;
    this.context = context;
    this.#contexts = contexts;
  }

  run(run: () => unknown): unknown {
    return this.#contexts.with(this.context, run);
  }

  end(type: CallErrorType | undefined, error: unknown): void {
    if (type !== undefined) {
      this.#span.setAttribute("error.type", type);
      if (error instanceof RemoteFault) {
        this.#span.setAttribute("rpc.response.status_code", String(error.faultCode));
      }
      const message = toPrintable(hideCredentials(toMessage(error)), MAX_MESSAGE);
      this.#span.setStatus({ code: STATUS_ERROR, message });
    }
    this.#span.end();
  }
}

/**
 * Returns the context of an incoming call. An instrumented HTTP server has read the headers
 * already, and its span is the nearer parent: then both belong to one trace.
 */
function chooseParent(active: Context, extracted: Context): Context {
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

/** Returns name and attributes of a span. A name that a stranger chose is only an attribute. */
function describe(
  call: RemoteCall,
  isKnownMethod: boolean,
): { readonly name: string; readonly attributes: Attributes } {
  const { system, span } = findEndpointAttributes(call.endpoint);
  const method = nameMethod(call);
  const named: Attributes = isKnownMethod
    ? { "rpc.method": method }
    : { "rpc.method": OTHER, "rpc.method_original": method };
  return {
    name: isKnownMethod ? method : system,
    attributes: call.attempt === 1
      ? { ...span, ...named }
      : { ...span, ...named, "rsa.attempt": call.attempt },
  };
}

/** Returns a call with further headers; those that HTTP can't carry are left out. */
function addHeaders(call: RemoteCall, headers: ReadonlyMap<string, string>): RemoteCall {
  const usable = [...headers].filter(([name, value]) =>
    /^[\w!#$%&'*+.^`|~-]+$/.test(name) && value.length <= MAX_HEADER && /^[\x20-\x7e]*$/.test(value)
  );
  if (usable.length === 0) return call;
  return { ...call, headers: { ...call.headers, ...Object.fromEntries(usable) } };
}
