import assert from "node:assert/strict";
import { etcd3, Etcd3Discovery, memory, remoteServices } from "../../../mod.ts";
import { createClient, testEtcd } from "../../support/etcd.ts";
import { enableAuth, ROOT, USER } from "../../support/etcd_users.ts";
import { anEndpoint } from "../../support/endpoints.ts";
import { EtcdClient } from "../../../src/etcd/mod.ts";

Deno.test("An observer sees what comes and goes, and writes nothing to etcd", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  await using host = await remoteServices({
    etcd: { endpoints: etcd.endpoint },
    http: { port: 0 },
    drainMs: 0,
  });
  const registration = await host.register("my.Adder", { add: (a: number, b: number) => a + b });
  await registration.advertised();
  const before = (await client.kv.range("a")).header.revision;

  const observer = await remoteServices({ etcd: { endpoints: etcd.endpoint, observe: true } });
  const adder = await observer.service<{ add(a: number, b: number): number }>("my.Adder");
  assert.equal(await adder.add(1, 2), 3);
  const { state, leaseId } = Object(observer.discoveries[0]?.health);
  assert.deepEqual([state, leaseId], ["synced", undefined]);
  const ended = Promise.withResolvers<void>();
  using _subscription = observer.onEndpoint(({ type }) => {
    if (type === "removed") ended.resolve();
  });
  assert.equal((await client.kv.range("a")).header.revision, before, "nothing was written");
  await registration.close();
  await ended.promise;
  const after = (await client.kv.range("a")).header.revision;
  await observer.close();
  assert.equal((await client.kv.range("a")).header.revision, after, "nothing was deleted");
});

Deno.test("An observer needs the right to read only", async () => {
  await using etcd = await testEtcd();
  await enableAuth(etcd, "read");
  const options = { endpoints: etcd.endpoint, auth: USER };
  await using observer = new Etcd3Discovery({ ...options, observe: true });
  await observer.start();
  assert.equal(observer.health.state, "synced");
  await using participant = new Etcd3Discovery(options);
  await participant.start();
  assert.equal(participant.health.state, "denied", "a session needs the right to write");
});

Deno.test("An observer resumes after etcd was away", async () => {
  await using etcd = await testEtcd();
  await using observer = new Etcd3Discovery({ endpoints: etcd.endpoint, observe: true });
  await observer.start();
  const states: string[] = [];
  const again = (async () => {
    for await (const { state } of observer.healthChanges()) {
      if (states.at(-1) !== state) states.push(state);
      if (state === "synced" && states.includes("stale")) return;
    }
  })();
  await etcd.kill();
  await etcd.start();
  await again;
  assert.deepEqual(states, ["synced", "stale", "synced"]);
});

Deno.test("A host that only observes refuses to register", async () => {
  await using etcd = await testEtcd();
  const endpoints = etcd.endpoint;
  await using host = await remoteServices({ etcd: { endpoints, observe: true } });
  await assert.rejects(host.register("my.Adder", { add: () => 0 }), {
    code: "not-exportable",
    message: "Cannot register my.Adder: this host is an observer; " +
      "leave out the option observe of its discovery",
  });
  assert.deepEqual(host.framework.registry.getReferences(), []);
  const [discovery] = host.discoveries;
  assert.ok(discovery);
  const endpoint = anEndpoint();
  await assert.rejects(discovery.advertise(endpoint), {
    name: "TypeError",
    message: `Cannot advertise endpoint ${endpoint.id}: this discovery is an observer; ` +
      "leave out observe",
  });
  await assert.rejects(discovery.update(endpoint), TypeError);
  await discovery.unadvertise(endpoint.id);
});

Deno.test("A host with an observer and another discovery advertises in the other one", async () => {
  await using etcd = await testEtcd();
  await enableAuth(etcd, "read");
  const shared = memory();
  const messages: string[] = [];
  const note = (message: string) => void messages.push(message);
  await using host = await remoteServices({
    discovery: [etcd3({ endpoints: etcd.endpoint, auth: USER, observe: true }), shared],
    logger: { debug: note, info() {}, warn: note, error: note },
    drainMs: 0,
  });
  await using peer = await remoteServices({ discovery: [shared] });
  const registration = await host.register("my.Adder", { add: () => 7 });
  await registration.advertised();
  assert.equal(await (await peer.service<{ add(): number }>("my.Adder")).add(), 7);
  assert.deepEqual(messages, []);
  await using root = new EtcdClient({ endpoints: etcd.endpoint, auth: ROOT });
  assert.equal((await root.kv.range("\0", { rangeEnd: "\0" })).count, 0n);
});
