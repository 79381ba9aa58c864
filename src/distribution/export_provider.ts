import { type Logger, messageOf, SILENT } from "../framework/mod.ts";
import type { HttpService } from "../http/mod.ts";
import type { ExportDistributionProvider, ExportedService, ExportRequest } from "../rsa/mod.ts";
import { type CallContext, createXmlRpcHandler, XmlRpcFault } from "../xmlrpc/mod.ts";
import { type BoundMethod, methodsOf } from "./_methods.ts";
import {
  FAULT_CODE,
  TIMEOUT_HEADER,
  XMLRPC_INTENTS,
  XMLRPC_NAMESPACE,
  XMLRPC_SERVER_CONFIG,
} from "./constants.ts";

/** Settings of an {@link XmlRpcExportProvider}. */
export interface XmlRpcExportOptions {
  /** Path of the servlet. @default "/xml-rpc" */
  readonly path?: string;
  /** Longest time a method may take, unless the client names another. @default 30000 */
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

  /** Uses an HTTP service, which is started with the first export. */
  constructor(http: HttpService, options: XmlRpcExportOptions = {}) {
    const { path = "/xml-rpc", timeoutMs = 30_000, logger = SILENT } = options;
    this.#http = http;
    this.#path = path;
    this.#timeoutMs = timeoutMs;
    this.#handle = createXmlRpcHandler(
      (methodName, params, context) => this.#dispatch(methodName, params, context),
      {
        errorCode: FAULT_CODE,
        joinSurrogates: true,
        onError: (error, methodName) => logger.warn(`${methodName} failed: ${messageOf(error)}`),
      },
    );
  }

  /** Makes the methods of a service callable. */
  exportService({ service, remoteServiceId }: ExportRequest): Promise<ExportedService> {
    this.#http.start();
    this.#removeServlet ??= this.#http.register(this.#path, this.#handle);
    const id = String(remoteServiceId);
    this.#services.set(id, methodsOf(service));
    return Promise.resolve({
      containerId: this.#http.url + this.#path,
      close: () => {
        this.#services.delete(id);
        if (this.#services.size === 0) {
          this.#removeServlet?.();
          this.#removeServlet = undefined;
        }
        return Promise.resolve();
      },
    });
  }

  #dispatch(fullName: string, params: readonly unknown[], context: CallContext): unknown {
    const [id = "", name = "", ...more] = fullName.split(".");
    if (name === "" || more.length > 0) {
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
    return withTimeout(method(...params), this.#timeoutOf(context.request), fullName);
  }

  #timeoutOf(request: Request): number {
    const asked = Number(request.headers.get(TIMEOUT_HEADER) ?? NaN);
    return asked > 0 && asked < 2 ** 31 ? asked : this.#timeoutMs;
  }
}

/** Answers a fault when a method takes too long; the method itself runs on. */
function withTimeout(result: unknown, timeoutMs: number, name: string): unknown {
  if (!(result instanceof Promise)) return result;
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new XmlRpcFault(FAULT_CODE, `${name} did not answer within ${timeoutMs} ms`)),
    timeoutMs,
  );
  return Promise.race([result, promise]).finally(() => clearTimeout(timer));
}
