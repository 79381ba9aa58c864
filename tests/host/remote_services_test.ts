import assert from "node:assert/strict";
import {
  bearerAuth,
  currentCall,
  HttpListenError,
  type Principal,
  type Remote,
  type RemoteServiceError,
  RemoteServices,
  remoteServices,
  type RemoteServicesOptions,
} from "../../mod.ts";
import { freePort } from "../../scripts/etcd_process.ts";
import { makeCertificates } from "../support/certificates.ts";
import { EndpointRecorder } from "../support/events.ts";
import { testEtcd } from "../support/etcd.ts";
import { FairTime } from "../support/fair_time.ts";

interface Greeter {
  greet(name: string): string;
  count: number;
  later(): Promise<number>;
  _private(): void;
}

// The type of a proxy: methods only, each returning a promise once.
const _typeCheck = (remote: Remote<Greeter>) => {
  remote.greet("x") satisfies Promise<string>;
  remote.later() satisfies Promise<number>;
  // @ts-expect-error a property is no method
  remote.count;
  // @ts-expect-error private by its name
  remote._private;
};

const greeter = { greet: (name: string) => `Hello ${name}` };

Deno.test("A service is registered, found, called, changed and withdrawn", async () => {
  await using etcd = await testEtcd();
  const options = { etcd: { endpoints: etcd.endpoint } };
  await using host = await remoteServices({ ...options, http: { port: 0 }, drainMs: 0 });
  await using peer = await remoteServices(options);
  const events = new EndpointRecorder();
  peer.onEndpoint(events);
  const looking = peer.service<Greeter>("com.example.Greeter");
  const registration = await host.register("com.example.Greeter", greeter);
  const proxy = await looking;
  assert.equal(await proxy.greet("you"), "Hello you");
  const [pinned] = peer.services<Greeter>("com.example.Greeter");
  assert.equal(await pinned?.greet("me"), "Hello me");
  await registration.setProperties({ colour: "green" });
  const { endpoint } = await events.until("modified", ({ type }) => type === "modified");
  assert.equal(endpoint.extras.get("colour"), "green");
  assert.equal(await proxy.greet("again"), "Hello again");
  const green = peer.services("com.example.Greeter", {
    filter: ({ colour }) => colour === "green",
  });
  assert.deepEqual(green, [pinned]);
  await registration.close();
  await events.until("removed", ({ type }) => type === "removed");
  assert.deepEqual(events.types(), ["added", "modified", "removed"]);
  await assert.rejects(proxy.greet("gone"), { code: "endpoint-gone" });
  assert.equal(host.health.state, "synced");
});

Deno.test("service rejects an unknown interface with the names of the known ones", async () => {
  await using etcd = await testEtcd();
  const options = { etcd: { endpoints: etcd.endpoint } };
  await using host = await remoteServices({ ...options, http: { port: 0 }, drainMs: 0 });
  await using peer = await remoteServices(options);
  await assert.rejects(peer.service("INope", { waitMs: 20 }), {
    code: "timeout",
    message: "No service INope was discovered within 20 ms: no service is known",
  });
  await host.register("com.example.Greeter", greeter);
  await peer.service("com.example.Greeter");
  await assert.rejects(peer.service("INope", { waitMs: 20 }), /known are com\.example\.Greeter/);
  const reason = new Error("enough");
  await assert.rejects(
    peer.service("INope", { signal: AbortSignal.abort(reason) }),
    (error) => error === reason,
  );
  const waiting = assert.rejects(peer.service("INope"), { code: "closed" });
  await peer.close();
  await waiting;
  await assert.rejects(peer.register("IAny", {}), { code: "closed" });
});

Deno.test("service names the state of a discovery that is not connected", async () => {
  await using peer = await remoteServices({
    etcd: { endpoints: `127.0.0.1:${freePort()}`, startOffline: true },
  });
  await assert.rejects(peer.service("INope", { waitMs: 20 }), {
    message: /: no service is known; the state of the discovery is connecting(?: \(.+\))?$/,
  });
});

Deno.test("register reads the names of properties in any letter case", async () => {
  await using etcd = await testEtcd();
  const options = { etcd: { endpoints: etcd.endpoint }, http: { port: 0 }, drainMs: 0 };
  await using host = await remoteServices(options);
  const properties = { "SERVICE.EXPORTED.INTERFACES": "IOne" };
  const registration = await host.register(["IOne", "ITwo"], greeter, properties);
  assert.deepEqual(registration.endpoint.interfaces, ["IOne"]);
  await registration.setProperties({ "Service.Exported.Interfaces": "*", colour: "red" });
  assert.deepEqual(registration.endpoint.interfaces, ["IOne", "ITwo"]);
  await registration.setProperties({ colour: "blue" });
  assert.deepEqual(registration.endpoint.interfaces, ["IOne", "ITwo"]);
});

Deno.test("register leaves nothing behind if the service cannot be exported", async () => {
  await using etcd = await testEtcd();
  const options = { etcd: { endpoints: etcd.endpoint } };
  await using host = await remoteServices({ ...options, http: { port: 0 }, drainMs: 0 });
  await assert.rejects(
    host.register("IAny", greeter, {
      "service.exported.interfaces": undefined,
    }),
    (error: RemoteServiceError) => {
      assert.equal(error.code, "not-exportable");
      return error.message.includes("service.exported.interfaces");
    },
  );
  for (const none of [[], "", " "]) {
    await assert.rejects(
      host.register("IAny", greeter, { "Service.Exported.Interfaces": none }),
      { code: "not-exportable", message: /its properties ask for no export/ },
    );
  }
  await assert.rejects(
    host.register("IAny", greeter, { "service.exported.interfaces": "IOther" }),
    { code: "not-exportable" },
  );
  assert.deepEqual(host.framework.registry.getReferences(), []);
});

Deno.test("register listens on the port if the http option was not given at the start", async () => {
  await using etcd = await testEtcd();
  const options = { etcd: { endpoints: etcd.endpoint } };
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  await using host = new RemoteServices({ ...options, http: { port } });
  await host.discoveries[0]?.start();
  await assert.rejects(
    host.register("IAny", greeter),
    (error: Error) => error instanceof HttpListenError && error.message.includes(String(port)),
  );
  assert.deepEqual(host.framework.registry.getReferences(), []);
  taken.close();
  await host.register("IAny", greeter);
});

Deno.test("remoteServices leaves nothing open if the port is in use or etcd is missing", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  await assert.rejects(remoteServices({ http: { port } }), HttpListenError);
  const endpoints = `127.0.0.1:${freePort()}`;
  await assert.rejects(remoteServices({ etcd: { endpoints }, http: { port: 0 }, drainMs: 0 }), {
    code: "unavailable",
    message: new RegExp(endpoints),
  });
  await assert.rejects(remoteServices({ etcd: { topKey: "a/b" } }), TypeError);
});

Deno.test("A registration follows its service: changed, withdrawn for a while, under other interfaces", async () => {
  await using etcd = await testEtcd();
  const options = { etcd: { endpoints: etcd.endpoint } };
  await using host = await remoteServices({ ...options, http: { port: 0 }, drainMs: 0 });
  await using peer = await remoteServices(options);
  const events = new EndpointRecorder();
  peer.onEndpoint(events);
  const registration = await host.register(["IOne", "ITwo"], greeter, {
    "service.exported.interfaces": "IOne",
  });
  await peer.service("IOne");
  await registration.setProperties({ "service.exported.interfaces": "ITwo" });
  await peer.service("ITwo");
  assert.deepEqual(peer.services("IOne"), []);

  const { id } = registration.endpoint;
  await registration.setProperties({ "service.exported.interfaces": undefined });
  await events.until("its end", ({ type, endpoint }) => type === "removed" && endpoint.id === id);
  await registration.setProperties({ "service.exported.interfaces": "*" });
  await registration.advertised();
  assert.notEqual(registration.endpoint.id, id);
  const proxy = await peer.service<Greeter>("IOne");
  assert.equal(await proxy.greet("you"), "Hello you");

  const before = registration.endpoint;
  await assert.rejects(registration.setProperties({ "service.exported.interfaces": "INope" }), {
    code: "not-exportable",
  });
  assert.deepEqual(registration.endpoint.interfaces, before.interfaces);
  assert.equal(await proxy.greet("again"), "Hello again");
  await registration.close();
  await registration.close();
  await registration.advertised();
  assert.deepEqual(host.admin.exports, []);
});

Deno.test("A proxy calls the service with the highest ranking", async () => {
  await using etcd = await testEtcd();
  const options = { etcd: { endpoints: etcd.endpoint } };
  await using host = await remoteServices({ ...options, http: { port: 0 }, drainMs: 0 });
  const exported = { "service.exported.interfaces": "*" };
  const register = (name: string, ranking: number) =>
    host.register("IRanked", { greet: () => name }, { ...exported, "service.ranking": ranking });
  for (const registration of await Promise.all([register("low", 1), register("high", 10)])) {
    await registration.advertised();
  }
  await using peer = await remoteServices(options);
  const events = new EndpointRecorder();
  peer.onEndpoint(events);
  await events.until("both", () => events.all.length === 2);
  const proxy = await peer.service<Greeter>("IRanked");
  assert.equal(await proxy.greet(""), "high");
  await assert.rejects(
    peer.service("IRanked", { waitMs: 20, filter: () => false }),
    /the filter matches none/,
  );
});

Deno.test("A host works without etcd: it registers, changes, calls, unregisters and closes in time", async () => {
  await using etcd = await testEtcd();
  const options = { etcd: { endpoints: etcd.endpoint, leaseTtlSeconds: 60 } };
  const host = await remoteServices({ ...options, http: { port: 0 }, drainMs: 0 });
  await using peer = await remoteServices(options);
  const first = await host.register("com.example.Greeter", greeter);
  const proxy = await peer.service<Greeter>("com.example.Greeter");
  etcd.signal("SIGSTOP");
  assert.equal(await proxy.greet("you"), "Hello you");
  const second = await host.register("com.example.Later", greeter);
  const pending = assert.rejects(second.advertised(), { code: "closed" });
  await first.setProperties({ colour: "green" });
  await first.close();
  await assert.rejects(proxy.greet("you"), { code: "wrong-service", isExecuted: false });
  await using time = new FairTime();
  await host.close({ drainTimeoutMs: 0 });
  assert.ok(time.elapsedMs < 3100);
  await pending;
  etcd.signal("SIGCONT");
  await etcd.answers();
});

Deno.test("close() is not held up by a call that never ends", async () => {
  await using etcd = await testEtcd();
  const options = { etcd: { endpoints: etcd.endpoint } };
  const host = await remoteServices({ ...options, http: { port: 0 }, drainMs: 0 });
  await using peer = await remoteServices(options);
  const called = Promise.withResolvers<void>();
  const never = () => {
    called.resolve();
    return new Promise<string>(() => {});
  };
  await host.register("com.example.Never", { greet: never });
  const proxy = await peer.service<Greeter>("com.example.Never");
  const running = assert.rejects(proxy.greet("you"));
  await called.promise;
  await using time = new FairTime();
  assert.deepEqual(await host.close({ drainTimeoutMs: 200 }), { cutCalls: 1 });
  assert.ok(time.elapsedMs < 3000);
  await running;
});

Deno.test("remoteServices ends an aborted start at once and leaves nothing", async () => {
  using mute = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const stop = new AbortController();
  const reason = new Error("changed my mind");
  const starting = remoteServices({
    etcd: { endpoints: `127.0.0.1:${mute.addr.port}` },
    http: { port: 0 },
    signal: stop.signal,
  });
  stop.abort(reason);
  await assert.rejects(starting, (error) => error === reason);
  await assert.rejects(
    remoteServices({ signal: AbortSignal.abort(reason) }),
    (error) => error === reason,
  );
});

Deno.test("Services are called over HTTPS with a token, and know the caller", async () => {
  await using etcd = await testEtcd();
  await using certificates = await makeCertificates();
  const options = { etcd: { endpoints: etcd.endpoint } };
  await using host = await remoteServices({
    ...options,
    http: {
      port: 0,
      tls: { cert: certificates.serverCert, key: certificates.serverKey },
      authenticate: bearerAuth({ t0ken: "ada" }),
    },
  });
  const who = { whoAmI: () => (currentCall()?.principal as Principal).name };
  const { endpoint } = await host.register("com.example.Who", who);
  assert.match(endpoint.containerId ?? "", /^https:\/\/127\.0\.0\.1:/);
  using trusting = Deno.createHttpClient({ caCerts: [certificates.ca] });
  const trustingFetch: typeof fetch = (input, init) => fetch(input, { ...init, client: trusting });
  const whoAmI = async (client: RemoteServicesOptions["client"]) => {
    await using peer = await remoteServices({ ...options, ...(client && { client }) });
    const proxy = await peer.service<typeof who>("com.example.Who");
    return await proxy.whoAmI();
  };
  const headers = { authorization: "Bearer t0ken" };
  assert.equal(await whoAmI({ fetch: trustingFetch, headers }), "ada");
  await assert.rejects(whoAmI({ fetch: trustingFetch }), {
    name: "RemoteCallError",
    code: "denied",
    isExecuted: false,
  });
  await assert.rejects(whoAmI({ headers }), {
    name: "RemoteCallError",
    message: /certificate/i,
  });
});
