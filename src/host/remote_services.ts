import {
  type CombinedHealth,
  combineHealth,
  combineHealthChanges,
  type DiscoveryProvider,
  type EndpointEvent,
  type EndpointEventListener,
} from "../discovery/mod.ts";
import type { DistributionProvider } from "../distribution/mod.ts";
import { XmlRpcDistribution } from "../distribution/xmlrpc/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";
import type { Framework } from "../framework/mod.ts";
import type { HttpService } from "../http/mod.ts";
import type { RemoteServiceAdmin, TopologyManager } from "../rsa/mod.ts";
import type { CallStatistics, CallTelemetry } from "../telemetry/mod.ts";
import type { Subscription } from "../util/mod.ts";
import { checkAdvertisers } from "./advertisers.ts";
import { listen } from "./endpoint_subscription.ts";
import { createHostHealth, type HostHealth } from "./host_health.ts";
import { createParts } from "./host_parts.ts";
import { waitForInterruption } from "./interruption.ts";
import type { RemoteServicesOptions } from "./options.ts";
import { collectInterfaces, type KnownInterfaces, mergeEndpoints } from "./known_endpoints.ts";
import {
  createExportProperties,
  createRegistration,
  type RegisterProperties,
  type RemoteRegistration,
} from "./registration.ts";
import type { Local, Remote, RemoteAll } from "./remote.ts";
import { type CloseOptions, type CloseReport, createShutdown, type Shutdown } from "./shutdown.ts";
import { ServiceLookup, type ServiceOptions, type ServicesOptions } from "./service_lookup.ts";

/**
 * A host for remote services, created by {@link remoteServices}.
 *
 * @priority 100
 */
export class RemoteServices implements AsyncDisposable {
  /** Framework whose registry holds local services and proxies. */
  readonly framework: Framework;
  /** Remote Service Admin, which exports and imports. */
  readonly admin: RemoteServiceAdmin;
  /** Policy that decides what to export and import. */
  readonly topologyManager: TopologyManager;
  /** Discoveries, in the order of the options. */
  readonly discoveries: readonly DiscoveryProvider[];
  /** Distributions, in the order of the options. */
  readonly distributions: readonly DistributionProvider[];
  readonly #telemetry: CallTelemetry;
  readonly #lookup: ServiceLookup;
  readonly #shutdown: Shutdown;

  /** Use {@link remoteServices}, which also connects. */
  constructor(options: RemoteServicesOptions) {
    const parts = createParts(options);
    this.framework = parts.framework;
    this.admin = parts.admin;
    this.topologyManager = parts.topologyManager;
    this.discoveries = parts.discoveries;
    this.distributions = parts.distributions;
    this.#telemetry = parts.telemetry;
    const { framework, router } = parts;
    this.#lookup = new ServiceLookup(framework, router, () => this.#collectKnownInterfaces());
    this.#shutdown = createShutdown(parts, options);
    this.#telemetry.observeHost();
  }

  /** Health of all discoveries, with each one's own in `providers`, and of the HTTP server. */
  get health(): HostHealth {
    return createHostHealth(combineHealth(this.discoveries.map(({ health }) => health)), this.http);
  }

  /** Returns each change of the health of the discoveries, from the present one to `closed`. */
  healthChanges(signal?: AbortSignal): AsyncGenerator<CombinedHealth, void, undefined> {
    return combineHealthChanges(this.discoveries, signal);
  }

  /** Endpoints of other processes that are known now. */
  get endpoints(): readonly EndpointDescription[] {
    return mergeEndpoints(this.discoveries);
  }

  /** HTTP server of the first XML-RPC distribution, for further servlets. */
  get http(): HttpService | undefined {
    return this.distributions.find((one) => one instanceof XmlRpcDistribution)?.http;
  }

  /**
   * Registers an object and exports it. Resolves once it answers calls; a directory has it
   * a moment later, or once it is back ({@link RemoteRegistration.advertised}).
   *
   * @param interfaces name, or names, of the interfaces
   * @param service object whose public methods can be called; TypeScript's `private` does not
   * exist at run time, so use `#private`, or name the methods with `methods`
   * @param properties properties of the service, and `methods`; `service.exported.interfaces`
   * is `*` unless it is given
   * @throws {TypeError} if the object has no method that can be called
   * @throws {RemoteServiceError} `not-exportable` if the properties allow no export, or the
   * host is an observer; `closed` if the host is closed
   * @example
   * ```ts
   * import { memory, remoteServices } from "@remote-services/etcd3";
   *
   * interface Greeter {
   *   greet(name: string): string;
   * }
   * await using host = await remoteServices({ discovery: [memory()], http: { port: 0 } });
   * await using registration = await host.register<Greeter>("com.example.Greeter", {
   *   greet: (name) => `Hello ${name}`,
   * }, { colour: "green" });
   * console.log(registration.endpoint.interfaces); // [ "com.example.Greeter" ]
   * ```
   */
  async register<T extends object = object>(
    interfaces: string | readonly string[],
    service: Local<T>,
    properties: RegisterProperties<T> = {},
  ): Promise<RemoteRegistration> {
    this.#shutdown.checkOpen();
    checkAdvertisers(this.discoveries, interfaces);
    const exported = createExportProperties<T>(interfaces, properties);
    const registration = this.framework.registry.register(interfaces, service, exported);
    try {
      await this.topologyManager.settled(registration.reference);
      return createRegistration(registration, this.admin, this.topologyManager);
    } catch (error) {
      registration.close();
      throw error;
    }
  }

  /**
   * Waits for a service of another process and returns a proxy that follows the interface:
   * each call goes to one of the endpoints that are known then, with the policy `all` to
   * every one of them. Its methods reject with a {@link RemoteCallError}.
   *
   * @throws {RemoteServiceError} `timeout` naming what is known, if none is discovered
   * within `waitMs`; `closed` if the host is closed before
   * @example
   * ```ts
   * import { memory, remoteServices } from "@remote-services/etcd3";
   *
   * interface Greeter {
   *   greet(name: string): string;
   * }
   * const discovery = [memory()];
   * await using server = await remoteServices({ discovery, http: { port: 0 } });
   * await using host = await remoteServices({ discovery });
   * await server.register("com.example.Greeter", { greet: (name: string) => `Hello ${name}` });
   * const greeter = await host.service<Greeter>("com.example.Greeter", { waitMs: 5000 });
   * console.log(await greeter.greet("you")); // Hello you
   * ```
   */
  service<T extends object>(
    interfaceName: string,
    options: ServiceOptions & { readonly policy: "all" },
  ): Promise<RemoteAll<T>>;
  /** Waits for a service of another process and returns a proxy that follows the interface. */
  service<T extends object>(interfaceName: string, options?: ServiceOptions): Promise<Remote<T>>;
  async service(interfaceName: string, options: ServiceOptions = {}): Promise<object> {
    this.#shutdown.checkOpen();
    try {
      return await this.#lookup.find(interfaceName, options, this.#shutdown.signal);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof TypeError || error instanceof RangeError)) this.#shutdown.checkOpen();
      throw error;
    }
  }

  /**
   * Returns a proxy for each endpoint of an interface that is known now, best first. Each is
   * pinned to its endpoint, and works again when that returns.
   */
  services<T extends object>(interfaceName: string, options: ServicesOptions = {}): Remote<T>[] {
    return this.#lookup.findAll(interfaceName, options).map((proxy) => proxy as Remote<T>);
  }

  /**
   * Adds a listener for the endpoints of other processes. It is notified of every known
   * endpoint first, then of each change, one at a time and in order. With several
   * discoveries each reports its own events (`event.source`).
   *
   * @throws {TypeError} if the listener has no function `endpointChanged`
   * @example
   * ```ts
   * import { memory, remoteServices } from "@remote-services/etcd3";
   *
   * const discovery = [memory()];
   * await using server = await remoteServices({ discovery, http: { port: 0 } });
   * await using host = await remoteServices({ discovery });
   * await server.register("com.example.Greeter", { greet: () => "Hello" });
   * const { promise: added, resolve } = Promise.withResolvers<readonly string[]>();
   * using subscription = host.onEndpoint(({ type, endpoint }) => {
   *   if (type === "added") resolve(endpoint.interfaces);
   * });
   * console.log(await added); // [ "com.example.Greeter" ]
   * ```
   */
  onEndpoint(
    listener: EndpointEventListener | ((event: EndpointEvent) => void | Promise<void>),
  ): Subscription {
    return listen(this.discoveries, listener);
  }

  /**
   * Starts to count this host's calls, in and out, from now on; returns the same statistics each
   * time. Counting costs well below one per cent of the throughput.
   *
   * @example
   * ```ts
   * import { memory, remoteServices } from "@remote-services/etcd3";
   *
   * await using host = await remoteServices({ discovery: [memory()] });
   * console.log(host.recordCalls().snapshot()); // []
   * ```
   */
  recordCalls(): CallStatistics {
    return this.#telemetry.recordCalls();
  }

  /**
   * Withdraws every endpoint, for a load balancer or before a restart, and goes on serving.
   * Resolves once the directories confirmed it and `drainMs` passed, so that other processes
   * call elsewhere; at once if nothing is exported. May be called more than once.
   */
  drain(): Promise<void> {
    return this.#shutdown.drain();
  }

  /**
   * Closes in order: {@link drain}, stop accepting calls, finish running ones, then close
   * proxies, directories and the bundles of the framework. The running calls may still use
   * other services. Takes no longer than the time-outs allow, and what the bundles take. May
   * be called more than once; `drainTimeoutMs: 0` then ends what is still running.
   *
   * @returns how many running calls were cut off
   * @example
   * ```ts
   * import { memory, remoteServices } from "@remote-services/etcd3";
   *
   * const host = await remoteServices({ discovery: [memory()] });
   * console.log(await host.close({ drainTimeoutMs: 2000 })); // { cutCalls: 0 }
   * ```
   */
  close(options: CloseOptions = {}): Promise<CloseReport> {
    return this.#shutdown.close(options);
  }

  /** Same as {@link close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /**
   * Waits for SIGINT (Ctrl-C) or SIGTERM, then closes the host in order. A second signal ends
   * the process at once. Resolves as well when the host is closed otherwise.
   *
   * @example
   * ```ts ignore
   * import { remoteServices } from "@remote-services/etcd3";
   *
   * const host = await remoteServices();
   * await host.register("com.example.Greeter", { greet: (name: string) => `Hello ${name}` });
   * await host.untilInterrupted();
   * ```
   */
  async untilInterrupted(): Promise<void> {
    await waitForInterruption(this.#shutdown.closed);
    await this.close();
  }

  #collectKnownInterfaces(): KnownInterfaces {
    return {
      discovered: collectInterfaces(this.endpoints),
      exported: collectInterfaces(this.admin.exports.map(({ endpoint }) => endpoint)),
      health: this.health,
    };
  }
}
