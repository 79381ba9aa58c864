import {
  type Framework,
  type Logger,
  messageOf,
  type ServiceProperties,
  type ServiceReference,
  SILENT,
} from "../framework/mod.ts";
import { Exporter, keyOf } from "./_exporter.ts";
import { Importer } from "./_importer.ts";
import { Shared } from "./_shared.ts";
import type { ExportDistributionProvider, ImportDistributionProvider } from "./distribution.ts";
import type { EndpointDescription } from "./endpoint_description.ts";
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
  #isClosed = false;

  /** Makes an admin without exports and imports. */
  constructor(options: RemoteServiceAdminOptions) {
    this.#options = options;
    this.#logger = options.logger ?? SILENT;
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

  /** Adds a listener and gives the function that removes it. */
  addListener(listener: RemoteServiceAdminListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Exports a service as its properties ask. One that is exported in the same way
   * already keeps its endpoint, of which the caller gets a registration of its own.
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
    if (this.#isClosed) {
      const message = `Cannot export service ${reference.id}: the admin is closed`;
      throw new RemoteServiceError("closed", message);
    }
    const key = keyOf({ reference, overriding }, this.exportProviders);
    let exporting = this.#exporting.get(key);
    if (exporting === undefined) {
      exporting = this.#export(key, reference, overriding);
      this.#exporting.set(key, exporting);
    }
    try {
      return this.#holdExport(await exporting);
    } catch (exception) {
      this.#exporting.delete(key);
      const isWarning = exception instanceof RemoteServiceError && exception.code === "no-provider";
      this.#tell({ type: isWarning ? "export-warning" : "export-error", reference, exception });
      throw exception;
    }
  }

  /**
   * Imports an endpoint: registers a proxy under its interfaces, with its properties
   * and `service.imported`. One that is imported already keeps its proxy, of which the
   * caller gets a registration of its own, and is updated.
   *
   * @throws {RemoteServiceError} `no-provider` when no provider knows its
   * configuration types.
   */
  importService(endpoint: EndpointDescription): ImportRegistration {
    try {
      const known = this.#importing.get(endpoint.id);
      if (known !== undefined) {
        const registration = this.#holdImport(known);
        registration.update(endpoint);
        return registration;
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
    for (const registration of this.imports) registration.close();
    await Promise.allSettled(this.#exporting.values());
    await Promise.all(this.exports.map((registration) => registration.close()));
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
      this.#exporting.delete(key);
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
