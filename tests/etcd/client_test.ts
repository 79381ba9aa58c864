import assert from "node:assert/strict";
import { EtcdClient, type EtcdError, leaseIdToHex, prefixEnd } from "../../src/etcd/mod.ts";
import { freePort } from "../../scripts/etcd_process.ts";
import { createClient, testEtcd, text } from "../support/etcd.ts";
import { serveTcp } from "../support/tcp_server.ts";

Deno.test("Kv puts, reads in ranges and pages, and deletes", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  const { revision } = await client.kv.put("k/1", "one");
  await client.kv.put("k/2", Uint8Array.of(0, 255));
  const all = await client.kv.range("k/", { rangeEnd: prefixEnd("k/") });
  assert.deepEqual(all.kvs.map(({ key }) => text(key)), ["k/1", "k/2"]);
  assert.deepEqual([...all.kvs[1]?.value ?? []], [0, 255]);
  assert.equal(all.kvs[0]?.modRevision, revision);
  const page = await client.kv.range("k/", { rangeEnd: prefixEnd("k/"), limit: 1, keysOnly: true });
  assert.equal(page.more, true);
  assert.equal(page.count, 2n);
  const old = await client.kv.range("k/", { rangeEnd: prefixEnd("k/"), revision });
  assert.equal(old.kvs.length, 1);
  const { deleted } = await client.kv.delete("k/", { rangeEnd: prefixEnd("k/") });
  assert.equal(deleted, 2n);
});

Deno.test("Kv and Watches use only the one key without a rangeEnd", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  await using watch = await client.watch.range("a");
  for (const key of ["a", "b", "c"]) await client.kv.put(key, key);
  assert.deepEqual((await client.kv.range("a")).kvs.map(({ key }) => text(key)), ["a"]);
  assert.equal((await client.kv.range("0")).count, 0n);
  assert.equal((await client.kv.delete("0")).deleted, 0n);
  await client.kv.txn([], { then: [{ delete: "a0" }] });
  assert.equal((await client.kv.delete("a")).deleted, 1n);
  assert.equal((await client.kv.range("a", { rangeEnd: "d" })).count, 2n);
  const events = [];
  for (let batch = await watch.next(); events.length < 2; batch = await watch.next()) {
    events.push(...batch.value?.events ?? []);
    if (events.length === 2) break;
  }
  assert.deepEqual(events.map(({ kv }) => text(kv.key)), ["a", "a"]);
});

Deno.test("Kv.txn() applies one of its branches", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  const operations = {
    then: [{ put: "a", value: "then" }],
    otherwise: [{ delete: "a" }],
  };
  assert.equal((await client.kv.txn([{ key: "a", version: 0n }], operations)).succeeded, true);
  assert.equal((await client.kv.txn([{ key: "a", value: "then" }], operations)).succeeded, true);
  assert.equal((await client.kv.txn([{ key: "a", version: 0n }], operations)).succeeded, false);
  assert.equal((await client.kv.range("a")).count, 0n);
});

Deno.test("Leases grants, renews, reads and revokes a lease with its keys", async () => {
  await using etcd = await testEtcd({
    flags: ["--heartbeat-interval=100", "--election-timeout=1000"],
  });
  await using client = createClient(etcd);
  const lease = await client.lease.grant(1);
  assert.equal(lease.ttlSeconds, 2, "etcd raises small values");
  await client.kv.put("leased", "x", { lease: lease.id });
  const stream = await client.lease.keepAlive();
  assert.deepEqual(await stream.renew(lease.id, 1000), { id: lease.id, ttlSeconds: 2 });
  assert.deepEqual((await client.lease.timeToLive(lease.id)).keys.map(text), ["leased"]);
  await client.lease.revoke(lease.id);
  assert.equal((await client.kv.range("leased")).count, 0n);
  assert.equal((await stream.renew(lease.id, 1000)).ttlSeconds, 0);
  await assert.rejects(client.kv.put("leased", "x", { lease: lease.id }), {
    code: "lease-not-found",
  });
  await assert.rejects(client.lease.grant(0.5), RangeError);
  assert.equal(leaseIdToHex(-1n), "ffffffffffffffff");
});

Deno.test("WatchStream reports puts and deletes from a revision on", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  const { revision } = await client.kv.put("w/a", "1");
  await client.kv.delete("w/a");
  await using watch = await client.watch.range("w/", {
    rangeEnd: prefixEnd("w/"),
    startRevision: revision,
    prevKv: true,
  });
  const events = [];
  for await (const batch of watch) {
    events.push(...batch.events);
    if (events.length === 2) break;
  }
  assert.deepEqual(events.map(({ type }) => type), ["put", "delete"]);
  assert.equal(text(events[1]?.prevKv?.value ?? new Uint8Array()), "1");
});

Deno.test("WatchStream throws the oldest revision if its own was compacted", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  await client.kv.put("a", "1");
  const { revision } = await client.kv.put("a", "2");
  await client.kv.compact(revision);
  await using watch = await client.watch.range("a", { startRevision: 1n });
  await assert.rejects(watch.next(), (error: EtcdError) => {
    assert.equal(error.code, "compacted");
    return error.compactRevision === revision;
  });
});

Deno.test("EtcdClient receives replies and events of more than 4 MiB whole", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  const { header } = await client.kv.range("big/");
  const value = "x".repeat(1_000_000);
  for (const name of ["1", "2", "3", "4", "5", "6"]) await client.kv.put(`big/${name}`, value);
  const { kvs } = await client.kv.range("big/", { rangeEnd: prefixEnd("big/") });
  assert.deepEqual(kvs.map((kv) => kv.value.length), Array(6).fill(1_000_000));
  await using watch = await client.watch.range("big/", {
    rangeEnd: prefixEnd("big/"),
    startRevision: header.revision + 1n,
  });
  let events = 0;
  for await (const batch of watch) {
    events += batch.events.length;
    if (events === 6) break;
  }
});

Deno.test("Ids of 64 bits keep every digit", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  const lease = await client.lease.grant(60);
  assert.ok(lease.id > BigInt(Number.MAX_SAFE_INTEGER));
  await client.kv.put("a", "1", { lease: lease.id });
  assert.equal((await client.kv.range("a")).kvs[0]?.lease, lease.id);
});

Deno.test("EtcdClient rejects at once if every endpoint refuses, and names them", async () => {
  const endpoints = [`127.0.0.1:${freePort()}`, `localhost:${freePort()}`];
  await using client = new EtcdClient({ endpoints });
  await assert.rejects(client.kv.range("a"), (error: EtcdError) => {
    assert.equal(error.code, "unavailable");
    return endpoints.every((endpoint) => error.message.includes(endpoint));
  });
});

Deno.test("EtcdClient knows the address of this host on its connection", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  assert.equal(client.localAddress, undefined);
  const link = await client.connect();
  assert.equal(link.localAddress, "127.0.0.1");
  assert.equal(client.localAddress, "127.0.0.1");
});

Deno.test("EtcdClient uses the next endpoint if one refuses", async () => {
  await using etcd = await testEtcd();
  await using client = new EtcdClient({ endpoints: [`127.0.0.1:${freePort()}`, etcd.endpoint] });
  await client.kv.put("a", "1");
  assert.equal(client.endpoint, etcd.endpoint);
});

Deno.test("EtcdClient waits no longer than its deadline for a silent member", async () => {
  using mute = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const endpoint = `127.0.0.1:${mute.addr.port}`;
  await using dialling = new EtcdClient({ endpoints: endpoint, dialTimeoutMs: 200 });
  await assert.rejects(dialling.kv.range("a"), {
    code: "unavailable",
    message: new RegExp(endpoint),
  });
  await using calling = new EtcdClient({ endpoints: endpoint });
  await assert.rejects(calling.kv.range("a", { timeoutMs: 100 }), {
    code: "timeout",
    message: new RegExp(`${endpoint}.*100 ms`),
  });
});

for (const [stage, bytes] of [["at once", 0], ["in the handshake", 1]] as const) {
  for (const tls of [undefined, { insecureSkipVerify: true }]) {
    const title = `EtcdClient does not wait for a peer that closes ${stage}`;
    Deno.test(`${title}, ${tls === undefined ? "without" : "with"} TLS`, async () => {
      await using server = serveTcp(async (connection) => {
        if (bytes > 0) await connection.read(new Uint8Array(1000));
      });
      const endpoint = `127.0.0.1:${server.port}`;
      const limits = { dialTimeoutMs: 60_000, callTimeoutMs: 60_000 };
      await using client = new EtcdClient({
        endpoints: endpoint,
        ...limits,
        ...(tls === undefined ? {} : { tls }),
      });
      await assert.rejects(client.kv.range("a"), {
        code: "unavailable",
        message: new RegExp(`^Cannot connect to etcd at ${endpoint}: (?!no answer within)`),
      });
    });
  }
}

Deno.test("EtcdClient ends a call to a paused etcd at its deadline, and recovers", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  await client.kv.put("a", "1");
  etcd.signal("SIGSTOP");
  await assert.rejects(client.kv.put("a", "2", { timeoutMs: 200 }), (error: EtcdError) => {
    assert.equal(error.code, "timeout");
    return error.isAmbiguous;
  });
  etcd.signal("SIGCONT");
  await etcd.answers();
  assert.equal((await client.kv.range("a")).count, 1n);
});

Deno.test("EtcdClient throws the reason of the caller's signal at any stage", async () => {
  await using etcd = await testEtcd();
  const reason = new Error("changed my mind");
  await using client = createClient(etcd);
  await assert.rejects(
    client.kv.range("a", { signal: AbortSignal.abort(reason) }),
    (error) => error === reason,
  );
  await client.kv.range("a");
  etcd.signal("SIGSTOP");
  const stop = new AbortController();
  const call = client.kv.range("a", { signal: stop.signal });
  stop.abort(reason);
  await assert.rejects(call, (error) => error === reason);
  etcd.signal("SIGCONT");
});

Deno.test("EtcdClient.close() ends calls, streams and dials with code closed, also twice", async () => {
  await using etcd = await testEtcd();
  const client = createClient(etcd);
  const watch = await client.watch.range("a");
  const leases = await client.lease.keepAlive();
  etcd.signal("SIGSTOP");
  const ends = [watch.next(), leases.renew(1n, 5000), client.kv.range("a")];
  const dialling = createClient(etcd);
  ends.push(dialling.kv.range("a"));
  const rejected = Promise.all(ends.map((end) => assert.rejects(end, { code: "closed" })));
  await Promise.all([client.close(), client.close(), dialling.close()]);
  await rejected;
  await assert.rejects(client.kv.range("a"), { code: "closed" });
  etcd.signal("SIGCONT");
});

Deno.test("EtcdClient accepts endpoints as a list, separated by commas, and with white space", () => {
  const expected = ["a:1", "b:2", "[::1]:3"];
  for (
    const endpoints of [
      "a:1,b:2,[::1]:3",
      " a:1, b:2 ,\n[::1]:3, ",
      ["a:1", " b:2,[::1]:3"],
      ["http://a:1/", "http://b:2", "[::1]:3"],
    ]
  ) {
    assert.deepEqual(new EtcdClient({ endpoints }).options.endpoints, expected);
  }
});

Deno.test("EtcdClient refuses invalid options before it connects", () => {
  for (
    const endpoints of [
      "",
      " , ",
      "a b",
      "a:1 b:2",
      "a:1;b:2",
      "host:0",
      "host:99999",
      "ftp://host",
      "host:1/path",
      "http://u:p@host",
      "host?x",
      "host#x",
      "a..b",
      "-a",
      "*",
      "[:]",
      "::1",
      "[::1%eth0]:2379",
      "a\tb",
      [],
      5,
      {},
      [null],
      [["a"]],
    ]
  ) {
    const options = { endpoints: endpoints as string };
    assert.throws(() => new EtcdClient(options), TypeError, String(endpoints));
  }
  assert.throws(() => new EtcdClient({ endpoints: "a:1;b:2" }), {
    message: 'Cannot use "a:1;b:2" as an etcd endpoint: give host:port; for several, give a list',
  });
  for (
    const [endpoints, advice] of [
      ["::1", "; an IPv6 address is written as [::1]"],
      ["fd00::5", "; an IPv6 address is written as [fd00::5]"],
      ["etcd://a:2379", "; a scheme is http:// or https://"],
      ["unix:///run/etcd", "; a scheme is http:// or https://"],
      ["a:65536", ""],
      ["a:+1", ""],
      ["a:1e3", ""],
    ] as const
  ) {
    assert.throws(() => new EtcdClient({ endpoints }), {
      message: `Cannot use "${endpoints}" as an etcd endpoint: give host:port; for several, ` +
        `give a list${advice}`,
    });
  }
  assert.throws(() => new EtcdClient({ endpoints: ["http://a", "https://b"] }), /mix/);
  assert.throws(() => new EtcdClient({ tls: { cert: "x" } }), /both cert and key/);
  for (const tls of [{ ca: 5 }, { ca: null }, { ca: ["x"] }, { cert: {}, key: "x" }] as never[]) {
    assert.throws(() => new EtcdClient({ tls }), /^TypeError: Cannot use tls\.\w+: give PEM/);
  }
  for (const serverName of ["", 5, null] as never[]) {
    assert.throws(() => new EtcdClient({ tls: { serverName } }), /it is no name/);
  }
  assert.throws(() => new EtcdClient({ callTimeoutMs: 0 }), RangeError);
  const { endpoints, tls } = new EtcdClient({ endpoints: ["https://a", "[::1]:5"] }).options;
  assert.deepEqual(endpoints, ["a:2379", "[::1]:5"]);
  assert.deepEqual(tls, {});
  assert.deepEqual(new EtcdClient({ endpoints: "HTTPS://a" }).options.tls, {});
});
