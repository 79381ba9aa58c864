import assert from "node:assert/strict";
import { DEFAULT_TOP_KEY } from "../../mod.ts";
import { EtcdClient } from "../../src/etcd/mod.ts";
import { freePort } from "../../scripts/etcd_process.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { testEtcd } from "../support/etcd.ts";
import { Node } from "../support/node.ts";
import { FaultProxy } from "../support/proxy.ts";
import { FairTime } from "../support/fair_time.ts";

/** Closes a discovery and checks that it takes no longer than documented. */
async function closeInTime(node: Node): Promise<void> {
  await using time = new FairTime();
  await node.discovery.close();
  assert.ok(time.elapsedMs < 3100, "within 3 s");
  assert.equal(node.health.state, "closed");
}

async function keys(client: EtcdClient): Promise<bigint> {
  return (await client.kv.range(DEFAULT_TOP_KEY, { rangeEnd: `${DEFAULT_TOP_KEY}0` })).count;
}

Deno.test("close() at any moment of a start leaves no key, fifty times", async () => {
  await using etcd = await testEtcd();
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  for (let time = 0; time < 50; time++) {
    const node = new Node(etcd.endpoint, { leaseTtlSeconds: 60 });
    const started = node.discovery.start().catch(() => {});
    const advertised = node.discovery.advertise(anEndpoint()).catch(() => {});
    // From the very beginning to well after the end of a start, at other steps each time.
    await new Promise((resolve) => setTimeout(resolve, time / 2));
    await closeInTime(node);
    await Promise.all([started, advertised]);
    assert.equal(await keys(client), 0n, `closed after ${time / 2} ms`);
  }
});

Deno.test("close() leaves no key while the keys move to another lease", async () => {
  await using etcd = await testEtcd();
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  for (let time = 0; time < 10; time++) {
    const node = await Node.start(etcd.endpoint, { leaseTtlSeconds: 60 });
    await node.advertise(20);
    await client.lease.revoke(node.health.leaseId ?? 0n);
    await new Promise((resolve) => setTimeout(resolve, time));
    await closeInTime(node);
    assert.equal(await keys(client), 0n);
  }
});

Deno.test("close() without etcd takes no longer and rejects what is pending", async () => {
  const offline = new Node(`127.0.0.1:${freePort()}`, { startOffline: true });
  await offline.discovery.start();
  const pending = assert.rejects(offline.discovery.advertise(anEndpoint()), { code: "closed" });
  await closeInTime(offline);
  await pending;

  await using etcd = await testEtcd();
  const stopped = await Node.start(etcd.endpoint);
  etcd.signal("SIGSTOP");
  await closeInTime(stopped);
  etcd.signal("SIGCONT");
  await etcd.answers();

  const dead = await Node.start(etcd.endpoint);
  await etcd.kill();
  await dead.until("stale", ({ state }) => state !== "synced");
  await closeInTime(dead);
});

Deno.test("close() between two connections withdraws the keys if etcd can be reached", async () => {
  await using etcd = await testEtcd();
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  await using proxy = new FaultProxy(etcd.clientPort);
  const node = await Node.start(proxy.endpoint, { leaseTtlSeconds: 60 });
  await node.advertise();
  proxy.cut();
  await node.until("stale", ({ state }) => state === "stale");
  await closeInTime(node);
  assert.equal(await keys(client), 0n);
});

Deno.test("close() may be called twice, and a closed discovery refuses calls", async () => {
  await using etcd = await testEtcd();
  const node = await Node.start(etcd.endpoint);
  await Promise.all([node.discovery.close(), node.discovery.close()]);
  await assert.rejects(node.discovery.unadvertise("x"), { code: "closed" });
  const states = [];
  for await (const { state } of node.discovery.healthChanges()) states.push(state);
  assert.deepEqual(states, ["closed"]);
});
