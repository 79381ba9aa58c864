import assert from "node:assert/strict";
import {
  type DiscoveryFactory,
  memory,
  RemoteServices,
  remoteServices,
  type RemoteServicesOptions,
} from "../../mod.ts";
import { freePort } from "../../scripts/etcd_process.ts";
import { testEtcd } from "../support/etcd.ts";
import { EndpointRecorder, LogRecorder } from "../support/events.ts";

interface Greeter {
  greet(name: string): string;
}

const greeter = { greet: (name: string) => `Hello ${name}` };

/** A memory discovery with a local address that the test determines. */
function withLocalAddress(connection: { localAddress: string | undefined }): DiscoveryFactory {
  const create = memory();
  return (context) => {
    const discovery = create(context);
    Object.defineProperty(discovery, "localAddress", { get: () => connection.localAddress });
    return discovery;
  };
}

function getWarnings({ all }: LogRecorder): string[] {
  return all.filter((line) => line.startsWith("warn ") && line.includes("Other hosts"));
}

Deno.test("remoteServices refuses hosts that no other process can call", () => {
  const invalid = [
    "host:18181",
    "[::1]",
    "",
    " ",
    "http://h",
    "fe80::1%eth0",
    "0",
    "h/",
    "a b",
    "127.1",
    "0x7f.1",
    "user@h",
    "h?x",
    "h#x",
    "-h",
    "h..x",
    "::1::",
    "h,g",
    "h ",
    "\th",
    "h\n",
    "https://h",
    "//h",
    "h:",
    "[fd00::1]",
    "fe80::1%25eth0",
    "*.example",
    "AUTO",
    5,
    {},
    "1.2.3.4.5",
    "256.1.1.1",
  ];
  for (const name of invalid) {
    const advertisedHostname = name as string;
    const create = () => new RemoteServices({ http: { advertisedHostname } });
    const given = typeof name === "string" ? JSON.stringify(name) : String(name);
    assert.throws(create, {
      name: "TypeError",
      message: `Cannot use advertisedHostname ${given}: give a host name or an IP ` +
        `address, without scheme, port, path, brackets and zone`,
    });
  }
  const uncallable = [
    "0.0.0.0",
    "::",
    "0:0:0:0:0:0:0:0",
    "255.255.255.255",
    "224.0.0.1",
    "fe80::1",
  ];
  for (const name of [...uncallable, "ff02::1"]) {
    assert.throws(
      () => new RemoteServices({ http: { advertisedHostname: name } }),
      /Cannot advertise .*: no other process can call it; give another advertisedHostname/,
    );
  }
  for (const hostname of ["", "host:1", "http://h", "[::]", "0", "a,b", "0.0.0.0 ", 5, null]) {
    const http = { hostname: hostname as string };
    assert.throws(() => new RemoteServices({ http }), /Cannot use hostname/, String(hostname));
  }
  assert.throws(() => new RemoteServices({ http: { hostname: "fe80::1%eth0" } }), {
    message: "Cannot advertise fe80::1%eth0: its zone has a meaning on this machine only; give " +
      "advertisedHostname",
  });
  new RemoteServices({ http: { hostname: "fe80::1%eth0", advertisedHostname: "node-1" } });
  for (const advertisedHostname of ["node-1", "my_host.internal", "10.0.0.5", "fd00::1", "auto"]) {
    new RemoteServices({ http: { advertisedHostname } });
  }
});

Deno.test("remoteServices names the ASCII form of an international host name", () => {
  for (
    const [http, form] of [
      [{ advertisedHostname: "München.example" }, "; in ASCII it is xn--mnchen-3ya.example"],
      [{ hostname: "日本.jp" }, "; in ASCII it is xn--wgv71a.jp"],
      [
        { advertisedUrl: "https://münchen.example:8443/x" },
        "; in ASCII the host is xn--mnchen-3ya.example",
      ],
      [{ advertisedHostname: "①27.0.0.1" }, "zone"],
      [{ advertisedHostname: "a b" }, "zone"],
    ] as const
  ) {
    assert.throws(
      () => new RemoteServices({ http }),
      (error: unknown) => error instanceof TypeError && error.message.endsWith(form),
    );
  }
});

Deno.test("remoteServices refuses an advertisedUrl that cannot be called", () => {
  const invalid = [
    "",
    "node-1:8181",
    "node-1",
    "ftp://h",
    "http://",
    "http://0.0.0.0",
    "http://[::]:1/x",
    "http://u:p@h/",
    "http://h/?q",
    "http://h/#x",
    "http://h:0/",
    "http://h:99999",
    " http://h",
    "http://h ",
    "http://h\n",
    "http://h\t/x",
    "http://h,http://g",
    "http://h,",
    "http:h",
    "http:///h",
    "http://h:",
    "http://h?",
    "http://h#",
    "http://@h",
    "http://h\\x",
    "http://*",
    "http://h..x",
    "http://127.1",
    "http://0x7f.1",
    "http://0",
    "http://255.255.255.255",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1]/",
    `http://${"h".repeat(64)}`,
    `http://${"h.".repeat(150)}`,
    5,
    null,
    {},
    ["http://h"],
  ];
  for (const advertisedUrl of invalid) {
    const create = () => new RemoteServices({ http: { advertisedUrl: advertisedUrl as string } });
    assert.throws(
      create,
      { name: "TypeError", message: /Cannot use advertisedUrl/ },
      String(advertisedUrl),
    );
  }
  assert.throws(
    () => new RemoteServices({ http: { advertisedUrl: "http://h", advertisedHostname: "h" } }),
    /Cannot use advertisedHostname beside advertisedUrl/,
  );
});

Deno.test("An endpoint is advertised under advertisedUrl, with path unless it has one", async () => {
  const cases: [advertisedUrl: string, containerId: string][] = [
    ["https://node-1.example:18181", "https://node-1.example:18181/xml-rpc"],
    ["https://node-1.example/services/rpc", "https://node-1.example/services/rpc"],
  ];
  for (const [advertisedUrl, containerId] of cases) {
    await using host = await remoteServices({
      drainMs: 0,
      discovery: [memory()],
      http: { port: 0, advertisedUrl },
    });
    const { endpoint } = await host.register("com.example.Greeter", greeter);
    assert.equal(endpoint.containerId, containerId);
  }
});

Deno.test("A service behind a proxy on another port and path is called by its advertisedUrl", async () => {
  const discovery = [memory()];
  const port = freePort();
  await using host = await remoteServices({
    drainMs: 0,
    discovery,
    http: { port: 0, advertisedUrl: `http://localhost:${port}/rpc` },
  });
  await host.register("com.example.Greeter", greeter);
  const paths: string[] = [];
  await using _proxy = Deno.serve({ port, hostname: "127.0.0.1", onListen() {} }, (request) => {
    paths.push(new URL(request.url).pathname);
    return fetch(`${host.http?.url}/xml-rpc`, { ...request, method: "POST", body: request.body });
  });
  await using client = await remoteServices({ discovery });
  const proxy = await client.service<Greeter>("com.example.Greeter");
  assert.equal(await proxy.greet("you"), "Hello you");
  assert.deepEqual(paths, ["/rpc"]);
});

Deno.test("The error of a loopback endpoint that is unreachable explains the address", async () => {
  const discovery = [memory()];
  await using host = await remoteServices({
    drainMs: 0,
    discovery,
    http: { port: 0, advertisedUrl: `http://localhost:${freePort()}` },
  });
  await host.register("com.example.Greeter", greeter);
  await using client = await remoteServices({ discovery });
  const proxy = await client.service<Greeter>("com.example.Greeter", { reconnectWaitMs: 0 });
  await assert.rejects(proxy.greet("you"), {
    code: "unreachable",
    message:
      /; its exporter advertises a loopback address: if it runs on another host, set advertisedHostname there$/,
  });
});

Deno.test("A host that listens everywhere advertises its local address to etcd", async () => {
  await using etcd = await testEtcd();
  const log = new LogRecorder();
  const options: RemoteServicesOptions = { etcd: { endpoints: etcd.endpoint }, logger: log };
  await using host = await remoteServices({ ...options, http: { hostname: "0.0.0.0", port: 0 } });
  const { endpoint } = await host.register("com.example.Greeter", greeter);
  assert.match(endpoint.containerId ?? "", /^http:\/\/127\.0\.0\.1:\d+\/xml-rpc$/);
  await using client = await remoteServices(options);
  const proxy = await client.service<Greeter>("com.example.Greeter");
  assert.equal(await proxy.greet("you"), "Hello you");
  assert.equal(getWarnings(log).length, 1, "etcd is on loopback, but others may not be");
});

Deno.test("register asks for a name if the address to etcd is unknown", async () => {
  const offline = { endpoints: `127.0.0.1:${freePort()}`, startOffline: true };
  for (const discovery of [{ etcd: offline }, { discovery: [memory()] }]) {
    await using host = await remoteServices({
      drainMs: 0,
      ...discovery,
      http: { hostname: "0.0.0.0", port: 0 },
    });
    await assert.rejects(host.register("com.example.Greeter", greeter), {
      message: "Cannot find the address to advertise: it is that of the connection to etcd, and " +
        "there is no connection; give advertisedHostname",
    });
    await host.close({ drainTimeoutMs: 0 });
  }
});

Deno.test("A loopback address is warned of once if etcd is on another host", async () => {
  for (
    const [localAddress, http, count] of [
      ["10.0.0.5", {}, 1],
      ["127.0.0.1", {}, 0],
      [undefined, {}, 0],
      ["127.0.0.1", { advertisedHostname: "node-1" }, 1],
      ["10.0.0.5", { advertisedUrl: "http://node-1" }, 0],
      ["10.0.0.5", { hostname: "0.0.0.0" }, 0],
    ] as const
  ) {
    const log = new LogRecorder();
    await using host = await remoteServices({
      drainMs: 0,
      discovery: [withLocalAddress({ localAddress })],
      http: { port: 0, ...http },
      logger: log,
    });
    await host.register("com.example.One", greeter);
    await host.register("com.example.Two", greeter);
    assert.equal(getWarnings(log).length, count, `${localAddress} ${JSON.stringify(http)}`);
  }
});

Deno.test("Services are exported under new ids when the local address changes", async () => {
  const connection = { localAddress: "127.0.0.1" };
  const events = new EndpointRecorder();
  const hub = memory();
  await using client = await remoteServices({ discovery: [hub] });
  client.onEndpoint(events);
  const health = Promise.withResolvers<void>();
  const create: DiscoveryFactory = (context) => {
    const discovery = hub(context);
    const changes = discovery.healthChanges.bind(discovery);
    Object.defineProperty(discovery, "localAddress", { get: () => connection.localAddress });
    Object.defineProperty(discovery, "healthChanges", {
      value: async function* (signal: AbortSignal) {
        yield discovery.health;
        await health.promise;
        yield discovery.health;
        yield* changes(signal);
      },
    });
    return discovery;
  };
  await using host = await remoteServices({
    drainMs: 0,
    discovery: [create],
    http: { hostname: "0.0.0.0", port: 0 },
  });
  const registration = await host.register("com.example.Greeter", greeter);
  const before = registration.endpoint;
  await events.until("the first export", ({ endpoint }) => endpoint.id === before.id);
  connection.localAddress = "127.0.0.2";
  health.resolve();
  await events.until("its end", ({ type }) => type === "removed");
  const { endpoint } = await events.until(
    "another export",
    ({ type, endpoint }) => type === "added" && endpoint.id !== before.id,
  );
  assert.match(endpoint.containerId ?? "", /^http:\/\/127\.0\.0\.2:/);
  assert.equal(registration.endpoint.id, endpoint.id);
});
