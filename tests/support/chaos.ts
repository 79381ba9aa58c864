import { createRandom } from "../../scripts/random.ts";
import { DEFAULT_TOP_KEY, type EndpointDescription, type EndpointEvent } from "../../mod.ts";
import { EtcdClient } from "../../src/etcd/mod.ts";
import type { EtcdProcess } from "../../scripts/etcd_process.ts";
import { anEndpoint } from "./endpoints.ts";
import { testEtcd, text } from "./etcd.ts";
import { HANG_MS } from "./events.ts";
import { Node } from "./node.ts";
import { FaultProxy } from "./proxy.ts";

/** Report of {@link runChaos}. */
export interface ChaosReport {
  readonly operations: number;
  readonly faults: number;
  readonly endpoints: number;
  readonly recoveryMs: number;
}

const NODES = 5;

/** Node behind a proxy of its own, with the endpoints that it should advertise. */
interface Actor {
  readonly node: Node;
  readonly proxy: FaultProxy;
  readonly wanted: Map<string, EndpointDescription>;
}

/**
 * Runs five nodes that advertise, update and withdraw at random while etcd and their links
 * fail at random. At the end the faults stop, and every view must be correct. Operations and
 * their order depend on the seed.
 */
export async function runChaos(
  { seed, seconds, log = () => {} }: {
    seed: number;
    seconds: number;
    log?: (line: string) => void;
  },
): Promise<ChaosReport> {
  const random = createRandom(seed);
  await using etcd = await testEtcd();
  const actors: Actor[] = [];
  try {
    for (let index = 0; index < NODES; index++) {
      const proxy = new FaultProxy(etcd.clientPort);
      const node = await Node.start(proxy.endpoint, { leaseTtlSeconds: 2, removalGraceMs: 3000 });
      actors.push({ node, proxy, wanted: new Map() });
    }
    const chaos = new Chaos(etcd, actors, random, log);
    await chaos.rage(seconds * 1000);
    const recoveryMs = await chaos.settle();
    await chaos.check();
    return { ...chaos.counts, recoveryMs };
  } finally {
    for (const { node } of actors) await node.discovery.close();
    for (const { proxy } of actors) await proxy[Symbol.asyncDispose]();
  }
}

class Chaos {
  readonly #etcd: EtcdProcess;
  readonly #actors: readonly Actor[];
  readonly #random: () => number;
  readonly #log: (line: string) => void;
  readonly #pending = new Set<Promise<void>>();
  #operations = 0;
  #faults = 0;

  constructor(
    etcd: EtcdProcess,
    actors: readonly Actor[],
    random: () => number,
    log: (line: string) => void,
  ) {
    this.#etcd = etcd;
    this.#actors = actors;
    this.#random = random;
    this.#log = log;
  }

  get counts() {
    const endpoints = this.#actors.reduce((sum, { wanted }) => sum + wanted.size, 0);
    return { operations: this.#operations, faults: this.#faults, endpoints };
  }

  async rage(forMs: number): Promise<void> {
    const endMs = performance.now() + forMs;
    while (performance.now() < endMs) {
      this.#operate(this.#pick(this.#actors));
      if (this.#random() < 0.08) await this.#fault();
      await this.#wait(this.#random() * 60);
    }
  }

  /** Ends the faults and waits until all nodes are synced and see each other's last description. */
  async settle(): Promise<number> {
    this.#etcd.signal("SIGCONT");
    for (const { proxy } of this.#actors) {
      proxy.swallow = "nothing";
      proxy.delayMs = 0;
      proxy.cut();
    }
    await this.#etcd.answers();
    const startedMs = performance.now();
    await Promise.all(this.#pending);
    await Promise.all(
      this.#actors.map(({ node }) => node.until("synced", ({ state }) => state === "synced")),
    );
    const recoveryMs = performance.now() - startedMs;
    // An endpoint that does not return is removed after its grace period.
    await Promise.all(this.#actors.map((actor) => this.#untilRight(actor)));
    return recoveryMs;
  }

  /** Checks that all views equal etcd, all wanted endpoints exist, and every history is consistent. */
  async check(): Promise<void> {
    await using client = new EtcdClient({ endpoints: this.#etcd.endpoint });
    const { kvs } = await client.kv.range(`${DEFAULT_TOP_KEY}/`, {
      rangeEnd: `${DEFAULT_TOP_KEY}0`,
    });
    const inEtcd = kvs.map(({ key }) => text(key).slice(DEFAULT_TOP_KEY.length + 1)).sort();
    const wanted = this.#actors.flatMap(({ node, wanted }) => [
      node.discovery.sessionId,
      ...[...wanted.keys()].map((id) => `${node.discovery.sessionId}/${id}`),
    ]).sort();
    same("the keys in etcd", inEtcd, wanted);
    for (const { node } of this.#actors) {
      const leases = kvs.filter(({ key }) => text(key).includes(node.discovery.sessionId)).map((
        { lease },
      ) => lease);
      same("the lease of a node's keys", [...new Set(leases)], [node.health.leaseId]);
      checkHistory(node.events.all, node.discovery.endpoints);
    }
  }

  #operate({ node, wanted }: Actor): void {
    this.#operations++;
    const known = [...wanted.values()];
    const dice = this.#random();
    if (known.length < 3 || dice < 0.35) {
      const endpoint = anEndpoint({ timestampMs: this.#operations });
      wanted.set(endpoint.id, endpoint);
      this.#follow(node.discovery.advertise(endpoint));
    } else if (dice < 0.7) {
      const endpoint = anEndpoint({ id: this.#pick(known).id, timestampMs: this.#operations });
      wanted.set(endpoint.id, endpoint);
      this.#follow(node.discovery.update(endpoint));
    } else {
      const { id } = this.#pick(known);
      wanted.delete(id);
      this.#follow(node.discovery.unadvertise(id));
    }
  }

  async #fault(): Promise<void> {
    this.#faults++;
    const faults: [name: string, run: () => void | Promise<void>][] = [
      ["cut", () => this.#pick(this.#actors).proxy.cut()],
      ["cut all", () => this.#actors.forEach(({ proxy }) => proxy.cut())],
      ["mute", () => this.#mute(this.#pick(this.#actors), "both")],
      ["mute to client", () => this.#mute(this.#pick(this.#actors), "toClient")],
      ["slow", () => void (this.#pick(this.#actors).proxy.delayMs = this.#random() * 200)],
      ["kill", () => this.#restart(0, false)],
      ["outage", () => this.#restart(this.#random() * 4000, false)],
      ["wipe", () => this.#restart(this.#random() * 1000, true)],
      ["stop", () => this.#stop()],
      ["compact", () =>
        this.#inEtcd(async (client) => {
          const { header } = await client.kv.range("x");
          await client.kv.compact(header.revision);
        })],
      [
        "revoke",
        () =>
          this.#inEtcd((client) =>
            client.lease.revoke(this.#pick(this.#actors).node.health.leaseId ?? 0n)
          ),
      ],
      ["delete a key", () =>
        this.#inEtcd(async (client) => {
          const { node, wanted } = this.#pick(this.#actors);
          const id = [...wanted.keys()][0];
          if (id !== undefined) {
            await client.kv.delete(`${DEFAULT_TOP_KEY}/${node.discovery.sessionId}/${id}`);
          }
        })],
    ];
    const [name, run] = this.#pick(faults);
    this.#log(name);
    await run();
  }

  #mute({ proxy }: Actor, swallow: "both" | "toClient"): void {
    proxy.swallow = swallow;
    setTimeoutIn(this.#pending, this.#random() * 5000, () => {
      proxy.swallow = "nothing";
      proxy.cut();
    });
  }

  async #restart(afterMs: number, isWiped: boolean): Promise<void> {
    await this.#etcd.kill();
    if (isWiped) await this.#etcd.wipe();
    await this.#wait(afterMs);
    await this.#etcd.start();
  }

  async #stop(): Promise<void> {
    this.#etcd.signal("SIGSTOP");
    await this.#wait(this.#random() * 3000);
    this.#etcd.signal("SIGCONT");
  }

  async #inEtcd(run: (client: EtcdClient) => Promise<unknown>): Promise<void> {
    await using client = new EtcdClient({ endpoints: this.#etcd.endpoint });
    try {
      await run(client);
    } catch {
      // Compacted already, or the lease has ended: nothing to do.
    }
  }

  /** Waits until a node sees the endpoints that the others want. */
  async #untilRight(actor: Actor): Promise<void> {
    const others = this.#actors.filter((other) => other !== actor);
    const right = new Map(others.flatMap(({ wanted }) => [...wanted]));
    const isRight = () => {
      const { endpoints } = actor.node.discovery;
      return endpoints.length === right.size &&
        endpoints.every(({ id, timestampMs }) => right.get(id)?.timestampMs === timestampMs);
    };
    const deadline = performance.now() + HANG_MS;
    while (!isRight() && performance.now() < deadline) await this.#wait(20);
    const shown = (list: Iterable<EndpointDescription>) =>
      [...list].map(({ id, timestampMs }) => `${id} ${timestampMs}`).sort();
    same("a node's view", shown(actor.node.discovery.endpoints), shown(right.values()));
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.#random() * items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  #follow(work: Promise<void>): void {
    this.#pending.add(work);
    work.finally(() => this.#pending.delete(work));
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}

function setTimeoutIn(pending: Set<Promise<void>>, ms: number, run: () => void): void {
  const { promise, resolve } = Promise.withResolvers<void>();
  pending.add(promise);
  setTimeout(() => {
    run();
    pending.delete(promise);
    resolve();
  }, ms);
}

/** Checks that each endpoint is added first and removed once, and that the rest is known at the end. */
function checkHistory(
  events: readonly EndpointEvent[],
  endpoints: readonly EndpointDescription[],
): void {
  const known = new Map<string, number>();
  for (const { type, endpoint } of events) {
    if ((type === "added") === known.has(endpoint.id)) {
      throw new Error(`${type} of ${endpoint.id} makes no sense after what was told before`);
    }
    if (type === "removed") known.delete(endpoint.id);
    else known.set(endpoint.id, endpoint.timestampMs);
  }
  same(
    "what the events add up to",
    [...known].map(([id, ms]) => `${id} ${ms}`).sort(),
    endpoints.map(({ id, timestampMs }) => `${id} ${timestampMs}`).sort(),
  );
}

function same<T>(what: string, found: readonly T[], expected: readonly T[]): void {
  const missing = expected.filter((item) => !found.includes(item));
  const surplus = found.filter((item) => !expected.includes(item));
  if (missing.length + surplus.length === 0) return;
  throw new Error(
    `${what}: missing ${missing.join(", ") || "nothing"}; too much ${
      surplus.join(", ") || "nothing"
    }`,
  );
}
