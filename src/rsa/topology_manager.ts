import {
  type Framework,
  type Logger,
  messageOf,
  type ServiceEvent,
  type ServiceReference,
  SILENT,
} from "../framework/mod.ts";
import { isExported } from "./_export_properties.ts";
import type { EndpointAdvertiser, EndpointEvent, EndpointEventListener } from "./discovery.ts";
import { RemoteServiceError } from "./errors.ts";
import type { RemoteServiceAdminEvent } from "./registrations.ts";
import type { RemoteServiceAdmin } from "./remote_service_admin.ts";

/** What a {@link TopologyManager} connects. */
export interface TopologyManagerOptions {
  /** Whose services are exported. */
  readonly framework: Framework;
  /** Who exports and imports. */
  readonly admin: RemoteServiceAdmin;
  /** Who advertises what is exported. @default [] */
  readonly advertisers?: readonly EndpointAdvertiser[];
  /** Hears what was exported and imported, and what failed. @default silent */
  readonly logger?: Logger;
}

/**
 * The basic topology manager (OSGi Compendium, 122.6): exports every service that
 * carries `service.exported.interfaces`, advertises what is exported, imports every
 * endpoint that is discovered, and follows changes of properties.
 */
export class TopologyManager implements EndpointEventListener {
  readonly #options: TopologyManagerOptions;
  readonly #logger: Logger;
  readonly #work = new Map<number, Promise<void>>();
  readonly #advertising = new Map<string, Promise<unknown>>();
  readonly #stops: (() => void)[];

  /** Begins at once, with the services that are registered already. */
  constructor(options: TopologyManagerOptions) {
    this.#options = options;
    this.#logger = options.logger ?? SILENT;
    const { registry } = options.framework;
    this.#stops = [
      options.admin.addListener((event) => this.#onAdminEvent(event)),
      registry.addServiceListener((event) => this.#onServiceEvent(event)),
    ];
    for (const reference of registry.getReferences()) {
      this.#onServiceEvent({ type: "registered", reference });
    }
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
    await this.#advertising.get(endpointId);
  }

  /** Imports, updates or closes the import of an endpoint. */
  endpointChanged({ type, endpoint }: EndpointEvent): void {
    const { admin } = this.#options;
    if (type === "removed") {
      admin.imports.find((registration) => registration.endpoint.id === endpoint.id)?.close();
      return;
    }
    try {
      admin.importService(endpoint);
    } catch (error) {
      // Others may share etcd and speak what we don't.
      if (!(error instanceof RemoteServiceError) || error.code !== "no-provider") throw error;
      this.#logger.debug(error.message);
    }
  }

  /** Stops listening; exports and imports stay, for the admin to close. */
  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
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
    const { admin } = this.#options;
    const registration = admin.exports.find((exported) => exported.reference === reference);
    if (type === "unregistering" || !isExported(reference.properties)) {
      await registration?.close();
    } else if (registration === undefined) await admin.exportService(reference);
    else registration.update();
    if (type === "unregistering") this.#work.delete(reference.id);
  }

  #onAdminEvent({ type, endpoint }: RemoteServiceAdminEvent): void {
    if (type.startsWith("import")) {
      this.#logger.info(`${type} of ${endpoint.interfaces.join(", ")} (${endpoint.id})`);
      return;
    }
    const advertisers = this.#options.advertisers ?? [];
    const results = advertisers.map((advertiser) => {
      if (type === "export-registration") return advertiser.advertise(endpoint);
      if (type === "export-update") return advertiser.update(endpoint);
      return advertiser.unadvertise(endpoint.id);
    });
    const done = Promise.all(results);
    this.#advertising.set(endpoint.id, done);
    done.then(
      () => this.#logger.info(`${type} of ${endpoint.interfaces.join(", ")} (${endpoint.id})`),
      (error) =>
        this.#logger.error(`Endpoint ${endpoint.id} is not advertised: ${messageOf(error)}`),
    ).finally(() => {
      const isLast = this.#advertising.get(endpoint.id) === done;
      if (isLast && type === "export-unregistration") this.#advertising.delete(endpoint.id);
    });
  }
}
