import assert from "node:assert/strict";
import { EtcdClient } from "../../src/etcd/mod.ts";
import { freePort } from "../../scripts/etcd_process.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { Cluster } from "../support/cluster.ts";
import { etcdctl, testEtcd } from "../support/etcd.ts";
import { listIds, Node } from "../support/node.ts";
import { Observer } from "../support/observer.ts";
import { FairTime } from "../support/fair_time.ts";

const TTL = { leaseTtlSeconds: 10 };

Deno.test("Discovery loses no key and no event when the leader of three members dies", async () => {
  await using cluster = await Cluster.start();
  const leader = await cluster.leader();
  const others = cluster.endpoints.filter((endpoint) => endpoint !== leader.endpoint);
  await using observer = await Observer.start(others);
  await using exporter = await Node.start(cluster.endpoints, TTL);
  await using consumer = await Node.start(cluster.endpoints, TTL);
  const endpoints = await exporter.advertise(3);
  await consumer.events.until("the last", () => consumer.events.all.length === 3);
  await observer.sync();
  const revisions = new Map([...observer.state].map(([key, { revision }]) => [key, revision]));
  await leader.kill();
  const [more] = await exporter.advertise();
  await consumer.events.until("a later one", ({ endpoint }) => endpoint.id === more?.id);
  assert.deepEqual(consumer.events.types(), Array(4).fill("added"));
  await observer.sync();
  assert.deepEqual(observer.deletes(""), []);
  for (const [key, revision] of revisions) {
    assert.equal(observer.state.get(key)?.revision, revision, "nothing was put again");
  }
  assert.deepEqual(
    listIds(consumer.discovery.endpoints),
    listIds([...endpoints, ...(more ? [more] : [])]),
  );
  await exporter.until("synced", ({ state }) => state === "synced");
  assert.equal(exporter.health.counters.leaseLosses, 0);
});

Deno.test("Discovery moves to another member when its own stops, and loses no event", async () => {
  await using cluster = await Cluster.start();
  await using exporter = await Node.start(cluster.endpoints, TTL);
  const consumerOptions = { ...TTL, pingIntervalMs: 1000, pingTimeoutMs: 1000 };
  await using consumer = await Node.start(cluster.endpoints, consumerOptions);
  await exporter.advertise();
  await consumer.events.until("the first", () => consumer.events.all.length === 1);
  const before = consumer.health;
  const stopped = cluster.member(consumer.health.endpoint);
  stopped.signal("SIGSTOP");
  await exporter.advertise(5);
  await consumer.resynced(before);
  await consumer.events.until("the last", () => consumer.events.all.length === 6);
  assert.notEqual(consumer.health.endpoint, stopped.endpoint);
  assert.deepEqual(consumer.events.types(), Array(6).fill("added"));
  stopped.signal("SIGCONT");
});

Deno.test("Discovery moves to another member when its own is removed from the cluster", async () => {
  await using cluster = await Cluster.start(3, ["--strict-reconfig-check=false"]); // at once
  await using exporter = await Node.start(cluster.endpoints, TTL);
  await using consumer = await Node.start(cluster.endpoints, TTL);
  const [endpoint] = await exporter.advertise();
  await consumer.events.until("the first", () => consumer.events.all.length === 1);
  const before = exporter.health;
  const removed = cluster.member(before.endpoint);
  const rest = cluster.endpoints.filter((one) => one !== removed.endpoint);
  await using client = new EtcdClient({ endpoints: removed.endpoint });
  const { header: { memberId } } = await client.maintenance.status();
  await etcdctl(`--endpoints=${rest.join()}`, "member", "remove", memberId.toString(16));
  await exporter.resynced(before);
  assert.ok(rest.includes(exporter.health.endpoint ?? ""));
  assert.equal(exporter.health.counters.leaseLosses, 0);
  const [more] = await exporter.advertise();
  await consumer.events.until("a later one", (event) => event.endpoint.id === more?.id);
  assert.deepEqual(consumer.events.types(), ["added", "added"]);
  assert.deepEqual(
    listIds(consumer.discovery.endpoints),
    [endpoint?.id, more?.id].sort(),
  );
});

Deno.test("Discovery notices a member without quorum within five seconds and survives late writes", async () => {
  await using cluster = await Cluster.start();
  await using node = await Node.start(cluster.endpoints, { leaseTtlSeconds: 30 });
  await node.advertise();
  const ours = cluster.member(node.health.endpoint);
  const others = cluster.members.filter((member) => member !== ours);
  for (const member of others) member.signal("SIGSTOP");
  const brief = anEndpoint();
  const advertised = node.discovery.advertise(brief).catch(() => {});
  await using time = new FairTime();
  await node.until("stale", ({ state }) => state === "stale");
  assert.ok(time.elapsedMs < 5000);
  const unadvertised = node.discovery.unadvertise(brief.id);
  for (const member of others) member.signal("SIGCONT");
  await Promise.all([advertised, unadvertised]);
  await node.until("synced", ({ state }) => state === "synced");
  await using observer = await Observer.start(cluster.endpoints);
  const [last] = await node.advertise();
  await observer.until("a later one", ({ key }) => key.endsWith(last?.id ?? "-"));
  await observer.sync();
  assert.equal([...observer.state.keys()].some((key) => key.endsWith(brief.id)), false);
});

Deno.test("EtcdClient passes over a dead and a silent member", async () => {
  await using cluster = await Cluster.start(1);
  const [first = ""] = cluster.endpoints;
  using mute = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const endpoints = [`127.0.0.1:${freePort()}`, `127.0.0.1:${mute.addr.port}`, first];
  for (let time = 0; time < 4; time++) { // the first one tried is random
    await using node = await Node.start(endpoints, {
      ...TTL,
      callTimeoutMs: 5000,
      dialTimeoutMs: 300,
    });
    assert.equal(node.health.endpoint, first);
    await node.advertise();
  }
});

Deno.test("EtcdClient passes over a learner", async () => {
  await using cluster = await Cluster.start(1);
  const [first = ""] = cluster.endpoints;
  const [member] = cluster.members;
  const peerPort = freePort();
  const peer = `http://127.0.0.1:${peerPort}`;
  await etcdctl(
    `--endpoints=${first}`,
    "member",
    "add",
    "learner",
    "--learner",
    `--peer-urls=${peer}`,
  );
  await using learner = await testEtcd({
    name: "learner",
    peerPort,
    waits: false,
    flags: ["--initial-cluster-state=existing"],
    initialCluster: `m0=http://127.0.0.1:${member?.peerPort},learner=${peer}`,
  });
  await learner.listens();
  for (let time = 0; time < 4; time++) { // the first one tried is random
    await using node = await Node.start([learner.endpoint, first], {
      ...TTL,
      callTimeoutMs: 10_000,
    });
    await node.advertise();
    assert.equal(node.health.endpoint, first);
  }
});
