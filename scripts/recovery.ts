/**
 * Measures the time until everything is advertised and synced again after a fault, from the
 * moment at which etcd can be reached again: `deno task recovery [--runs 10] [name ...]`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import { EtcdClient } from "../src/etcd/mod.ts";
import type { EtcdProcess } from "./etcd_process.ts";
import { Cluster } from "../tests/support/cluster.ts";
import { etcdctl, testEtcd } from "../tests/support/etcd.ts";
import { listIds, Node } from "../tests/support/node.ts";
import { FaultProxy } from "../tests/support/proxy.ts";

const TTL = { leaseTtlSeconds: 2 };
const ENDPOINTS = 10;

/** Causes a fault. Returns the time from its end until everything is synced again. */
type Scenario = () => Promise<{ readonly ms: number; readonly removed: number }>;

/** Starts an exporter with endpoints and a consumer that knows them. */
async function startPair(
  endpoints: string | readonly string[],
  exporterOptions = {},
  consumerOptions = {},
) {
  const exporter = await Node.start(endpoints, { ...TTL, ...exporterOptions });
  const consumer = await Node.start(endpoints, { ...TTL, ...consumerOptions });
  await exporter.advertise(ENDPOINTS);
  await consumer.events.until("all", () => consumer.events.all.length === ENDPOINTS);
  return {
    exporter,
    consumer,
    /** Waits until both are synced after a fault and a new endpoint has reached the consumer. */
    async recovered(since: number, before = [exporter.health, consumer.health] as const) {
      await Promise.all([exporter.resynced(before[0]), consumer.resynced(before[1])]);
      const ms = performance.now() - since;
      const [probe] = await exporter.advertise();
      await consumer.events.until("the probe", ({ endpoint }) => endpoint.id === probe?.id);
      const known = new Set(listIds(consumer.discovery.endpoints));
      if (known.size !== ENDPOINTS + 1) throw new Error(`${known.size} endpoints are known`);
      const removed = consumer.events.types().filter((type) => type === "removed").length;
      return { ms, removed };
    },
    async [Symbol.asyncDispose]() {
      await exporter.discovery.close();
      await consumer.discovery.close();
    },
  };
}

async function restartEtcd(etcd: EtcdProcess, outageMs: number, isWiped: boolean) {
  await using nodes = await startPair(etcd.endpoint);
  const before = [nodes.exporter.health, nodes.consumer.health] as const;
  await etcd.kill();
  if (isWiped) await etcd.wipe();
  if (outageMs > 0) await new Promise((resolve) => setTimeout(resolve, outageMs));
  await etcd.start();
  return await nodes.recovered(performance.now(), before);
}

/** Kills one of three members; the time begins once the others serve again. */
async function killMember(which: "leader" | "ours") {
  await using cluster = await Cluster.start();
  const ttl = { leaseTtlSeconds: 10 };
  await using nodes = await startPair(cluster.endpoints, ttl, ttl);
  const victim = which === "leader"
    ? await cluster.leader()
    : cluster.member(nodes.exporter.health.endpoint);
  await victim.kill();
  const others = cluster.endpoints.filter((endpoint) => endpoint !== victim.endpoint);
  const servedMs = waitForAnswer(others);
  const [probe] = await nodes.exporter.advertise();
  await nodes.consumer.events.until("the probe", ({ endpoint }) => endpoint.id === probe?.id);
  await Promise.all(
    [nodes.exporter, nodes.consumer].map((node) =>
      node.until("synced", ({ state }) => state === "synced")
    ),
  );
  const ms = Math.max(0, performance.now() - await servedMs);
  const removed = nodes.consumer.events.types().filter((type) => type === "removed").length;
  return { ms, removed };
}

/** Returns the time of the first answer to a read that needs a leader. */
async function waitForAnswer(endpoints: readonly string[]): Promise<number> {
  await using client = new EtcdClient({ endpoints });
  while (true) {
    try {
      await client.kv.range("x", { timeoutMs: 200 });
      return performance.now();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

const SCENARIOS = new Map<string, Scenario>([
  ["SIGKILL, restart at once", async () => {
    await using etcd = await testEtcd();
    return await restartEtcd(etcd, 0, false);
  }],
  ["restart after twice the TTL", async () => {
    await using etcd = await testEtcd();
    return await restartEtcd(etcd, 2 * TTL.leaseTtlSeconds * 1000, false);
  }],
  ["emptied store", async () => {
    await using etcd = await testEtcd();
    return await restartEtcd(etcd, 0, true);
  }],
  ["leader of three killed", () => killMember("leader")],
  ["our member of three killed", () => killMember("ours")],
  ["lease revoked by another process", async () => {
    await using etcd = await testEtcd();
    await using nodes = await startPair(etcd.endpoint);
    const { leaseId = 0n, counters } = nodes.exporter.health;
    await using client = new EtcdClient({ endpoints: etcd.endpoint });
    const startedMs = performance.now();
    await client.lease.revoke(leaseId);
    await nodes.exporter.until(
      "another lease",
      (health) => health.state === "synced" && health.counters.leaseLosses > counters.leaseLosses,
    );
    const removed = nodes.consumer.events.types().filter((type) => type === "removed").length;
    return { ms: performance.now() - startedMs, removed };
  }],
  ["silent link, healed once noticed", async () => {
    await using etcd = await testEtcd();
    await using proxy = new FaultProxy(etcd.clientPort);
    await using nodes = await startPair(proxy.endpoint, { leaseTtlSeconds: 10 }, {
      leaseTtlSeconds: 10,
    });
    const before = [nodes.exporter.health, nodes.consumer.health] as const;
    const startedMs = performance.now();
    proxy.swallow = "both";
    const healed = nodes.exporter.until("stale", ({ state }) => state !== "synced").then(() => {
      proxy.swallow = "nothing";
    });
    const result = await nodes.recovered(startedMs, before);
    await healed;
    return result;
  }],
  ["token expired", async () => {
    await using etcd = await testEtcd({ flags: ["--auth-token-ttl=1"] });
    const auth = { username: "root", password: "root" };
    for (const args of [["user", "add", "root:root"], ["auth", "enable"]]) {
      await etcdctl(`--endpoints=${etcd.endpoint}`, ...args);
    }
    await using proxy = new FaultProxy(etcd.clientPort);
    await using nodes = await startPair(proxy.endpoint, { auth, leaseTtlSeconds: 30 }, {
      auth,
      leaseTtlSeconds: 30,
    });
    await new Promise((resolve) => setTimeout(resolve, 3000)); // the token expires
    const before = [nodes.exporter.health, nodes.consumer.health] as const;
    const startedMs = performance.now();
    proxy.cut();
    return await nodes.recovered(startedMs, before);
  }],
]);

const { values, positionals } = parseArgs({
  args: Deno.args,
  options: { runs: { type: "string", default: "10" } },
  allowPositionals: true,
});
for (const [name, run] of SCENARIOS) {
  if (positionals.length > 0 && !positionals.some((part) => name.includes(part))) continue;
  const times = [];
  let removed = 0;
  for (let time = 0; time < Number(values.runs); time++) {
    const result = await run();
    times.push(result.ms);
    removed += result.removed;
  }
  times.sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? NaN;
  console.log(
    `${name.padEnd(32)} median ${(median / 1000).toFixed(2)} s, worst ${
      ((times.at(-1) ?? NaN) / 1000).toFixed(2)
    } s, ${times.length} of ${values.runs} runs, ${removed} removals of live endpoints`,
  );
}
