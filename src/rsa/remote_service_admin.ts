import {
  type BundleFramework,
  type ServiceEvent,
  type ServiceOwner,
  type ServiceProperties,
  type ServiceReference,
  SYSTEM_BUNDLE,
} from "../framework/mod.ts";
import {
  callUser,
  checkOptionNames,
  type Clock,
  createSafeLogger,
  type Logger,
  SILENT,
  type Subscription,
} from "../util/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";
import type {
  CallInstrument,
  ExportDistributionProvider,
  ImportDistributionProvider,
  Interceptor,
} from "../distribution/mod.ts";
import { AdminEvents } from "./admin_events.ts";
import { type Capability, createDistributionCapability } from "./capabilities.ts";
import { RemoteServiceError } from "./errors.ts";
import { ExportSet } from "./exports/mod.ts";
import { ImportSet } from "./imports/mod.ts";
import type {
  ExportRegistration,
  ImportRegistration,
  RemoteServiceAdminListener,
} from "./registrations.ts";

/** Options of a {@link RemoteServiceAdmin}. */
export interface RemoteServiceAdminOptions {
  /** Framework with the registry of services and proxies. */
  readonly framework: BundleFramework;
  /** Protocols to export with. @default [] */
  readonly exportProviders?: readonly ExportDistributionProvider[];
  /** Protocols to import with. @default [] */
  readonly importProviders?: readonly ImportDistributionProvider[];
  /** Code around every call. @default none */
  readonly interceptors?: {
    /** Around each attempt of an outgoing call, the first one outermost. @default [] */
    readonly client?: readonly Interceptor[];
    /** Around each incoming call, the first one outermost. @default [] */
    readonly server?: readonly Interceptor[];
  };
  /**
   * Whether `currentCall()` is valid through awaits. Costs time with each call.
   * @default false
   */
  readonly asyncContext?: boolean | undefined;
  /** Measures every call. @default none */
  readonly instrument?: CallInstrument | undefined;
  /** Bundle that the imported services belong to. @default the framework */
  readonly owner?: ServiceOwner;
  /** Receives the failures of listeners. @default silent */
  readonly logger?: Logger;
  /** Source of time and ids. @default the clock of the machine */
  readonly clock?: Clock;
}

const OPTION_NAMES: Readonly<Record<keyof RemoteServiceAdminOptions, true>> = {
  framework: true,
  exportProviders: true,
  importProviders: true,
  interceptors: true,
  asyncContext: true,
  instrument: true,
  owner: true,
  logger: true,
  clock: true,
};

/**
 * Exports local services and imports remote ones on request (OSGi Compendium, 122.5). A
 * topology manager decides what to export and import. Where OSGi returns a registration that
 * holds an exception, the call throws it.
 *
 * @priority 50
 * @example
 * ```ts
 * import {
 *   Framework,
 *   HttpService,
 *   RemoteServiceAdmin,
 *   XmlRpcExportProvider,
 * } from "@remote-services/etcd3";
 *
 * const framework = new Framework();
 * await using http = new HttpService({ port: 0 });
 * const exportProviders = [new XmlRpcExportProvider(http)];
 * const admin = new RemoteServiceAdmin({ framework, exportProviders });
 * const { reference } = framework.registry.register(
 *   "com.example.Greeter",
 *   { greet: (name: string) => `Hello ${name}` },
 *   { "service.exported.interfaces": "*" },
 * );
 * const [registration] = await admin.exportService(reference);
 * console.log(registration?.endpoint.interfaces); // [ "com.example.Greeter" ]
 * await admin.close();
 * ```
 */
export class RemoteServiceAdmin {
  /** Protocols to export with. */
  readonly exportProviders: readonly ExportDistributionProvider[];
  /** Protocols to import with. */
  readonly importProviders: readonly ImportDistributionProvider[];
  /** Capabilities of the distribution (OSGi Compendium, 122.9). */
  readonly capabilities: readonly Capability[];
  readonly #events: AdminEvents;
  readonly #exports: ExportSet;
  readonly #imports: ImportSet;
  readonly #logger: Logger;
  readonly #serviceListener: Subscription;
  #isClosed = false;

  /**
   * Creates an admin without exports and imports.
   *
   * @throws {TypeError} on an option that does not exist
   */
  constructor(options: RemoteServiceAdminOptions) {
    checkOptionNames(options, { path: "", known: Object.keys(OPTION_NAMES) });
    const { framework, clock, instrument, exportProviders = [], importProviders = [] } = options;
    const { client = [], server = [] } = options.interceptors ?? {};
    this.exportProviders = exportProviders;
    this.importProviders = importProviders;
    this.capabilities = [createDistributionCapability([
      ...exportProviders.flatMap(({ supportedConfigs }) => supportedConfigs),
      ...importProviders.flatMap(({ importedConfigs }) => importedConfigs),
    ])];
    this.#logger = createSafeLogger(options.logger ?? SILENT);
    this.#events = new AdminEvents(this.#logger);
    const shared = {
      framework,
      interceptors: server,
      instrument,
      asyncContext: options.asyncContext,
      ...(clock === undefined ? {} : { clock }),
    };
    this.#exports = new ExportSet(shared, exportProviders, this.#events);
    this.#imports = new ImportSet({
      framework,
      providers: importProviders,
      interceptors: client,
      instrument,
      owner: options.owner ?? SYSTEM_BUNDLE,
      callers: new Set(),
    }, this.#events);
    this.#serviceListener = framework.registry.addServiceListener((event) =>
      this.#onServiceEvent(event)
    );
  }

  /** Registrations of exports that are open; several may hold one endpoint. */
  get exports(): readonly ExportRegistration[] {
    return this.#exports.registrations;
  }

  /** Registrations of imports that are open; several may hold one proxy. */
  get imports(): readonly ImportRegistration[] {
    return this.#imports.registrations;
  }

  /** Adds a listener. It is called during the change; what it throws is logged. */
  addListener(listener: RemoteServiceAdminListener): Subscription {
    return this.#events.add(listener);
  }

  /**
   * Exports a service as its properties ask, once for each configuration type that a provider
   * recognizes. A service that is already exported in the same way keeps its endpoint; the
   * caller receives a registration of its own. Exports end with the service at the latest.
   *
   * @param overriding properties that replace the service's own; `objectClass` and
   * `service.id` can't be overridden
   * @throws {RemoteServiceError} `not-exportable`, or `no-provider` if no type is recognized
   * @throws whatever the providers throw, such as a port in use, if all of them fail
   */
  async exportService(
    reference: ServiceReference,
    overriding: ServiceProperties = {},
  ): Promise<ExportRegistration[]> {
    this.#checkOpen(`Cannot export service ${reference.id}`);
    return await this.#exports.add({ reference, overriding });
  }

  /**
   * Imports an endpoint: registers a proxy under its interfaces, with its properties and
   * `service.imported`. An endpoint that is already imported is updated and keeps its proxy;
   * the caller receives a registration of its own.
   *
   * @throws {RemoteServiceError} `no-provider` if no provider knows its configuration types,
   * `closed` if the admin is closed
   */
  importService(endpoint: EndpointDescription): ImportRegistration {
    this.#checkOpen(`Cannot import endpoint ${endpoint.id}`);
    return this.#imports.add(endpoint);
  }

  /** Closes every import, with its running calls, and every export. May be called more than once. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#serviceListener.close();
    this.#imports.close();
    await this.#exports.close();
  }

  #checkOpen(action: string): void {
    if (this.#isClosed) throw new RemoteServiceError("closed", `${action}: the admin is closed`);
  }

  /** Ends the exports of a service with it. */
  #onServiceEvent({ type, reference }: ServiceEvent): void {
    if (type !== "unregistering") return;
    const what = `Closing the exports of service ${reference.id}`;
    callUser(what, this.#logger, () => this.#exports.closeExports(reference));
  }
}
