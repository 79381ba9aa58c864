import {
  collectResponse,
  freeLarge,
  readCharset,
  type Respond,
  type Responder,
} from "../../http/mod.ts";
import { callUser, checkOptionNames, Gate, SILENT } from "../../util/mod.ts";
import {
  checkDepth,
  checkPositive,
  type DecodeOptions,
  type Dialect,
  encodeFault,
  FAULT_CODES,
  Layouts,
  type ReadCall,
  readMethodCall,
  XmlRpcFault,
  XmlRpcSyntaxError,
} from "../codec/mod.ts";
import { CallerCheck } from "./caller_check.ts";
import { DeniedFault, MethodRights } from "./method_rights.ts";
import { Call } from "./call_context.ts";
import { CallRunner } from "./call_runner.ts";
import { createFault, describeUnsendable } from "./error_fault.ts";
import { HANDLER_OPTION_NAMES, type HandlerOptions } from "./handler_options.ts";
import { collectMethods, createDispatch, type Dispatch, type Methods } from "./method_table.ts";
import { createDeniedReply, sendReply } from "./reply.ts";
import { ReplyEncoder } from "./reply_encoder.ts";
import { BodyReader, createBusyRefusal, MAX_BYTES } from "./request_body.ts";
import { refuseRequest } from "./request_check.ts";
import { addSystemMethods } from "./system_methods.ts";

/** Longest answer, unless an option says otherwise. */
const MAX_REPLY_LENGTH = 8 * 1024 * 1024;

/**
 * Creates an XML-RPC server for methods: a function from request to response.
 *
 * Faults have HTTP status 200, as clients expect. A request that is refused before anything
 * runs has another status and the header `x-osgi-executed: no`. The answer is written in the
 * dialect of the request, and compressed if it is large and the client accepts gzip. Methods
 * are the object's own members, beside those of `system.`, or a function that dispatches by
 * itself.
 *
 * @priority 100
 * @throws {RangeError} if a limit is invalid
 * @example
 * ```ts
 * import { createXmlRpcHandler, encodeMethodCall } from "@remote-services/etcd3/xmlrpc";
 *
 * const handle = createXmlRpcHandler({ "math.add": (a, b) => Number(a) + Number(b) });
 * const headers = { "content-type": "text/xml" };
 * const body = encodeMethodCall("math.add", [1, 2]);
 * const reply = await handle(new Request("http://localhost/", { method: "POST", headers, body }));
 * console.log((await reply.text()).includes("<int>3</int>")); // true
 * ```
 */
export function createXmlRpcHandler(
  methods: Methods | Dispatch,
  options: HandlerOptions = {},
): (request: Request) => Promise<Response> {
  const server = new XmlRpcServer(methods, options);
  return function handleXmlRpc(request) {
    return collectResponse((request, respond) => server.respond(request, respond), request);
  };
}

/**
 * Creates an XML-RPC server as {@link createXmlRpcHandler} does, in the form that costs an
 * `HttpService` less.
 *
 * @throws {RangeError} if a limit is invalid
 * @example
 * ```ts
 * import { HttpService } from "@remote-services/etcd3";
 * import { createXmlRpcResponder, XmlRpcClient } from "@remote-services/etcd3/xmlrpc";
 *
 * await using http = new HttpService({ port: 0 });
 * await http.start();
 * using _served = http.registerResponder("/RPC2", createXmlRpcResponder({ ping: () => "pong" }));
 * console.log(await new XmlRpcClient(`${http.url}/RPC2`).call("ping")); // pong
 * ```
 */
export function createXmlRpcResponder(
  methods: Methods | Dispatch,
  options: HandlerOptions = {},
): Responder {
  const server = new XmlRpcServer(methods, options);
  return (request, respond) => server.respond(request, respond);
}

/** A request that is being answered. */
interface Exchange {
  readonly request: Request;
  readonly contentType: string;
  readonly principal: unknown;
  readonly respond: Respond;
}

class XmlRpcServer {
  readonly #options: HandlerOptions;
  readonly #decodeOptions: DecodeOptions;
  readonly #layouts = new Layouts();
  readonly #replyEncoder: ReplyEncoder;
  readonly #runner: CallRunner;
  readonly #bodies: BodyReader;
  readonly #reading: Gate;
  readonly #callers: CallerCheck | undefined;
  readonly #calling: Gate;

  constructor(methods: Methods | Dispatch, options: HandlerOptions) {
    checkOptionNames(options, { path: "", known: HANDLER_OPTION_NAMES });
    const { maxBytes, bodyTimeoutMs, callTimeoutMs, maxReplyLength, maxValues, signal } = options;
    const { maxBodyMemory } = options;
    checkPositive({ maxBytes, bodyTimeoutMs, callTimeoutMs, maxReplyLength, maxValues });
    checkPositive({ maxBodyMemory });
    checkDepth(options.maxDepth);
    this.#options = options;
    this.#decodeOptions = { ...options, maxLength: maxBytes ?? MAX_BYTES };
    this.#replyEncoder = new ReplyEncoder({
      ...options,
      maxLength: maxReplyLength ?? MAX_REPLY_LENGTH,
    });
    this.#bodies = new BodyReader(options, signal);
    this.#reading = new Gate(options.maxPendingRequests ?? 1000);
    this.#calling = new Gate(options.maxCalls ?? 1000);
    this.#callers = this.#createCallerCheck(options);
    const dispatch = typeof methods === "function" ? methods : this.#createDispatch(methods);
    this.#runner = new CallRunner(dispatch, {
      timeoutMs: callTimeoutMs ?? 30_000,
      faultCode: options.errorCode ?? FAULT_CODES.applicationError,
      gate: this.#calling,
      rights: this.#createRights(options),
      closed: options.endsCalls === false ? undefined : signal,
    });
  }

  respond(request: Request, respond: Respond): void {
    const contentType = request.headers.get("content-type") ?? "";
    const refusal = refuseRequest(request, contentType);
    if (refusal !== undefined) return respond(this.#refuse(refusal));
    if (this.#callers === undefined) {
      return this.#receive({ request, contentType, principal: undefined, respond });
    }
    this.#callers.ask(request).then((principal) => {
      if (principal instanceof Response) respond(this.#refuse(principal));
      else this.#receive({ request, contentType, principal, respond });
    });
  }

  /** Reads the document of a request and answers it. */
  #receive(exchange: Exchange): void {
    if (!this.#reading.enter()) return exchange.respond(this.#refuse(createBusyRefusal()));
    this.#bodies.read(exchange.request, (body) => {
      this.#reading.leave();
      // On Deno the global Response is a getter; looks at it for each request cost 0.2 µs.
      if (body instanceof Uint8Array) this.#answer(body, exchange);
      else exchange.respond(this.#refuse(body));
    });
  }

  /** Answers a document. Does not throw. */
  #answer(body: Uint8Array, { request, contentType, principal, respond }: Exchange): void {
    if (!this.#calling.enter()) return respond(this.#refuse(createBusyRefusal()));
    const finish = (answer: string | Response) => {
      this.#calling.leave();
      if (typeof answer === "string") sendReply(request, answer, respond);
      else respond(answer);
    };
    const answer = this.#call(body, contentType, request, principal);
    if (answer instanceof Promise) answer.then(finish);
    else finish(answer);
  }

  /** Reports a reply to a request that holds no call, or whose caller is not let in. */
  #refuse(reply: Response): Response {
    this.#reportRefusal(String(reply.status));
    return reply;
  }

  #reportRefusal(code: string): void {
    void callUser("onRefusal", SILENT, () => this.#options.onRefusal?.(code));
  }

  #createCallerCheck({ authenticate, bodyTimeoutMs }: HandlerOptions): CallerCheck | undefined {
    if (authenticate === undefined) return undefined;
    return new CallerCheck(authenticate, {
      gate: this.#reading,
      timeoutMs: bodyTimeoutMs ?? 30_000,
      onError: (error) => void this.#createFault(error, "authenticate"),
    });
  }

  #createRights({ authorize }: HandlerOptions): MethodRights | undefined {
    if (authorize === undefined) return undefined;
    return new MethodRights(authorize, (error) => void this.#createFault(error, "authorize"));
  }

  #createDispatch(methods: Methods): Dispatch {
    const own = collectMethods(methods);
    const { system = {} } = this.#options;
    if (system === false) return createDispatch(own);
    return createDispatch(addSystemMethods(own, system, {
      run: (methodName, params, { request, principal, signal }) =>
        this.#runner.start(new Call(methodName, request, principal, signal), params),
      createFault: (error, methodName, faultCode) =>
        this.#createFault(error, methodName, faultCode),
      // As deep as it is in the answer.
      check: (result) => this.#replyEncoder.check([[result]]),
    }));
  }

  /**
   * Returns the document that answers a call, or the response that a method threw. Neither throws
   * nor rejects.
   */
  #call(
    body: Uint8Array,
    contentType: string,
    request: Request,
    principal: unknown,
  ): string | Response | Promise<string | Response> {
    let read: ReadCall;
    try {
      const charset = readCharset(contentType);
      read = readMethodCall(body, this.#decodeOptions, { charset, layouts: this.#layouts });
    } catch (error) {
      this.#reportRefusal("invalid-call");
      return error instanceof XmlRpcSyntaxError
        ? encodeFault(error.faultCode, error.message)
        : encodeFault(FAULT_CODES.internalError, "The call can't be read");
    } finally {
      freeLarge(body);
    }
    const { methodName, params, dialect } = read;
    const call = new Call(methodName, request, principal, this.#options.signal);
    try {
      const result = this.#runner.start(call, params);
      if (!isThenable(result)) return this.#encodeResult(result, methodName, dialect);
      return this.#runner.wait(Promise.resolve(result), call).then(
        (value) => this.#encodeResult(value, methodName, dialect),
        (error) => this.#encodeError(error, methodName),
      );
    } catch (error) {
      return this.#encodeError(error, methodName);
    }
  }

  #encodeResult(result: unknown, methodName: string, dialect: Dialect): string {
    try {
      return this.#replyEncoder.encode(result, methodName, dialect);
    } catch (error) {
      const { faultCode } = this.#createFault(error, methodName, FAULT_CODES.internalError);
      return encodeFault(faultCode, describeUnsendable(error, this.#options.errorDetail));
    }
  }

  #encodeError(error: unknown, methodName: string): string | Response {
    if (error instanceof Response) return error;
    const document = encodeFault(this.#createFault(error, methodName));
    return error instanceof DeniedFault ? createDeniedReply(document) : document;
  }

  /** Returns the fault that describes an error; `onError` receives the error. */
  #createFault(
    error: unknown,
    methodName: string,
    faultCode: number = FAULT_CODES.applicationError,
  ): XmlRpcFault {
    const { errorCode = faultCode, errorDetail = "message", onError } = this.#options;
    if (!(error instanceof XmlRpcFault)) {
      // The client receives the first error; one of the callback itself has no receiver.
      void callUser("onError", SILENT, () => onError?.(error, methodName));
    }
    return createFault(error, errorCode, errorDetail);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return value instanceof Promise ||
    (typeof value === "object" && value !== null && "then" in value &&
      typeof value.then === "function");
}
