import type {
  BundleFramework,
  ServiceEvent,
  ServiceProperties,
  ServiceReference,
} from "../framework/mod.ts";
import { type Logger, messageOf, SILENT, Subscription } from "../util/mod.ts";
import { Exporter, keyOf } from "./exporter.ts";
import { Importer } from "./importer.ts";
import { Shared } from "./shared_registration.ts";
import type {
  ExportDistributionProvider,
  ImportDistributionProvider,
} from "../distribution/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";
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
  readonly framework: BundleFramework;
  /** Protocols to export with. @default [] */
  readonly exportProviders?: readonly ExportDistributionProvider[];
  /** Protocols to import with. @default [] */
  readonly importProviders?: readonly ImportDistributionProvider[];
  /** Hears of listeners that fail. @default silent */
  readonly logger?: Logger;
}

/**
 * Exports local services and imports remote ones when it is told to (OSGi Compendium,
 * 122.5). What is to be exported or imported is decided by a topology manager. Where
 * OSGi gives a registration that holds an exception, the call fails with it.
 */
export class RemoteServiceAdmin {
  readonly #options: RemoteServiceAdminOptions;
  readonly #logger: Logger;
  readonly #exporting = new Map<string, Promise<Shared<Exporter>>>();
  readonly #exports = new Set<ExportRegistration>();
  readonly #importing = new Map<string, Shared<Importer>>();
  readonly #imports = new Set<ImportRegistration>();
  readonly #listeners = new Set<RemoteServiceAdminListener>();
  readonly #serviceListener: Subscription;
  #isClosed = false;

  /** Makes an admin without exports and imports. */
  constructor(options: RemoteServiceAdminOptions) {
    this.#options = options;
    this.#logger = options.logger ?? SILENT;
    const { registry } = options.framework;
    this.#serviceListener = registry.addServiceListener((event) => this.#onServiceEvent(event));
  }

  /** Protocols to export with. */
  get exportProviders(): readonly ExportDistributionProvider[] {
    return this.#options.exportProviders ?? [];
  }

  /** Protocols to import with. */
  get importProviders(): readonly ImportDistributionProvider[] {
    return this.#options.importProviders ?? [];
  }

  /** Who holds exports now; several may hold one endpoint. */
  get exports(): readonly ExportRegistration[] {
    return [...this.#exports];
  }

  /** Who holds imports now; several may hold one proxy. */
  get imports(): readonly ImportRegistration[] {
    return [...this.#imports];
  }

  /** Adds a listener for the events of this admin. */
  addListener(listener: RemoteServiceAdminListener): Subscription {
    this.#listeners.add(listener);
    return new Subscription(() => this.#listeners.delete(listener));
  }

  /**
   * Exports a service as its properties ask. One that is exported in the same way
   * already keeps its endpoint, of which the caller gets a registration of its own. It ends with
   * the service at the latest.
   *
   * @param overriding properties that count before the service's own; `objectClass` and
   * `service.id` can't be overridden
   * @throws {RemoteServiceError} `not-exportable` or `no-provider`; whatever the
   * provider throws, such as a port in use.
   */
  async exportService(
    reference: ServiceReference,
    overriding: ServiceProperties = {},
  ): Promise<ExportRegistration> {
    this.#checkOpen(`Cannot export service ${reference.id}`);
    const key = keyOf({ reference, overriding }, this.exportProviders);
    let exporting = this.#exporting.get(key);
    if (exporting === undefined) {
      exporting = this.#export(key, reference, overriding);
      this.#exporting.set(key, exporting);
    }
    let shared: Shared<Exporter>;
    try {
      shared = await exporting;
    } catch (exception) {
      if (this.#exporting.get(key) === exporting) this.#exporting.delete(key);
      const isWarning = exception instanceof RemoteServiceError && exception.code === "no-provider";
      this.#tell({ type: isWarning ? "export-warning" : "export-error", reference, exception });
      throw exception;
    }
    // The last to hold it may have let go meanwhile.
    return shared.isEnded
      ? await this.exportService(reference, overriding)
      : this.#holdExport(shared);
  }

  /**
   * Imports an endpoint: registers a proxy under its interfaces, with its properties
   * and `service.imported`. One that is imported already keeps its proxy, of which the
   * caller gets a registration of its own, and is updated.
   *
   * @throws {RemoteServiceError} `no-provider` when no provider knows its
   * configuration types, `closed` when the admin is.
   */
  importService(endpoint: EndpointDescription): ImportRegistration {
    this.#checkOpen(`Cannot import endpoint ${endpoint.id}`);
    try {
      const known = this.#importing.get(endpoint.id);
      if (known !== undefined) {
        known.value.update(endpoint);
        this.#tell({ type: "import-update", endpoint });
        return this.#holdImport(known);
      }
      const importer = new Importer(this.#options.framework, this.importProviders, endpoint);
      const shared = new Shared(importer, () => {
        this.#importing.delete(endpoint.id);
        importer.close();
        this.#tell({ type: "import-unregistration", endpoint: importer.endpoint });
      });
      this.#importing.set(endpoint.id, shared);
      const registration = this.#holdImport(shared);
      this.#tell({ type: "import-registration", endpoint });
      return registration;
    } catch (exception) {
      const isWarning = exception instanceof RemoteServiceError && exception.code === "no-provider";
      this.#tell({ type: isWarning ? "import-warning" : "import-error", endpoint, exception });
      throw exception;
    }
  }

  /** Closes every import and export. May be repeated. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#serviceListener.close();
    for (const registration of this.imports) registration.close();
    await Promise.allSettled(this.#exporting.values());
    await Promise.all(this.exports.map((registration) => registration.close()));
  }

  #checkOpen(what: string): void {
    if (this.#isClosed) throw new RemoteServiceError("closed", `${what}: the admin is closed`);
  }

  /** An export ends with its service, whoever asked for it. */
  #onServiceEvent({ type, reference }: ServiceEvent): void {
    if (type !== "unregistering") return;
    for (const registration of this.exports) {
      if (registration.reference !== reference) continue;
      registration.close().catch((error) =>
        this.#logger.error(`An export of service ${reference.id} did not end: ${messageOf(error)}`)
      );
    }
  }

  async #export(
    key: string,
    reference: ServiceReference,
    overriding: ServiceProperties,
  ): Promise<Shared<Exporter>> {
    const { framework } = this.#options;
    const exporter = await Exporter.create(framework, this.exportProviders, {
      reference,
      overriding,
    });
    const { endpoint } = exporter;
    this.#tell({ type: "export-registration", endpoint });
    return new Shared(exporter, async () => {
      this.#exporting.delete(key); // one that comes now makes an endpoint of its own
      this.#tell({ type: "export-unregistration", endpoint: exporter.endpoint });
      await exporter.close();
    });
  }

  #holdExport(shared: Shared<Exporter>): ExportRegistration {
    const exporter = shared.value;
    const letGo = shared.hold();
    let exception: unknown;
    let isClosed = false;
    const registration: ExportRegistration = {
      reference: exporter.reference,
      containerId: exporter.containerId,
      get endpoint() {
        return exporter.endpoint;
      },
      get exception() {
        return exception;
      },
      update: (overriding) => {
        if (isClosed) return;
        exception = undefined;
        try {
          exporter.update(overriding);
        } catch (error) {
          exception = error;
          const { endpoint, reference } = exporter;
          return this.#tell({ type: "export-error", endpoint, reference, exception });
        }
        this.#tell({ type: "export-update", endpoint: exporter.endpoint });
      },
      close: async () => {
        isClosed = true;
        this.#exports.delete(registration);
        await letGo();
      },
    };
    this.#exports.add(registration);
    return registration;
  }

  #holdImport(shared: Shared<Importer>): ImportRegistration {
    const importer = shared.value;
    const letGo = shared.hold();
    let isClosed = false;
    const registration: ImportRegistration = {
      get reference() {
        return importer.reference;
      },
      get endpoint() {
        return importer.endpoint;
      },
      update: (endpoint) => {
        if (isClosed) return;
        importer.update(endpoint);
        this.#tell({ type: "import-update", endpoint });
      },
      close: () => {
        isClosed = true;
        this.#imports.delete(registration);
        letGo();
      },
    };
    this.#imports.add(registration);
    return registration;
  }

  #tell(event: RemoteServiceAdminEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        const what = event.endpoint?.id ?? ("reference" in event && event.reference?.id);
        this.#logger.error(`A listener failed on ${event.type} of ${what}: ${messageOf(error)}`);
      }
    }
  }
}
