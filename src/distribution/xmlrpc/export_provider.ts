import {
  checkOptionNames,
  checkTimeout,
  type Clock,
  type Logger,
  onAbort,
  pickOptions,
  SILENT,
  toPrintable,
} from "../../util/mod.ts";
import { RS } from "../../endpoint/mod.ts";
import { checkServletPath, type HttpService, type Responder } from "../../http/mod.ts";
import {
  type CallContext,
  createXmlRpcResponder,
  type HandlerOptions,
  XmlRpcFault,
} from "../../xmlrpc/mod.ts";
import {
  type Authorize,
  createCallCheck,
  createNamedError,
  type ExportDistributionProvider,
  type ExportedEndpoint,
  type ExportRequest,
  FaultLog,
  GENERAL_FAULT,
  RemoteCallError,
  RunningCalls,
} from "../mod.ts";
import type { AdvertisedAddress } from "./advertised_address.ts";
import { checkIntegers, CODEC_NAMES, type XmlRpcCodecOptions } from "./codec_options.ts";
import { ENDPOINT_HEADER, XMLRPC_NAMESPACE, XMLRPC_SERVER_CONFIG } from "./constants.ts";
import { type EndpointLimits, XmlRpcExportedEndpoint } from "./exported_endpoint.ts";
import { ExportedEndpoints } from "./exported_endpoints.ts";
import { translateThrown } from "./faults.ts";
import { listExportIntents } from "./intents.ts";

/** Features that importers of this library may rely on: the exporter checks the endpoint's id. */
const FEATURES: ReadonlyMap<string, string> = new Map([[RS.features, "endpoint-id"]]);

/** Codes of refusals that have no status of their own, to be listed from the start. */
const REFUSAL_CODES = ["invalid-call", "no-such-method", "wrong-service"];

/** Limits of an {@link XmlRpcExportProvider}, authentication, and the detail of errors. */
export interface XmlRpcServerOptions extends
  Pick<
    HandlerOptions,
    | "authenticate"
    | "bodyTimeoutMs"
    | "errorDetail"
    | "maxBodyMemory"
    | "maxBytes"
    | "maxCalls"
    | "maxPendingRequests"
    | "maxReplyLength"
  > {
  /**
   * Decides whether a call is allowed. Asked after `authenticate`, before anything of the
   * service runs; a refusal has status 403. @default every call
   */
  readonly authorize?: Authorize;
  /**
   * Maximum number of calls of one service at a time; further ones are refused.
   * @default half of `maxCalls`
   */
  readonly maxServiceCalls?: number;
}

/** Options that the handler of requests has too. */
const HANDLER_NAMES: Readonly<
  Record<
    Exclude<keyof XmlRpcServerOptions, "authorize" | "maxServiceCalls"> | keyof XmlRpcCodecOptions,
    true
  >
> = {
  ...CODEC_NAMES,
  authenticate: true,
  bodyTimeoutMs: true,
  errorDetail: true,
  maxBodyMemory: true,
  maxBytes: true,
  maxCalls: true,
  maxPendingRequests: true,
  maxReplyLength: true,
};

/** Options of an {@link XmlRpcExportProvider}; all may be left out. */
export interface XmlRpcExportOptions extends XmlRpcServerOptions, XmlRpcCodecOptions {
  /** Path of the servlet. @default "/xml-rpc" */
  readonly path?: string;
  /**
   * Longest time that a method may take; a client may ask for less, or for the time that the
   * service's `osgi.basic.timeout` allows. `Infinity` for any.
   * @default 30000
   */
  readonly timeoutMs?: number;
  /** Receives the errors that methods throw. @default silent */
  readonly logger?: Logger;
  /** Address to advertise. @default URL of the HTTP service and `path` */
  readonly address?: AdvertisedAddress;
  /** Source of time. @default the clock of the machine */
  readonly clock?: Clock;
}

/** Every option, so that the compiler finds one that is missing here. */
export const EXPORT_NAMES: Readonly<Record<keyof XmlRpcExportOptions, true>> = {
  ...HANDLER_NAMES,
  address: true,
  authorize: true,
  clock: true,
  logger: true,
  maxServiceCalls: true,
  path: true,
  timeoutMs: true,
};

/**
 * Exports services over XML-RPC as iPOPO and ECF do (`ecf.xmlrpc.server`): one servlet for
 * all, where the method name is `<ecf.rsvc.id>.<method>`.
 *
 * @example
 * ```ts
 * import {
 *   Framework,
 *   HttpService,
 *   RemoteServiceAdmin,
 *   XmlRpcExportProvider,
 * } from "@remote-services/etcd3";
 *
 * await using http = new HttpService({ port: 0 });
 * const admin = new RemoteServiceAdmin({
 *   framework: new Framework(),
 *   exportProviders: [new XmlRpcExportProvider(http, { path: "/services" })],
 * });
 * await admin.close();
 * ```
 */
export class XmlRpcExportProvider implements ExportDistributionProvider {
  /** `ecf.xmlrpc.server`. */
  readonly supportedConfigs: readonly string[] = [XMLRPC_SERVER_CONFIG];
  /** `ecf.namespace.xmlrpc`. */
  readonly containerNamespace: string = XMLRPC_NAMESPACE;
  readonly #http: HttpService;
  readonly #path: string;
  readonly #address: AdvertisedAddress | undefined;
  readonly #limits: EndpointLimits;
  readonly #errorDetail: NonNullable<HandlerOptions["errorDetail"]>;
  readonly #endpoints = new ExportedEndpoints();
  readonly #log: FaultLog;
  readonly #respond: Responder;
  #isServing = false;

  /**
   * Creates a provider; the HTTP service is started by the first export.
   *
   * @throws {TypeError | RangeError} if a path or a time-out is invalid
   */
  constructor(http: HttpService, options: XmlRpcExportOptions = {}) {
    checkOptionNames(options, { path: "", known: Object.keys(EXPORT_NAMES) });
    const { path = "/xml-rpc", timeoutMs = 30_000, logger = SILENT, clock, address, ...limits } =
      options;
    this.#log = new FaultLog(logger, clock, (name) => this.#describe(name));
    this.#http = http;
    for (const code of REFUSAL_CODES) http.refusals.add(code, 0);
    this.#path = checkServletPath(path);
    this.#address = address;
    const integers = checkIntegers(limits.integers) ?? "strict";
    const running = new RunningCalls(clock);
    this.#limits = {
      running,
      timeoutMs: checkTimeout(timeoutMs),
      maxCalls: findMaxServiceCalls(limits),
      clock,
      check: createCallCheck(limits.authorize, logger),
    };
    onAbort(http.signal, () => running.close(createClosedError));
    this.#errorDetail = options.errorDetail ?? "message";
    this.#respond = createXmlRpcResponder(
      (methodName, parameters, context) => this.#dispatch(methodName, parameters, context),
      {
        ...pickOptions(limits, HANDLER_NAMES),
        errorCode: GENERAL_FAULT,
        joinSurrogates: true,
        callTimeoutMs: Infinity, // each endpoint limits its calls itself
        signal: http.signal,
        endsCalls: false,
        integers: (methodName) => this.#endpoints.find(methodName).endpoint?.integers ?? integers,
        onRefusal: (code) => http.refusals.add(code),
        onError: (error, methodName) => this.#log.logError(error, methodName),
      },
    );
  }

  /**
   * `osgi.basic` and `osgi.async`; `osgi.confidential` over HTTPS; `osgi.private` if the
   * advertised address is a loopback or private IP address.
   */
  get supportedIntents(): readonly string[] {
    return listExportIntents({
      isTls: this.#address?.isTls ?? this.#http.isTls,
      host: this.#address?.host ?? this.#http.advertisedHost,
    });
  }

  /** Makes a service callable. */
  async exportEndpoint(request: ExportRequest): Promise<ExportedEndpoint> {
    await this.#http.start();
    // It stays after the last export: a refusal by it proves that nothing ran, a 404 does not.
    if (!this.#isServing) this.#http.registerResponder(this.#path, this.#respond);
    this.#isServing = true;
    const containerId = this.#address?.createUrl(this.#http) ?? this.#http.url + this.#path;
    const id = String(request.remoteServiceId);
    const endpoint = new XmlRpcExportedEndpoint(request, this.#limits);
    this.#endpoints.add(id, endpoint);
    return {
      containerId,
      properties: FEATURES,
      close: () => Promise.resolve(this.#endpoints.delete(id)),
    };
  }

  #dispatch(fullName: string, parameters: readonly unknown[], context: CallContext): unknown {
    try {
      const result = this.#call(fullName, parameters, context);
      if (!(result instanceof Promise)) return result;
      return result.catch((error) => Promise.reject(this.#translate(error, fullName)));
    } catch (error) {
      throw this.#translate(error, fullName);
    }
  }

  #translate(thrown: unknown, fullName: string): unknown {
    const answer = translateThrown(thrown, this.#errorDetail);
    const sentCode = answer instanceof XmlRpcFault ? answer.faultCode : undefined;
    this.#log.logThrown(thrown, sentCode, fullName);
    return answer;
  }

  /** Returns a method's name for the log, such as `greet of com.example.Greeter`. */
  #describe(fullName: string): string {
    const { endpoint } = this.#endpoints.find(fullName);
    const method = fullName.slice(fullName.indexOf(".") + 1);
    return endpoint === undefined ? fullName : `${method} of ${endpoint.interfaceName}`;
  }

  /** Calls the endpoint that a method's name and the request mean. */
  #call(fullName: string, parameters: readonly unknown[], context: CallContext): unknown {
    const { id, method, endpoint } = this.#endpoints.find(fullName);
    if (method === undefined) {
      this.#http.refusals.add("no-such-method");
      throw createNamedError("no-such-method", "call <service id>.<method>", { method: fullName });
    }
    const wanted = context.request.headers.get(ENDPOINT_HEADER) ?? endpoint?.id;
    if (endpoint !== undefined && endpoint.id === wanted) {
      return endpoint.call(method, parameters, context);
    }
    this.#http.refusals.add("wrong-service");
    throw createNamedError(
      "wrong-service",
      `no service here has the id ${toPrintable(id)}` +
        (wanted === undefined ? "" : ` and the endpoint id ${toPrintable(wanted)}`),
      { method },
    );
  }
}

function findMaxServiceCalls(
  { maxCalls = 1000, maxServiceCalls = Math.max(1, Math.floor(maxCalls / 2)) }: XmlRpcServerOptions,
): number {
  if (maxServiceCalls >= 1) return maxServiceCalls;
  throw new RangeError(`Cannot use maxServiceCalls ${maxServiceCalls}: give 1 or more`);
}

function createClosedError(): RemoteCallError {
  const message = "The server was closed while the method was running";
  return new RemoteCallError("closed", message, { isExecuted: "unknown" });
}
