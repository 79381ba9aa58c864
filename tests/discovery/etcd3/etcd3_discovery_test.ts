import assert from "node:assert/strict";
import { DEFAULT_TOP_KEY, Etcd3Discovery, EtcdError, remoteServices } from "../../../mod.ts";
import { freePort } from "../../../scripts/etcd_process.ts";
import { anEndpoint } from "../../support/endpoints.ts";
import { EndpointRecorder, LogRecorder } from "../../support/events.ts";
import { createClient, testEtcd, text } from "../../support/etcd.ts";
import { FairTime } from "../../support/fair_time.ts";

const FOREIGN_SESSION = "44fee03d-62b3-450f-bb10-2e32b03bf400";
const captured = Deno.readTextFileSync(
  new URL("../../fixtures/ipopo/endpoint.json", import.meta.url),
);

Deno.test("Etcd3Discovery advertises, updates and withdraws under its lease", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  await using discovery = new Etcd3Discovery({ endpoints: etcd.endpoint, hostIp: "10.0.0.1" });
  await discovery.start();
  const { leaseId = 0n, leaseIdHex } = discovery.health;
  assert.equal(leaseIdHex, leaseId.toString(16));
  const sessionKey = `${DEFAULT_TOP_KEY}/${discovery.sessionId}`;
  const [session] = (await client.kv.range(sessionKey)).kvs;
  assert.equal(text(session?.value ?? new Uint8Array()), discovery.sessionId);
  assert.equal(session?.lease, leaseId);

  const endpoint = anEndpoint();
  await discovery.advertise(endpoint);
  const read = async () => (await client.kv.range(`${sessionKey}/${endpoint.id}`)).kvs[0];
  const stored = await read();
  assert.equal(stored?.lease, leaseId);
  assert.match(
    text(stored?.value ?? new Uint8Array()),
    /"location":"ecfosgisvc:\/\/10\.0\.0\.1:32565/,
  );
  await discovery.update(anEndpoint({ id: endpoint.id, timestampMs: endpoint.timestampMs + 1 }));
  assert.equal((await read())?.version, 2n);
  await discovery.unadvertise(endpoint.id);
  assert.equal(await read(), undefined);
});

Deno.test("Etcd3Discovery deletes its keys and its lease when it is closed", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  const discovery = new Etcd3Discovery({ endpoints: etcd.endpoint });
  await discovery.start();
  await discovery.advertise(anEndpoint());
  const { leaseId = 0n } = discovery.health;
  await discovery.close();
  assert.equal((await client.kv.range("\0", { rangeEnd: Uint8Array.of(0) })).count, 0n);
  assert.equal((await client.lease.timeToLive(leaseId)).ttlSeconds, -1);
  assert.equal(discovery.health.state, "closed");
  await assert.rejects(discovery.advertise(anEndpoint()), { code: "closed" });
});

Deno.test("Etcd3Discovery lists what is there, watches what follows, and omits its own endpoints", async () => {
  await using etcd = await testEtcd();
  await using early = new Etcd3Discovery({ endpoints: etcd.endpoint });
  await early.start();
  const first = anEndpoint();
  await early.advertise(first);
  await using late = new Etcd3Discovery({ endpoints: etcd.endpoint });
  const events = new EndpointRecorder();
  late.addListener(events);
  await late.start();
  assert.deepEqual(late.endpoints, [first]);
  const second = anEndpoint();
  await early.advertise(second);
  await late.advertise(anEndpoint());
  await events.until("the second", ({ endpoint }) => endpoint.id === second.id);
  await early.unadvertise(first.id);
  const removed = await events.until("the removal", ({ type }) => type === "removed");
  assert.deepEqual(removed.endpoint, first);
  assert.deepEqual(events.types(), ["added", "added", "removed"]);
});

Deno.test("Etcd3Discovery imports an endpoint of iPOPO and logs each unreadable key beside it once", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  const folder = `${DEFAULT_TOP_KEY}/${FOREIGN_SESSION}`;
  await client.kv.put(folder, FOREIGN_SESSION);
  await client.kv.put(`${folder}/49bb4661-919d-49bb-acc1-7b23baa493ef`, captured);
  await client.kv.put(`${folder}/malformed`, "{");
  await client.kv.put(`${folder}/incomplete`, '{"properties":[]}');
  await client.kv.put(`${folder}/disguised`, captured);
  await client.kv.put(`${DEFAULT_TOP_KEY}/nobody/x`, captured);
  await client.kv.put(`${DEFAULT_TOP_KEY}x/${FOREIGN_SESSION}/y`, captured);
  const logger = new LogRecorder();
  await using peer = await remoteServices({ etcd: { endpoints: etcd.endpoint }, logger });
  await peer.service("org.eclipse.ecf.examples.hello.IHello", { waitMs: 5000 });
  assert.equal(peer.endpoints.length, 1);
  const warnings = logger.all.filter((line) => line.startsWith("warn"));
  assert.equal(warnings.length, 3, warnings.join("\n"));
  for (const name of ["malformed", "incomplete", "disguised"]) {
    assert.equal(warnings.filter((line) => line.includes(`${folder}/${name}`)).length, 1, name);
  }
});

Deno.test("Etcd3Discovery finds endpoints that are larger in total than a gRPC message", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  const count = 1200;
  const filler = "x".repeat(8000);
  for (let from = 0; from < count; from += 40) {
    await client.kv.txn([], {
      then: Array.from({ length: 40 }, (_, index) => {
        const id = `e${from + index}`;
        const value = captured.replace("49bb4661-919d-49bb-acc1-7b23baa493ef", id)
          .replace('"60000"', `"${filler}"`);
        return { put: `${DEFAULT_TOP_KEY}/${FOREIGN_SESSION}/${id}`, value };
      }),
    });
  }
  await using discovery = new Etcd3Discovery({ endpoints: etcd.endpoint });
  await discovery.start();
  assert.equal(discovery.endpoints.length, count);
});

Deno.test("Etcd3Discovery lists twenty thousand endpoints in pages", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  for (let from = 0; from < 20_000; from += 100) {
    await client.kv.txn([], {
      then: Array.from({ length: 100 }, (_, index) => {
        const id = `e${from + index}`;
        const value = captured.replace("49bb4661-919d-49bb-acc1-7b23baa493ef", id);
        return { put: `${DEFAULT_TOP_KEY}/${FOREIGN_SESSION}/${id}`, value };
      }),
    });
  }
  await using discovery = new Etcd3Discovery({
    endpoints: etcd.endpoint,
    callTimeoutMs: 60_000, // however busy the machine is
  });
  const events = new EndpointRecorder();
  discovery.addListener(events);
  await discovery.start();
  assert.equal(discovery.endpoints.length, 20_000);
  await events.until("the last event", () => events.all.length === 20_000);
});

Deno.test("Etcd3Discovery fails to start without etcd, within the call time-out, and names the member", async () => {
  const endpoints = [`127.0.0.1:${freePort()}`];
  await using time = new FairTime();
  await assert.rejects(
    remoteServices({ etcd: { endpoints, callTimeoutMs: 2000 } }),
    (error: Error) => error instanceof EtcdError && error.message.includes(endpoints[0] ?? ""),
  );
  assert.ok(time.elapsedMs < 2500);
});

Deno.test("Etcd3Discovery that starts offline connects once etcd is there", async () => {
  const clientPort = freePort();
  const connected = Promise.withResolvers<void>();
  await using discovery = new Etcd3Discovery({
    endpoints: `127.0.0.1:${clientPort}`,
    startOffline: true,
    onConnected: connected.resolve,
  });
  await discovery.start();
  const advertised = discovery.advertise(anEndpoint());
  await using _etcd = await testEtcd({ clientPort });
  await connected.promise;
  await advertised;
});

Deno.test("Etcd3Discovery refuses a description of more than 1 MiB and names the endpoint", async () => {
  await using etcd = await testEtcd();
  await using discovery = new Etcd3Discovery({ endpoints: etcd.endpoint });
  await discovery.start();
  const huge = anEndpoint({ extras: new Map([["filler", "x".repeat(1024 * 1024)]]) });
  await assert.rejects(
    discovery.advertise(huge),
    (error: Error) =>
      error instanceof EtcdError && error.code === "too-large" && error.message.includes(huge.id),
  );
  await discovery.advertise(anEndpoint());
});

Deno.test("Etcd3Discovery keeps an endpoint whose properties or later versions are unreadable", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  const logger = new LogRecorder();
  await using discovery = new Etcd3Discovery({ endpoints: etcd.endpoint, logger });
  const events = new EndpointRecorder();
  discovery.addListener(events);
  await discovery.start();
  const ignored = () => discovery.health.ignored;
  const key = `${DEFAULT_TOP_KEY}/${FOREIGN_SESSION}/49bb4661-919d-49bb-acc1-7b23baa493ef`;
  const document = JSON.parse(captured);
  document.properties.push({ type: "string", name: "description", value: null });
  document.properties.push({ type: "long", name: "size", value: "many" });
  await client.kv.put(key, JSON.stringify(document));
  await events.until("the endpoint", ({ type }) => type === "added");
  assert.deepEqual(ignored(), {
    keys: 0,
    properties: 1,
    exampleKey: undefined,
    exampleProperty: `size of ${key}`,
  });
  await client.kv.put(key, "{");
  await client.kv.put(
    `${DEFAULT_TOP_KEY}/${FOREIGN_SESSION}/other`,
    captured.replace(/49bb4661[^"]*/, "other"),
  );
  await events.until("the other", ({ endpoint }) => endpoint.id === "other");
  assert.equal(discovery.endpoints.length, 2);
  assert.deepEqual(ignored(), {
    keys: 1,
    properties: 0,
    exampleKey: key,
    exampleProperty: undefined,
  });
  assert.deepEqual(events.types(), ["added", "added"]);
  await client.kv.delete(key);
  await events.until("its removal", ({ type }) => type === "removed");
  assert.equal(ignored().keys, 0);
  assert.equal(logger.all.filter((line) => line.startsWith("warn")).length, 1);
});

Deno.test("Etcd3Discovery logs the error of an onConnected that rejects", async () => {
  await using etcd = await testEtcd();
  const logger = new LogRecorder();
  await using discovery = new Etcd3Discovery({
    endpoints: etcd.endpoint,
    logger,
    onConnected: () => Promise.reject(new Error("not now")),
  });
  await discovery.start();
  await logger.until("the log line", (line) => line === "error etcd.onConnected failed: not now");
});
