import { leaseIdToHex } from "../../etcd/mod.ts";
import { type Logger, messageOf } from "../../util/mod.ts";

/**
 * How it stands between a discovery and etcd.
 *
 * - `connecting`: not yet in touch for the first time.
 * - `synced`: what is known is what etcd has, and ours is advertised.
 * - `stale`: etcd is out of reach; what is known stays usable.
 * - `suspect`: the lease must have ended; ours may be gone for others.
 * - `denied`: etcd refuses: rights, password, or no space for writes.
 * - `closed`: closed by its owner.
 */
export type HealthState = "connecting" | "synced" | "stale" | "suspect" | "denied" | "closed";

/** What has happened since the start. */
export interface HealthCounters {
  /** Connections after the first. */
  readonly reconnects: number;
  /** Leases that were lost and replaced. */
  readonly leaseLosses: number;
  /** Keys that were put again: under a new lease, or because somebody changed them. */
  readonly readvertisedKeys: number;
  /** Listings after the first. */
  readonly resyncs: number;
  /** Events that listeners were told. */
  readonly eventsDelivered: number;
}

/** A picture of the health at one moment. */
export interface Health {
  /** How it stands. */
  readonly state: HealthState;
  /** The member that is connected, as `host:port`. */
  readonly endpoint: string | undefined;
  /** When the view and the advertisements were last known to be right. */
  readonly lastSync: Date | undefined;
  /** The last thing that went wrong. */
  readonly lastError: Error | undefined;
  /** The lease that our keys hang on. */
  readonly leaseId: bigint | undefined;
  /** The same as `etcdctl` prints it. */
  readonly leaseIdHex: string | undefined;
  /** Keys of ours that somebody else keeps changing, so that we stopped repairing them. */
  readonly conflicts: readonly string[];
  /** What has happened since the start. */
  readonly counters: HealthCounters;
}

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

/** Collects what session and mirror report and makes one {@link Health} of it. */
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
  readonly #waiting = new Set<() => void>();
  #lastSync: Date | undefined;
  #lastError: Error | undefined;
  #state: HealthState = "connecting";
  readonly #incidents = new Map<string, { loggedAtMs: number; unlogged: number }>();

  constructor(logger: Logger, now: () => number = () => performance.now()) {
    this.#logger = logger;
    this.#now = now;
  }

  /** The health now. */
  get snapshot(): Health {
    const { endpoint, leaseId } = this.#facts;
    return {
      state: this.#state,
      endpoint,
      lastSync: this.#state === "synced" ? new Date() : this.#lastSync,
      lastError: this.#lastError,
      leaseId,
      leaseIdHex: leaseId === undefined ? undefined : leaseIdToHex(leaseId),
      conflicts: [...this.#conflicts],
      counters: { ...this.#counters },
    };
  }

  /** Changes some facts; the state follows from all of them. */
  set(facts: Partial<Facts>): void {
    if (this.#state === "synced") this.#lastSync = new Date();
    Object.assign(this.#facts, facts);
    const state = this.#derive();
    if (state === "synced" && this.#state !== "synced") this.#onSynced();
    this.#state = state;
    this.#wake();
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

  count(name: keyof HealthCounters): void {
    this.#counters[name]++;
  }

  /** A key of ours that somebody else keeps changing; empty when that is over. */
  setConflict(key: string, isConflict: boolean): void {
    if (isConflict === this.#conflicts.has(key)) return;
    if (isConflict) this.#conflicts.add(key);
    else this.#conflicts.delete(key);
    this.#wake();
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
  async *changes(signal?: AbortSignal): AsyncGenerator<Health, void, undefined> {
    let hasChanged = true;
    let wake = () => {};
    const onChange = () => {
      hasChanged = true;
      wake();
    };
    this.#waiting.add(onChange);
    signal?.addEventListener("abort", onChange);
    try {
      while (!signal?.aborted) {
        if (hasChanged) {
          hasChanged = false;
          const health = this.snapshot;
          yield health;
          if (health.state === "closed") return;
        } else await new Promise<void>((resolve) => wake = resolve);
      }
    } finally {
      this.#waiting.delete(onChange);
      signal?.removeEventListener("abort", onChange);
    }
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

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
