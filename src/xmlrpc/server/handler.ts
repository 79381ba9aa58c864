import {
  checkDepth,
  checkPositive,
  type DecodeOptions,
  type Dialect,
  encodeFault,
  encodeMethodResponse,
  type EncodeOptions,
  FAULT_CODES,
  readMethodCall,
  XmlRpcFault,
  XmlRpcSyntaxError,
  type XmlRpcValue,
} from "../codec/mod.ts";
import { type BodyLimits, BodyReader, MAX_BYTES, refusalOf } from "./request_body.ts";
import { type ErrorDetail, faultFrom } from "./fault_of_error.ts";
import { charsetOf } from "../../http/mod.ts";
import { Gate } from "../../util/mod.ts";
import { replyTo } from "./reply.ts";
import type { Authenticate } from "./auth.ts";
import { Call, runCall } from "./call_context.ts";
import { definitionsOf, type Dispatch, dispatchTo, type Methods } from "./method_table.ts";
import { type SystemMethods, withSystemMethods } from "./system_methods.ts";

export type { ErrorDetail } from "./fault_of_error.ts";
export type { BodyLimits } from "./request_body.ts";

/** The longest time that a timer can wait. */
const MAX_TIMER_MS = 2 ** 31;

/** How a request handler works. */
export interface HandlerOptions
  extends
    BodyLimits,
    Omit<DecodeOptions, "maxLength">,
    Omit<EncodeOptions, "maxLength" | "dialect"> {
  /** Longest answer, in characters. @default 8388608 */
  readonly maxReplyLength?: number;
  /** Most requests whose bodies are being read; more get status 503. @default 1000 */
  readonly maxPendingRequests?: number;
  /** Most calls under way; more get status 503. @default 1000 */
  readonly maxCalls?: number;
  /**
   * Longest time that a call may take before it is answered with a fault; a function
   * says so for each request. The method itself is told by its `signal`.
   * @default 30000, `Infinity` for none
   */
  readonly callTimeoutMs?: number | ((request: Request) => number);
  /** Says who calls, or refuses the request. @default everyone may call, as nobody */
  readonly authenticate?: Authenticate;
  /** The methods of `system.`, `false` for none. A dispatching function does without. */
  readonly system?: SystemMethods | false;
  /**
   * What a fault tells of an error that is no fault: nothing (`none`), its message
   * without paths (`message`), or its whole stack (`stack`). @default "message"
   */
  readonly errorDetail?: ErrorDetail;
  /**
   * Fault code of an error that a method throws and that is no fault, and of a result
   * that can't be sent. @default -32500 and -32603
   */
  readonly errorCode?: number;
  /** Hears of each of these errors. */
  readonly onError?: (error: unknown, methodName: string) => void;
  /** Aborted when the server closes: calls under way are answered with a fault. */
  readonly signal?: AbortSignal;
}

/**
 * Makes an XML-RPC server out of methods: a pure function from request to response.
 *
 * Faults have HTTP status 200, as clients expect. The answer is spelt in the dialect
 * of the request and compressed when it is large and the client asks for gzip. Methods
 * come from the object's own members, beside which there are those of `system.`, or
 * from a function that dispatches by itself.
 *
 * @example
 * ```ts ignore
 * import { createXmlRpcHandler } from "@remote-services/etcd3/xmlrpc";
 *
 * Deno.serve(createXmlRpcHandler({ "math.add": (a, b) => Number(a) + Number(b) }));
 * ```
 */
export function createXmlRpcHandler(
  methods: Methods | Dispatch,
  options: HandlerOptions = {},
): (request: Request) => Promise<Response> {
  const server = new Server(methods, options);
  return function handleXmlRpc(request) {
    return server.handle(request);
  };
}

class Server {
  readonly #options: HandlerOptions;
  readonly #decodeOptions: DecodeOptions;
  readonly #encodeOptions: Readonly<Record<Dialect, EncodeOptions>>;
  readonly #dispatch: Dispatch;
  readonly #bodies: BodyReader;
  readonly #reading: Gate;
  readonly #calling: Gate;

  constructor(methods: Methods | Dispatch, options: HandlerOptions) {
    const { maxBytes, bodyTimeoutMs, callTimeoutMs, maxReplyLength, maxValues } = options;
    checkPositive({ maxBytes, bodyTimeoutMs, callTimeoutMs, maxReplyLength, maxValues });
    checkDepth(options.maxDepth);
    this.#options = options;
    this.#decodeOptions = { ...options, maxLength: options.maxBytes ?? MAX_BYTES };
    const maxLength = options.maxReplyLength ?? 8 * 1024 * 1024;
    this.#encodeOptions = {
      plain: { ...options, maxLength, dialect: "plain" },
      apache: { ...options, maxLength, dialect: "apache" },
    };
    this.#bodies = new BodyReader(options);
    this.#reading = new Gate(options.maxPendingRequests ?? 1000);
    this.#calling = new Gate(options.maxCalls ?? 1000);
    this.#dispatch = typeof methods === "function" ? methods : this.#dispatchTo(methods);
  }

  async handle(request: Request): Promise<Response> {
    const contentType = request.headers.get("content-type") ?? "";
    const refusal = refusalOf(request, contentType);
    if (refusal !== undefined) return refusal;
    let principal: unknown;
    if (this.#options.authenticate !== undefined) {
      principal = await this.#authenticate(request, this.#options.authenticate);
      if (principal instanceof Response) return principal;
    }
    if (!this.#reading.enter()) return this.#reading.refusal();
    let body: Uint8Array | Response;
    try {
      body = await this.#bodies.read(request);
    } finally {
      this.#reading.leave();
    }
    if (body instanceof Response) return body;
    if (!this.#calling.enter()) return this.#calling.refusal();
    try {
      const answer = await this.#answer(body, contentType, request, principal);
      return answer instanceof Response ? answer : await replyTo(request, answer);
    } finally {
      this.#calling.leave();
    }
  }

  /** Asks who calls; nobody is let in when that can't be said. */
  async #authenticate(request: Request, authenticate: Authenticate): Promise<unknown> {
    try {
      return await authenticate(request);
    } catch (error) {
      this.#faultOf(error, "authenticate");
      return new Response("Internal Server Error\n", { status: 500 });
    }
  }

  #dispatchTo(methods: Methods): Dispatch {
    const own = definitionsOf(methods);
    const { system = {} } = this.#options;
    if (system === false) return dispatchTo(own);
    return dispatchTo(withSystemMethods(own, system, {
      run: (methodName, params, { request, principal, signal }) =>
        this.#run(new Call(methodName, request, principal, signal), params),
      faultOf: (error, methodName, faultCode) => this.#faultOf(error, methodName, faultCode),
      // As deep as it stands in the answer.
      check: (result) => void encodeMethodResponse([[result]], this.#encodeOptions.plain),
    }));
  }

  async #answer(
    body: Uint8Array,
    contentType: string,
    request: Request,
    principal: unknown,
  ): Promise<string | Response> {
    let read: ReturnType<typeof readMethodCall>;
    try {
      read = readMethodCall(body, this.#decodeOptions, { charset: charsetOf(contentType) });
    } catch (error) {
      if (error instanceof XmlRpcSyntaxError) return encodeFault(error.faultCode, error.message);
      return encodeFault(FAULT_CODES.internalError, "The call can't be read");
    }
    const { methodName, params, dialect } = read;
    let result: unknown;
    try {
      const call = new Call(methodName, request, principal, this.#options.signal);
      result = this.#run(call, params);
      if (isThenable(result)) result = await this.#inTime(Promise.resolve(result), call);
    } catch (error) {
      return error instanceof Response ? error : encodeFault(this.#faultOf(error, methodName));
    }
    try {
      return encodeMethodResponse(result, this.#encodeOptions[dialect]);
    } catch (error) {
      return encodeFault(this.#faultOf(error, methodName, FAULT_CODES.internalError));
    }
  }

  #run(call: Call, params: readonly XmlRpcValue[]): unknown {
    return runCall(call, () => this.#dispatch(call.methodName, params, call));
  }

  /** Answers a fault when a method takes too long or the server closes; the method is told. */
  async #inTime(result: Promise<unknown>, call: Call): Promise<unknown> {
    const { callTimeoutMs: limit = 30_000, signal } = this.#options;
    result.catch(() => {}); // whatever happens here, it has somebody who hears of it
    const timeoutMs = typeof limit === "function" ? limit(call.request) : limit;
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    const stop = (reason: string) => {
      const fault = new XmlRpcFault(
        this.#options.errorCode ?? FAULT_CODES.applicationError,
        reason,
      );
      reject(fault); // before the method is told, which may end it with another result
      this.#calling.linger(result);
      call.stop(fault);
    };
    const onClose = () => stop("The server has closed");
    const timer = timeoutMs < MAX_TIMER_MS
      ? setTimeout(
        () => stop(`${call.methodName} did not answer within ${timeoutMs} ms`),
        timeoutMs,
      )
      : undefined;
    signal?.addEventListener("abort", onClose);
    if (signal?.aborted) onClose();
    try {
      return await Promise.race([result, stopped]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onClose);
    }
  }

  /** The fault that tells of an error, which the owner hears of. */
  #faultOf(
    error: unknown,
    methodName: string,
    faultCode: number = FAULT_CODES.applicationError,
  ): XmlRpcFault {
    const { errorCode = faultCode, errorDetail = "message", onError } = this.#options;
    if (!(error instanceof XmlRpcFault)) {
      try {
        onError?.(error, methodName);
      } catch {
        // The client is told of the first error, and there is nobody to tell of the second.
      }
    }
    return faultFrom(error, errorCode, errorDetail);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return value instanceof Promise ||
    (typeof value === "object" && value !== null && "then" in value &&
      typeof value.then === "function");
}
