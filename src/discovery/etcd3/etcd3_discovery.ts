import { EtcdClient, type EtcdConnector, EtcdError, type EtcdLink } from "../../etcd/mod.ts";
import { type Clock, type Subscription, SYSTEM_CLOCK, waitFor } from "../../util/mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import { EndpointEvents } from "../endpoint_events.ts";
import { EndpointView } from "../endpoint_view.ts";
import type { DiscoveryProvider, EndpointEventListener } from "../mod.ts";
import { ConnectionLoop } from "./connection_loop.ts";
import { ConnectionWorker } from "./connection_worker.ts";
import { type Etcd3Health, HealthMonitor, IgnoredLog } from "./health/mod.ts";
import { createDecoder, Mirror } from "./mirror/mod.ts";
import {
  type Etcd3DiscoveryOptions,
  pickEtcdOptions,
  type ResolvedDiscoveryOptions,
  resolveDiscoveryOptions,
} from "./options/mod.ts";
import { Session } from "./session/mod.ts";

/** Parts of {@link Etcd3Discovery.close}: connecting once more, and revoking. */
const CLOSE_CONNECT_MS = 800;
const CLOSE_REVOKE_MS = 2000;

/** Parts of an {@link Etcd3Discovery} that a test can replace. */
export interface Etcd3DiscoveryParts {
  /** Source of connections. @default an {@link EtcdClient} made of the options */
  readonly connector?: EtcdConnector;
  /** Source of time and randomness. @default the clock of the machine */
  readonly clock?: Clock;
}

/**
 * Endpoint discovery through etcd v3, wire-compatible with iPOPO and Eclipse ECF: advertises
 * the endpoints of this process under a lease and mirrors those of all others.
 *
 * It recovers by itself from whatever happens to etcd or the network: advertised endpoints
 * come back, the known endpoints become right again, and listeners are notified of the
 * difference only.
 *
 * @example
 * ```ts
 * import { Etcd3Discovery } from "@remote-services/etcd3";
 *
 * await using discovery = new Etcd3Discovery({ endpoints: "localhost:2379" });
 * using _subscription = discovery.addListener({
 *   scope: "(objectClass=com.example.Greeter)",
 *   endpointChanged: ({ type, endpoint }) => console.log(type, endpoint.containerId),
 * });
 * await discovery.start();
 * console.log(discovery.health.state); // synced
 * ```
 */
export class Etcd3Discovery implements DiscoveryProvider {
  /** Name of the provider. */
  readonly name = "etcd3";
  readonly #options: ResolvedDiscoveryOptions;
  readonly #client: EtcdClient;
  readonly #connector: EtcdConnector;
  readonly #clock: Clock;
  readonly #health: HealthMonitor;
  readonly #view: EndpointView<string>;
  readonly #events: EndpointEvents;
  readonly #session: Session;
  readonly #connection: ConnectionLoop;
  readonly #abort = new AbortController();
  #starting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /**
   * Creates a discovery. Nothing is connected until {@link start}.
   *
   * @throws {TypeError | RangeError} naming the option that is invalid, and what may be given
   */
  constructor(options: Etcd3DiscoveryOptions = {}, parts: Etcd3DiscoveryParts = {}) {
    const { clock = SYSTEM_CLOCK } = parts;
    this.#clock = clock;
    this.#options = resolveDiscoveryOptions(options, () => clock.uuid());
    this.#client = new EtcdClient(pickEtcdOptions(options));
    this.#connector = parts.connector ?? this.#client;
    const { logger } = this.#options;
    const ignored = new IgnoredLog(logger, clock);
    this.#health = new HealthMonitor({
      logger,
      clock,
      hasSession: !this.#options.observe,
      getIgnored: () => ignored.items,
    });
    this.#view = new EndpointView({
      clock,
      decode: createDecoder(ignored),
      onForget: (key) => ignored.forget(key),
      onChange: (endpointId) => this.#events.notify(endpointId),
    });
    this.#events = new EndpointEvents({
      source: this,
      endpoints: this.#view.endpoints,
      logger,
      onDelivered: () => this.#health.count("eventsDelivered"),
    });
    this.#session = new Session(this.#options, {
      health: this.#health,
      clock,
      findLocalAddress: () => this.localAddress,
    });
    this.#connection = this.#createConnection();
  }

  /** Id of this process among the others. */
  get sessionId(): string {
    return this.#options.sessionId;
  }

  /** Whether it only reports endpoints, because `observe` is set. */
  get isObserver(): boolean {
    return this.#options.observe;
  }

  /** Address of this process on the connection to etcd; `undefined` without one. */
  get localAddress(): string | undefined {
    return this.#client.localAddress;
  }

  /** Endpoints of other processes that are known now. */
  get endpoints(): readonly EndpointDescription[] {
    return [...this.#view.endpoints.values()];
  }

  /** Ids of the endpoints that are kept for their grace time only. */
  get leavingIds(): Iterable<string> {
    return this.#view.leavingIds;
  }

  /** Health at this moment. */
  get health(): Etcd3Health {
    return this.#health.snapshot;
  }

  /** Returns every change of the health, the present one first; ends after `closed`. */
  healthChanges(signal?: AbortSignal): AsyncGenerator<Etcd3Health, void, undefined> {
    return this.#health.changes(signal);
  }

  /**
   * Connects. Resolves once the endpoints in etcd are known; from then on the discovery
   * keeps itself connected until it is closed. A failed start closes it.
   *
   * @param signal ends the start; its `reason` is thrown unchanged
   * @throws {EtcdError} if no member answers within `callTimeoutMs`, the keys can't be listed
   * within as long again, or the credentials are refused, unless `startOffline` is set; `closed`
   * after {@link close}
   */
  async start(signal?: AbortSignal): Promise<void> {
    this.#abort.signal.throwIfAborted();
    try {
      signal?.throwIfAborted();
      await waitFor(this.#starting ??= this.#begin(), { signal });
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /**
   * Advertises an endpoint and keeps it advertised. Resolves once etcd has it; while etcd
   * is away it waits.
   *
   * @throws {EtcdError} `too-large` if the description exceeds 1 MiB, `closed` if the
   * discovery is closed before
   * @throws {TypeError} if the endpoint lacks a property that iPOPO and ECF require, or the
   * discovery is an observer
   */
  async advertise(endpoint: EndpointDescription): Promise<void> {
    this.#checkAdvertiser(endpoint.id);
    await this.#session.advertise(endpoint);
  }

  /** Replaces the description of an endpoint; otherwise like {@link advertise}. */
  async update(endpoint: EndpointDescription): Promise<void> {
    this.#checkAdvertiser(endpoint.id);
    await this.#session.advertise(endpoint);
  }

  /** Withdraws an endpoint. Resolves once etcd no longer has it. */
  async unadvertise(endpointId: string): Promise<void> {
    if (!this.isObserver) await this.#session.unadvertise(endpointId);
  }

  /** Withdraws every endpoint. Resolves once etcd has none of them. */
  unadvertiseAll(): Promise<void> {
    return this.#session.unadvertiseAll();
  }

  /** Waits until etcd agrees with the last call for an endpoint. */
  advertised(endpointId: string): Promise<void> {
    return this.#session.advertised(endpointId);
  }

  /**
   * Adds a listener. It is notified of every known endpoint in its scope first, then of
   * each change. A slow listener receives the net change of each endpoint.
   *
   * @throws {FilterSyntaxError} if its scope is not a filter
   */
  addListener(listener: EndpointEventListener): Subscription {
    return this.#events.add(listener);
  }

  /**
   * Withdraws everything by revoking the lease, and disconnects. Takes at most 3 s; if etcd
   * is out of reach, the keys are deleted when the lease runs out. May be called more than
   * once.
   */
  close(): Promise<void> {
    return this.#closing ??= this.#shutDown();
  }

  /** Same as {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #checkAdvertiser(endpointId: string): void {
    if (!this.isObserver) return;
    throw new TypeError(
      `Cannot advertise endpoint ${endpointId}: this discovery is an observer; leave out observe`,
    );
  }

  #createConnection(): ConnectionLoop {
    const common = { options: this.#options, health: this.#health, clock: this.#clock };
    const connector = this.#connector;
    const session = this.#session;
    const mirror = new Mirror({ ...common, view: this.#view, own: session });
    const worker = new ConnectionWorker({ ...common, connector, session, mirror });
    return new ConnectionLoop({
      connector,
      clock: this.#clock,
      serve: (link, signal) => worker.serve(link, signal),
      onFailure: (error, isDenied) => this.#onFailure(error, isDenied),
    });
  }

  async #begin(): Promise<void> {
    const { signal } = this.#abort;
    if (!this.#options.startOffline) await this.#connector.connect({ signal });
    signal.throwIfAborted();
    this.#connection.start();
    if (!this.#options.startOffline) await this.#untilSettled();
  }

  /** Waits for the first listing, or a refusal, but not longer than a call may take. */
  async #untilSettled(): Promise<void> {
    const { callTimeoutMs, endpoints } = this.#client.options;
    const late = new AbortController();
    const timer = this.#clock.startTimer(callTimeoutMs, () => late.abort());
    try {
      for await (const { state } of this.healthChanges(late.signal)) {
        if (state === "closed") throw this.#abort.signal.reason;
        if (this.#health.isSettled) return;
      }
    } finally {
      timer.cancel();
    }
    throw new EtcdError("timeout", `etcd at ${endpoints.join(", ")} answers, but can't be listed`, {
      cause: this.health.lastError,
    });
  }

  async #shutDown(): Promise<void> {
    this.#abort.abort(new EtcdError("closed", "The discovery is closed"));
    this.#events.close();
    this.#connection.stop();
    const link = this.#connection.link ?? await this.#connectOnceMore();
    await this.#session.close(link, CLOSE_REVOKE_MS);
    await this.#connector.close();
    await this.#connection.ended;
    this.#view.hold();
    this.#health.set({ connection: { kind: "closed" } });
  }

  /** Between two connections, tries once more, so that no key is left behind. */
  async #connectOnceMore(): Promise<EtcdLink | undefined> {
    if (!this.#session.isRevocable) return undefined;
    try {
      return await this.#connector.connect({ timeoutMs: CLOSE_CONNECT_MS });
    } catch {
      return undefined; // the lease runs out by itself
    }
  }

  #onFailure(error: unknown, isDenied: boolean): void {
    this.#health.incident("Lost etcd", error);
    if (isDenied && error instanceof Error) {
      this.#health.set({ connection: { kind: "denied", error } });
    }
  }
}
