import assert from "node:assert/strict";
import { EtcdClient } from "../../src/etcd/mod.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { testEtcd } from "../support/etcd.ts";
import { EndpointRecorder } from "../support/events.ts";
import { listIds, Node } from "../support/node.ts";
import { KeyPeer } from "../support/key_peer.ts";
import { FaultProxy } from "../support/proxy.ts";

Deno.test("Fifty clients that start while keys change agree with etcd in the end", async () => {
  await using etcd = await testEtcd();
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  const peer = new KeyPeer(client);
  let isWriting = true;
  const writer = (async () => {
    for (let turn = 0; isWriting; turn++) {
      await peer.put(`e${turn % 20}`, turn);
      if (turn % 3 === 0) await peer.delete(`e${(turn + 7) % 20}`);
    }
  })();
  const nodes = await Promise.all(
    Array.from(
      { length: 50 },
      () => Node.start(etcd.endpoint, { leaseTtlSeconds: 30, callTimeoutMs: 20_000 }),
    ),
  );
  isWriting = false;
  await writer;
  await peer.put("last", 1);
  const truth = await peer.ids();
  for (const node of nodes) {
    await node.events.until("the last", ({ endpoint }) => endpoint.id === "last");
    assert.deepEqual(listIds(node.discovery.endpoints), truth);
    await node.discovery.close();
  }
});

Deno.test("Mirror reports only the difference after a compaction during an interruption", async () => {
  await using etcd = await testEtcd();
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  await using proxy = new FaultProxy(etcd.clientPort);
  const peer = new KeyPeer(client);
  for (const id of ["stays", "goes", "changes"]) await peer.put(id);
  await using node = await Node.start(proxy.endpoint, { leaseTtlSeconds: 30 });
  assert.deepEqual(listIds(node.discovery.endpoints), ["changes", "goes", "stays"]);
  await node.events.until("the third", () => node.events.all.length === 3);
  const before = node.health;
  proxy.swallow = "both"; // so that it stays away until all is done
  proxy.cut();
  await peer.delete("goes");
  await peer.put("changes", 2);
  const revision = await peer.put("comes");
  await client.kv.compact(revision);
  proxy.swallow = "nothing";
  proxy.cut();
  await node.resynced(before);
  await node.events.until("the last", () => node.events.all.length === 6);
  const told = node.events.all.slice(3).map(({ type, endpoint }) => `${type} ${endpoint.id}`);
  assert.deepEqual(told.sort(), ["added comes", "modified changes", "removed goes"]);
  assert.equal(node.health.counters.resyncs, 1);
});

Deno.test("Mirror loses and repeats no event after ten broken links", async () => {
  await using etcd = await testEtcd();
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  await using proxy = new FaultProxy(etcd.clientPort);
  const peer = new KeyPeer(client);
  await using node = await Node.start(proxy.endpoint, { leaseTtlSeconds: 30 });
  // A view that has seen nothing yet has no change to look up, and would list again.
  await peer.put("first");
  await node.events.until("the first", ({ endpoint }) => endpoint.id === "first");
  let written = 0;
  for (let time = 1; time <= 10; time++) {
    const before = node.health;
    proxy.cut();
    for (let turn = 0; turn < 50; turn++) await peer.put(`e${written++}`);
    if (node.health.counters.reconnects === before.counters.reconnects) await node.resynced(before);
    const last = `e${written - 1}`;
    await node.events.until(last, ({ endpoint }) => endpoint.id === last);
  }
  assert.deepEqual(node.events.types(), Array(501).fill("added"));
  assert.equal(new Set(node.events.all.map(({ endpoint }) => endpoint.id)).size, 501);
  assert.equal(node.health.counters.resyncs, 0, "it resumed each time");
});

Deno.test("Mirror continues an interrupted catch-up of thousands of revisions where it was", async () => {
  await using etcd = await testEtcd();
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  await using proxy = new FaultProxy(etcd.clientPort);
  const peer = new KeyPeer(client);
  await using node = await Node.start(proxy.endpoint, { leaseTtlSeconds: 30 });
  proxy.swallow = "both";
  proxy.cut();
  for (let from = 0; from < 2500; from += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, index) => peer.put(`e${from + index}`)));
  }
  // Each connection is cut after its first large answer, so that batches are torn.
  let cuts = 0;
  let bytes = 0;
  proxy.onChunk = (direction, chunk) => {
    if (direction === "toServer" || cuts >= 5) return;
    bytes += chunk.length;
    if (bytes < 200_000) return;
    bytes = 0;
    cuts++;
    proxy.cut();
  };
  proxy.swallow = "nothing";
  proxy.cut();
  await node.until("all of them", () => node.discovery.endpoints.length === 2500, 30_000);
  await node.events.until("the last event", () => node.events.all.length === 2500);
  assert.equal(cuts, 5);
  assert.deepEqual(new Set(node.events.types()), new Set(["added"]));
  assert.equal(new Set(node.events.all.map(({ endpoint }) => endpoint.id)).size, 2500);
});

Deno.test("Mirror begins a listing again if its revision is compacted between two pages", async () => {
  await using etcd = await testEtcd();
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  await using proxy = new FaultProxy(etcd.clientPort);
  const peer = new KeyPeer(client);
  for (let from = 0; from < 1200; from += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, index) => peer.put(`e${from + index}`)));
  }
  let bytes = 0;
  let compacted = false;
  proxy.onChunk = async (direction, chunk) => {
    if (direction === "toServer" || compacted) return;
    bytes += chunk.length;
    if (bytes < 100_000) return; // somewhere in the first page
    compacted = true;
    await client.kv.compact(await peer.put("one-more"));
  };
  await using node = await Node.start(proxy.endpoint, { leaseTtlSeconds: 30 });
  assert.equal(compacted, true);
  assert.equal(node.discovery.endpoints.length, 1201);
});

Deno.test("Mirror receives many large endpoints by listing and by watch", async () => {
  await using etcd = await testEtcd();
  await using exporter = await Node.start(etcd.endpoint, { leaseTtlSeconds: 30 });
  await using proxy = new FaultProxy(etcd.clientPort);
  await using consumer = await Node.start(proxy.endpoint, { leaseTtlSeconds: 30 });
  const before = consumer.health;
  proxy.swallow = "both";
  proxy.cut();
  const filler = "x".repeat(1_000_000);
  const endpoints = Array.from(
    { length: 6 },
    () => anEndpoint({ extras: new Map([["filler", filler]]) }),
  );
  for (const endpoint of endpoints) await exporter.discovery.advertise(endpoint);
  proxy.swallow = "nothing";
  proxy.cut();
  await consumer.resynced(before);
  await consumer.events.until("the last", () => consumer.events.all.length === 6);
  await using late = await Node.start(etcd.endpoint, { leaseTtlSeconds: 30 });
  assert.deepEqual(listIds(late.discovery.endpoints), listIds(endpoints));
});

Deno.test("An outage removes no endpoint with grace, and brings back each one without", async () => {
  await using etcd = await testEtcd();
  await using exporter = await Node.start(etcd.endpoint);
  await using patient = await Node.start(etcd.endpoint, { removalGraceMs: 15_000 });
  await using strict = await Node.start(etcd.endpoint, { removalGraceMs: 0 });
  const nodes = [exporter, patient, strict];
  const [endpoint] = await exporter.advertise();
  const id = endpoint?.id ?? "";
  for (const node of [patient, strict]) {
    await node.events.until("it", (event) => event.endpoint.id === id);
  }
  const before = nodes.map(({ health }) => health);
  await etcd.kill();
  await etcd.wipe();
  await Promise.all(nodes.map((node) => node.until("suspect", ({ state }) => state === "suspect")));
  await etcd.start();
  await Promise.all(nodes.map((node, index) => node.resynced(before[index] ?? node.health)));
  const [marker] = await exporter.advertise();
  for (const node of [patient, strict]) {
    await node.events.until("a later one", (event) => event.endpoint.id === marker?.id);
  }
  assert.deepEqual(patient.events.types(id), ["added"]);
  const types = strict.events.types(id);
  assert.ok(types.length === 1 || types.join() === "added,removed,added", types.join());
});

Deno.test("Mirror removes an endpoint that does not return within the grace period", async () => {
  await using etcd = await testEtcd();
  const dead = await Node.start(etcd.endpoint);
  await using consumer = await Node.start(etcd.endpoint, { removalGraceMs: 500 });
  const [endpoint] = await dead.advertise();
  await consumer.events.until("it", () => consumer.events.all.length === 1);
  const before = consumer.health;
  await etcd.kill();
  await dead.discovery.close();
  await etcd.wipe();
  await etcd.start();
  await consumer.resynced(before);
  assert.deepEqual(consumer.events.types(), ["added"]);
  const removed = await consumer.events.until("its removal", ({ type }) => type === "removed");
  assert.equal(removed.endpoint.id, endpoint?.id);
});

Deno.test("A slow and a failing listener affect no other, and the slow one receives the net change", async () => {
  await using etcd = await testEtcd();
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  await using node = await Node.start(etcd.endpoint, { leaseTtlSeconds: 30 });
  const blocked = Promise.withResolvers<void>();
  const slow = new EndpointRecorder();
  node.discovery.addListener({
    async endpointChanged(event) {
      slow.add(event);
      await blocked.promise;
    },
  });
  node.discovery.addListener({
    endpointChanged() {
      throw new Error("broken listener");
    },
  });
  const peer = new KeyPeer(client);
  await peer.put("first");
  await slow.until("the first", () => true);
  for (let turn = 0; turn < 2000; turn++) {
    await peer.put(`e${turn % 10}`, turn + 1);
    if (turn % 5 === 4) await peer.delete(`e${turn % 10}`);
  }
  await peer.put("last");
  await node.events.until("the last", ({ endpoint }) => endpoint.id === "last");
  assert.equal(slow.all.length, 1);
  blocked.resolve();
  await slow.until("the last", ({ endpoint }) => endpoint.id === "last");
  assert.ok(slow.all.length <= 12, `${slow.all.length} events for the blocked listener`);
  const known = new Map<string, number>();
  for (const { type, endpoint } of slow.all) {
    if (type === "removed") known.delete(endpoint.id);
    else known.set(endpoint.id, endpoint.timestampMs);
  }
  const current = node.discovery.endpoints.map(({ id, timestampMs }) => [id, timestampMs] as const);
  assert.deepEqual([...known].sort(), [...current].sort());
  assert.ok(node.log.all.some((line) => line.includes("broken listener")));
});

Deno.test("A periodic full listing repairs the view without events for the rest", async () => {
  await using etcd = await testEtcd();
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  await using node = await Node.start(etcd.endpoint, { leaseTtlSeconds: 30, resyncIntervalMs: 50 });
  const peer = new KeyPeer(client);
  for (let turn = 1; node.health.counters.resyncs < 3; turn++) await peer.put("e", turn);
  assert.deepEqual(new Set(node.events.types()), new Set(["added", "modified"]));
  assert.deepEqual(node.events.types().filter((type) => type === "added").length, 1);
});
