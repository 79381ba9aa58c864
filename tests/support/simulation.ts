import assert from "node:assert/strict";
import {
  DEFAULT_TOP_KEY,
  type EndpointDescription,
  type EndpointEvent,
  Etcd3Discovery,
} from "../../mod.ts";
import { pause } from "../../src/util/mod.ts";
import { createRandom } from "../../scripts/random.ts";
import { anEndpoint } from "./endpoints.ts";
import { EtcdModel } from "./etcd_model.ts";
import { LogRecorder } from "./events.ts";
import { type FaultTarget, SimulatedFaults } from "./simulated_faults.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** Report of a simulation. */
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
/** Times as multiples of the time to live. */
const GRACE = 3;
const RESYNC = 200;
const PROGRESS = 2;

/** A process with a discovery, what it wants to advertise, and what its listener received. */
interface Actor extends FaultTarget {
  readonly wanted: Map<string, EndpointDescription>;
  /** Timestamps of the endpoints as two listeners received them, a prompt and a slow one. */
  readonly known: Map<string, number>;
  readonly slowlyKnown: Map<string, number>;
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
  readonly #faults: SimulatedFaults;
  readonly #failures: unknown[] = [];
  #operations = 0;
  #events = 0;
  #timestampMs = 1;

  constructor({ seed, ttlSeconds }: SimulationOptions) {
    this.#ttlMs = ttlSeconds * 1000;
    this.#random = createRandom(seed);
    this.#clock = new VirtualClock(seed + 1);
    const latency = createRandom(seed + 2);
    this.#etcd = new EtcdModel({ clock: this.#clock, latencyMs: () => Math.ceil(latency() * 20) });
    this.#faults = new SimulatedFaults({
      etcd: this.#etcd,
      clock: this.#clock,
      random: this.#random,
      ttlMs: this.#ttlMs,
      targets: this.#actors,
      operate: () => this.#operate(this.#pickActor()),
    });
  }

  get report(): SimulationReport {
    return {
      hours: this.#clock.now() / 3_600_000,
      operations: this.#operations,
      faults: this.#faults.counts,
      events: this.#events,
    };
  }

  async start(): Promise<void> {
    for (let index = 0; index < NODES; index++) await this.#startActor();
  }

  /** One round: work and faults, then quiet and the checks. */
  async round(): Promise<void> {
    for (let step = 0; step < 40; step++) {
      for (let count = this.#random() * 4; count > 0; count--) this.#operate(this.#pickActor());
      if (this.#random() < 0.05) await this.#replaceActor();
      if (this.#random() < 0.5) await this.#faults.cause();
      await this.#clock.advance(this.#random() * 6 * this.#ttlMs);
    }
    this.#faults.damage();
    await this.#heal();
    this.#check();
    await this.#clock.advance(this.#random() * 200 * this.#ttlMs);
    this.#check();
  }

  async close(): Promise<void> {
    await Promise.all(this.#actors.map(({ discovery }) => this.#drive(discovery.close())));
  }

  /** Ends one process, in order or cut off from etcd, and starts another. */
  async #replaceActor(): Promise<void> {
    const actor = this.#pickActor();
    if (this.#random() < 0.5) actor.connector.cutOff();
    this.#actors.splice(this.#actors.indexOf(actor), 1);
    const startedMs = this.#clock.now();
    await this.#drive(actor.discovery.close());
    assert.ok(this.#clock.now() - startedMs <= 3100, "a close takes at most 3 s");
    await this.#startActor();
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
      endpointChanged: (event) => this.#guard(() => this.#receive(discovery, known, event)),
    });
    const slowlyKnown = new Map<string, number>();
    discovery.addListener({
      endpointChanged: async (event) => {
        this.#guard(() => this.#record(slowlyKnown, event));
        await pause(this.#random() * 1000, undefined, this.#clock);
      },
    });
    this.#actors.push({ discovery, connector, wanted: new Map(), known, slowlyKnown, log });
    await discovery.start();
  }

  /** Runs the checks of a listener, whose error the discovery would only log. */
  #guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#failures.push(error);
    }
  }

  #receive(discovery: Etcd3Discovery, known: Map<string, number>, event: EndpointEvent): void {
    this.#events++;
    this.#record(known, event);
    if (event.type !== "removed") return;
    const { id } = event.endpoint;
    assert.ok(this.#etcd.isUp, "nothing is removed while etcd is away");
    assert.notEqual(discovery.health.endpoint, undefined, "nor while it is out of reach");
    const isWanted = this.#actors.some(({ wanted }) => wanted.has(id));
    const isBlamed = this.#clock.now() < this.#faults.blameUntilMs;
    assert.ok(!isWanted || isBlamed, `${id} is removed, though its process wants it`);
  }

  /** Events of one endpoint must be in order: added, modified any number of times, removed. */
  #record(known: Map<string, number>, { type, endpoint }: EndpointEvent): void {
    assert.equal(type === "added", !known.has(endpoint.id), `${type} of ${endpoint.id}`);
    if (type === "removed") known.delete(endpoint.id);
    else known.set(endpoint.id, endpoint.timestampMs);
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

  /** Ends every fault and waits until leases, grace times and listings have passed. */
  async #heal(): Promise<void> {
    this.#faults.end();
    await this.#clock.advance((1 + GRACE) * this.#ttlMs + SETTLE_MS);
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
      const { discovery, known, slowlyKnown, wanted } = actor;
      assert.equal(discovery.health.state, "synced", `${actor.log.all.slice(-10).join("\n")}`);
      const others = this.#actors.filter((other) => other !== actor);
      const expected = others.flatMap((other) => [...other.wanted.values()]);
      assert.deepEqual(summarize(discovery.endpoints), summarize(expected), "a view");
      for (const map of [known, slowlyKnown]) {
        const received = [...map].map(([id, timestampMs]) => `${id} ${timestampMs}`).sort();
        assert.deepEqual(received, summarize(expected), "what a listener received");
      }
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

  #follow(work: Promise<void>): void {
    work.catch((error) => assert.equal(error.code, "closed"));
  }

  async #drive(work: Promise<void>): Promise<void> {
    let isDone = false;
    work.finally(() => isDone = true).catch(() => {});
    await this.#clock.advanceUntil("The close", () => isDone, { stepMs: 50 });
    await work;
  }
}

function summarize(endpoints: Iterable<EndpointDescription>): string[] {
  return [...endpoints].map(({ id, timestampMs }) => `${id} ${timestampMs}`).sort();
}
