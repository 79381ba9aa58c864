import {
  EtcdError,
  type EtcdLink,
  type KeepAliveStream,
  type KeyValue,
  type WatchEvent,
} from "../../../etcd/mod.ts";
import { type Clock, createRepeatLogger, type Logger, toPrintable } from "../../../util/mod.ts";
import {
  type EndpointDescription,
  findUntypedProperties,
  MAX_RS_BYTES,
} from "../../../endpoint/mod.ts";
import type { HealthMonitor } from "../health/mod.ts";
import { type LeaseState, SessionLease } from "../lease/mod.ts";
import type { OwnKeysObserver } from "../mirror/mod.ts";
import type { ResolvedDiscoveryOptions } from "../options/mod.ts";
import { encodeEndpoint } from "../registry/mod.ts";
import { KeyWriter } from "./key_writer.ts";

/** Largest description that is sent; etcd itself refuses values from 1.5 MiB. */
const MAX_VALUE_BYTES = 1024 * 1024;

/** Parts that a {@link Session} uses. */
export interface SessionParts {
  readonly health: HealthMonitor;
  readonly clock: Clock;
  /** Returns the address of this process on the connection; `undefined` without one. */
  readonly findLocalAddress: () => string | undefined;
}

/**
 * The endpoints that this process advertises: a desired state that etcd is made to follow.
 * All keys are attached to one lease. When it is lost, another one is granted, every key is
 * put again under the same name, and only then the old lease is revoked, so that no key
 * disappears that is merely moved.
 */
export class Session implements OwnKeysObserver {
  readonly #options: ResolvedDiscoveryOptions;
  readonly #health: HealthMonitor;
  readonly #lease: SessionLease;
  readonly #writer: KeyWriter;
  readonly #findLocalAddress: () => string | undefined;
  readonly #logger: Logger;

  /** Creates a session whose key is desired, but no endpoint yet. */
  constructor(
    options: ResolvedDiscoveryOptions,
    { health, clock, findLocalAddress }: SessionParts,
  ) {
    this.#options = options;
    this.#health = health;
    this.#findLocalAddress = findLocalAddress;
    this.#logger = createRepeatLogger(options.logger, clock);
    this.#lease = new SessionLease({
      ttlSeconds: options.leaseTtlSeconds,
      clock,
      onChange: (state, before) => this.#onLeaseChange(state, before),
    });
    this.#writer = new KeyWriter({ lease: this.#lease, health, clock });
    const sessionKey = options.keys.sessionKey(options.sessionId);
    // Its failure is reported by the health.
    this.#writer.setDesired(sessionKey, options.sessionId).catch(() => {});
  }

  /** Advertises an endpoint, or replaces its description. Resolves once etcd has it. */
  advertise(endpoint: EndpointDescription): Promise<void> {
    const { sessionId, hostIp = this.#findLocalAddress() ?? "127.0.0.1" } = this.#options;
    const value = encodeEndpoint(endpoint, { sessionId, hostIp });
    const bytes = new TextEncoder().encode(value).length;
    if (bytes > MAX_VALUE_BYTES) return Promise.reject(createTooLargeError(endpoint, bytes));
    this.#warnOfUntyped(endpoint);
    return this.#setDesired(endpoint.id, value);
  }

  #warnOfUntyped({ id, properties }: EndpointDescription): void {
    const names = findUntypedProperties(properties);
    if (names.length === 0) return;
    this.#logger.warn(
      `Cannot send the types of ${toPrintable(names.join(", "))} of the endpoint ${id}: they ` +
        `exceed ${MAX_RS_BYTES} bytes, so that others read strings; use fewer or shorter names`,
      { endpointId: id },
    );
  }

  /** Withdraws an endpoint. Resolves once etcd no longer has it. */
  unadvertise(endpointId: string): Promise<void> {
    return this.#setDesired(endpointId, undefined);
  }

  /** Withdraws every endpoint. Resolves once etcd has none of them. */
  async unadvertiseAll(): Promise<void> {
    if (this.#lease.state.kind === "closed") throw createClosedError();
    const sessionKey = this.#options.keys.sessionKey(this.#options.sessionId);
    const keys = this.#writer.desiredKeys.filter((key) => key !== sessionKey);
    await Promise.all(keys.map((key) => this.#writer.setDesired(key, undefined)));
  }

  /** Resolves once etcd agrees with the last call for an endpoint. */
  advertised(endpointId: string): Promise<void> {
    if (this.#lease.state.kind === "closed") return Promise.reject(createClosedError());
    return this.#writer.untilSettled(this.#toKey(endpointId));
  }

  observe(key: string, event: WatchEvent): void {
    this.#writer.observe(key, event);
  }

  observeListing(
    keys: ReadonlyMap<string, KeyValue>,
    revision: bigint,
    isOtherStore: boolean,
  ): void {
    this.#writer.observeListing(keys, revision, isOtherStore);
  }

  /** Renews the lease on a new connection, or retires it. Returns whether it was lost. */
  resume(stream: KeepAliveStream): Promise<boolean> {
    return this.#lease.resume(stream);
  }

  /**
   * Starts to renew the lease and to write what differs. Both loops end when the signal is
   * aborted, or throw what the connection failed with.
   */
  run(link: EtcdLink, stream: KeepAliveStream, signal: AbortSignal): Promise<void>[] {
    return [this.#lease.keepAlive(stream, signal), this.#writer.run(link, signal)];
  }

  /** Records that the connection is lost. */
  disconnect(): void {
    this.#lease.disconnect();
  }

  /** Whether etcd may have a lease that a close should revoke. */
  get isRevocable(): boolean {
    return this.#lease.isRevocable;
  }

  /** Revokes the lease, which deletes the keys; without a link it runs out by itself. */
  async close(link: EtcdLink | undefined, timeoutMs: number): Promise<void> {
    const leases = this.#lease.close();
    this.#writer.close(createClosedError());
    if (link === undefined) return;
    // A lease that can't be revoked, or is gone, ends by itself.
    await Promise.allSettled(leases.map((id) => link.lease.revoke(id, { timeoutMs })));
  }

  #setDesired(endpointId: string, value: string | undefined): Promise<void> {
    if (this.#lease.state.kind === "closed") return Promise.reject(createClosedError());
    return this.#writer.setDesired(this.#toKey(endpointId), value);
  }

  #toKey(endpointId: string): string {
    return this.#options.keys.endpointKey(this.#options.sessionId, endpointId);
  }

  #onLeaseChange(state: LeaseState, before: LeaseState): void {
    if (state.kind === "lost") {
      this.#health.count("leaseLosses");
      this.#health.set({ lease: state, session: { kind: "pending" } });
      this.#writer.recordLeaseLoss();
    } else if (state.kind !== before.kind || state.kind === "active") {
      this.#health.set({ lease: state });
    }
  }
}

function createClosedError(): EtcdError {
  return new EtcdError("closed", "The discovery is closed");
}

function createTooLargeError({ id, interfaces }: EndpointDescription, bytes: number): EtcdError {
  return new EtcdError(
    "too-large",
    `Cannot advertise endpoint ${id} (${interfaces.join(", ")}): its description has ${bytes} ` +
      `bytes, the limit is ${MAX_VALUE_BYTES}; shorten its properties`,
  );
}
