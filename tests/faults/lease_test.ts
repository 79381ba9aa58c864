import assert from "node:assert/strict";
import { DEFAULT_TOP_KEY } from "../../mod.ts";
import { FaultProxy } from "../support/proxy.ts";
import { Node } from "../support/node.ts";
import { Observer } from "../support/observer.ts";
import { testEtcd } from "../support/etcd.ts";
import { FairTime } from "../support/fair_time.ts";

const TTL_MS = 2000;

Deno.test("Session re-advertises every key after its lease is revoked, ten times in a row", async () => {
  await using etcd = await testEtcd();
  await using observer = await Observer.start(etcd.endpoint);
  await using node = await Node.start(etcd.endpoint);
  await node.advertise(5);
  await observer.sync();
  const keys = [...observer.state.keys()].sort();
  assert.equal(keys.length, 6);
  for (let turn = 1; turn <= 10; turn++) {
    const { leaseId = 0n } = node.health;
    await using time = new FairTime();
    await observer.client.lease.revoke(leaseId);
    await node.until(
      "another lease",
      ({ state, leaseId: id, counters }) =>
        state === "synced" && id !== leaseId && counters.leaseLosses === turn,
    );
    assert.ok(time.elapsedMs < 2000, "all back within 2 s");
    const { kvs } = await observer.client.kv.range(DEFAULT_TOP_KEY, {
      rangeEnd: `${DEFAULT_TOP_KEY}0`,
    });
    assert.deepEqual(kvs.map(({ key }) => new TextDecoder().decode(key)).sort(), keys);
    assert.deepEqual(new Set(kvs.map(({ lease }) => lease)), new Set([node.health.leaseId]));
  }
  assert.equal(node.health.counters.readvertisedKeys, 60);
  assert.deepEqual(node.health.conflicts, []);
});

Deno.test("Session deletes no key when it moves to another lease, and keeps one lease", async () => {
  await using etcd = await testEtcd();
  await using observer = await Observer.start(etcd.endpoint);
  await using proxy = new FaultProxy(etcd.clientPort);
  await using node = await Node.start(proxy.endpoint, { leaseTtlSeconds: 5 });
  const [endpoint] = await node.advertise();
  const before = node.health;
  // The lease lives in etcd, but no reply says so within its TTL.
  const stream = await observer.client.lease.keepAlive();
  const renewals = new Set<Promise<unknown>>();
  const renewing = setInterval(() => renewals.add(stream.renew(before.leaseId ?? 0n, 1000)), 1000);
  proxy.swallow = "both";
  await node.until("suspect", ({ state }) => state === "suspect");
  proxy.swallow = "nothing";
  proxy.cut();
  await node.resynced(before);
  clearInterval(renewing);
  await Promise.all(renewals);
  stream.cancel();
  await observer.sync();
  assert.notEqual(node.health.leaseId, before.leaseId);
  assert.deepEqual(observer.deletes(""), []);
  assert.equal(
    observer.state.get(`${DEFAULT_TOP_KEY}/${node.discovery.sessionId}/${endpoint?.id}`)?.lease,
    node.health.leaseId,
  );
  assert.equal((await observer.client.lease.timeToLive(before.leaseId ?? 0n)).ttlSeconds, -1);
});

Deno.test("Discovery keeps its lease and loses no event when etcd is killed and started at once", async () => {
  await using etcd = await testEtcd();
  await using observer = await Observer.start(etcd.endpoint);
  await using exporter = await Node.start(etcd.endpoint, { leaseTtlSeconds: 10 });
  await using consumer = await Node.start(etcd.endpoint, { leaseTtlSeconds: 10 });
  const endpoints = await exporter.advertise(3);
  await consumer.events.until("the last", ({ endpoint }) => endpoint.id === endpoints[2]?.id);
  const [before, consumerBefore] = [exporter.health, consumer.health];
  await etcd.kill();
  await consumer.until("stale", ({ state }) => state === "stale");
  assert.equal(consumer.discovery.endpoints.length, 3, "what is known stays usable");
  await etcd.start();
  await Promise.all([exporter.resynced(before), consumer.resynced(consumerBefore)]);
  assert.equal(exporter.health.leaseId, before.leaseId);
  const [more] = await exporter.advertise();
  await consumer.events.until("a later one", ({ endpoint }) => endpoint.id === more?.id);
  assert.deepEqual(consumer.events.types(), Array(4).fill("added"));
  await observer.sync();
  assert.deepEqual(observer.deletes(""), []);
});

for (const wiped of [false, true]) {
  Deno.test(`Discovery recovers after an outage of twice the TTL, with ${wiped ? "an empty" : "the old"} store`, async () => {
    await using etcd = await testEtcd();
    await using exporter = await Node.start(etcd.endpoint);
    await using consumer = await Node.start(etcd.endpoint);
    const endpoints = await exporter.advertise(3);
    await consumer.events.until("the last", ({ endpoint }) => endpoint.id === endpoints[2]?.id);
    const before = [exporter.health, consumer.health] as const;
    await etcd.kill();
    if (wiped) await etcd.wipe();
    await consumer.until("suspect", ({ state }) => state === "suspect");
    await new Promise((resolve) => setTimeout(resolve, TTL_MS)); // the outage itself
    await etcd.start();
    await using time = new FairTime();
    await Promise.all([exporter.resynced(before[0]), consumer.resynced(before[1])]);
    assert.ok(time.elapsedMs < 3000, "synced within 3 s");
    assert.notEqual(exporter.health.leaseId, before[0].leaseId);
    await using observer = await Observer.start(etcd.endpoint);
    for (const { id } of endpoints) {
      await observer.until(
        "its key",
        ({ key, lease }) => key.endsWith(id) && lease === exporter.health.leaseId,
      );
    }
    const [more] = await exporter.advertise();
    await consumer.events.until("a later one", ({ endpoint }) => endpoint.id === more?.id);
    assert.deepEqual(
      consumer.events.types(),
      Array(4).fill("added"),
      "no removal of a live endpoint",
    );
  });
}

Deno.test("Discovery notices a silent link within the lease's TTL and recovers", async () => {
  await using etcd = await testEtcd();
  await using observer = await Observer.start(etcd.endpoint);
  await using proxy = new FaultProxy(etcd.clientPort);
  await using node = await Node.start(proxy.endpoint);
  const [endpoint] = await node.advertise();
  const before = node.health;
  proxy.swallow = "toClient";
  await using time = new FairTime();
  await node.until("suspect", ({ state }) => state === "suspect");
  assert.ok(time.elapsedMs < TTL_MS + 1000);
  proxy.swallow = "both"; // now etcd receives nothing either
  await observer.until(
    "its end in etcd",
    ({ type, key }) => type === "delete" && key.endsWith(endpoint?.id ?? "-"),
  );
  proxy.swallow = "nothing";
  proxy.cut();
  await node.resynced(before);
  await observer.until(
    "its return",
    ({ type, key, lease }) =>
      type === "put" && key.endsWith(endpoint?.id ?? "-") && lease === node.health.leaseId,
  );
});

Deno.test("Session loses a connection but not its lease after one lost renewal", async () => {
  await using etcd = await testEtcd();
  await using observer = await Observer.start(etcd.endpoint);
  await using proxy = new FaultProxy(etcd.clientPort);
  await using node = await Node.start(proxy.endpoint, { leaseTtlSeconds: 6 });
  await node.advertise();
  const before = node.health;
  proxy.swallow = "both"; // until the next renewal has failed
  await node.until("stale", ({ state }) => state === "stale");
  proxy.swallow = "nothing";
  proxy.cut();
  await node.resynced(before);
  assert.equal(node.health.leaseId, before.leaseId);
  await observer.sync();
  assert.deepEqual(observer.deletes(""), []);
  assert.equal(observer.all.length, 2, "nothing was put again");
});
