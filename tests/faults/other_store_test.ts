import assert from "node:assert/strict";
import { DEFAULT_TOP_KEY } from "../../mod.ts";
import { EtcdClient } from "../../src/etcd/mod.ts";
import { createClient, restoreSnapshot, saveSnapshot, testEtcd, text } from "../support/etcd.ts";
import { KeyPeer } from "../support/key_peer.ts";
import { listIds, Node } from "../support/node.ts";
import { FaultProxy } from "../support/proxy.ts";

/** Returns the ids of the endpoints that etcd has of a node. */
async function listStored(client: EtcdClient, { discovery }: Node): Promise<string[]> {
  const prefix = `${DEFAULT_TOP_KEY}/${discovery.sessionId}`;
  const { kvs } = await client.kv.range(`${prefix}/`, { rangeEnd: `${prefix}0` });
  return kvs.map(({ key }) => text(key).split("/")[2] ?? "").sort();
}

Deno.test("Mirror recognises a store that was rolled back or replaced", async () => {
  for (const others of [0, 40]) {
    await using etcd = await testEtcd();
    await using node = await Node.start(etcd.endpoint, { removalGraceMs: 0 });
    {
      await using client = new EtcdClient({ endpoints: etcd.endpoint });
      const peer = new KeyPeer(client);
      for (let turn = 1; turn <= 20; turn++) await peer.put("old", turn);
      await node.events.until("the last", ({ endpoint }) => endpoint.timestampMs === 20);
    }
    const before = node.health;
    await etcd.kill();
    await etcd.wipe();
    await etcd.start();
    await using client = new EtcdClient({ endpoints: etcd.endpoint });
    const peer = new KeyPeer(client);
    for (let turn = 1; turn <= others; turn++) await peer.put("new", turn);
    await node.resynced(before);
    await peer.put("later");
    await node.events.until("a later one", ({ endpoint }) => endpoint.id === "later");
    assert.deepEqual(
      listIds(node.discovery.endpoints),
      others === 0 ? ["later"] : ["later", "new"],
    );
    assert.deepEqual(node.events.types("old").at(-1), "removed");
  }
});

Deno.test("Session repairs its keys in a store that was restored from a snapshot", async () => {
  await using etcd = await testEtcd();
  await using exporter = await Node.start(etcd.endpoint, { leaseTtlSeconds: 30 });
  await using consumer = await Node.start(etcd.endpoint, {
    leaseTtlSeconds: 30,
    removalGraceMs: 0,
  });
  const [early] = await exporter.advertise();
  await using snapshot = await saveSnapshot(etcd);
  const [late] = await exporter.advertise();
  await exporter.discovery.unadvertise(early?.id ?? "");
  await consumer.events.until("its end", ({ type }) => type === "removed");
  const before = [exporter.health, consumer.health] as const;
  await etcd.kill();
  await restoreSnapshot(etcd, snapshot.path);
  await etcd.start();
  await Promise.all([exporter.resynced(before[0]), consumer.resynced(before[1])]);
  const [marker] = await exporter.advertise();
  await consumer.events.until("a later one", ({ endpoint }) => endpoint.id === marker?.id);
  const expected = [late?.id, marker?.id].sort();
  assert.deepEqual(listIds(consumer.discovery.endpoints), expected);
  await using client = createClient(etcd);
  assert.deepEqual(await listStored(client, exporter), expected);
});

for (const lastChange of ["a put", "a deletion"]) {
  Deno.test(`Discovery recognises a restored store whose revision is higher than its own, after ${lastChange}`, async () => {
    await using etcd = await testEtcd();
    await using client = createClient(etcd);
    await using proxy = new FaultProxy(etcd.clientPort);
    await using exporter = await Node.start(proxy.endpoint, { leaseTtlSeconds: 30 });
    await using observer = await Node.start(proxy.endpoint, { observe: true, removalGraceMs: 0 });
    const [early, other] = await exporter.advertise(2);
    await using snapshot = await saveSnapshot(etcd);
    const [late] = await exporter.advertise();
    await observer.events.until("the late one", ({ endpoint }) => endpoint.id === late?.id);
    if (lastChange === "a deletion") {
      await exporter.discovery.unadvertise(early?.id ?? "");
      await observer.events.until("its end", ({ type }) => type === "removed");
    }
    const expected = listIds(observer.discovery.endpoints);
    assert.equal(expected.includes(other?.id ?? ""), true);
    const before = [exporter.health, observer.health] as const;
    proxy.swallow = "both"; // they are away until the store has overtaken them
    await etcd.kill();
    await restoreSnapshot(etcd, snapshot.path);
    await etcd.start();
    const peer = new KeyPeer(client);
    for (let turn = 1; turn <= 20; turn++) await peer.put("new", turn);
    proxy.swallow = "nothing";
    proxy.cut();
    await Promise.all([exporter.resynced(before[0]), observer.resynced(before[1])]);
    const [marker] = await exporter.advertise();
    await observer.events.until("a later one", ({ endpoint }) => endpoint.id === marker?.id);
    const stored = [...expected, marker?.id ?? ""].sort();
    assert.deepEqual(await listStored(client, exporter), stored);
    assert.deepEqual(listIds(observer.discovery.endpoints), [...stored, "new"].sort());
    assert.equal(exporter.health.counters.leaseLosses, 0, "the lease is in the snapshot");
  });
}
