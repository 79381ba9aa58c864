import type { Clock, Logger, Subscription } from "../util/mod.ts";
import type { EndpointDescription } from "../endpoint/mod.ts";
import type { EndpointEventListener, EndpointSource } from "./endpoint_listener.ts";
import type { HealthSource } from "./health.ts";

/**
 * Half of a discovery that publishes this process's endpoints in a directory. While the
 * directory is out of reach, calls change the desired state; the provider writes it when
 * the directory is back.
 */
export interface EndpointAdvertiser {
  /**
   * Advertises an endpoint and keeps it advertised. Resolves once the directory has it.
   *
   * @throws an error with code `too-large` if the directory can't take the description,
   * `closed` if the discovery is closed before
   */
  advertise(endpoint: EndpointDescription): Promise<void>;
  /** Replaces the description of an advertised endpoint; otherwise like {@link advertise}. */
  update(endpoint: EndpointDescription): Promise<void>;
  /** Withdraws an endpoint. Resolves once the directory no longer has it. */
  unadvertise(endpointId: string): Promise<void>;
}

/** Half of a discovery that reports the endpoints of other processes. */
export interface EndpointDiscovery extends EndpointSource {
  /** Endpoints of other processes that are known now; this process's own are not among them. */
  readonly endpoints: readonly EndpointDescription[];
  /**
   * Ids of those among them that the directory no longer lists, and that are kept for a grace
   * time after an outage. @default none
   */
  readonly leavingIds?: Iterable<string>;
  /**
   * Adds a listener. It is notified of every known endpoint in its scope first, then of
   * each change. A slow listener receives the net change of each endpoint.
   *
   * @throws {FilterSyntaxError} if its scope is not a filter
   */
  addListener(listener: EndpointEventListener): Subscription;
}

/**
 * A discovery (OSGi Compendium, 122.6): publishes endpoints in a directory and reports
 * those of others. A provider for another kind of directory implements this interface and
 * exports a {@link DiscoveryFactory}.
 */
export interface DiscoveryProvider
  extends EndpointAdvertiser, EndpointDiscovery, HealthSource, AsyncDisposable {
  /**
   * Address of this process on the connection to the directory; `undefined` without one. It
   * is what others can call if nothing else is known. @default undefined
   */
  readonly localAddress?: string | undefined;
  /**
   * Whether it only reports the endpoints of other processes, and refuses to advertise any.
   * @default false
   */
  readonly isObserver?: boolean;
  /**
   * Connects to the directory. Resolves once the endpoints of others are known; from then
   * on the provider keeps itself connected until {@link close}. A failed start closes it.
   *
   * @param signal ends the start; its `reason` is thrown unchanged
   */
  start(signal?: AbortSignal): Promise<void>;
  /**
   * Withdraws every endpoint of this process. Resolves once the directory confirmed all of
   * it. Endpoints of others are reported until the discovery is closed.
   */
  unadvertiseAll(): Promise<void>;
  /**
   * Waits until the directory agrees with the last call for an endpoint: it has the latest
   * description, or no longer has the endpoint. Resolves at once for an unknown id.
   *
   * @throws as {@link EndpointAdvertiser.advertise}
   */
  advertised(endpointId: string): Promise<void>;
  /**
   * Withdraws every endpoint and disconnects, within a bounded time even if the directory
   * is out of reach. Ends all listeners. May be called more than once.
   */
  close(): Promise<void>;
}

/** Parts that a host passes to the discovery providers that it starts. */
export interface DiscoveryContext {
  /** Logger of the host. */
  readonly logger: Logger;
  /** Source of time and randomness. */
  readonly clock: Clock;
  /**
   * Host name or address that the host advertises; `undefined` if that is its address on the
   * connection to the directory.
   */
  readonly hostIp: string | undefined;
}

/**
 * Creates a discovery for one host. Does no I/O.
 *
 * @throws {TypeError | RangeError} if the options that it was made with are invalid
 */
export type DiscoveryFactory = (context: DiscoveryContext) => DiscoveryProvider;
