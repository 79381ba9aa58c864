import { checkTimeout } from "../../util/mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import type { ImportDistributionProvider, ImportedEndpoint } from "../mod.ts";
import { XMLRPC_CLIENT_CONFIG, XMLRPC_INTENTS, XMLRPC_SERVER_CONFIG } from "./constants.ts";
import type { XmlRpcImportOptions } from "./import_options.ts";
import { XmlRpcImportedEndpoint } from "./imported_endpoint.ts";

/** Calls services that are exported over XML-RPC by this library, iPOPO or ECF. */
export class XmlRpcImportProvider implements ImportDistributionProvider {
  /** `ecf.xmlrpc.server` and `ecf.xmlrpc.client`. */
  readonly importedConfigs: readonly string[] = [XMLRPC_SERVER_CONFIG, XMLRPC_CLIENT_CONFIG];
  /** `osgi.basic` and `osgi.async`. */
  readonly importedIntents: readonly string[] = XMLRPC_INTENTS;
  readonly #options: XmlRpcImportOptions;

  /**
   * Creates a provider.
   *
   * @throws {RangeError} if `timeoutMs` is not positive
   */
  constructor(options: XmlRpcImportOptions = {}) {
    checkTimeout(options.timeoutMs ?? 30_000);
    this.#options = options;
  }

  /** Prepares calls of an endpoint. */
  importEndpoint(endpoint: EndpointDescription): ImportedEndpoint {
    return new XmlRpcImportedEndpoint(endpoint, this.#options);
  }
}
