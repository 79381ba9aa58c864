import assert from "node:assert/strict";
import { bearerAuth, remoteServices } from "../../mod.ts";
import { makeCertificates } from "../support/certificates.ts";
import { testEtcd } from "../support/etcd.ts";
import { enableAuth, USER } from "../support/etcd_users.ts";
import { advertise, runCli } from "./support.ts";

Deno.test("call and ping send the token of --bearer-file and the values of --header", async () => {
  await using etcd = await testEtcd();
  const seen: (string | undefined)[] = [];
  await using host = await remoteServices({
    drainMs: 0,
    etcd: { endpoints: etcd.endpoint },
    http: {
      port: 0,
      authenticate: bearerAuth({ s3cret: "ada" }),
    },
    interceptors: {
      server: [(next) => (call) => {
        seen.push(call.headers["x-tenant"]);
        return next(call);
      }],
    },
  });
  await (await host.register("my.Adder", { add: (a: number, b: number) => a + b })).advertised();
  const folder = await Deno.makeTempDir({ prefix: "etcd3-cli-" });
  await Deno.writeTextFile(`${folder}/token`, "s3cret\n");
  await Deno.writeTextFile(`${folder}/bad`, "no token\n");
  const where = ["--etcd", etcd.endpoint];
  const token = [...where, "--bearer-file", `${folder}/token`];
  const call = ["call", "my.Adder", "add", "[1,2]"];

  const denied = await runCli([...call, ...where]);
  assert.deepEqual([denied.code, denied.out], [1, ""]);
  assert.match(denied.err, /denied; the method did not run/);
  assert.equal((await runCli(["ping", ...where])).code, 1);
  const called = await runCli([...call, ...token, "--header", "X-Tenant: blue"]);
  assert.deepEqual(called, { code: 0, out: "3\n", err: "" });
  assert.deepEqual(seen, ["blue"]);
  assert.equal((await runCli(["ping", ...token])).code, 0);
  const host127 = ["--allow-host", "10.0.0.0/8", "--allow-host", "127.0.0.1"];
  assert.equal((await runCli([...call, ...token, ...host127])).code, 0);
  assert.equal((await runCli(["ping", ...token, ...host127])).code, 0);
  const refused = await runCli([...call, ...token, "--allow-host", "10.0.0.0/8"]);
  assert.match(
    refused.err,
    /allowHosts does not have its host \(not-allowed; the method did not run\)/,
  );
  const unasked = await runCli(["ping", ...token, "--allow-host", "*.example"]);
  assert.match(unasked.out, /--allow-host does not have its host/);
  const wrong = await runCli(["ping", ...token, "--allow-host", "http://a/"]);
  assert.deepEqual([wrong.code, wrong.out], [2, ""]);
  assert.match(wrong.err, /in --allow-host: give a host/);
  const header = ["--header", "authorization: Bearer s3cret"];
  assert.equal((await runCli([...call, ...where, ...header])).code, 0);
  const bad = await runCli([...call, ...where, "--bearer-file", `${folder}/bad`]);
  assert.deepEqual([bad.code, bad.err], [
    2,
    "error: Cannot use the file of --bearer-file: its content is not a token\n",
  ]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("call and ping trust the authority of --call-cacert", async () => {
  await using certificates = await makeCertificates();
  await using etcd = await testEtcd();
  const { serverCert: cert, serverKey: key, caFile } = certificates;
  await using host = await remoteServices({
    drainMs: 0,
    etcd: { endpoints: etcd.endpoint },
    http: { port: 0, tls: { cert, key } },
  });
  await (await host.register("my.Adder", { add: (a: number, b: number) => a + b })).advertised();
  const where = ["--etcd", etcd.endpoint];
  const call = ["call", "my.Adder", "add", "[1,2]"];
  assert.equal((await runCli([...call, ...where])).code, 1);
  const trusted = [...where, "--call-cacert", caFile];
  assert.deepEqual(await runCli([...call, ...trusted]), { code: 0, out: "3\n", err: "" });
  assert.equal((await runCli(["ping", ...trusted])).code, 0);
});

Deno.test("call says why it failed, and whether the method ran", async () => {
  await using etcd = await testEtcd();
  await using host = await remoteServices({
    drainMs: 0,
    etcd: { endpoints: etcd.endpoint },
    http: { port: 0 },
  });
  const service = {
    fail: () => Promise.reject(new Error("no luck")),
    hang: () => new Promise(() => {}),
    none: () => undefined,
  };
  const registration = await host.register("my.Service", service);
  await registration.advertised();
  const { id } = registration.endpoint;
  const call = (...args: readonly string[]) =>
    runCli(["call", "my.Service", ...args, "--etcd", etcd.endpoint]);
  assert.deepEqual(await call("none", "--endpoint", id), { code: 0, out: "null\n", err: "" });
  assert.deepEqual(await call("fail"), { code: 1, out: "", err: "error: no luck\n" });
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ["nope"],
      /it has the methods fail, hang, none.* \(no-such-method; the method did not run\)$/m,
    ],
    [["hang", "--timeout", "1s"], /\(timeout; it is not known whether the method ran\)$/m],
    [["none", "--endpoint", "other"], /^error: No endpoint other of my\.Service: see /],
  ];
  for (const [args, message] of cases) {
    const { code, out, err } = await call(...args);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, message);
  }
  const asJson = await call("fail", "--json");
  assert.deepEqual(JSON.parse(asJson.err), { error: "no luck" });
});

Deno.test("ping recognizes another process at the address, and accepts an HTTP answer of other libraries", async () => {
  await using etcd = await testEtcd();
  await using host = await remoteServices({
    drainMs: 0,
    etcd: { endpoints: etcd.endpoint },
    http: { port: 0 },
  });
  const { endpoint } = await host.register("my.Adder", { add: () => 0 });
  await host.topologyManager.advertised(endpoint.id);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url, method }) => {
      // iPOPO has no page at the path of its calls either.
      const status = url.endsWith("/gone") ? 503 : url.endsWith("/other") ? 404 : 200;
      return new Response("", { status: method === "POST" ? status : 404 });
    },
  );
  const base = `http://127.0.0.1:${server.addr.port}`;
  await using _others = await advertise(
    etcd.endpoint,
    // The keys of a process that died; another one has taken its port.
    { interfaces: ["my.Stale"], containerId: endpoint.containerId, extras: endpoint.extras },
    { interfaces: ["my.Dead"], containerId: "http://127.0.0.1:9/x", extras: endpoint.extras },
    { interfaces: ["my.Refused"], containerId: `${base}/gone`, extras: endpoint.extras },
    { interfaces: ["my.Python"], containerId: `${base}/xml-rpc` },
    { interfaces: ["my.Gone"], containerId: `${base}/gone` },
    { interfaces: ["my.Other"], containerId: `${base}/other` },
    { interfaces: ["my.Ecf"], containerId: "ecftcp://127.0.0.1:3282/server" },
  );
  const { code, out } = await runCli(["ping", "--json", "--etcd", etcd.endpoint]);
  assert.equal(code, 1);
  const results: readonly Record<string, unknown>[] = JSON.parse(out);
  const find = (name: string) => {
    const found = results.find(({ interfaces }) => String(interfaces) === name);
    return found?.reachable === true ? "reached" : found?.error;
  };
  assert.equal(find("my.Adder"), "reached");
  assert.equal(find("my.Stale"), "another process answers at its address");
  assert.match(String(find("my.Dead")), /^no connection was made: /);
  assert.match(String(find("my.Refused")), /^HTTP status 503/);
  assert.equal(find("my.Python"), "reached");
  assert.equal(find("my.Gone"), "HTTP status 503");
  assert.equal(find("my.Other"), "another server answers at its address: HTTP status 404");
  assert.match(String(find("my.Ecf")), /http/);
  const one = await runCli(["ping", "my.Adder", "--etcd", etcd.endpoint]);
  assert.equal(one.code, 0);
  const none = await runCli(["ping", "my.None", "--etcd", etcd.endpoint]);
  assert.deepEqual(none, { code: 1, out: "", err: "No endpoints\n" });
  const reach = await runCli(["endpoints", "--reach", "--json", "--etcd", etcd.endpoint]);
  assert.equal(reach.code, 0, "a listing only shows it");
  assert.equal(JSON.parse(reach.out).length, 8);
});

Deno.test("A command of the shell fails if etcd denies the list that it shows", async () => {
  await using etcd = await testEtcd();
  await enableAuth(etcd, "none");
  const user = ["--user", `${USER.username}:${USER.password}`];
  const { code, err } = await runCli(["shell", "endpoints", "--etcd", etcd.endpoint, ...user]);
  assert.equal(code, 1);
  assert.match(err, /^etcd denies the list of endpoints: .* permission denied$/m);
});

Deno.test("The shell observes, and takes part with --join", async () => {
  await using etcd = await testEtcd();
  await using _discovery = await advertise(etcd.endpoint, {});
  const run = (...args: readonly string[]) =>
    runCli(["shell", ...args, "--etcd", etcd.endpoint, "--json"]);
  const facts = async (...args: readonly string[]) =>
    JSON.parse((await run("discovery", ...args)).out).discoveries[0];
  assert.equal((await facts()).lease, undefined);
  assert.match((await facts("--join")).lease, /^[0-9a-f]+$/);
  const wrong = await runCli(["shell", "nonsense", "--etcd", etcd.endpoint]);
  assert.deepEqual(wrong, { code: 1, out: "", err: "error: Unknown command nonsense: see help\n" });
});

Deno.test("call and the shell send whole numbers exactly, beyond 32 bits and beyond 2^53", async () => {
  await using etcd = await testEtcd();
  await using host = await remoteServices({
    drainMs: 0,
    etcd: { endpoints: etcd.endpoint },
    http: { port: 0 },
  });
  const kinds = { show: (value: unknown) => `${typeof value} ${value}` };
  await (await host.register("my.Kinds", kinds)).advertised();
  const where = ["--etcd", etcd.endpoint];
  for (
    const [sent, received] of [
      ["5000000000", "number 5000000000"],
      ["9007199254740993", "bigint 9007199254740993"],
      ["-9007199254740993", "bigint -9007199254740993"],
      ["1e3", "number 1000"],
    ]
  ) {
    for (const shell of [[], ["shell"]]) {
      const { err, out } = await runCli([
        ...shell,
        "call",
        "my.Kinds",
        "show",
        `[${sent}]`,
        ...where,
      ]);
      assert.deepEqual([err, out], ["", `"${received}"\n`]);
    }
  }
  const refused = await runCli(["call", "my.Kinds", "show", "[12345678901234567890123]", ...where]);
  assert.match(refused.err, /12345678901234567890123 as i8; send a whole number of 64 bits/);
});
