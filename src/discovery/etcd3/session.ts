import {
  EtcdError,
  type EtcdLink,
  type KeepAliveStream,
  type KeyValue,
  type WatchEvent,
} from "../../etcd/mod.ts";
import type { EndpointAdvertiser } from "../mod.ts";
import type { EndpointDescription } from "../../endpoint/mod.ts";
import { HeldLease, renewalDelayMs } from "./lease_clock.ts";
import { OwnKeys } from "./own_keys.ts";
import { Waiters } from "./key_waiters.ts";
import { backoffMs, jittered, pause } from "../../util/mod.ts";
import { encodeEndpoint } from "./endpoint_json.ts";
import type { HealthMonitor } from "./health_monitor.ts";
import type { OwnKeysObserver } from "./mirror.ts";
import type { ResolvedDiscoveryOptions } from "./options.ts";

/** Largest description that is sent; etcd itself refuses from 1.5 MiB. */
const MAX_VALUE_BYTES = 1024 * 1024;
/** Writes that are under way at once. */
const PARALLEL_WRITES = 16;
/** Delays after etcd denies a write or has no space for it. */
const REFUSED = { baseMs: 1000, capMs: 30_000 };
const REFUSALS: ReadonlySet<string> = new Set(["permission-denied", "no-space"]);
/** Errors that no repetition of the same write would cure. */
const REJECTIONS: ReadonlySet<string> = new Set(["too-large", "invalid-argument"]);

/**
 * What we advertise: a wanted state that etcd is made to follow, whatever happens to
 * it. All keys hang on one lease. When the lease is lost another one is granted, every
 * key is put again under the same name, and only then the old lease is revoked, so
 * that nobody sees a key vanish that is merely moved.
 */
export class Session implements EndpointAdvertiser, OwnKeysObserver {
  readonly #options: ResolvedDiscoveryOptions;
  readonly #health: HealthMonitor;
  readonly #keys = new OwnKeys();
  readonly #waiters = new Waiters();
  readonly #oldLeases = new Set<bigint>();
  readonly #written = new Map<string, string>();
  #lease: HeldLease | undefined;
  #suspectTimer: ReturnType<typeof setTimeout> | undefined;
  #wake: () => void = () => {};
  #isClosed = false;

  constructor(options: ResolvedDiscoveryOptions, health: HealthMonitor) {
    this.#options = options;
    this.#health = health;
    this.#keys.want(options.keys.sessionKey(options.sessionId), options.sessionId);
  }

  advertise(endpoint: EndpointDescription): Promise<void> {
    const value = encodeEndpoint(endpoint, this.#options);
    const bytes = new TextEncoder().encode(value).length;
    if (bytes > MAX_VALUE_BYTES) {
      return Promise.reject(
        new EtcdError(
          "too-large",
          `Cannot advertise endpoint ${endpoint.id} (${endpoint.interfaces.join(", ")}): ` +
            `its description has ${bytes} bytes, the limit is ${MAX_VALUE_BYTES}; shorten its properties`,
        ),
      );
    }
    return this.#want(endpoint.id, value);
  }

  update(endpoint: EndpointDescription): Promise<void> {
    return this.advertise(endpoint);
  }

  unadvertise(endpointId: string): Promise<void> {
    return this.#want(endpointId, undefined);
  }

  async unadvertiseAll(): Promise<void> {
    const prefix = this.#options.keys.endpointKey(this.#options.sessionId, "");
    const keys = this.#keys.wantedKeys.filter((key) => key.startsWith(prefix));
    await Promise.all(keys.map((key) => this.unadvertise(key.slice(prefix.length))));
  }

  /** Waits until etcd agrees with what is wanted of an endpoint. */
  advertised(endpointId: string): Promise<void> {
    if (this.#isClosed) return Promise.reject(new EtcdError("closed", "The discovery is closed"));
    const key = this.#options.keys.endpointKey(this.#options.sessionId, endpointId);
    const settled = this.#waiters.wait(key);
    this.#settle(key);
    return settled;
  }

  observe(key: string, event: WatchEvent): void {
    if (this.#keys.observe(key, event, this.#leaseId)) this.#wake();
    else this.#settle(key);
  }

  observeListing(keys: ReadonlyMap<string, KeyValue>, revision: bigint, isVoid: boolean): void {
    this.#keys.observeListing(keys, revision, isVoid);
    this.#wake();
  }

  /**
   * Looks after the lease on a new connection: renews it, or gives it up when etcd no
   * longer knows it or its time is over.
   *
   * @returns whether a lease was lost
   */
  async resume(stream: KeepAliveStream): Promise<boolean> {
    if (this.#lease === undefined) return false;
    if (this.#lease.leftMs > 0 && await this.#renew(this.#lease, stream)) return false;
    this.#loseLease();
    return true;
  }

  /**
   * Begins to renew the lease and to write what differs. Both loops end when the
   * signal is aborted, or throw what the connection failed with.
   */
  run(link: EtcdLink, stream: KeepAliveStream, signal: AbortSignal): Promise<void>[] {
    return [this.#keepAlive(stream, signal), this.#converge(link, signal)];
  }

  /** Ends the lease, with which the keys go; without a connection it runs out by itself. */
  async close(link: EtcdLink | undefined, timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#suspectTimer);
    const closed = new EtcdError("closed", "The discovery is closed");
    this.#waiters.rejectAll(closed);
    const leases = [...this.#oldLeases, ...this.#lease === undefined ? [] : [this.#lease.id]];
    this.#lease = undefined;
    if (link === undefined) return;
    // A lease that can't be revoked, or is gone, ends by itself.
    await Promise.allSettled(leases.map((id) => link.lease.revoke(id, { timeoutMs })));
  }

  /** Whether there is a lease that a close should revoke. */
  get holdsLease(): boolean {
    return this.#lease !== undefined || this.#oldLeases.size > 0;
  }

  get #leaseId(): bigint {
    return this.#lease?.id ?? 0n;
  }

  #want(endpointId: string, value: string | undefined): Promise<void> {
    if (this.#isClosed) return Promise.reject(new EtcdError("closed", "The discovery is closed"));
    const key = this.#options.keys.endpointKey(this.#options.sessionId, endpointId);
    this.#keys.want(key, value);
    this.#health.setConflict(key, false);
    const settled = this.#waiters.wait(key);
    this.#settle(key);
    this.#wake();
    return settled;
  }

  /** Tells who waits for a key that etcd has it. */
  #settle(key: string): void {
    if (this.#lease === undefined || !this.#keys.isRight(key, this.#lease.id)) return;
    this.#waiters.resolve(key);
  }

  /** Renews once; false when etcd says that the lease is gone. */
  async #renew(lease: HeldLease, stream: KeepAliveStream): Promise<boolean> {
    const timeoutMs = Math.min(5000, Math.max(500, lease.ttlMs / 6));
    for (let asked = 1;; asked++) {
      const sentAtMs = performance.now();
      const { ttlSeconds } = await stream.renew(lease.id, timeoutMs);
      if (ttlSeconds > 0) {
        lease.renewed(ttlSeconds, sentAtMs);
        this.#watchDeadline(lease);
        return true;
      }
      // Some servers call a lease unknown that they have just granted.
      if (!lease.isYoung || asked > 1) return false;
    }
  }

  /** Renews again and again; a lease that is gone is given up. */
  async #keepAlive(stream: KeepAliveStream, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const ttlMs = this.#lease?.ttlMs ?? this.#options.leaseTtlSeconds * 1000;
      await pause(renewalDelayMs(ttlMs), signal);
      const lease = this.#lease;
      if (signal.aborted || lease === undefined) continue;
      // A late timer means that the process or the machine stood still.
      const isAlive = lease.leftMs > 0 && await this.#renew(lease, stream);
      if (!isAlive && this.#lease === lease) this.#loseLease();
    }
  }

  async #converge(link: EtcdLink, signal: AbortSignal): Promise<void> {
    for (let refusals = 0; !signal.aborted;) {
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      try {
        const lease = this.#lease ?? await this.#grant(link);
        if (signal.aborted) return; // closed meanwhile: nothing may be written any more
        const now = performance.now();
        const keys = this.#keys.toWrite(lease.id, now);
        if (keys.length > 0) {
          await this.#writeAll(link, lease, keys.slice(0, PARALLEL_WRITES));
          refusals = 0;
          continue;
        }
        // Also what became right by a listing, or by the end of an old lease.
        for (const key of this.#waiters.keys) this.#settle(key);
        await this.#revokeOld(link);
        this.#clearConflicts(now);
        this.#health.set({ isSessionReady: true, sessionDenied: undefined });
        await this.#untilWoken(woken, this.#keys.contestedUntil(now), signal);
      } catch (error) {
        if (!(error instanceof EtcdError)) throw error;
        if (error.code === "lease-not-found") this.#loseLease();
        else if (REFUSALS.has(error.code)) {
          this.#health.set({ isSessionReady: false, sessionDenied: error });
          this.#health.incident("etcd refuses what is to be advertised", error);
          await pause(jittered(backoffMs(++refusals, REFUSED, () => 1), 0.2), signal);
        } else throw error;
      }
    }
  }

  async #untilWoken(
    woken: Promise<void>,
    untilMs: number | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const stop = new AbortController();
    const delay = untilMs === undefined ? 2 ** 31 - 1 : Math.max(0, untilMs - performance.now());
    const paused = pause(delay, AbortSignal.any([signal, stop.signal]));
    await Promise.race([woken, paused]);
    stop.abort();
  }

  async #grant(link: EtcdLink): Promise<HeldLease> {
    const askedAtMs = performance.now();
    const { id, ttlSeconds } = await link.lease.grant(this.#options.leaseTtlSeconds);
    const lease = new HeldLease(id, ttlSeconds, askedAtMs);
    this.#lease = lease;
    this.#health.set({ leaseId: id });
    this.#watchDeadline(lease);
    return lease;
  }

  /** From now on every key has to be put again, under the next lease. */
  #loseLease(): void {
    if (this.#lease === undefined) return;
    this.#oldLeases.add(this.#lease.id);
    this.#lease = undefined;
    this.#keys.forget();
    clearTimeout(this.#suspectTimer);
    this.#health.count("leaseLosses");
    this.#health.set({ isSessionReady: false, isLeaseSuspect: true, leaseId: undefined });
    this.#wake();
  }

  #watchDeadline(lease: HeldLease): void {
    clearTimeout(this.#suspectTimer);
    this.#health.set({ isLeaseSuspect: false });
    if (this.#isClosed) return;
    this.#suspectTimer = setTimeout(
      () => this.#health.set({ isLeaseSuspect: true }),
      Math.max(0, lease.leftMs),
    );
  }

  async #writeAll(link: EtcdLink, lease: HeldLease, keys: readonly string[]): Promise<void> {
    const results = await Promise.allSettled(keys.map((key) => this.#write(link, lease.id, key)));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  async #write(link: EtcdLink, lease: bigint, key: string): Promise<void> {
    const value = this.#keys.wanted(key);
    this.#keys.writing(key);
    let revision: bigint;
    try {
      revision = value === undefined
        ? (await link.kv.delete(key)).header.revision
        : (await link.kv.put(key, value, { lease })).revision;
    } catch (error) {
      if (!(error instanceof EtcdError) || !REJECTIONS.has(error.code)) throw error;
      this.#reject(key, value, error);
      return;
    }
    this.#keys.written(key, value, lease, revision);
    if (value === undefined) this.#written.delete(key);
    else {
      if (this.#written.get(key) === value) this.#health.count("readvertisedKeys");
      this.#written.set(key, value);
    }
    if (this.#keys.repaired(key, performance.now())) {
      this.#health.setConflict(key, true);
      this.#health.incident("Conflict", new Error(`another process keeps changing ${key}`));
    }
    this.#settle(key);
  }

  /** etcd will never take this value: that is the advertiser's trouble, not the link's. */
  #reject(key: string, value: string | undefined, error: EtcdError): void {
    this.#health.incident(`etcd refuses the key ${key}`, error);
    if (this.#keys.wanted(key) !== value) return; // something else is wanted by now
    const before = this.#written.get(key);
    if (before === undefined) this.#keys.refused(key);
    else this.#keys.want(key, before); // what etcd has stays
    this.#waiters.reject(key, error);
  }

  /** Conflicts end when the key is ours again and was so for a while. */
  #clearConflicts(now: number): void {
    for (const key of this.#health.snapshot.conflicts) {
      if (!this.#keys.isContested(key, now)) this.#health.setConflict(key, false);
    }
  }

  async #revokeOld(link: EtcdLink): Promise<void> {
    for (const id of this.#oldLeases) {
      try {
        await link.lease.revoke(id);
      } catch (error) {
        if (!(error instanceof EtcdError) || error.code !== "lease-not-found") throw error;
      }
      this.#oldLeases.delete(id);
    }
  }
}
