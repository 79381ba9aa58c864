import assert from "node:assert/strict";
import {
  DEFAULT_TOP_KEY,
  type EndpointDescription,
  type EndpointEvent,
  Etcd3Discovery,
} from "../../mod.ts";
import { randomOf } from "../../scripts/random.ts";
import { anEndpoint } from "./endpoints.ts";
import type { EtcdErrorCode } from "../../src/etcd/mod.ts";
import type { ModelConnector } from "./etcd_link_model.ts";
import type { CallKind } from "./etcd_model_parts.ts";
import { EtcdModel } from "./etcd_model.ts";
import type { StoreSnapshot } from "./etcd_store_model.ts";
import { LogRecorder } from "./events.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** What a simulation did. */
export interface SimulationReport {
  readonly hours: number;
  readonly operations: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly events: number;
}

/** Settings of a {@link Simulation}. */
export interface SimulationOptions {
  /** Decides everything that happens. */
  readonly seed: number;
  /** Time to live of the leases, to which all other times are in proportion. */
  readonly ttlSeconds: number;
}

const NODES = 4;
/** Time for backoff, time-outs and conflicts to pass. */
const SETTLE_MS = 90_000;
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
/** Times as multiples of the time to live. */
const GRACE = 3;
const RESYNC = 200;
const PROGRESS = 2;
/** How long other faults may remove wanted endpoints. */
const BLAME = 7;

/** A process with a discovery, what it wants to advertise, and what its listener received. */
interface Actor {
  readonly discovery: Etcd3Discovery;
  readonly connector: ModelConnector;
  readonly wanted: Map<string, EndpointDescription>;
  readonly known: Map<string, number>;
  readonly log: LogRecorder;
}

/**
 * Runs discoveries against the model of etcd on a virtual clock, in rounds: random work
 * under random faults, then quiet, after which everything must agree. What happens follows
 * from the seed alone.
 */
export class Simulation {
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  readonly #etcd: EtcdModel;
  readonly #ttlMs: number;
  readonly #actors: Actor[] = [];
  readonly #faults = new Map<string, number>();
  readonly #failures: unknown[] = [];
  #operations = 0;
  #events = 0;
  #timestampMs = 1;
  #round = 0;
  /** State to which etcd may be rolled back. */
  #snapshot: StoreSnapshot | undefined;
  /**
   * Whether etcd was rolled back in this round. If its revision then overtakes the one that
   * a mirror knows before it connects, only a periodic listing finds the difference.
   */
  #isRolledBack = false;
  #blameUntilMs = -Infinity;

  constructor({ seed, ttlSeconds }: SimulationOptions) {
    this.#ttlMs = ttlSeconds * 1000;
    this.#random = randomOf(seed);
    this.#clock = new VirtualClock(seed + 1);
    const latency = randomOf(seed + 2);
    this.#etcd = new EtcdModel({ clock: this.#clock, latencyMs: () => Math.ceil(latency() * 20) });
  }

  get report(): SimulationReport {
    return {
      hours: this.#clock.now() / 3_600_000,
      operations: this.#operations,
      faults: this.#faults,
      events: this.#events,
    };
  }

  async start(): Promise<void> {
    for (let index = 0; index < NODES; index++) await this.#startActor();
  }

  /** One round: work and faults, then quiet and the checks. */
  async round(): Promise<void> {
    this.#round++;
    for (let step = 0; step < 40; step++) {
      for (let count = this.#random() * 4; count > 0; count--) this.#operate(this.#pickActor());
      if (this.#random() < 0.5) await this.#fault();
      await this.#clock.advance(this.#random() * 6 * this.#ttlMs);
    }
    this.#damage();
    await this.#heal();
    this.#check();
    await this.#clock.advance(this.#random() * 200 * this.#ttlMs);
    this.#check();
  }

  async close(): Promise<void> {
    await Promise.all(this.#actors.map(({ discovery }) => this.#drive(discovery.close())));
  }

  async #startActor(): Promise<void> {
    const connector = this.#etcd.createConnector();
    const log = new LogRecorder();
    const known = new Map<string, number>();
    const discovery = new Etcd3Discovery({
      leaseTtlSeconds: this.#ttlMs / 1000,
      removalGraceMs: GRACE * this.#ttlMs,
      resyncIntervalMs: RESYNC * this.#ttlMs,
      progressIntervalMs: PROGRESS * this.#ttlMs,
      startOffline: true,
      logger: log,
    }, { connector, clock: this.#clock });
    discovery.addListener({
      endpointChanged: (event) => {
        try {
          this.#receive(discovery, known, event);
        } catch (error) {
          this.#failures.push(error); // the discovery would only log it
        }
      },
    });
    this.#actors.push({ discovery, connector, wanted: new Map(), known, log });
    await discovery.start();
  }

  /** Events of one endpoint must be in order: added, modified any number of times, removed. */
  #receive(
    discovery: Etcd3Discovery,
    known: Map<string, number>,
    { type, endpoint }: EndpointEvent,
  ): void {
    this.#events++;
    const isKnown = known.has(endpoint.id);
    assert.equal(type === "added", !isKnown, `${type} of ${endpoint.id} after ${isKnown}`);
    if (type === "removed") {
      assert.ok(this.#etcd.isUp, "nothing is removed while etcd is away");
      assert.notEqual(discovery.health.endpoint, undefined, "nor while it is out of reach");
      const isWanted = this.#actors.some(({ wanted }) => wanted.has(endpoint.id));
      const isBlamed = this.#clock.now() < this.#blameUntilMs;
      assert.ok(!isWanted || isBlamed, `${endpoint.id} is removed, though its process wants it`);
      known.delete(endpoint.id);
    } else known.set(endpoint.id, endpoint.timestampMs);
  }

  #operate({ discovery, wanted }: Actor): void {
    this.#operations++;
    const ids = [...wanted.keys()];
    const dice = this.#random();
    const id = ids[Math.floor(this.#random() * ids.length)];
    if (id === undefined || ids.length < 2 || (ids.length < 8 && dice < 0.3)) {
      this.#advertise(discovery, wanted, this.#clock.uuid());
    } else if (dice < 0.7) this.#advertise(discovery, wanted, id);
    else if (dice < 0.98) {
      wanted.delete(id);
      this.#follow(discovery.unadvertise(id));
    } else {
      wanted.clear();
      this.#follow(discovery.unadvertiseAll());
    }
  }

  #advertise(
    discovery: Etcd3Discovery,
    wanted: Map<string, EndpointDescription>,
    id: string,
  ): void {
    const endpoint = anEndpoint({ id, timestampMs: this.#timestampMs++ });
    wanted.set(id, endpoint);
    this.#follow(discovery.advertise(endpoint));
  }

  async #fault(): Promise<void> {
    const { store } = this.#etcd;
    const faults: Record<string, () => Promise<void> | void> = {
      cut: () => this.#pickActor().connector.cut(),
      cutAll: () => this.#actors.forEach(({ connector }) => connector.cut()),
      mute: () => this.#mute(this.#random() * 8000),
      muteLong: () => this.#mute(this.#random() * 1.5 * this.#ttlMs),
      restart: () => this.#restart(this.#random() * 5000),
      outage: () => this.#restart(this.#random() * 1.5 * this.#ttlMs),
      wipe: () => this.#restart(this.#random() * 0.2 * this.#ttlMs, () => store.wipe()),
      rollBack: () => {
        const snapshot = this.#snapshot;
        if (snapshot === undefined || this.#round % 4 !== 0) return;
        this.#isRolledBack = true;
        return this.#restart(
          this.#random() * 0.2 * this.#ttlMs,
          () => store.restore(snapshot),
        );
      },
      snapshot: () => void (this.#snapshot = store.snapshot()),
      compact: () => this.#compact(),
      compactBehind: () => this.#compactBehind(),
      revoke: () => {
        const { leaseId = 0n } = this.#pickActor().discovery.health;
        if (store.leases.has(leaseId)) store.revoke(leaseId);
      },
      deleteKey: () => void store.delete([this.#pickKey()]),
      overwriteKey: () => void store.put(this.#pickKey(), new TextEncoder().encode("junk"), 0n),
      stray: () => {
        const { discovery } = this.#pickActor();
        const key = `${DEFAULT_TOP_KEY}/${discovery.sessionId}/stray`;
        store.put(key, new TextEncoder().encode("{}"), 0n);
      },
      denyReads: () => this.#refuse("read", "permission-denied"),
      denyWrites: () => this.#refuse("write", "permission-denied"),
      denyConnections: () => this.#refuse("connect", "unauthenticated"),
      fillStore: () => this.#refuse("write", "no-space"),
      suspend: () => this.#clock.suspend(this.#random() * 2 * this.#ttlMs),
    };
    const names = Object.keys(faults);
    const name = names[Math.floor(this.#random() * names.length)] ?? "cut";
    this.#faults.set(name, (this.#faults.get(name) ?? 0) + 1);
    if (!HARMLESS.has(name)) this.#blame();
    await faults[name]?.();
  }

  /** Deletes one key and overwrites another. */
  #damage(): void {
    this.#blame();
    this.#etcd.store.delete([this.#pickKey()]);
    this.#etcd.store.put(this.#pickKey(), new TextEncoder().encode("junk"), 0n);
  }

  /** Compacts what one node has not seen yet. */
  async #compactBehind(): Promise<void> {
    const { connector } = this.#pickActor();
    connector.mute();
    for (let count = 0; count < 10; count++) this.#operate(this.#pickActor());
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
    this.#blameUntilMs = this.#clock.now() + BLAME * this.#ttlMs;
  }

  async #mute(forMs: number): Promise<void> {
    const { connector } = this.#pickActor();
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
    this.#pickActor().connector.cut();
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

  /** Ends every fault and waits until leases, grace times and listings have passed. */
  async #heal(): Promise<void> {
    for (const { connector } of this.#actors) connector.unmute();
    for (const kind of ["connect", "read", "write"] as const) this.#etcd.refuse(kind, undefined);
    await this.#clock.advance((1 + GRACE) * this.#ttlMs + SETTLE_MS);
    if (this.#isRolledBack) await this.#clock.advance(1.2 * RESYNC * this.#ttlMs);
    this.#isRolledBack = false;
  }

  /** etcd has exactly what is wanted, every view is what the others want, and all are synced. */
  #check(): void {
    if (this.#failures.length > 0) throw this.#failures[0];
    const prefix = `${DEFAULT_TOP_KEY}/`;
    const inEtcd = [...this.#etcd.store.entries.keys()].map((key) => key.slice(prefix.length));
    const wanted = this.#actors.flatMap(({ discovery: { sessionId }, wanted }) => [
      sessionId,
      ...[...wanted.keys()].map((id) => `${sessionId}/${id}`),
    ]);
    assert.deepEqual(inEtcd.sort(), wanted.sort(), "the keys in etcd");
    for (const actor of this.#actors) {
      const { discovery, known, wanted } = actor;
      assert.equal(discovery.health.state, "synced", `${actor.log.all.slice(-10).join("\n")}`);
      const others = this.#actors.filter((other) => other !== actor);
      const expected = others.flatMap((other) => [...other.wanted.values()]);
      assert.deepEqual(summarize(discovery.endpoints), summarize(expected), "a view");
      const received = [...known].map(([id, timestampMs]) => `${id} ${timestampMs}`).sort();
      assert.deepEqual(received, summarize(expected), "what a listener received");
      for (const id of wanted.keys()) {
        const entry = this.#etcd.store.entries.get(`${prefix}${discovery.sessionId}/${id}`);
        assert.equal(entry?.lease, discovery.health.leaseId, "the lease of a key");
      }
    }
  }

  #pickActor(): Actor {
    const actor = this.#actors[Math.floor(this.#random() * this.#actors.length)];
    return actor ?? assert.fail("no actor");
  }

  #pickKey(): string {
    const { discovery: { sessionId }, wanted } = this.#pickActor();
    const [id] = wanted.keys();
    return `${DEFAULT_TOP_KEY}/${sessionId}${id === undefined ? "" : `/${id}`}`;
  }

  #follow(work: Promise<void>): void {
    work.catch((error) => assert.equal(error.code, "closed"));
  }

  async #drive(work: Promise<void>): Promise<void> {
    let isDone = false;
    work.finally(() => isDone = true).catch(() => {});
    await this.#clock.advanceUntil("The close", () => isDone);
    await work;
  }
}

function summarize(endpoints: Iterable<EndpointDescription>): string[] {
  return [...endpoints].map(({ id, timestampMs }) => `${id} ${timestampMs}`).sort();
}
