import type { CallCheck } from "./authorization.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";
import type { CallInstrument, CallMeasurement } from "./call_instrument.ts";
import { runAsCurrent } from "./current_call.ts";
import type { MethodTable } from "./exported_methods.ts";
import { checkResult, toMethodError } from "./method_outcome.ts";
import { describeMethods } from "./method_names.ts";
import { createReceivedError } from "./named_call_error.ts";
import { composeInterceptors, type Interceptor } from "./interceptor.ts";
import type { ReceivedCall, RemoteCall } from "./remote_call.ts";
import type { RemoteCallError } from "./remote_call_error.ts";

/** Target of the calls that an endpoint of this process receives. */
export interface CallTarget {
  /** Methods of the service; may be replaced between calls. */
  methods: MethodTable;
  /** Returns the description of the endpoint as it is now. */
  readonly getEndpoint: () => EndpointDescription;
  /** Code around each call. */
  readonly interceptors: readonly Interceptor[];
  /** Measures each call. */
  readonly instrument?: CallInstrument | undefined;
  /** Whether the call stays the current one through awaits. @default false */
  readonly asyncContext?: boolean | undefined;
}

/** Guards of a provider around a received call; their refusals are outcomes of the call. */
export interface CallGuards {
  /** Refuses a call that is not allowed. */
  readonly check?: CallCheck | undefined;
  /** Limits running calls and their time; around the check. */
  readonly limit?: ((run: () => unknown) => unknown) | undefined;
}

/** Runs a received call, unless a guard refuses it. Returns its result, or a promise of it. */
export type Invoke = (received: ReceivedCall, guards?: CallGuards) => unknown;

/**
 * Creates the function that runs received calls: check, interceptors, method look-up, method.
 */
export function createInvoker(target: CallTarget): Invoke {
  const { instrument } = target;
  const handle = createHandler(target);
  return (received, guards) => {
    const call = new IncomingCall(received, target.getEndpoint());
    if (instrument?.isActive !== true) return runGuarded(call, handle, guards);
    const measurement = instrument.begin(call, isNamed(call.method, target.methods));
    return measure(measurement, () => runGuarded(call, handle, guards));
  };
}

/** Runs a call and ends its measurement with the outcome. */
function measure(measurement: CallMeasurement, run: () => unknown): unknown {
  let result: unknown;
  try {
    result = measurement.run(run, true);
  } catch (error) {
    measurement.fail(error);
    throw error;
  }
  if (result instanceof Promise) {
    result.then(() => measurement.end(), (error) => measurement.fail(error));
  } else measurement.end();
  return result;
}

function runGuarded(
  call: IncomingCall,
  handle: (call: IncomingCall) => unknown,
  { check, limit }: CallGuards = {},
): unknown {
  const run = check === undefined ? () => handle(call) : () => runChecked(call, handle, check);
  return limit === undefined ? run() : limit(run);
}

function runChecked(
  call: IncomingCall,
  handle: (call: IncomingCall) => unknown,
  check: CallCheck,
): unknown {
  const checked = check(call);
  return checked === undefined ? handle(call) : checked.then(() => {
    call.signal?.throwIfAborted(); // the caller has not waited for the check
    return handle(call);
  });
}

/** Returns the function that runs a call: interceptors, if there are any, then the method. */
function createHandler(target: CallTarget): (call: IncomingCall) => unknown {
  if (target.interceptors.length === 0) return (call) => runMethod(call, target);
  const handle = composeInterceptors(
    target.interceptors,
    async (call) => await runMethod(call, target),
  );
  return (call) => handle(copyForInterceptors(call));
}

/** Whether a method is one of the service; a gateway may not know. */
function isNamed(method: string, { forward, names, get }: MethodTable): boolean {
  return forward !== undefined ? names?.includes(method) === true : get(method) !== undefined;
}

/** An incoming call; headers and signal, which most methods never need, cost nothing unused. */
class IncomingCall implements RemoteCall {
  readonly direction = "incoming";
  readonly interfaceName: string;
  readonly method: string;
  readonly parameters: readonly unknown[];
  readonly endpoint: EndpointDescription;
  readonly attempt = 1;
  readonly #received: ReceivedCall;

  constructor(received: ReceivedCall, endpoint: EndpointDescription) {
    this.interfaceName = endpoint.interfaces[0] ?? "";
    this.method = received.method;
    this.parameters = received.parameters;
    this.endpoint = endpoint;
    this.#received = received;
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#received.headers;
  }

  readHeader(name: string): string | undefined {
    const received = this.#received;
    return received.readHeader === undefined ? received.headers[name] : received.readHeader(name);
  }

  get signal(): AbortSignal | undefined {
    return this.#received.signal;
  }

  get deadlineMs(): number | undefined {
    return this.#received.deadlineMs;
  }

  get principal(): unknown {
    return this.#received.principal;
  }
}

/**
 * Returns the same call as an object that interceptors can spread. It is created only for
 * them: an object with getters of its own costs several microseconds.
 */
function copyForInterceptors(call: IncomingCall): RemoteCall {
  const { direction, interfaceName, method, parameters, deadlineMs, endpoint, attempt } = call;
  return {
    direction,
    interfaceName,
    method,
    parameters,
    deadlineMs,
    endpoint,
    attempt,
    get headers() {
      return call.headers;
    },
    get signal() {
      return call.signal;
    },
    principal: call.principal,
  };
}

function runMethod(call: RemoteCall, { methods, asyncContext = false }: CallTarget): unknown {
  const { method: name, parameters } = call;
  const method = methods.get(name);
  if (method === undefined) throw createNoSuchMethodError(call, methods);
  if (methods.forward !== undefined) {
    const { deadlineMs, signal } = call;
    return methods.forward(name, parameters, { deadlineMs, signal });
  }
  try {
    const result = runAsCurrent(call, asyncContext, () => method(...parameters));
    return isThenable(result)
      ? Promise.resolve(result).then((value) => checkResult(value, name), rejectAsMethod)
      : checkResult(result, name);
  } catch (error) {
    throw toMethodError(error);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}

function rejectAsMethod(error: unknown): never {
  throw toMethodError(error);
}

function createNoSuchMethodError(call: RemoteCall, { names = [] }: MethodTable): RemoteCallError {
  return createReceivedError("no-such-method", describeMethods(names, call.method), call);
}
