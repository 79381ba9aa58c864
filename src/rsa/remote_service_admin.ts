import {
  type Framework,
  type Logger,
  messageOf,
  type ServiceProperties,
  type ServiceReference,
  type ServiceRegistration,
  SILENT,
} from "../framework/mod.ts";
import { exportedInterfaces, namesOf, travellingProperties } from "./_export_properties.ts";
import { OSGI } from "./constants.ts";
import type {
  ExportDistributionProvider,
  ExportedService,
  ImportDistributionProvider,
  ImportedService,
} from "./distribution.ts";
import { EndpointDescription } from "./endpoint_description.ts";
import { RemoteServiceError } from "./errors.ts";
import type {
  ExportRegistration,
  ImportRegistration,
  RemoteServiceAdminEvent,
  RemoteServiceAdminListener,
} from "./registrations.ts";

/** What a {@link RemoteServiceAdmin} works with. */
export interface RemoteServiceAdminOptions {
  /** Where services are registered. */
  readonly framework: Framework;
  /** Protocols to export with. @default [] */
  readonly exportProviders?: readonly ExportDistributionProvider[];
  /** Protocols to import with. @default [] */
  readonly importProviders?: readonly ImportDistributionProvider[];
  /** Hears of listeners that fail. @default silent */
  readonly logger?: Logger;
}

/** Ids of exported services; one counter, so that they are unique in the process. */
let nextRemoteServiceId = 1;

/**
 * Exports local services and imports remote ones when it is told to (OSGi Compendium,
 * 122.5). What is to be exported or imported is decided by a topology manager.
 */
export class RemoteServiceAdmin {
  readonly #options: RemoteServiceAdminOptions;
  readonly #logger: Logger;
  readonly #exports = new Map<ServiceReference, Promise<ExportRegistration>>();
  readonly #exported = new Set<ExportRegistration>();
  readonly #imports = new Map<string, ImportRegistration>();
  readonly #listeners = new Set<RemoteServiceAdminListener>();
  #isClosed = false;

  /** Makes an admin without exports and imports. */
  constructor(options: RemoteServiceAdminOptions) {
    this.#options = options;
    this.#logger = options.logger ?? SILENT;
  }

  /** What is exported now. */
  get exports(): readonly ExportRegistration[] {
    return [...this.#exported];
  }

  /** What is imported now. */
  get imports(): readonly ImportRegistration[] {
    return [...this.#imports.values()];
  }

  /** Adds a listener and gives the function that removes it. */
  addListener(listener: RemoteServiceAdminListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Exports a service as its properties ask. A service that is exported already keeps
   * its one export, which is returned.
   *
   * @throws {RemoteServiceError} `not-exportable` or `no-provider`; whatever the
   * provider throws, such as a port in use.
   */
  async exportService(reference: ServiceReference): Promise<ExportRegistration> {
    const known = this.#exports.get(reference);
    if (known !== undefined) return await known;
    if (this.#isClosed) {
      throw new RemoteServiceError(
        "closed",
        `Cannot export service ${reference.id}: the admin is closed`,
      );
    }
    const exporting = this.#export(reference);
    this.#exports.set(reference, exporting);
    try {
      return await exporting;
    } catch (error) {
      this.#exports.delete(reference);
      throw error;
    }
  }

  /**
   * Imports an endpoint: registers a proxy under its interfaces, with its properties
   * and `service.imported`. An endpoint that is imported already is updated, or, when its
   * interfaces have changed, imported anew.
   *
   * @throws {RemoteServiceError} `no-provider` when no provider knows its
   * configuration types.
   */
  importService(endpoint: EndpointDescription): ImportRegistration {
    const known = this.#imports.get(endpoint.id);
    if (known !== undefined) {
      if (isSameService(known.endpoint, endpoint)) {
        known.update(endpoint);
        return known;
      }
      known.close();
    }
    const provider = this.#options.importProviders?.find(({ importedConfigs }) =>
      endpoint.configurationTypes.some((config) => importedConfigs.includes(config))
    );
    if (provider === undefined) {
      throw new RemoteServiceError(
        "no-provider",
        `Cannot import endpoint ${endpoint.id}: no provider for ${
          endpoint.configurationTypes.join(", ")
        }`,
      );
    }
    const imported = provider.importService(endpoint);
    const service = this.#options.framework.registry.register(
      endpoint.interfaces,
      imported.proxy,
      importedProperties(endpoint),
    );
    const registration = this.#importRegistration(endpoint, imported, service);
    this.#imports.set(endpoint.id, registration);
    this.#tell({ type: "import-registration", endpoint });
    return registration;
  }

  /** Closes every import and export. May be repeated. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const registration of this.imports) registration.close();
    const pending = await Promise.allSettled(this.#exports.values());
    await Promise.all(
      pending.map((result) => result.status === "fulfilled" ? result.value.close() : undefined),
    );
  }

  async #export(reference: ServiceReference): Promise<ExportRegistration> {
    const { interfaces, properties } = reference;
    const offered = exportedInterfaces(interfaces, properties);
    const service = this.#options.framework.registry.getService(reference);
    if (service === undefined) {
      throw new RemoteServiceError(
        "not-exportable",
        `Cannot export service ${reference.id}: it is unregistered`,
      );
    }
    const { provider, configs } = this.#exportProvider(properties);
    const remoteServiceId = nextRemoteServiceId++;
    const exported = await provider.exportService({
      service,
      remoteServiceId,
      interfaces: offered,
      properties,
    });
    const id = crypto.randomUUID();
    let timestampMs = 0;
    const describe = () => {
      timestampMs = Math.max(Date.now(), timestampMs + 1);
      return new EndpointDescription({
        id,
        interfaces: exportedInterfaces(interfaces, reference.properties),
        serviceId: reference.id,
        frameworkUuid: this.#options.framework.uuid,
        configurationTypes: configs,
        containerId: exported.containerId,
        containerNamespace: provider.containerNamespace,
        remoteServiceId,
        timestampMs,
        intents: namesOf(reference.properties[OSGI.intents]),
        configsSupported: provider.supportedConfigs,
        intentsSupported: provider.supportedIntents,
        extras: travellingProperties(reference.properties),
      });
    };
    return await this.#exportRegistration(reference, exported, describe);
  }

  /** Finds who can export with the configuration types and intents that are asked for. */
  #exportProvider(properties: ServiceProperties) {
    const wanted = namesOf(properties[OSGI.exportedConfigs]);
    const intents = [
      OSGI.exportedIntents,
      OSGI.exportedIntentsExtra,
    ].flatMap((name) => namesOf(properties[name]));
    for (const provider of this.#options.exportProviders ?? []) {
      const configs = wanted.length === 0
        ? provider.supportedConfigs.slice(0, 1)
        : wanted.filter((config) => provider.supportedConfigs.includes(config));
      const offersAll = intents.every((intent) => provider.supportedIntents.includes(intent));
      if (configs.length > 0 && offersAll) return { provider, configs };
    }
    const intentText = intents.length > 0 ? ` and the intents ${intents.join(", ")}` : "";
    throw new RemoteServiceError(
      "no-provider",
      `Cannot export service ${properties["service.id"]}: no provider has ${
        wanted.join(", ") || "any configuration type"
      }${intentText}`,
    );
  }

  async #exportRegistration(
    reference: ServiceReference,
    exported: ExportedService,
    describe: () => EndpointDescription,
  ): Promise<ExportRegistration> {
    let endpoint: EndpointDescription;
    try {
      if (this.#options.framework.registry.getService(reference) === undefined) {
        throw new RemoteServiceError(
          "not-exportable",
          `Cannot export service ${reference.id}: it was unregistered meanwhile`,
        );
      }
      endpoint = describe();
    } catch (error) {
      await exported.close();
      throw error;
    }
    let closing: Promise<void> | undefined;
    const close = async () => {
      this.#exports.delete(reference);
      this.#exported.delete(registration);
      this.#tell({ type: "export-unregistration", endpoint });
      await exported.close();
    };
    const registration: ExportRegistration = {
      reference,
      get endpoint() {
        return endpoint;
      },
      update: () => {
        if (closing !== undefined) return;
        endpoint = describe();
        this.#tell({ type: "export-update", endpoint });
      },
      close: () => closing ??= close(),
    };
    this.#exported.add(registration);
    this.#tell({ type: "export-registration", endpoint });
    return registration;
  }

  #importRegistration(
    first: EndpointDescription,
    imported: ImportedService,
    service: ServiceRegistration,
  ): ImportRegistration {
    let endpoint = first;
    let isClosed = false;
    return {
      reference: service.reference,
      get endpoint() {
        return endpoint;
      },
      update: (changed) => {
        if (isClosed) return;
        imported.update(changed); // throws when it can't be called
        endpoint = changed;
        service.setProperties(importedProperties(changed));
        this.#tell({ type: "import-update", endpoint });
      },
      close: () => {
        if (isClosed) return;
        isClosed = true;
        this.#imports.delete(endpoint.id);
        service.unregister();
        imported.close();
        this.#tell({ type: "import-unregistration", endpoint });
      },
    };
  }

  #tell(event: RemoteServiceAdminEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error(
          `A listener failed on ${event.type} of ${event.endpoint.id}: ${messageOf(error)}`,
        );
      }
    }
  }
}

/** Whether a proxy can stay registered as it is when the description changes so. */
function isSameService(before: EndpointDescription, after: EndpointDescription): boolean {
  return before.interfaces.join() === after.interfaces.join() &&
    before.configurationTypes.join() === after.configurationTypes.join();
}

function importedProperties(endpoint: EndpointDescription): ServiceProperties {
  return { ...Object.fromEntries(endpoint.properties), [OSGI.imported]: true };
}
