import { DEFAULT_TOP_KEY, type EndpointDescription, type Etcd3Discovery } from "../../mod.ts";
import type { EtcdErrorCode } from "../../src/etcd/mod.ts";
import type { ModelConnector } from "./etcd_link_model.ts";
import type { EtcdModel } from "./etcd_model.ts";
import type { CallKind } from "./etcd_model_parts.ts";
import type { StoreSnapshot } from "./etcd_store_model.ts";
import type { VirtualClock } from "./virtual_clock.ts";

/** A process that faults may hit. */
export interface FaultTarget {
  readonly discovery: Etcd3Discovery;
  readonly connector: ModelConnector;
  readonly wanted: ReadonlyMap<string, EndpointDescription>;
}

/** Parts of a simulation that its faults need. */
export interface SimulatedFaultsOptions {
  readonly etcd: EtcdModel;
  readonly clock: VirtualClock;
  readonly random: () => number;
  /** Time to live of the leases, to which the durations are in proportion. */
  readonly ttlMs: number;
  /** Live list of the processes. */
  readonly targets: readonly FaultTarget[];
  /** Makes a random process do something. */
  readonly operate: () => void;
}

/** Faults after which an endpoint must not be removed while its process wants it. */
const HARMLESS: ReadonlySet<string> = new Set([
  "cut",
  "cutAll",
  "restart",
  "outage",
  "wipe",
  "snapshot",
  "compact",
  "compactBehind",
  "stray",
]);
/** Time for which other faults may remove wanted endpoints, as a multiple of the time to live. */
const BLAME = 7;

/** Faults of etcd, of the network and of other processes, as a seed decides. */
export class SimulatedFaults {
  /** Number of faults, by name. */
  readonly counts = new Map<string, number>();
  /** Until when endpoints may be removed which their process wants. */
  blameUntilMs = -Infinity;
  readonly #etcd: EtcdModel;
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  readonly #ttlMs: number;
  readonly #targets: readonly FaultTarget[];
  readonly #operate: () => void;
  /** State to which etcd may be rolled back. */
  #snapshot: StoreSnapshot | undefined;

  constructor({ etcd, clock, random, ttlMs, targets, operate }: SimulatedFaultsOptions) {
    this.#etcd = etcd;
    this.#clock = clock;
    this.#random = random;
    this.#ttlMs = ttlMs;
    this.#targets = targets;
    this.#operate = operate;
  }

  /** Ends every fault. */
  end(): void {
    for (const { connector } of this.#targets) connector.unmute();
    for (const kind of ["connect", "read", "write"] as const) this.#etcd.refuse(kind, undefined);
  }

  /** Causes a random fault. */
  async cause(): Promise<void> {
    const faults = this.#list();
    const names = Object.keys(faults);
    const name = names[Math.floor(this.#random() * names.length)] ?? "cut";
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    if (!HARMLESS.has(name)) this.#blame();
    await faults[name]?.();
  }

  #list(): Record<string, () => Promise<void> | void> {
    const { store } = this.#etcd;
    return {
      cut: () => this.#pick().connector.cut(),
      cutAll: () => this.#targets.forEach(({ connector }) => connector.cut()),
      mute: () => this.#mute(this.#random() * 8000),
      muteLong: () => this.#mute(this.#random() * 1.5 * this.#ttlMs),
      restart: () => this.#restart(this.#random() * 5000),
      outage: () => this.#restart(this.#random() * 1.5 * this.#ttlMs),
      wipe: () => this.#restart(this.#random() * 0.2 * this.#ttlMs, () => store.wipe()),
      rollBack: () => {
        const snapshot = this.#snapshot;
        if (snapshot === undefined) return;
        return this.#restart(
          this.#random() * 0.2 * this.#ttlMs,
          () => store.restore(snapshot),
        );
      },
      snapshot: () => void (this.#snapshot = store.snapshot()),
      compact: () => this.#compact(),
      compactBehind: () => this.#compactBehind(),
      revoke: () => {
        const { leaseId = 0n } = this.#pick().discovery.health;
        if (store.leases.has(leaseId)) store.revoke(leaseId);
      },
      deleteKey: () => void store.delete([this.#pickKey()]),
      overwriteKey: () => void store.put(this.#pickKey(), new TextEncoder().encode("junk"), 0n),
      stray: () => {
        const { discovery } = this.#pick();
        const key = `${DEFAULT_TOP_KEY}/${discovery.sessionId}/stray`;
        store.put(key, new TextEncoder().encode("{}"), 0n);
      },
      denyReads: () => this.#refuse("read", "permission-denied"),
      denyWrites: () => this.#refuse("write", "permission-denied"),
      denyConnections: () => this.#refuse("connect", "unauthenticated"),
      fillStore: () => this.#refuse("write", "no-space"),
      suspend: () => this.#clock.suspend(this.#random() * 2 * this.#ttlMs),
    };
  }

  /** Deletes one key and overwrites another. */
  damage(): void {
    this.#blame();
    this.#etcd.store.delete([this.#pickKey()]);
    this.#etcd.store.put(this.#pickKey(), new TextEncoder().encode("junk"), 0n);
  }

  /** Compacts what one node has not seen yet. */
  async #compactBehind(): Promise<void> {
    const { connector } = this.#pick();
    connector.mute();
    for (let count = 0; count < 10; count++) this.#operate();
    await this.#clock.advance(1000);
    this.#compact();
    connector.cut();
    connector.unmute();
  }

  #compact(): void {
    const { revision } = this.#etcd.header;
    if (revision > this.#etcd.store.compacted) this.#etcd.store.compact(revision);
  }

  /** Allows for some time that endpoints are removed which their process wants. */
  #blame(): void {
    this.blameUntilMs = this.#clock.now() + BLAME * this.#ttlMs;
  }

  async #mute(forMs: number): Promise<void> {
    const { connector } = this.#pick();
    connector.mute();
    this.#clock.startTimer(forMs, () => {
      if (this.#random() < 0.5) connector.cut();
      connector.unmute();
    });
    await this.#clock.advance(this.#random() * 2000);
  }

  /** Refuses calls for some time; cuts a connection, so that a listing may be refused too. */
  #refuse(kind: CallKind, code: EtcdErrorCode): void {
    this.#etcd.refuse(kind, code);
    this.#pick().connector.cut();
    this.#clock.startTimer(
      this.#random() * 2 * this.#ttlMs,
      () => this.#etcd.refuse(kind, undefined),
    );
  }

  async #restart(afterMs: number, whileDown: () => void = () => {}): Promise<void> {
    this.#etcd.kill();
    await this.#clock.advance(afterMs);
    whileDown();
    this.#etcd.start();
  }

  #pick(): FaultTarget {
    const target = this.#targets[Math.floor(this.#random() * this.#targets.length)];
    if (target === undefined) throw new Error("There is no process");
    return target;
  }

  #pickKey(): string {
    const { discovery: { sessionId }, wanted } = this.#pick();
    const [id] = wanted.keys();
    return `${DEFAULT_TOP_KEY}/${sessionId}${id === undefined ? "" : `/${id}`}`;
  }
}
