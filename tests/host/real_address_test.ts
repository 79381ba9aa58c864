import assert from "node:assert/strict";
import { remoteServices, type RemoteServicesOptions } from "../../mod.ts";
import { freePort } from "../../scripts/etcd_process.ts";
import { createClient, testEtcd, text } from "../support/etcd.ts";
import { EndpointRecorder, LogRecorder } from "../support/events.ts";
import { FaultProxy } from "../support/proxy.ts";

interface Greeter {
  greet(name: string): string;
}

const greeter = { greet: (name: string) => `Hello ${name}` };

/** Address of this machine that is not 127.0.0.1, to which a socket can connect from itself. */
const OTHER_ADDRESS = Deno.networkInterfaces().find(({ family, address }) =>
  family === "IPv4" && !address.startsWith("127.")
)?.address;

Deno.test("location of an endpoint in etcd has the advertised host", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  const local = OTHER_ADDRESS ?? "127.0.0.1";
  await using proxy = new FaultProxy(Number(etcd.endpoint.split(":")[1]), { hostname: local });
  const cases: [http: RemoteServicesOptions["http"], host: string][] = [
    [{}, "127.0.0.1"],
    [{ hostname: "0.0.0.0" }, local],
    [{ advertisedHostname: "auto" }, local],
    [{ advertisedHostname: "node-1" }, "node-1"],
    [{ advertisedHostname: "fd00::1" }, "[fd00::1]"],
    [{ advertisedUrl: "https://node-2.example:8443" }, "node-2.example"],
  ];
  for (const [index, [http, host]] of cases.entries()) {
    const topKey = `top${index}`;
    await using server = await remoteServices({
      drainMs: 0,
      etcd: { endpoints: proxy.endpoint, topKey },
      http: { port: 0, ...http },
    });
    const registration = await server.register("com.example.Greeter", greeter);
    await registration.advertised();
    const { kvs } = await client.kv.range(`${topKey}/`, { rangeEnd: `${topKey}0` });
    const values = kvs.map(({ value }) => text(value)).filter((value) => value.startsWith("{"));
    const [location] = values.map((value) => JSON.parse(value).location);
    assert.ok(location.startsWith(`ecfosgisvc://${host}:32565/`), location);
  }
});

Deno.test({
  name: "A loopback address is warned of once if etcd is reached by another address",
  ignore: OTHER_ADDRESS === undefined, // a machine without another address
  async fn() {
    await using etcd = await testEtcd();
    const hostname = OTHER_ADDRESS ?? "";
    await using proxy = new FaultProxy(Number(etcd.endpoint.split(":")[1]), { hostname });
    const cases: [http: RemoteServicesOptions["http"], warning: RegExp | undefined][] = [
      [{}, /127\.0\.0\.1 is a loopback address; set advertisedHostname$/],
      [{ advertisedHostname: "localhost" }, /localhost is a loopback address/],
      [{ advertisedHostname: "::1" }, /\[::1\] is a loopback address/],
      [{ advertisedUrl: "http://127.0.0.1:99" }, /127\.0\.0\.1 is a loopback address/],
      [{ advertisedHostname: "node-1" }, /this process listens on 127\.0\.0\.1 only; set hostname/],
      [{ advertisedHostname: "auto" }, /this process listens on 127\.0\.0\.1 only/],
      [{ advertisedUrl: "http://node-1" }, undefined],
      [{ hostname: "0.0.0.0" }, undefined],
      [{ hostname: "0.0.0.0", advertisedHostname: "node-1" }, undefined],
    ];
    for (const [http, warning] of cases) {
      const logger = new LogRecorder();
      await using host = await remoteServices({
        etcd: { endpoints: proxy.endpoint },
        http: { port: 0, ...http },
        drainMs: 0,
        logger,
      });
      await host.register("com.example.One", greeter);
      await host.register("com.example.Two", greeter);
      const warnings = logger.all.filter((line) => line.startsWith("warn "));
      assert.equal(warnings.length, warning === undefined ? 0 : 1, JSON.stringify(http));
      if (warning !== undefined) assert.match(warnings[0] ?? "", warning);
    }
  },
});

Deno.test({
  name: "Services move to new ids when etcd is reached from another address of the machine",
  ignore: OTHER_ADDRESS === undefined, // a machine without another address
  async fn() {
    await using etcd = await testEtcd();
    const etcdPort = Number(etcd.endpoint.split(":")[1]);
    const hostname = OTHER_ADDRESS ?? "";
    const later = { hostname, port: freePort() };
    const first = new FaultProxy(etcdPort);
    await using peer = await remoteServices({ etcd: { endpoints: etcd.endpoint } });
    const events = new EndpointRecorder();
    peer.onEndpoint(events);
    await using host = await remoteServices({
      drainMs: 0,
      etcd: { endpoints: [first.endpoint, `${hostname}:${later.port}`] },
      http: { hostname: "0.0.0.0", port: 0 },
    });
    const registration = await host.register("com.example.Greeter", greeter);
    const before = registration.endpoint;
    assert.match(before.containerId ?? "", /^http:\/\/127\.0\.0\.1:/);
    await events.until("the first export", ({ endpoint }) => endpoint.id === before.id);
    await first[Symbol.asyncDispose]();
    await using _second = new FaultProxy(etcdPort, later);
    await events.until(
      "its end",
      ({ type, endpoint }) => type === "removed" && endpoint.id === before.id,
    );
    const { endpoint } = await events.until(
      "another export",
      ({ type, endpoint }) => type === "added" && endpoint.id !== before.id,
    );
    assert.ok(endpoint.containerId?.startsWith(`http://${hostname}:`), String(endpoint));
    const proxy = await peer.service<Greeter>("com.example.Greeter");
    assert.equal(await proxy.greet("you"), "Hello you");
  },
});
