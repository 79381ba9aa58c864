import { EtcdError, leaseIdToHex } from "../../../etcd/mod.ts";
import { type Clock, type Logger, toMessage } from "../../../util/mod.ts";
import type { HealthState } from "../../mod.ts";
import { healthToJson } from "../../health.ts";
import { HealthChanges } from "../../health_changes.ts";
import type { LeaseState } from "../lease/mod.ts";
import type { Etcd3Health, IgnoredItems } from "./etcd3_health.ts";
import { IncidentLog } from "./incident_log.ts";

/** State of the connection to etcd. */
export type ConnectionState =
  | { readonly kind: "none" }
  | { readonly kind: "connected"; readonly endpoint: string }
  | { readonly kind: "denied"; readonly error: Error }
  | { readonly kind: "closed" };

/** Progress of the session or of the mirror over the present connection. */
export type Progress =
  | { readonly kind: "pending" }
  | { readonly kind: "ready" }
  | { readonly kind: "denied"; readonly error: Error };

/** Facts that the {@link HealthState} is derived from. */
interface Facts {
  connection: ConnectionState;
  session: Progress;
  mirror: Progress;
  lease: LeaseState;
}

type CounterName =
  | "reconnects"
  | "leaseLosses"
  | "readvertisedKeys"
  | "resyncs"
  | "eventsDelivered";

/** Parts that a {@link HealthMonitor} needs. */
export interface HealthMonitorOptions {
  /** Receives incidents and their end. */
  readonly logger: Logger;
  /** Source of time. */
  readonly clock: Clock;
  /** Whether there is a session to wait for; an observer has none. */
  readonly hasSession: boolean;
  /** Returns what is ignored at present. */
  readonly getIgnored: () => IgnoredItems;
}

/** Collects what connection, session and mirror report into one {@link Etcd3Health}. */
export class HealthMonitor {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #getIgnored: () => IgnoredItems;
  readonly #incidents: IncidentLog;
  readonly #changes = new HealthChanges(() => this.snapshot);
  readonly #conflicts = new Set<string>();
  readonly #counters = {
    eventsDelivered: 0,
    reconnects: 0,
    leaseLosses: 0,
    readvertisedKeys: 0,
    resyncs: 0,
  };
  readonly #facts: Facts;
  readonly #initialSession: Progress;
  #lastSync: Date | undefined;
  #lastError: Error | undefined;
  #state: HealthState = "connecting";

  /** Creates a monitor in the state `connecting`. */
  constructor({ logger, clock, hasSession, getIgnored }: HealthMonitorOptions) {
    this.#logger = logger;
    this.#clock = clock;
    this.#getIgnored = getIgnored;
    this.#initialSession = { kind: hasSession ? "pending" : "ready" };
    this.#facts = {
      connection: { kind: "none" },
      session: this.#initialSession,
      mirror: { kind: "pending" },
      lease: { kind: "connecting" },
    };
    this.#incidents = new IncidentLog(logger, clock);
  }

  /** Health at this moment. */
  get snapshot(): Etcd3Health {
    const { connection, lease } = this.#facts;
    const leaseId = "lease" in lease ? lease.lease.id : undefined;
    return {
      provider: "etcd3",
      state: this.#state,
      endpoint: connection.kind === "connected" ? connection.endpoint : undefined,
      lastSync: this.#state === "synced" ? this.#now() : this.#lastSync,
      lastError: this.#lastError,
      leaseId,
      leaseIdHex: leaseId === undefined ? undefined : leaseIdToHex(leaseId),
      conflicts: [...this.#conflicts],
      ignored: this.#getIgnored(),
      counters: { ...this.#counters },
      toJSON: healthToJson,
    };
  }

  /** Whether session and mirror are ready, or known to be denied. */
  get isSettled(): boolean {
    const { connection, session, mirror } = this.#facts;
    return connection.kind === "denied" ||
      (session.kind !== "pending" && mirror.kind !== "pending");
  }

  /** Changes some facts; the state is derived from all of them. */
  set(facts: Partial<Facts>): void {
    if (this.#state === "synced") this.#lastSync = this.#now();
    Object.assign(this.#facts, facts);
    const before = this.#state;
    this.#state = this.#deriveState();
    if (this.#state === "synced" && before !== "synced") this.#recordSync();
    this.#changes.notify();
  }

  /** Records that the connection is lost, and with it what was known of it. */
  disconnect(): void {
    this.set({
      connection: { kind: "none" },
      session: this.#initialSession,
      mirror: { kind: "pending" },
    });
  }

  /** Counts something. */
  count(name: CounterName): void {
    this.#counters[name]++;
  }

  /** Records whether another process keeps changing a key of ours. */
  setConflict(key: string, isConflict: boolean): void {
    if (isConflict === this.#conflicts.has(key)) return;
    if (isConflict) this.#conflicts.add(key);
    else this.#conflicts.delete(key);
    this.#changes.notify();
  }

  /** Records an error, and logs it unless the same incident was logged a short time ago. */
  incident(what: string, error: unknown): void {
    this.#lastError = error instanceof Error ? error : new Error(String(error));
    const code = error instanceof EtcdError ? error.code : undefined;
    this.#incidents.record(what, toMessage(error), code);
  }

  /** Returns every change of the health, the present one first; ends after `closed`. */
  changes(signal?: AbortSignal): AsyncGenerator<Etcd3Health, void, undefined> {
    return this.#changes.iterate(signal);
  }

  #deriveState(): HealthState {
    const { connection, session, mirror, lease } = this.#facts;
    if (connection.kind === "closed") return "closed";
    if ([connection, session, mirror].some(({ kind }) => kind === "denied")) return "denied";
    if (lease.kind === "overdue" || lease.kind === "lost") return "suspect";
    if (session.kind === "ready" && mirror.kind === "ready") return "synced";
    return this.#lastSync === undefined ? "connecting" : "stale";
  }

  #recordSync(): void {
    const again = this.#lastSync === undefined ? "" : " again";
    this.#lastSync = this.#now();
    const summary = this.#incidents.end();
    const { connection } = this.#facts;
    if (summary === undefined || connection.kind !== "connected") return;
    const message = `Synced with etcd at ${connection.endpoint}${again}${summary}`;
    this.#logger.info(message, { etcd: connection.endpoint, isRecovery: true });
  }

  #now(): Date {
    return new Date(this.#clock.epochMs());
  }
}
