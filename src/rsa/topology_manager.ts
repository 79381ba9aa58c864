import type { BundleFramework, ServiceEvent, ServiceReference } from "../framework/mod.ts";
import { type Logger, messageOf, SILENT, type Subscription } from "../util/mod.ts";
import { Advertising } from "./advertising.ts";
import { isExported } from "./export_properties.ts";
import type { EndpointAdvertiser, EndpointEvent, EndpointEventListener } from "../discovery/mod.ts";
import { RemoteServiceError } from "./errors.ts";
import type { ExportRegistration, ImportRegistration } from "./registrations.ts";
import type { RemoteServiceAdmin } from "./remote_service_admin.ts";

/** What a {@link TopologyManager} connects. */
export interface TopologyManagerOptions {
  /** Whose services are exported. */
  readonly framework: BundleFramework;
  /** Who exports and imports. */
  readonly admin: RemoteServiceAdmin;
  /** Who advertises what is exported. @default [] */
  readonly advertisers?: readonly EndpointAdvertiser[];
  /**
   * `endpoint.listener.scope`: filters of the endpoints that are imported.
   * @default "(ecf.endpoint.id.ns=*)", which every endpoint matches
   */
  readonly scope?: string | readonly string[];
  /** Hears what was exported and imported, and what failed. @default silent */
  readonly logger?: Logger;
}

/**
 * The basic topology manager (OSGi Compendium, 122.6): exports every service that
 * carries `service.exported.interfaces`, advertises what is exported, imports every
 * endpoint in its scope, and follows changes of properties. Another policy is another
 * class that tells the admin what to do and listens to a discovery.
 */
export class TopologyManager implements EndpointEventListener {
  /** `endpoint.listener.scope`. */
  readonly scope: string | readonly string[];
  readonly #options: TopologyManagerOptions;
  readonly #logger: Logger;
  readonly #work = new Map<number, Promise<void>>();
  readonly #exports = new Map<number, ExportRegistration>();
  readonly #imports = new Map<string, ImportRegistration>();
  readonly #advertising: Advertising;
  readonly #serviceListener: Subscription;

  /** Begins at once, with the services that are registered already. */
  constructor(options: TopologyManagerOptions) {
    const { admin, framework: { registry }, logger = SILENT } = options;
    this.#options = options;
    this.#logger = logger;
    this.scope = options.scope ?? "(ecf.endpoint.id.ns=*)";
    this.#advertising = new Advertising(admin, logger);
    for (const advertiser of options.advertisers ?? []) this.addAdvertiser(advertiser);
    this.#serviceListener = registry.addServiceListener((event) => this.#onServiceEvent(event));
    for (const reference of registry.getReferences()) {
      this.#onServiceEvent({ type: "registered", reference });
    }
  }

  /** Adds an advertiser, which is told what is exported already, and gives what removes it. */
  addAdvertiser(advertiser: EndpointAdvertiser): () => void {
    return this.#advertising.add(advertiser);
  }

  /**
   * Waits until a service is exported, updated or withdrawn as it should be.
   *
   * @throws whatever its last export failed with.
   */
  async settled(reference: ServiceReference): Promise<void> {
    await this.#work.get(reference.id);
  }

  /**
   * Waits until what was last said of an endpoint has reached every advertiser.
   *
   * @throws whatever an advertiser failed with.
   */
  async advertised(endpointId: string): Promise<void> {
    await this.#advertising.settled(endpointId);
  }

  /** Imports, updates or closes the import of an endpoint. */
  endpointChanged({ type, endpoint }: EndpointEvent): void {
    const known = this.#imports.get(endpoint.id);
    if (type === "removed" || type === "modified-endmatch") {
      this.#imports.delete(endpoint.id);
      known?.close();
      return;
    }
    if (known !== undefined) return known.update(endpoint);
    try {
      this.#imports.set(endpoint.id, this.#options.admin.importService(endpoint));
    } catch (error) {
      // Others may share etcd and speak what we don't.
      if (!(error instanceof RemoteServiceError) || error.code !== "no-provider") throw error;
      this.#logger.debug(error.message);
    }
  }

  /** Stops listening; exports and imports stay, for the admin to close. */
  close(): void {
    this.#serviceListener.close();
    this.#advertising.close();
  }

  /** Does the work of one service in order, and of different services side by side. */
  #onServiceEvent(event: ServiceEvent): void {
    const { id } = event.reference;
    const before = this.#work.get(id)?.catch(() => {}); // its waiter has the error
    if (before === undefined && !isExported(event.reference.properties)) return;
    const work = (before ?? Promise.resolve()).then(() => this.#follow(event));
    this.#work.set(id, work);
    work.catch((error) => this.#logger.error(`Service ${id} is not exported: ${messageOf(error)}`));
  }

  async #follow({ type, reference }: ServiceEvent): Promise<void> {
    const registration = this.#exports.get(reference.id);
    if (type === "unregistering" || !isExported(reference.properties)) {
      this.#exports.delete(reference.id);
      await registration?.close();
    } else if (registration === undefined) {
      this.#exports.set(reference.id, await this.#options.admin.exportService(reference));
    } else {
      registration.update();
      if (registration.exception !== undefined) throw registration.exception;
    }
    if (type === "unregistering") this.#work.delete(reference.id);
  }
}
