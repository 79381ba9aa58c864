import assert from "node:assert/strict";
import { EtcdClient, type EtcdError } from "../../src/etcd/mod.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { etcdctl, testEtcd } from "../support/etcd.ts";
import { Node } from "../support/node.ts";

Deno.test("Discovery keeps its lease while etcd is full, reports it, and continues once there is space", async () => {
  await using etcd = await testEtcd({ flags: ["--quota-backend-bytes=2000000"] });
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  await using node = await Node.start(etcd.endpoint);
  await node.advertise();
  const { leaseId } = node.health;
  const fill = async () => {
    for (let count = 0; count < 100; count++) await client.kv.put("filler", "x".repeat(100_000));
  };
  await assert.rejects(fill(), (error: EtcdError) => error.code === "no-space");
  const waiting = node.discovery.advertise(anEndpoint());
  await node.until(
    "denied",
    ({ state, lastError }) => state === "denied" && /space exceeded/.test(lastError?.message ?? ""),
  );
  assert.deepEqual((await client.maintenance.alarms()).map(({ alarm }) => alarm), ["NOSPACE"]);
  assert.equal(node.health.leaseId, leaseId);
  assert.equal(node.health.counters.reconnects, 0);

  const { revision } = (await client.kv.range("filler")).header;
  await client.kv.compact(revision);
  await etcdctl(`--endpoints=${etcd.endpoint}`, "defrag");
  await etcdctl(`--endpoints=${etcd.endpoint}`, "alarm", "disarm");
  await waiting;
  await node.until("synced", ({ state }) => state === "synced");
  assert.equal(node.health.leaseId, leaseId);
});
