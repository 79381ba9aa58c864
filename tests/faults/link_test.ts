import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { EtcdClient } from "../../src/etcd/mod.ts";
import { freePort } from "../../scripts/etcd_process.ts";
import { LineProcess, runExample } from "../../scripts/line_process.ts";
import { testEtcd } from "../support/etcd.ts";
import { Node } from "../support/node.ts";
import { Observer } from "../support/observer.ts";
import { FaultProxy } from "../support/proxy.ts";
import { FairTime } from "../support/fair_time.ts";

Deno.test("A process that was paused for longer than its lease is back within three seconds", async () => {
  await using etcd = await testEtcd();
  await using observer = await Observer.start(etcd.endpoint);
  const script = fileURLToPath(new URL("../support/node_process.ts", import.meta.url));
  await using node = new LineProcess("node", Deno.execPath(), [
    "run",
    "-A",
    "--quiet",
    script,
    etcd.endpoint,
    "2",
  ]);
  const [, id = ""] = (await node.line("advertised")).split(" ");
  node.kill("SIGSTOP");
  await observer.until(
    "the end of its lease",
    ({ type, key }) => type === "delete" && key.endsWith(id),
  );
  observer.clear();
  await using time = new FairTime();
  node.kill("SIGCONT");
  await observer.until(
    "its return",
    ({ type, key }) => type === "put" && key.endsWith(id),
  );
  assert.ok(time.elapsedMs < 3000);
  await node.line("synced after 1 losses");
  node.kill("SIGINT");
  await node.line("closed");
  assert.equal(await node.exit(), 0, "it ends by itself when it is closed");
});

Deno.test("Discovery follows five restarts of etcd in a row", async () => {
  await using etcd = await testEtcd();
  await using exporter = await Node.start(etcd.endpoint, { leaseTtlSeconds: 30 });
  await using consumer = await Node.start(etcd.endpoint, { leaseTtlSeconds: 30 });
  for (let time = 1; time <= 5; time++) {
    const before = [exporter.health, consumer.health] as const;
    await etcd.kill();
    await etcd.start();
    await Promise.all([exporter.resynced(before[0]), consumer.resynced(before[1])]);
    await exporter.advertise();
    await consumer.events.until("the next", () => consumer.events.all.length === time);
  }
  assert.deepEqual(consumer.events.types(), Array(5).fill("added"));
  const metrics = await (await fetch(`http://${etcd.endpoint}/metrics`)).text();
  const [, streams] = /etcd_debugging_mvcc_watch_stream_total (\d+)/.exec(metrics) ?? [];
  assert.equal(streams, "2", "one watch stream each");
});

Deno.test("Discovery has one watch stream and has lost no event after two hundred broken links", async () => {
  await using etcd = await testEtcd();
  await using proxy = new FaultProxy(etcd.clientPort);
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  for (let time = 0; time < 200; time++) {
    await using flaky = new EtcdClient({ endpoints: proxy.endpoint });
    const watch = await flaky.watch.range("a");
    const leases = await flaky.lease.keepAlive();
    proxy.cut();
    await assert.rejects(watch.next(), { name: "EtcdError" });
    leases.cancel();
    await flaky.kv.put("a", String(time));
  }
  assert.equal((await client.kv.range("a")).kvs[0]?.version, 200n);
  const metrics = await (await fetch(`http://${etcd.endpoint}/metrics`)).text();
  const [, streams] = /etcd_debugging_mvcc_watch_stream_total (\d+)/.exec(metrics) ?? [];
  assert.equal(streams, "0");
});

Deno.test("EtcdClient fails after dialTimeoutMs if etcd is paused before the first connection", async () => {
  await using etcd = await testEtcd();
  etcd.signal("SIGSTOP");
  await using node = new Node(etcd.endpoint, { dialTimeoutMs: 300 });
  await assert.rejects(node.discovery.start(), {
    code: "unavailable",
    message: /no answer within 300 ms/,
  });
  etcd.signal("SIGCONT");
});

Deno.test("Discovery uses the second connection if the first is silent", async () => {
  await using etcd = await testEtcd();
  await using proxy = new FaultProxy(etcd.clientPort);
  proxy.muteNext = 1;
  await using node = new Node(proxy.endpoint, { dialTimeoutMs: 500, startOffline: true });
  await node.discovery.start();
  await using time = new FairTime();
  await node.until("synced", ({ state }) => state === "synced");
  assert.ok(time.elapsedMs < 500 + 1000);
});

Deno.test("EtcdClient finds a silent link by pings", async () => {
  await using etcd = await testEtcd();
  await using proxy = new FaultProxy(etcd.clientPort);
  const options = { leaseTtlSeconds: 30, pingIntervalMs: 500, pingTimeoutMs: 500 };
  await using node = await Node.start(proxy.endpoint, options);
  await using time = new FairTime();
  proxy.swallow = "both";
  await node.until("stale", ({ state }) => state === "stale");
  assert.ok(time.elapsedMs < 3000);
  proxy.swallow = "nothing";
  proxy.cut();
  await node.until("synced", ({ state }) => state === "synced");
});

Deno.test("Discovery moves to another connection after a GOAWAY", async () => {
  await using etcd = await testEtcd();
  await using proxy = new FaultProxy(etcd.clientPort);
  await using exporter = await Node.start(etcd.endpoint, { leaseTtlSeconds: 30 });
  await using consumer = await Node.start(proxy.endpoint, { leaseTtlSeconds: 30 });
  for (let time = 1; time <= 5; time++) {
    const before = consumer.health;
    await proxy.goAway();
    await exporter.advertise();
    await consumer.resynced(before);
    await consumer.events.until("the next", () => consumer.events.all.length === time);
  }
  assert.deepEqual(consumer.events.types(), Array(5).fill("added"));
});

Deno.test("EtcdClient ignores the proxy variables of the environment", async () => {
  await using etcd = await testEtcd();
  const nowhere = `http://127.0.0.1:${freePort()}`;
  const env = { http_proxy: nowhere, https_proxy: nowhere, grpc_proxy: nowhere };
  const where = { etcdPort: etcd.clientPort, httpPort: freePort() };
  await using exporter = runExample("exporter", where, [], { env });
  await exporter.line("Exported");
  exporter.kill("SIGINT");
  assert.equal(await exporter.exit(), 0);
});

Deno.test("Discovery logs an incident and its end with one line each", async () => {
  await using etcd = await testEtcd();
  await using node = await Node.start(etcd.endpoint);
  const before = node.health;
  await etcd.kill();
  await node.until("suspect", ({ state }) => state === "suspect");
  await etcd.start();
  await node.resynced(before);
  assert.equal(
    node.log.all.filter((line) => line.startsWith("warn Lost etcd")).length,
    1,
    node.log.all.join("\n"),
  );
  assert.equal(node.log.all.filter((line) => /Synced with etcd .* again/.test(line)).length, 1);
});

Deno.test("Discovery without a free file descriptor retries, and is in sync when it has one", async () => {
  await using etcd = await testEtcd();
  await using proxy = new FaultProxy(etcd.clientPort);
  const script = fileURLToPath(new URL("../support/starved_process.ts", import.meta.url));
  const command = `ulimit -n 100; exec "$0" run -A --quiet --no-check "$1" "$2"`;
  const args = ["-c", command, Deno.execPath(), script, proxy.endpoint];
  await using node = new LineProcess("node", "bash", args);
  await node.line("exhausted");
  proxy.cut();
  await node.line(/^Cannot connect to etcd at .*: connect EMFILE/);
  await node.line("synced");
  assert.equal(await node.exit(), 0);
});
