import { type Logger, messageOf, SILENT } from "../../util/mod.ts";
import type { HttpService } from "../../http/mod.ts";
import type { ExportDistributionProvider, ExportedService, ExportRequest } from "../mod.ts";
import { createXmlRpcHandler, type HandlerOptions, XmlRpcFault } from "../../xmlrpc/mod.ts";
import { type BoundMethod, methodsOf } from "../exported_methods.ts";
import { checkTimeout, MAX_TIMER_MS } from "../../util/mod.ts";
import { checkPath } from "./options.ts";
import {
  FAULT_CODE,
  TIMEOUT_HEADER,
  XMLRPC_INTENTS,
  XMLRPC_NAMESPACE,
  XMLRPC_SERVER_CONFIG,
} from "./constants.ts";

/** Limits of an {@link XmlRpcExportProvider}, who may call and what errors tell. */
export type XmlRpcServerOptions = Pick<
  HandlerOptions,
  | "authenticate"
  | "bodyTimeoutMs"
  | "errorDetail"
  | "maxBytes"
  | "maxCalls"
  | "maxPendingRequests"
  | "maxReplyLength"
>;

/** Settings of an {@link XmlRpcExportProvider}. */
export interface XmlRpcExportOptions extends XmlRpcServerOptions {
  /** Path of the servlet. @default "/xml-rpc" */
  readonly path?: string;
  /**
   * Longest time a method may take, unless the client names another; `Infinity` for any.
   * @default 30000
   */
  readonly timeoutMs?: number;
  /** Hears of errors that methods throw. @default silent */
  readonly logger?: Logger;
}

/**
 * Exports services over XML-RPC as iPOPO and ECF do (`ecf.xmlrpc.server`): one servlet
 * for all, where `<ecf.rsvc.id>.<method>` names what is called.
 */
export class XmlRpcExportProvider implements ExportDistributionProvider {
  /** `ecf.xmlrpc.server`. */
  readonly supportedConfigs: readonly string[] = [XMLRPC_SERVER_CONFIG];
  /** `osgi.basic` and `osgi.async`. */
  readonly supportedIntents: readonly string[] = XMLRPC_INTENTS;
  /** `ecf.namespace.xmlrpc`. */
  readonly containerNamespace: string = XMLRPC_NAMESPACE;
  readonly #http: HttpService;
  readonly #path: string;
  readonly #timeoutMs: number;
  readonly #services = new Map<string, ReadonlyMap<string, BoundMethod>>();
  readonly #handle: (request: Request) => Promise<Response>;
  #removeServlet: (() => void) | undefined;

  /**
   * Uses an HTTP service, which is started with the first export.
   *
   * @throws {TypeError | RangeError} on a path or a timeout that can't be used.
   */
  constructor(http: HttpService, options: XmlRpcExportOptions = {}) {
    const { path = "/xml-rpc", timeoutMs = 30_000, logger = SILENT, ...limits } = options;
    this.#http = http;
    this.#path = checkPath(path);
    this.#timeoutMs = checkTimeout(timeoutMs);
    this.#handle = createXmlRpcHandler(
      (methodName, params) => this.#dispatch(methodName, params),
      {
        ...limits,
        errorCode: FAULT_CODE,
        joinSurrogates: true,
        callTimeoutMs: (request) => this.#timeoutOf(request),
        signal: http.signal,
        onError: (error, methodName) => logger.warn(`${methodName} failed: ${messageOf(error)}`),
      },
    );
  }

  /** Makes the methods of a service callable. */
  // deno-lint-ignore require-await
  async exportService({ service, remoteServiceId }: ExportRequest): Promise<ExportedService> {
    this.#http.start();
    this.#removeServlet ??= this.#http.register(this.#path, this.#handle);
    const id = String(remoteServiceId);
    this.#services.set(id, methodsOf(service));
    return {
      containerId: this.#http.url + this.#path,
      close: () => {
        this.#services.delete(id);
        if (this.#services.size === 0) {
          this.#removeServlet?.();
          this.#removeServlet = undefined;
        }
        return Promise.resolve();
      },
    };
  }

  #dispatch(fullName: string, params: readonly unknown[]): unknown {
    const dot = fullName.indexOf(".");
    const [id, name] = [fullName.slice(0, dot), fullName.slice(dot + 1)];
    if (dot < 0 || name === "" || name.includes(".")) {
      throw new XmlRpcFault(FAULT_CODE, `Cannot call ${fullName}: call <service id>.<method>`);
    }
    const methods = this.#services.get(id);
    if (methods === undefined) {
      throw new XmlRpcFault(FAULT_CODE, `Cannot call ${name}: no service has the id ${id}`);
    }
    const method = methods.get(name);
    if (method === undefined) {
      throw new XmlRpcFault(FAULT_CODE, `Cannot call ${name}: service ${id} has no such method`);
    }
    return method(...params);
  }

  #timeoutOf(request: Request): number {
    const asked = Number(request.headers.get(TIMEOUT_HEADER) ?? NaN);
    return asked > 0 && asked <= MAX_TIMER_MS ? asked : this.#timeoutMs;
  }
}
