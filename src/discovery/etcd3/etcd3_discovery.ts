import { EtcdError, type EtcdLink } from "../../etcd/mod.ts";
import { type Subscription, waitFor } from "../../util/mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import type { DiscoveryProvider, EndpointEventListener } from "../mod.ts";
import { createParts, type DiscoveryParts, type Etcd3DiscoveryParts } from "./discovery_parts.ts";
import type { Etcd3Health } from "./health/mod.ts";
import type { Etcd3DiscoveryOptions } from "./options/mod.ts";

/** Parts of {@link Etcd3Discovery.close}: connecting once more, and revoking. */
const CLOSE_CONNECT_MS = 800;
const CLOSE_REVOKE_MS = 2000;

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
  readonly #parts: DiscoveryParts;
  readonly #abort = new AbortController();
  #starting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /**
   * Creates a discovery. Nothing is connected until {@link start}.
   *
   * @throws {TypeError | RangeError} naming the option that is invalid, and what may be given
   */
  constructor(options: Etcd3DiscoveryOptions = {}, parts: Etcd3DiscoveryParts = {}) {
    this.#parts = createParts(this, options, parts);
  }

  /** Id of this process among the others. */
  get sessionId(): string {
    return this.#parts.options.sessionId;
  }

  /** Whether it only reports endpoints, because `observe` is set. */
  get isObserver(): boolean {
    return this.#parts.options.observe;
  }

  /** Address of this process on the connection to etcd; `undefined` without one. */
  get localAddress(): string | undefined {
    return this.#parts.client.localAddress;
  }

  /** Endpoints of other processes that are known now. */
  get endpoints(): readonly EndpointDescription[] {
    return [...this.#parts.view.endpoints.values()];
  }

  /** Ids of the endpoints that are kept for their grace time only. */
  get leavingIds(): Iterable<string> {
    return this.#parts.view.leavingIds;
  }

  /** Health at this moment. */
  get health(): Etcd3Health {
    return this.#parts.health.snapshot;
  }

  /** Returns every change of the health, the present one first; ends after `closed`. */
  healthChanges(signal?: AbortSignal): AsyncGenerator<Etcd3Health, void, undefined> {
    return this.#parts.health.changes(signal);
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
    await this.#parts.session.advertise(endpoint);
  }

  /** Replaces the description of an endpoint; otherwise like {@link advertise}. */
  async update(endpoint: EndpointDescription): Promise<void> {
    this.#checkAdvertiser(endpoint.id);
    await this.#parts.session.advertise(endpoint);
  }

  /** Withdraws an endpoint. Resolves once etcd no longer has it. */
  async unadvertise(endpointId: string): Promise<void> {
    if (!this.isObserver) await this.#parts.session.unadvertise(endpointId);
  }

  /** Withdraws every endpoint. Resolves once etcd has none of them. */
  unadvertiseAll(): Promise<void> {
    return this.#parts.session.unadvertiseAll();
  }

  /** Waits until etcd agrees with the last call for an endpoint. */
  advertised(endpointId: string): Promise<void> {
    return this.#parts.session.advertised(endpointId);
  }

  /**
   * Adds a listener. It is notified of every known endpoint in its scope first, then of
   * each change. A slow listener receives the net change of each endpoint.
   *
   * @throws {FilterSyntaxError} if its scope is not a filter
   */
  addListener(listener: EndpointEventListener): Subscription {
    return this.#parts.events.add(listener);
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

  async #begin(): Promise<void> {
    const { signal } = this.#abort;
    if (!this.#parts.options.startOffline) await this.#parts.connector.connect({ signal });
    signal.throwIfAborted();
    this.#parts.connection.start();
    if (!this.#parts.options.startOffline) await this.#untilSettled();
  }

  /** Waits for the first listing, or a refusal, but not longer than a call may take. */
  async #untilSettled(): Promise<void> {
    const { callTimeoutMs, endpoints } = this.#parts.client.options;
    const late = new AbortController();
    const timer = this.#parts.clock.startTimer(callTimeoutMs, () => late.abort());
    try {
      for await (const { state } of this.healthChanges(late.signal)) {
        if (state === "closed") throw this.#abort.signal.reason;
        if (this.#parts.health.isSettled) return;
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
    this.#parts.events.close();
    this.#parts.connection.stop();
    const link = this.#parts.connection.link ?? await this.#connectOnceMore();
    await this.#parts.session.close(link, CLOSE_REVOKE_MS);
    await this.#parts.connector.close();
    await this.#parts.connection.ended;
    this.#parts.view.hold();
    this.#parts.health.set({ connection: { kind: "closed" } });
  }

  /** Between two connections, tries once more, so that no key is left behind. */
  async #connectOnceMore(): Promise<EtcdLink | undefined> {
    if (!this.#parts.session.isRevocable) return undefined;
    try {
      return await this.#parts.connector.connect({ timeoutMs: CLOSE_CONNECT_MS });
    } catch {
      return undefined; // the lease runs out by itself
    }
  }
}
