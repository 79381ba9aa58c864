import type { BundleFramework, ServiceReference } from "../../framework/mod.ts";
import {
  checkOptionNames,
  createSafeLogger,
  type Logger,
  SILENT,
  type Subscription,
} from "../../util/mod.ts";
import type {
  EndpointAdvertiser,
  EndpointEvent,
  EndpointEventListener,
} from "../../discovery/mod.ts";
import { type Capability, TOPOLOGY_CAPABILITY } from "../capabilities.ts";
import type { RemoteServiceAdmin } from "../remote_service_admin.ts";
import { Advertising } from "./advertising.ts";
import { ExportPolicy } from "./export_policy.ts";
import { ImportPolicy } from "./import_policy.ts";

/** Options of a {@link TopologyManager}. */
export interface TopologyManagerOptions {
  /** Framework whose services are exported. */
  readonly framework: BundleFramework;
  /** Admin that exports and imports. */
  readonly admin: RemoteServiceAdmin;
  /** Advertisers of the exported endpoints. @default [] */
  readonly advertisers?: readonly EndpointAdvertiser[];
  /**
   * `endpoint.listener.scope`: filters of the endpoints that are imported.
   * @default "(ecf.endpoint.id.ns=*)", which every endpoint matches
   */
  readonly scope?: string | readonly string[];
  /** Receives exports, imports and failures. @default silent */
  readonly logger?: Logger;
}

/**
 * The basic topology manager (OSGi Compendium, 122.6): exports every service that has
 * `service.exported.interfaces`, advertises the endpoints, imports every endpoint in its
 * scope, and follows changes of properties. An endpoint that several discoveries report stays
 * imported until the last of them removes it (122.6.3). Another policy is another class that
 * calls the admin and listens to discoveries.
 *
 * @example
 * ```ts
 * import {
 *   Framework,
 *   HttpService,
 *   RemoteServiceAdmin,
 *   TopologyManager,
 *   XmlRpcExportProvider,
 * } from "@remote-services/etcd3";
 *
 * const framework = new Framework();
 * await using http = new HttpService({ port: 0 });
 * const exportProviders = [new XmlRpcExportProvider(http)];
 * const admin = new RemoteServiceAdmin({ framework, exportProviders });
 * const topologyManager = new TopologyManager({ framework, admin });
 * const { reference } = framework.registry.register(
 *   "com.example.Greeter",
 *   { greet: (name: string) => `Hello ${name}` },
 *   { "service.exported.interfaces": "*" },
 * );
 * await topologyManager.settled(reference);
 * console.log(admin.exports.length); // 1
 * topologyManager.close();
 * await admin.close();
 * ```
 */
export class TopologyManager implements EndpointEventListener {
  /** `endpoint.listener.scope`. */
  readonly scope: string | readonly string[];
  /** Capabilities of this topology manager (OSGi Compendium, 122.9). */
  readonly capabilities: readonly Capability[] = [TOPOLOGY_CAPABILITY];
  readonly #exports: ExportPolicy;
  readonly #imports: ImportPolicy;
  readonly #advertising: Advertising;
  readonly #serviceListener: Subscription;

  /**
   * Starts at once, with the services that are already registered.
   *
   * @throws {TypeError} on an option that does not exist
   */
  constructor(options: TopologyManagerOptions) {
    checkOptionNames(options, {
      path: "",
      known: ["framework", "admin", "advertisers", "scope", "logger"],
    });
    const { admin, framework: { registry } } = options;
    const logger = createSafeLogger(options.logger ?? SILENT);
    this.scope = options.scope ?? "(ecf.endpoint.id.ns=*)";
    this.#exports = new ExportPolicy(admin, logger);
    this.#imports = new ImportPolicy(admin, logger);
    this.#advertising = new Advertising(admin, logger);
    for (const advertiser of options.advertisers ?? []) this.addAdvertiser(advertiser);
    this.#serviceListener = registry.addServiceListener((event) => this.#exports.follow(event));
    for (const reference of registry.getReferences()) {
      this.#exports.follow({ type: "registered", reference });
    }
  }

  /** Adds an advertiser. It receives the endpoints that are already exported first. */
  addAdvertiser(advertiser: EndpointAdvertiser): Subscription {
    return this.#advertising.add(advertiser);
  }

  /**
   * Waits until a service is exported, updated or withdrawn as its properties ask.
   *
   * @throws the failure of its last export
   */
  async settled(reference: ServiceReference): Promise<void> {
    await this.#exports.settled(reference);
  }

  /**
   * Waits until every advertiser has the latest state of an endpoint.
   *
   * @throws the failure of an advertiser
   */
  async advertised(endpointId: string): Promise<void> {
    await this.#advertising.settled(endpointId);
  }

  /**
   * Withdraws every exported service and exports it anew, under another endpoint id. Needed
   * when the address of this process has changed: proxies of iPOPO keep the address of an
   * endpoint when it is updated.
   */
  renewExports(): void {
    this.#exports.renew();
  }

  /** Imports, updates or closes the import of an endpoint. */
  endpointChanged(event: EndpointEvent): void {
    this.#imports.follow(event);
  }

  /** Stops listening; exports and imports stay until the admin is closed. */
  close(): void {
    this.#serviceListener.close();
    this.#advertising.close();
  }
}
