import { leaseIdToHex } from "../../etcd/mod.ts";
import { type Logger, messageOf } from "../../util/mod.ts";
import type { Health, HealthCounters, HealthState } from "../mod.ts";
import { healthToJson } from "../health.ts";
import { HealthChanges } from "../health_changes.ts";

/** Counts of an etcd3 discovery since its start. */
export interface Etcd3HealthCounters extends HealthCounters {
  /** Connections after the first. */
  readonly reconnects: number;
  /** Leases that were lost and replaced. */
  readonly leaseLosses: number;
  /** Keys that were put again: under a new lease, or because another process changed them. */
  readonly readvertisedKeys: number;
  /** Listings after the first. */
  readonly resyncs: number;
}

/** Health of an etcd3 discovery at one moment. */
export interface Etcd3Health extends Health {
  /** Counts since the start. */
  readonly counters: Etcd3HealthCounters;
  /** Connected member, as `host:port`. */
  readonly endpoint: string | undefined;
  /** Lease of our keys. In JSON it is written as `etcdctl` prints it. */
  readonly leaseId: bigint | undefined;
  /** Lease of our keys as `etcdctl` prints it. */
  readonly leaseIdHex: string | undefined;
  /** Our keys that another process keeps changing, so that we stopped repairing them. */
  readonly conflicts: readonly string[];
}

type CounterName =
  | "reconnects"
  | "leaseLosses"
  | "readvertisedKeys"
  | "resyncs"
  | "eventsDelivered";

/** What the state follows from. */
interface Facts {
  isClosed: boolean;
  endpoint: string | undefined;
  isSessionReady: boolean;
  isMirrorReady: boolean;
  isLeaseSuspect: boolean;
  linkDenied: Error | undefined;
  sessionDenied: Error | undefined;
  mirrorDenied: Error | undefined;
  leaseId: bigint | undefined;
}

/** A log line for the same incident at most so often. */
const LOG_EVERY_MS = 60_000;

/** Collects what session and mirror report and makes one {@link Etcd3Health} of it. */
export class HealthMonitor {
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #facts: Facts = {
    isClosed: false,
    endpoint: undefined,
    isSessionReady: false,
    isMirrorReady: false,
    isLeaseSuspect: false,
    linkDenied: undefined,
    sessionDenied: undefined,
    mirrorDenied: undefined,
    leaseId: undefined,
  };
  readonly #counters = {
    reconnects: 0,
    leaseLosses: 0,
    readvertisedKeys: 0,
    resyncs: 0,
    eventsDelivered: 0,
  };
  readonly #conflicts = new Set<string>();
  readonly #changes = new HealthChanges(() => this.snapshot);
  #lastSync: Date | undefined;
  #lastError: Error | undefined;
  #state: HealthState = "connecting";
  readonly #incidents = new Map<string, { loggedAtMs: number; unlogged: number }>();

  constructor(logger: Logger, now: () => number = () => performance.now()) {
    this.#logger = logger;
    this.#now = now;
  }

  /** The health now. */
  get snapshot(): Etcd3Health {
    const { endpoint, leaseId } = this.#facts;
    return {
      provider: "etcd3",
      state: this.#state,
      endpoint,
      lastSync: this.#state === "synced" ? new Date() : this.#lastSync,
      lastError: this.#lastError,
      leaseId,
      leaseIdHex: leaseId === undefined ? undefined : leaseIdToHex(leaseId),
      conflicts: [...this.#conflicts],
      counters: { ...this.#counters },
      toJSON: healthToJson,
    };
  }

  /** Changes some facts; the state follows from all of them. */
  set(facts: Partial<Facts>): void {
    if (this.#state === "synced") this.#lastSync = new Date();
    Object.assign(this.#facts, facts);
    const state = this.#derive();
    if (state === "synced" && this.#state !== "synced") this.#onSynced();
    this.#state = state;
    this.#changes.notify();
  }

  /** Whether both list and session are ready, or are known to be denied. */
  get isSettled(): boolean {
    const facts = this.#facts;
    if (facts.linkDenied !== undefined) return true;
    return (facts.isMirrorReady || facts.mirrorDenied !== undefined) &&
      (facts.isSessionReady || facts.sessionDenied !== undefined);
  }

  /** The connection is over, and with it what was said on it. */
  disconnected(): void {
    this.set({
      endpoint: undefined,
      isSessionReady: false,
      isMirrorReady: false,
      sessionDenied: undefined,
      mirrorDenied: undefined,
    });
  }

  count(name: CounterName): void {
    this.#counters[name]++;
  }

  /** A key of ours that somebody else keeps changing; empty when that is over. */
  setConflict(key: string, isConflict: boolean): void {
    if (isConflict === this.#conflicts.has(key)) return;
    if (isConflict) this.#conflicts.add(key);
    else this.#conflicts.delete(key);
    this.#changes.notify();
  }

  /** Something went wrong: one log line at first, then one a minute with a count. */
  incident(what: string, error: unknown): void {
    this.#lastError = error instanceof Error ? error : new Error(String(error));
    const now = this.#now();
    const incident = this.#incidents.get(what) ?? { loggedAtMs: -Infinity, unlogged: 0 };
    this.#incidents.set(what, incident);
    incident.unlogged++;
    if (now - incident.loggedAtMs < LOG_EVERY_MS) return;
    const times = incident.unlogged > 1 ? ` (${incident.unlogged} times)` : "";
    this.#logger.warn(`${what}: ${messageOf(error)}${times}`);
    incident.loggedAtMs = now;
    incident.unlogged = 0;
  }

  /** Every change as a picture, the present one first; ends with `closed`. */
  changes(signal?: AbortSignal): AsyncGenerator<Etcd3Health, void, undefined> {
    return this.#changes.iterate(signal);
  }

  #derive(): HealthState {
    const facts = this.#facts;
    if (facts.isClosed) return "closed";
    if (facts.linkDenied ?? facts.sessionDenied ?? facts.mirrorDenied) return "denied";
    if (facts.isLeaseSuspect) return "suspect";
    if (facts.isSessionReady && facts.isMirrorReady) return "synced";
    return this.#lastSync === undefined ? "connecting" : "stale";
  }

  #onSynced(): void {
    this.#lastSync = new Date();
    if (this.#incidents.size === 0) return;
    const more = [...this.#incidents].filter(([, { unlogged }]) => unlogged > 0)
      .map(([what, { unlogged }]) => `, after ${unlogged} more times "${what}"`);
    this.#logger.info(`Synced with etcd at ${this.#facts.endpoint} again${more.join("")}`);
    this.#incidents.clear();
  }
}
