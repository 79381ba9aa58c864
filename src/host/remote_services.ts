import { type BalanceOptions, type Candidate, createBalanced } from "../calls/mod.ts";
import {
  Etcd3Discovery,
  type Etcd3DiscoveryOptions,
  type Etcd3Health,
} from "../discovery/etcd3/mod.ts";
import { checkTimeout, type Logger, SILENT, type Subscription } from "../util/mod.ts";
import {
  XmlRpcExportProvider,
  type XmlRpcImportOptions,
  XmlRpcImportProvider,
  type XmlRpcServerOptions,
} from "../distribution/xmlrpc/mod.ts";
import {
  compileFilter,
  Framework,
  type ServiceFilter,
  type ServiceProperties,
} from "../framework/mod.ts";
import { HttpService, type HttpServiceOptions } from "../http/mod.ts";
import type { Remote, RemoteAll } from "./remote.ts";
import { createRegistration, type RemoteRegistration } from "./registration.ts";
import type { EndpointEventListener } from "../discovery/mod.ts";
import { OSGI } from "../endpoint/mod.ts";
import { RemoteServiceAdmin, RemoteServiceError, TopologyManager } from "../rsa/mod.ts";

/** Settings of {@link remoteServices}; everything may be left out. */
export interface RemoteServicesOptions {
  /** How to reach etcd and what to be called there. */
  readonly etcd?: Etcd3DiscoveryOptions;
  /**
   * Where to serve. Given, the port is taken at once; otherwise with the first service
   * that is registered.
   */
  readonly http?: HttpServiceOptions & XmlRpcServerOptions & {
    /** Path of the XML-RPC servlet. @default "/xml-rpc" */
    readonly path?: string;
  };
  /** How other processes are called: headers to send, and who does the HTTP requests. */
  readonly client?: Pick<XmlRpcImportOptions, "fetch" | "headers">;
  /** Longest time of a call, in and out, where nothing else is said. @default 30000 */
  readonly timeoutMs?: number;
  /** Ends the start; its `reason` is thrown as it is, and nothing is left. */
  readonly signal?: AbortSignal;
  /** Hears what happens and what fails; `console` fits. @default silent */
  readonly logger?: Logger;
}

/** Settings of {@link RemoteServices.service}. */
export interface ServiceOptions extends BalanceOptions {
  /** Longest time to wait for the service, `Infinity` for ever. @default 30000 */
  readonly timeoutMs?: number;
  /** Ends the waiting; its `reason` is thrown as it is. */
  readonly signal?: AbortSignal;
  /** Which services to take, by the endpoints' properties: a function or an LDAP filter. */
  readonly filter?: ServiceFilter;
}

/**
 * Starts a host for remote services: exports what is registered, imports what others
 * export, both over XML-RPC and discovered through etcd.
 *
 * @example
 * ```ts ignore
 * import { remoteServices } from "@remote-services/etcd3";
 *
 * await using host = await remoteServices({ etcd: { endpoints: "localhost:2379" } });
 * await host.register("com.example.Greeter", { greet: (name: string) => `Hello ${name}` });
 * ```
 *
 * @throws {EtcdError} `unavailable` or `timeout` within `etcd.callTimeoutMs` when etcd
 * is not there, unless `etcd.startOffline` is set.
 * @throws {Deno.errors.AddrInUse} when `http` is given and its port is taken.
 * @throws {TypeError | RangeError} on options that can't be used.
 */
export async function remoteServices(options: RemoteServicesOptions = {}): Promise<RemoteServices> {
  const { signal } = options;
  signal?.throwIfAborted();
  const host = new RemoteServices(options);
  const onAbort = () => host.close();
  signal?.addEventListener("abort", onAbort);
  try {
    if (options.http !== undefined) host.http.start();
    await host.discovery.start();
    signal?.throwIfAborted();
    return host;
  } catch (error) {
    await host.close();
    signal?.throwIfAborted(); // the caller's own reason, unwrapped
    throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

/** A host for remote services, made by {@link remoteServices}. */
export class RemoteServices implements AsyncDisposable {
  /** The registry of local services and of proxies. */
  readonly framework: Framework;
  /** The HTTP server. */
  readonly http: HttpService;
  /** Who exports and imports. */
  readonly admin: RemoteServiceAdmin;
  /** Who is told of exports and tells of endpoints. */
  readonly discovery: Etcd3Discovery;
  /** Who decides what is exported and imported. */
  readonly topologyManager: TopologyManager;
  readonly #subscription: Subscription;
  readonly #closed = new AbortController();
  #closing: Promise<void> | undefined;

  /** Use {@link remoteServices}, which also connects. */
  constructor(options: RemoteServicesOptions) {
    const { etcd = {}, http = {}, client = {}, timeoutMs = 30_000, logger = SILENT } = options;
    const hostIp = http.advertisedHostname ?? http.hostname ?? "127.0.0.1";
    this.framework = new Framework({ logger });
    this.http = new HttpService(http);
    this.discovery = new Etcd3Discovery({ hostIp, logger, ...etcd });
    this.admin = new RemoteServiceAdmin({
      framework: this.framework,
      exportProviders: [new XmlRpcExportProvider(this.http, { ...http, timeoutMs, logger })],
      importProviders: [new XmlRpcImportProvider({ ...client, timeoutMs })],
      logger,
    });
    this.topologyManager = new TopologyManager({
      framework: this.framework,
      admin: this.admin,
      advertisers: [this.discovery],
      logger,
    });
    this.#subscription = this.discovery.addListener(this.topologyManager);
  }

  /** How it stands with etcd. */
  get health(): Etcd3Health {
    return this.discovery.health;
  }

  /**
   * Registers an object and exports it. Resolves when it answers calls; etcd has it a
   * moment later, or when it is back ({@link RemoteRegistration.advertised}).
   *
   * @param interfaces the name, or names, under which others look for it
   * @param service the object; its methods can be called, but none that is inherited
   * from `Object` or begins with `_`
   * @param properties as in OSGi; `service.exported.interfaces` is `*` or names
   * @throws {RemoteServiceError} `not-exportable` when the properties allow no export.
   * @throws {Deno.errors.AddrInUse} when the HTTP port is taken.
   */
  async register(
    interfaces: string | readonly string[],
    service: object,
    properties: ServiceProperties = { [OSGI.exportedInterfaces]: "*" },
  ): Promise<RemoteRegistration> {
    this.#checkOpen();
    if (properties[OSGI.exportedInterfaces] === undefined) {
      throw new RemoteServiceError(
        "not-exportable",
        `Cannot export ${String(interfaces)}: set ${OSGI.exportedInterfaces} to "*" or to names ` +
          `of its interfaces (for a local service use framework.registry.register)`,
      );
    }
    const registration = this.framework.registry.register(interfaces, service, properties);
    try {
      await this.topologyManager.settled(registration.reference);
      return createRegistration(registration, this.admin, this.topologyManager);
    } catch (error) {
      registration.close();
      throw error;
    }
  }

  /**
   * A proxy for a service of another process, as soon as there is one: the one with
   * the highest `service.ranking`, then the one that was imported first. Its methods
   * reject with an {@link XmlRpcFault} when the service answers an error, with an
   * {@link XmlRpcTransportError} when it can't be reached or does not answer in time, and
   * with a {@link RemoteServiceError} `endpoint-gone` once it is withdrawn.
   *
   * With a `policy` or `idempotent` methods it is a proxy for all services of the
   * interface: each call goes to one that is known then, with `all` to every one.
   *
   * @throws {RemoteServiceError} `timeout` naming what is known, when there is none in
   * time; `closed` when the host is closed before.
   */
  service<T extends object>(
    interfaceName: string,
    options: ServiceOptions & { readonly policy: "all" },
  ): Promise<RemoteAll<T>>;
  /** A proxy for a service of another process, or for all of an interface. */
  service<T extends object>(interfaceName: string, options?: ServiceOptions): Promise<Remote<T>>;
  async service<T extends object>(
    interfaceName: string,
    options: ServiceOptions = {},
  ): Promise<object> {
    const { timeoutMs = 30_000, signal, filter = () => true } = options;
    checkTimeout(timeoutMs);
    this.#checkOpen();
    const signals = signal === undefined ? [this.#closed.signal] : [this.#closed.signal, signal];
    try {
      const proxy = await this.framework.waitForService(interfaceName, {
        filter: importedAnd(filter),
        timeoutMs,
        signal: AbortSignal.any(signals),
      });
      return this.#balanced(interfaceName, options) ?? proxy;
    } catch (error) {
      signal?.throwIfAborted();
      this.#checkOpen();
      const isLate = error instanceof DOMException && error.name === "TimeoutError";
      throw isLate ? this.#notFound(interfaceName, options) : error;
    }
  }

  /** Proxies for all services of an interface that are known now, the best first. */
  services<T extends object>(
    interfaceName: string,
    filter: ServiceFilter = () => true,
  ): Remote<T>[] {
    return this.#candidates(interfaceName, filter).map(({ proxy }) => proxy as Remote<T>);
  }

  /**
   * Adds a listener for endpoints of others that come, change and go, tells it of every
   * one that is known, and gives the function that removes it.
   */
  addEndpointListener(listener: EndpointEventListener): Subscription {
    return this.discovery.addListener(listener);
  }

  /**
   * Withdraws every endpoint, lets running calls end for a second, closes proxies and
   * connections, and stops the bundles of the framework. Takes at most 3 s, and what the
   * bundles take. May be repeated.
   */
  close(): Promise<void> {
    return this.#closing ??= this.#shutDown();
  }

  /** Same as {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #shutDown(): Promise<void> {
    this.#closed.abort();
    this.#subscription.close();
    this.topologyManager.close();
    // Others are told while running calls come to their end.
    await Promise.all([this.discovery.close(), this.http.close()]);
    await this.admin.close();
    await this.framework.stop().catch(() => {}); // each failure is logged by the framework
  }

  /** The services of an interface that others export, best first. */
  #candidates(interfaceName: string, filter: ServiceFilter): Candidate[] {
    const { registry } = this.framework;
    return registry.getReferences(interfaceName, importedAnd(filter)).flatMap((reference) => {
      const proxy = registry.getService(reference);
      const id = String(reference.properties[OSGI.endpointId]);
      return proxy === undefined ? [] : [{ id, proxy }];
    });
  }

  #balanced(interfaceName: string, options: ServiceOptions): object | undefined {
    const { policy, idempotent, filter = () => true } = options;
    if (policy === undefined && idempotent === undefined) return undefined;
    return createBalanced(interfaceName, () => this.#candidates(interfaceName, filter), options);
  }

  #notFound(
    interfaceName: string,
    { timeoutMs, filter }: ServiceOptions,
  ): RemoteServiceError {
    const known = new Set(this.discovery.endpoints.flatMap(({ interfaces }) => interfaces));
    const hint = this.services(interfaceName).length > 0 && filter !== undefined
      ? "the filter takes none of those that are known"
      : known.has(interfaceName)
      ? "it is known, but none of the providers can import it"
      : known.size === 0
      ? "no service is known"
      : `known are ${[...known].join(", ")}`;
    return new RemoteServiceError(
      "timeout",
      `No service ${interfaceName} was discovered within ${timeoutMs ?? 30_000} ms: ${hint}`,
    );
  }

  #checkOpen(): void {
    if (this.#closing === undefined) return;
    throw new RemoteServiceError("closed", "The host for remote services is closed");
  }
}

/** What of the services of others a filter takes. */
function importedAnd(filter: ServiceFilter): (properties: ServiceProperties) => boolean {
  const matches = compileFilter(filter);
  return (properties) => properties[OSGI.imported] !== undefined && matches(properties);
}
