import { checkTimeout, SYSTEM_CLOCK } from "../../../util/mod.ts";
import type { EndpointDescription } from "../../../endpoint/mod.ts";
import type { ImportDistributionProvider, ImportedEndpoint } from "../../mod.ts";
import { XMLRPC_CLIENT_CONFIG, XMLRPC_INTENTS, XMLRPC_SERVER_CONFIG } from "../constants.ts";
import {
  createSharedClient,
  type SharedClient,
  type XmlRpcImportOptions,
} from "./import_options.ts";
import { type ImportedEndpointOptions, XmlRpcImportedEndpoint } from "./imported_endpoint.ts";

/**
 * Calls services that are exported over XML-RPC by this library, iPOPO or ECF.
 *
 * @example
 * ```ts
 * import { Framework, RemoteServiceAdmin, XmlRpcImportProvider } from "@remote-services/etcd3";
 *
 * const admin = new RemoteServiceAdmin({
 *   framework: new Framework(),
 *   importProviders: [new XmlRpcImportProvider({ timeoutMs: 5000 })],
 * });
 * await admin.close();
 * ```
 */
export class XmlRpcImportProvider implements ImportDistributionProvider {
  /** `ecf.xmlrpc.server` and `ecf.xmlrpc.client`. */
  readonly importedConfigs: readonly string[] = [XMLRPC_SERVER_CONFIG, XMLRPC_CLIENT_CONFIG];
  /** `osgi.basic` and `osgi.async`. */
  readonly importedIntents: readonly string[] = XMLRPC_INTENTS;
  readonly #options: ImportedEndpointOptions;
  readonly #shared: SharedClient;

  /**
   * Creates a provider.
   *
   * @throws {RangeError} if a limit is not positive
   * @throws {TypeError} if an option has no effect beside another one
   */
  constructor(options: XmlRpcImportOptions = {}) {
    this.#shared = createSharedClient(options);
    this.#options = {
      shared: this.#shared,
      timeoutMs: checkTimeout(options.timeoutMs ?? 30_000),
      clock: options.clock ?? SYSTEM_CLOCK,
    };
  }

  /** Prepares calls of an endpoint. */
  importEndpoint(endpoint: EndpointDescription): ImportedEndpoint {
    return new XmlRpcImportedEndpoint(endpoint, this.#options);
  }

  /** Closes the connections that are not shared with other providers. */
  async close(): Promise<void> {
    await this.#shared.http?.close();
  }
}
