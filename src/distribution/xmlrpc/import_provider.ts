import { ECF, type EndpointDescription, OSGI } from "../../endpoint/mod.ts";
import type { ImportDistributionProvider, ImportedService } from "../mod.ts";
import { RemoteServiceError } from "../../rsa/mod.ts";
import { XmlRpcClient } from "../../xmlrpc/mod.ts";
import { isMethodName } from "../exported_methods.ts";
import { checkTimeout, MAX_TIMER_MS } from "../../util/mod.ts";
import { TIMEOUT_HEADER, XMLRPC_CLIENT_CONFIG, XMLRPC_SERVER_CONFIG } from "./constants.ts";

/** Settings of an {@link XmlRpcImportProvider}. */
export interface XmlRpcImportOptions {
  /** Deadline of a call whose endpoint has no `osgi.basic.timeout`. @default 30000 */
  readonly timeoutMs?: number;
  /** Headers of every call, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Does the HTTP requests: with the `client` of `Deno.createHttpClient` it trusts
   * other authorities or shows a certificate of its own. @default globalThis.fetch
   */
  readonly fetch?: typeof fetch;
}

/** Imports services that are exported over XML-RPC by us, iPOPO or ECF. */
export class XmlRpcImportProvider implements ImportDistributionProvider {
  /** `ecf.xmlrpc.server` and `ecf.xmlrpc.client`. */
  readonly importedConfigs: readonly string[] = [XMLRPC_SERVER_CONFIG, XMLRPC_CLIENT_CONFIG];
  readonly #timeoutMs: number;
  readonly #options: XmlRpcImportOptions;

  /** Makes a provider. */
  constructor(options: XmlRpcImportOptions = {}) {
    this.#timeoutMs = checkTimeout(options.timeoutMs ?? 30_000);
    this.#options = options;
  }

  /** Makes a proxy whose methods call the endpoint. */
  importService(endpoint: EndpointDescription): ImportedService {
    const gone = new AbortController();
    let current = endpoint;
    let client = this.#client(endpoint);
    const call = (method: string, params: unknown[]) =>
      client.call(`${current.remoteServiceId}.${method}`, params, { signal: gone.signal });
    return {
      proxy: createProxy(() => current, call),
      update: (changed) => {
        client = this.#client(changed); // throws when it can't be called
        current = changed;
      },
      close: () =>
        gone.abort(
          new RemoteServiceError(
            "endpoint-gone",
            `The remote service ${
              nameOf(current)
            } is gone: its endpoint was withdrawn or its exporter died`,
          ),
        ),
    };
  }

  #client(endpoint: EndpointDescription): XmlRpcClient {
    const asked = Number(endpoint.extras.get(OSGI.basicTimeout) ?? NaN);
    const timeoutMs = asked > 0 && asked <= MAX_TIMER_MS ? asked : this.#timeoutMs;
    return new XmlRpcClient(requireAddress(endpoint), {
      ...this.#options,
      timeoutMs,
      joinSurrogates: true,
      headers: {
        ...this.#options.headers,
        ...(timeoutMs === Infinity ? {} : { [TIMEOUT_HEADER]: String(timeoutMs) }),
      },
    });
  }
}

/** Returns the URL of an endpoint that has all that a call over XML-RPC needs. */
function requireAddress({ id, containerId, remoteServiceId }: EndpointDescription): string {
  if (containerId !== undefined && remoteServiceId !== undefined) return containerId;
  const name = containerId === undefined ? ECF.containerId : ECF.remoteServiceId;
  throw new TypeError(`Cannot import the endpoint ${id} over XML-RPC: it has no ${name}`);
}

/**
 * An object that has every method, each a call. It has no symbols and no `then`, so
 * that awaiting, printing or comparing it calls nothing.
 */
function createProxy(
  endpoint: () => EndpointDescription,
  call: (method: string, params: unknown[]) => Promise<unknown>,
): object {
  const methods = new Map<string, (...params: unknown[]) => Promise<unknown>>();
  const target: Record<PropertyKey, unknown> = Object.assign(Object.create(null), {
    toString: () => `Remote(${nameOf(endpoint())})`,
  });
  return new Proxy(target, {
    get(_, name) {
      if (typeof name === "symbol" || !isMethodName(name)) return Reflect.get(target, name);
      let method = methods.get(name);
      if (method === undefined) {
        method = (...params) => call(name, params);
        methods.set(name, method);
      }
      return method;
    },
    has: (_, name) => typeof name === "string" && isMethodName(name),
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
    preventExtensions: () => false,
    setPrototypeOf: () => false,
  });
}

function nameOf(endpoint: EndpointDescription): string {
  return `${endpoint.interfaces.join(", ")} at ${endpoint.containerId}`;
}
