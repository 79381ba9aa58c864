import assert from "node:assert/strict";
import { DEFAULT_TOP_KEY } from "../../mod.ts";
import { EtcdClient } from "../../src/etcd/mod.ts";
import type { EtcdProcess } from "../../scripts/etcd_process.ts";
import { etcdctl, testEtcd } from "../support/etcd.ts";
import { makeUsers, RANGE, ROOT, USER } from "../support/etcd_users.ts";
import { Node } from "../support/node.ts";
import { FaultProxy } from "../support/proxy.ts";

/** Runs etcdctl, as the root user once authentication is on. */
async function as(etcd: EtcdProcess, user: typeof ROOT | undefined, ...args: string[]) {
  const login = user === undefined ? [] : [`--user=${user.username}:${user.password}`];
  await etcdctl(`--endpoints=${etcd.endpoint}`, ...login, ...args);
}

/** Returns the number of authentications that etcd has served. */
async function authentications(etcd: EtcdProcess): Promise<number> {
  const metrics = await (await fetch(`http://${etcd.endpoint}/metrics`)).text();
  return Number(
    /^grpc_server_started_total\{grpc_method="Authenticate".*\} (\d+)$/m.exec(metrics)?.[1],
  );
}

const enable = (etcd: EtcdProcess) => as(etcd, undefined, "auth", "enable");

Deno.test("EtcdClient renews a token that expired, for calls and for streams", async () => {
  await using etcd = await testEtcd({ flags: ["--auth-token-ttl=1"] });
  await makeUsers(etcd, "readwrite");
  await enable(etcd);
  await using proxy = new FaultProxy(etcd.clientPort);
  await using node = await Node.start(proxy.endpoint, { auth: USER, leaseTtlSeconds: 30 });
  await node.advertise();
  await new Promise((resolve) => setTimeout(resolve, 3000)); // the idle time in which it expires
  const known = await authentications(etcd);
  assert.ok(known >= 1);
  await node.advertise();
  assert.equal(await authentications(etcd), known + 1, "one for the expired token");
  assert.equal(node.health.counters.reconnects, 0, "on the same connection");
  const before = node.health;
  proxy.cut();
  await node.resynced(before);
  await node.advertise();
  assert.ok(await authentications(etcd) - known <= 3, "no more than two for the broken link");
  assert.equal(node.health.counters.leaseLosses, 0);
});

Deno.test("Discovery survives a restart of etcd with authentication, and a changed password", async () => {
  await using etcd = await testEtcd();
  await makeUsers(etcd, "readwrite");
  await enable(etcd);
  await using node = await Node.start(etcd.endpoint, { auth: USER, leaseTtlSeconds: 30 });
  const before = node.health;
  await etcd.kill();
  await etcd.start();
  await node.resynced(before);
  await node.advertise();
  // A new password ends the tokens; the old one is then a visible state without a storm.
  await as(etcd, ROOT, "user", "delete", USER.username);
  const denied = node.until("denied", ({ state }) => state === "denied");
  const blocked = node.advertise();
  await denied;
  await as(etcd, ROOT, "user", "add", `${USER.username}:${USER.password}`);
  await as(etcd, ROOT, "user", "grant-role", USER.username, "discovery");
  await blocked;
  await node.until("synced", ({ state }) => state === "synced");
});

Deno.test("Discovery uses a new password if the auth option is a function", async () => {
  await using etcd = await testEtcd();
  await makeUsers(etcd, "readwrite");
  await enable(etcd);
  let password = USER.password;
  const readAuth = () => ({ username: USER.username, password });
  await using node = await Node.start(etcd.endpoint, { auth: readAuth, leaseTtlSeconds: 30 });
  await node.advertise();
  // A user that is deleted and added again has a new password, and its tokens are invalid.
  await as(etcd, ROOT, "user", "delete", USER.username);
  await as(etcd, ROOT, "user", "add", `${USER.username}:renewed`);
  await as(etcd, ROOT, "user", "grant-role", USER.username, "discovery");
  const denied = node.until("denied", ({ state }) => state === "denied");
  const advertised = node.advertise();
  await denied;
  password = "renewed";
  await advertised;
  await node.until("synced", ({ state }) => state === "synced");
});

Deno.test("EtcdClient reports an auth function that fails, and calls it again", async () => {
  await using etcd = await testEtcd();
  await makeUsers(etcd, "readwrite");
  await enable(etcd);
  let calls = 0;
  const readAuth = () => ++calls === 1 ? Promise.reject(new Error("vault is sealed")) : USER;
  await using client = new EtcdClient({ endpoints: etcd.endpoint, auth: readAuth });
  await assert.rejects(client.kv.range(`${DEFAULT_TOP_KEY}/`), {
    code: "unavailable",
    message: "Cannot connect to etcd: the function of the option auth failed: vault is sealed",
  });
  await client.kv.range(`${DEFAULT_TOP_KEY}/`);
  assert.equal(calls, 2);
});

Deno.test("EtcdClient says that an auth function is late or wrong, and shows no password", async () => {
  await using etcd = await testEtcd();
  const prefix = "Cannot connect to etcd: the function of the option auth failed: ";
  const cases: [auth: () => unknown, reason: string][] = [
    [() => new Promise(() => {}), "no result within 160 ms"],
    [() => "user:s3cret", "Cannot use a string as auth: give an object"],
    [() => Promise.reject(new Error("no http://a:s3cret@vault/x")), "no http://vault/x"],
  ];
  for (const [auth, reason] of cases) {
    const options = { endpoints: etcd.endpoint, auth: auth as () => typeof USER };
    await using client = new EtcdClient({ ...options, callTimeoutMs: 200 });
    const ask = client.kv.range("a", { timeoutMs: 10_000 });
    await assert.rejects(ask, { code: "unavailable", message: prefix + reason });
  }
});

Deno.test("Discovery survives that authentication is enabled and disabled", async () => {
  await using etcd = await testEtcd();
  await makeUsers(etcd, "readwrite");
  await using node = await Node.start(etcd.endpoint, { auth: USER, leaseTtlSeconds: 30 });
  await node.advertise();
  await enable(etcd);
  await node.advertise();
  await as(etcd, ROOT, "auth", "disable");
  await node.advertise();
  await node.until("synced", ({ state }) => state === "synced");
  assert.equal(node.health.counters.leaseLosses, 0);
});

Deno.test("start() rejects at once for a wrong password", async () => {
  await using etcd = await testEtcd();
  await makeUsers(etcd, "readwrite");
  await enable(etcd);
  await using client = new EtcdClient({
    endpoints: etcd.endpoint,
    auth: { ...USER, password: "wrong" },
  });
  await assert.rejects(client.kv.range("a"), { code: "authentication-failed" });
  await using node = new Node(etcd.endpoint, { auth: { ...USER, password: "wrong" } });
  await assert.rejects(node.discovery.start(), { code: "authentication-failed" });
});

Deno.test("Discovery sees without the right to write, and is seen without the right to read", async () => {
  await using etcd = await testEtcd();
  await makeUsers(etcd, "read");
  await using exporter = await Node.start(etcd.endpoint, { auth: ROOT, leaseTtlSeconds: 30 });
  await enable(etcd);
  const [endpoint] = await exporter.advertise();
  {
    await using reader = await Node.start(etcd.endpoint, { auth: USER, leaseTtlSeconds: 30 });
    assert.deepEqual(reader.discovery.endpoints.map(({ id }) => id), [endpoint?.id]);
    await reader.until(
      "denied",
      ({ state, lastError }) =>
        state === "denied" && /permission denied/.test(lastError?.message ?? ""),
    );
    const [more] = await exporter.advertise();
    await reader.events.until("a later one", (event) => event.endpoint.id === more?.id);
    // With the right, the discovery continues by itself.
    const advertised = reader.advertise();
    await as(etcd, ROOT, "role", "grant-permission", "discovery", "readwrite", ...RANGE);
    const [mine] = await advertised;
    await exporter.events.until("the reader's", (event) => event.endpoint.id === mine?.id);
    await reader.until("synced", ({ state }) => state === "synced");
  }
  await as(etcd, ROOT, "role", "grant-permission", "discovery", "write", ...RANGE);
  await using writer = await Node.start(etcd.endpoint, { auth: USER, leaseTtlSeconds: 30 });
  const [written] = await writer.advertise();
  await exporter.events.until("the writer's", (event) => event.endpoint.id === written?.id);
  assert.equal(writer.health.state, "denied");
});
