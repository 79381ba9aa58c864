import assert from "node:assert/strict";
import { DEFAULT_TOP_KEY } from "../../mod.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { Node } from "../support/node.ts";
import { Observer } from "../support/observer.ts";
import { testEtcd } from "../support/etcd.ts";
import { FairTime } from "../support/fair_time.ts";

Deno.test("Session repairs a key within a second after another process changed or deleted it", async () => {
  await using etcd = await testEtcd();
  await using observer = await Observer.start(etcd.endpoint);
  await using node = await Node.start(etcd.endpoint, { leaseTtlSeconds: 30 });
  const [endpoint] = await node.advertise();
  const key = `${DEFAULT_TOP_KEY}/${node.discovery.sessionId}/${endpoint?.id}`;
  await observer.sync();
  const value = observer.state.get(key)?.value;
  const { kv, lease } = observer.client;
  const other = await lease.grant(60);
  const damages = [
    () => kv.delete(key),
    () => kv.put(key, "junk", { lease: other.id }),
    () => kv.put(key, value ?? "", { lease: 0n }),
  ];
  for (const damage of damages) {
    observer.clear();
    await using time = new FairTime();
    await damage();
    await observer.until(
      "the repair",
      (change) =>
        change.type === "put" && change.value === value && change.lease === node.health.leaseId,
    );
    assert.ok(time.elapsedMs < 1000);
  }
  assert.deepEqual(node.health.conflicts, []);
  await node.until("the third", ({ counters }) => counters.readvertisedKeys === 3);
});

Deno.test("Session deletes a key under its session that it does not want", async () => {
  await using etcd = await testEtcd();
  await using observer = await Observer.start(etcd.endpoint);
  await using node = await Node.start(etcd.endpoint, { leaseTtlSeconds: 30 });
  const key = `${DEFAULT_TOP_KEY}/${node.discovery.sessionId}/stranger`;
  await observer.client.kv.put(key, "junk");
  await observer.until("its deletion", (change) => change.type === "delete" && change.key === key);
});

Deno.test("Session deletes the keys of an earlier process with the same session id", async () => {
  await using etcd = await testEtcd();
  const sessionId = crypto.randomUUID();
  await using observer = await Observer.start(etcd.endpoint);
  const key = `${DEFAULT_TOP_KEY}/${sessionId}/left-behind`;
  await observer.client.kv.put(key, "{}");
  await using _node = await Node.start(etcd.endpoint, { sessionId, leaseTtlSeconds: 30 });
  await observer.until("its deletion", (change) => change.type === "delete" && change.key === key);
});

Deno.test("Two processes with one session id report a conflict and stop writing", async () => {
  await using etcd = await testEtcd();
  await using observer = await Observer.start(etcd.endpoint);
  const sessionId = crypto.randomUUID();
  const options = { sessionId, leaseTtlSeconds: 30 };
  await using one = await Node.start(etcd.endpoint, options);
  await using two = await Node.start(etcd.endpoint, options);
  await Promise.any(
    [one, two].map((node) => node.until("a conflict", ({ conflicts }) => conflicts.length > 0)),
  );
  // Once one of them stops, the other may write last; then no process writes any more.
  await Promise.all(
    [one, two].map((node) => node.until("synced", ({ state }) => state === "synced")),
  );
  await observer.sync();
  assert.ok(observer.all.length <= 14, `${observer.all.length} writes`);
  assert.match([...one.log.all, ...two.log.all].join(), /another process keeps changing/);
});

Deno.test("unadvertise leaves no key when it overtakes its advertise", async () => {
  await using etcd = await testEtcd();
  await using observer = await Observer.start(etcd.endpoint);
  await using node = await Node.start(etcd.endpoint, { leaseTtlSeconds: 30 });
  const [marker] = await node.advertise();
  const brief = anEndpoint();
  const advertised = node.discovery.advertise(brief);
  await node.discovery.unadvertise(brief.id);
  await advertised;
  await node.discovery.unadvertise(marker?.id ?? "");
  await observer.sync();
  assert.equal([...observer.state.keys()].some((key) => key.endsWith(brief.id)), false);
  const { count } = await observer.client.kv.range(
    `${DEFAULT_TOP_KEY}/${node.discovery.sessionId}/${brief.id}`,
  );
  assert.equal(count, 0n);
});

Deno.test("advertise rejects for a description that etcd refuses, and for no other", async () => {
  await using etcd = await testEtcd({ flags: ["--max-request-bytes=20000"] });
  await using node = await Node.start(etcd.endpoint);
  const big = anEndpoint({ extras: new Map([["filler", "x".repeat(40_000)]]) });
  await assert.rejects(node.discovery.advertise(big), { code: "too-large" });
  await node.advertise();
  assert.equal(node.health.state, "synced");
  assert.equal(node.health.counters.reconnects, 0);
  // A refused change leaves the advertised description, also when the lease moves.
  const small = anEndpoint({ id: big.id });
  await node.discovery.update(small);
  await assert.rejects(node.discovery.update(big), { code: "too-large" });
  await using observer = await Observer.start(etcd.endpoint);
  await observer.client.lease.revoke(node.health.leaseId ?? 0n);
  await observer.until("its end", ({ type, key }) => type === "delete" && key.endsWith(big.id));
  const back = await observer.until(
    "its return",
    ({ type, key, lease }) =>
      type === "put" && key.endsWith(big.id) && lease === node.health.leaseId,
  );
  assert.ok(back.value.length < 20_000);
});
