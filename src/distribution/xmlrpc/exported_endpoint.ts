import { type Clock, MAX_TIMER_MS, SYSTEM_CLOCK } from "../../util/mod.ts";
import { OSGI } from "../../endpoint/mod.ts";
import {
  type CallCheck,
  CallLimiter,
  type CallLimits,
  type ExportRequest,
  type LimitedCall,
  type ReceivedCall,
  type RemoteCallError,
} from "../mod.ts";
import type { CallContext, IntegerForm } from "../../xmlrpc/mod.ts";
import { INTEGERS_PROPERTY, TIMEOUT_HEADER } from "./constants.ts";
import { checkIntegers } from "./codec_options.ts";

/** Limits of the calls of an endpoint. */
export interface EndpointLimits extends CallLimits {
  /** Longest time that a method may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Refuses calls that are not allowed. @default every call is allowed */
  readonly check?: CallCheck | undefined;
}

/** Endpoint of this process that is called over XML-RPC. */
export class XmlRpcExportedEndpoint {
  /** `endpoint.id`. */
  readonly id: string;
  /** First interface that it offers. */
  readonly interfaceName: string;
  /** Form of whole numbers beyond 32 bits in its results; `undefined` for the host's. */
  readonly integers: IntegerForm | undefined;
  /** Source of time. */
  readonly clock: Clock;
  readonly #request: ExportRequest;
  readonly #limiter: CallLimiter;
  readonly #check: CallCheck | undefined;
  readonly #timeoutMs: number;
  readonly #maxTimeoutMs: number;

  constructor(request: ExportRequest, limits: EndpointLimits) {
    const { timeoutMs, clock } = limits;
    this.id = request.endpointId;
    this.interfaceName = request.interfaces[0] ?? "";
    this.integers = checkIntegers(request.properties[INTEGERS_PROPERTY]);
    this.#request = request;
    this.#check = limits.check;
    this.clock = clock ?? SYSTEM_CLOCK;
    this.#limiter = new CallLimiter(limits);
    this.#timeoutMs = timeoutMs;
    const own = Number(request.properties[OSGI.basicTimeout] ?? NaN);
    this.#maxTimeoutMs = own > timeoutMs && own <= MAX_TIMER_MS ? own : timeoutMs;
  }

  /** Runs a method within the limits. Returns its result, or a promise of it. */
  call(method: string, parameters: readonly unknown[], context: CallContext): unknown {
    const call = new Call(method, parameters, context, this);
    return this.#request.invoke(call, {
      check: this.#check,
      limit: (run) => this.#limiter.run(call, run),
    });
  }

  /** Returns the time that a caller who asks for a number of milliseconds waits at most. */
  limitTimeoutMs(askedMs: number): number {
    return askedMs > 0 ? Math.min(askedMs, this.#maxTimeoutMs) : this.#timeoutMs;
  }
}

/** A received call; what most methods never ask for is found out by the first use. */
class Call implements ReceivedCall, LimitedCall {
  readonly method: string;
  readonly parameters: readonly unknown[];
  readonly #context: CallContext;
  readonly #endpoint: XmlRpcExportedEndpoint;
  #startMs: number | undefined;
  #timeoutMs: number | undefined;
  #stop: AbortController | undefined;
  #signal: AbortSignal | undefined;
  #reason: RemoteCallError | undefined;

  constructor(
    method: string,
    parameters: readonly unknown[],
    context: CallContext,
    endpoint: XmlRpcExportedEndpoint,
  ) {
    this.method = method;
    this.parameters = parameters;
    this.#context = context;
    this.#endpoint = endpoint;
  }

  get label(): string {
    return `${this.method} of ${this.#endpoint.interfaceName}`;
  }

  get startMs(): number {
    return this.#startMs ??= this.#endpoint.clock.now();
  }

  /** Time that the caller asks for, up to the limits of server and endpoint. */
  get timeoutMs(): number {
    const { headers } = this.#context.request;
    return this.#timeoutMs ??= this.#endpoint.limitTimeoutMs(
      Number(headers.get(TIMEOUT_HEADER) ?? NaN),
    );
  }

  get deadlineMs(): number | undefined {
    return this.timeoutMs === Infinity ? undefined : this.startMs + this.timeoutMs;
  }

  get principal(): unknown {
    return this.#context.principal;
  }

  get headers(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#context.request.headers);
  }

  readHeader(name: string): string | undefined {
    return this.#context.request.headers.get(name) ?? undefined;
  }

  get signal(): AbortSignal {
    if (this.#signal !== undefined) return this.#signal;
    this.#stop = new AbortController();
    if (this.#reason !== undefined) this.#stop.abort(this.#reason);
    return this.#signal = AbortSignal.any([this.#stop.signal, this.getCallerSignal()]);
  }

  getCallerSignal(): AbortSignal {
    return this.#context.request.signal;
  }

  stop(reason: RemoteCallError): void {
    this.#reason = reason;
    this.#stop?.abort(reason);
  }
}
