import { EtcdError, type EtcdLink, type KeyValue, type WatchEvent } from "../../../etcd/mod.ts";
import { backoffMs, type Clock, jittered, onAbort, pause } from "../../../util/mod.ts";
import type { HealthMonitor } from "../health/mod.ts";
import type { HeldLease, SessionLease } from "../lease/mod.ts";
import { KeyWaiters } from "./key_waiters.ts";
import { OwnKeys } from "./own_keys.ts";

/** Writes that are under way at once. */
const PARALLEL_WRITES = 16;
/** Delays after etcd denies a write or has no space for it. */
const REFUSED = { baseMs: 1000, capMs: 30_000 };
const REFUSALS: ReadonlySet<string> = new Set(["permission-denied", "no-space"]);
/** Errors that repeating the same write would not change. */
const REJECTIONS: ReadonlySet<string> = new Set(["too-large", "invalid-argument"]);

/** Parts that a {@link KeyWriter} needs. */
export interface KeyWriterOptions {
  /** Lease that the keys are attached to. */
  readonly lease: SessionLease;
  /** Receives the state of the writes, and conflicts. */
  readonly health: HealthMonitor;
  /** Source of time and randomness. */
  readonly clock: Clock;
}

/**
 * Makes etcd have the desired keys of our session: writes what differs, and again whenever
 * something changes it. Never writes a key without the lease.
 */
export class KeyWriter {
  readonly #lease: SessionLease;
  readonly #health: HealthMonitor;
  readonly #clock: Clock;
  readonly #keys = new OwnKeys();
  readonly #waiters = new KeyWaiters();
  /** Values that etcd had, to recognize what is put again and to return to. */
  readonly #written = new Map<string, string>();
  #wake: () => void = () => {};

  /** Creates a writer without desired keys. */
  constructor({ lease, health, clock }: KeyWriterOptions) {
    this.#lease = lease;
    this.#health = health;
    this.#clock = clock;
  }

  /** Keys that should exist. */
  get desiredKeys(): readonly string[] {
    return this.#keys.desiredKeys;
  }

  /**
   * Sets the desired value of a key; `undefined` means that the key should not exist.
   * Resolves once etcd agrees.
   */
  setDesired(key: string, value: string | undefined): Promise<void> {
    this.#keys.setDesired(key, value);
    this.#health.setConflict(key, false);
    const settled = this.#waiters.wait(key);
    this.#settle(key);
    this.#wake();
    return settled;
  }

  /** Resolves once etcd agrees with the desired value of a key. */
  untilSettled(key: string): Promise<void> {
    const refusal = this.#keys.getRefusal(key);
    if (refusal !== undefined) return Promise.reject(refusal);
    if (!this.#isKnown(key)) return Promise.resolve();
    const settled = this.#waiters.wait(key);
    this.#settle(key);
    return settled;
  }

  /** Applies an observed change of one of our keys. */
  observe(key: string, event: WatchEvent): void {
    if (this.#keys.observe(key, event, this.#lease.id)) this.#wake();
    else this.#settle(key);
  }

  /** Applies a listing of all our keys. */
  observeListing(
    listed: ReadonlyMap<string, KeyValue>,
    revision: bigint,
    isOtherStore: boolean,
  ): void {
    this.#keys.observeListing(listed, revision, isOtherStore);
    this.#wake();
  }

  /** Records that the lease is lost: every key is to be put under the next one. */
  recordLeaseLoss(): void {
    this.#keys.recordLeaseLoss();
    this.#wake();
  }

  /** Rejects every waiting caller. */
  close(error: Error): void {
    this.#waiters.rejectAll(error);
    this.#wake();
  }

  /** Writes until the signal is aborted; throws what the connection failed with. */
  async run(link: EtcdLink, signal: AbortSignal): Promise<void> {
    using _subscription = onAbort(signal, () => this.#wake());
    for (let refusals = 0; !signal.aborted;) {
      try {
        await this.#converge(link, signal, () => refusals = 0);
      } catch (error) {
        if (!(error instanceof EtcdError) || !REFUSALS.has(error.code)) throw error;
        this.#health.set({ session: { kind: "denied", error } });
        this.#health.incident("etcd refuses what is to be advertised", error);
        const delayMs = backoffMs(++refusals, REFUSED, () => 1);
        await pause(jittered(delayMs, 0.2, () => this.#clock.random()), signal, this.#clock);
      }
    }
  }

  /** Writes what differs and then waits for the next change. */
  async #converge(link: EtcdLink, signal: AbortSignal, onWritten: () => void): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    const lease = await this.#lease.ensure(link);
    if (signal.aborted) return; // closed meanwhile: nothing may be written any more
    const nowMs = this.#clock.now();
    const keys = this.#keys.findUnsettled(lease.id, nowMs).slice(0, PARALLEL_WRITES);
    if (keys.length > 0) {
      await this.#writeAll(link, lease, keys);
      onWritten();
      return;
    }
    // Also what became settled by a listing, or by the end of an old lease.
    for (const key of this.#waiters.keys) this.#settle(key);
    await this.#lease.revokeRetired(link);
    this.#endConflicts(nowMs);
    if (this.#lease.held === lease) this.#health.set({ session: { kind: "ready" } });
    await pause(this.#keys.findConflictEnd(nowMs) - nowMs, woken.signal, this.#clock);
  }

  async #writeAll(link: EtcdLink, lease: HeldLease, keys: readonly string[]): Promise<void> {
    const results = await Promise.allSettled(keys.map((key) => this.#write(link, lease.id, key)));
    for (const result of results) {
      if (result.status === "fulfilled") continue;
      const { reason } = result;
      if (!(reason instanceof EtcdError) || reason.code !== "lease-not-found") throw reason;
      this.#lease.lose(lease);
    }
  }

  async #write(link: EtcdLink, lease: bigint, key: string): Promise<void> {
    const value = this.#keys.getDesired(key);
    this.#keys.recordSent(key);
    try {
      const revision = await put(link, lease, key, value);
      this.#keys.recordWritten(key, value, lease, revision);
    } catch (error) {
      if (!(error instanceof EtcdError) || !REJECTIONS.has(error.code)) throw error;
      return this.#reject(key, value, error);
    }
    this.#recordValue(key, value);
    if (this.#keys.recordRepair(key, this.#clock.now())) {
      this.#health.setConflict(key, true);
      this.#health.incident("Conflict", new Error(`another process keeps changing ${key}`));
    }
    this.#settle(key);
  }

  #recordValue(key: string, value: string | undefined): void {
    if (value === undefined) {
      this.#written.delete(key);
      return;
    }
    if (this.#written.get(key) === value) this.#health.count("readvertisedKeys");
    this.#written.set(key, value);
  }

  /** Handles a value that etcd will never take: an error of the caller, not of the link. */
  #reject(key: string, value: string | undefined, error: EtcdError): void {
    this.#health.incident(`etcd refuses the key ${key}`, error);
    if (this.#keys.getDesired(key) !== value) return; // another value is desired by now
    const before = this.#written.get(key);
    // The value that etcd has stays.
    if (before !== undefined) this.#keys.setDesired(key, before);
    else this.#keys.refuse(key, error);
    this.#waiters.reject(key, error);
  }

  /** Resolves the waiters of a key once etcd stores the desired value. */
  #settle(key: string): void {
    const { held } = this.#lease;
    if (held !== undefined && this.#keys.isSettled(key, held.id)) this.#waiters.resolve(key);
  }

  #isKnown(key: string): boolean {
    return this.#keys.getDesired(key) !== undefined || !this.#keys.isSettled(key, 0n);
  }

  /** Ends the conflicts of keys that were left alone long enough. */
  #endConflicts(nowMs: number): void {
    for (const key of this.#health.snapshot.conflicts) {
      if (!this.#keys.isContested(key, nowMs)) this.#health.setConflict(key, false);
    }
  }
}

/** Puts or deletes a key and returns the revision. */
async function put(
  link: EtcdLink,
  lease: bigint,
  key: string,
  value: string | undefined,
): Promise<bigint> {
  if (value === undefined) return (await link.kv.delete(key)).header.revision;
  return (await link.kv.put(key, value, { lease })).revision;
}
