import assert from "node:assert/strict";
import {
  etcd3,
  type Local,
  memory,
  type Remote,
  RemoteServices,
  remoteServices,
  type RemoteServicesOptions,
  xmlRpc,
} from "../../mod.ts";

interface Greeter {
  greet(name: string): string;
  later(): Promise<number>;
}

const greeter: Local<Greeter> = { greet: async (name) => await `Hello ${name}`, later: () => 1 };
// @ts-expect-error a method of the interface is missing
const _incomplete: Local<Greeter> = { greet: (name: string) => name };
// @ts-expect-error a method returns another type
const _wrong: Local<Greeter> = { greet: () => 1, later: () => 1 };

Deno.test("remoteServices refuses unknown options and names the nearest one", () => {
  const cases: [options: object, message: string][] = [
    [{ etc: {} }, "Cannot use the option etc: there is no such option; did you mean etcd?"],
    [
      { "etcd.hostname": "x" },
      'Cannot use the option etcd.hostname: there is no such option; give etcd: { endpoints: "host:2379" }',
    ],
    [
      { etcd: { "etcd.hostname": "x" } },
      'Cannot use the option etcd.etcd.hostname: there is no such option; give endpoints: "host:2379"',
    ],
    [
      { etcd: { hostname: "x" } },
      'Cannot use the option etcd.hostname: there is no such option; give endpoints: "host:2379"',
    ],
    [
      { etcd: { endpoint: "x" } },
      "Cannot use the option etcd.endpoint: there is no such option; did you mean endpoints?",
    ],
    [
      { http: { prot: 1 } },
      "Cannot use the option http.prot: there is no such option; did you mean port?",
    ],
    [
      { client: { header: {} } },
      "Cannot use the option client.header: there is no such option; did you mean headers?",
    ],
    [{ etcd: 1 }, "Cannot use 1 as etcd: give an object"],
  ];
  for (const [options, message] of cases) {
    const create = () => new RemoteServices(options as RemoteServicesOptions);
    assert.throws(create, { name: "TypeError", message });
  }
});

Deno.test("remoteServices refuses shorthand beside the list that it stands for", () => {
  assert.throws(
    () => new RemoteServices({ etcd: {}, discovery: [etcd3()] }),
    /Cannot use etcd beside discovery: give discovery: \[etcd3\(/,
  );
  assert.throws(
    () => new RemoteServices({ http: {}, distribution: [xmlRpc()] }),
    /Cannot use http beside distribution: give distribution: \[xmlRpc\({ http/,
  );
  assert.throws(
    () => new RemoteServices({ client: {}, distribution: [xmlRpc()] }),
    /Cannot use client beside distribution/,
  );
});

Deno.test("remoteServices refuses providers and interceptors that are not in a list", () => {
  const cases: [options: object, message: string][] = [
    [
      { discovery: memory() },
      "Cannot use discovery: it is not a list of functions; give [etcd3()]",
    ],
    [
      { distribution: [xmlRpc(), {}] },
      "Cannot use distribution: it is not a list of functions; give [xmlRpc()]",
    ],
    [
      { interceptors: { client: () => {} } },
      "Cannot use interceptors.client: it is not a list of functions; " +
      "give [(next) => (call) => next(call)]",
    ],
    [
      { interceptors: { clients: [] } },
      "Cannot use the option interceptors.clients: there is no such option; did you mean client?",
    ],
  ];
  for (const [options, message] of cases) {
    const create = () => new RemoteServices(options as RemoteServicesOptions);
    assert.throws(create, { name: "TypeError", message });
  }
});

Deno.test("Hosts with a shared memory discovery export, discover and call without etcd", async () => {
  const discovery = [memory()];
  await using server = await remoteServices({ discovery, http: { port: 0 } });
  await using client = await remoteServices({ discovery });
  await using registration = await server.register<Greeter>("com.example.Greeter", greeter, {
    colour: "green",
  });
  const proxy: Remote<Greeter> = await client.service<Greeter>("com.example.Greeter", {
    filter: "(colour=green)",
  });
  assert.equal(await proxy.greet("you"), "Hello you");
  assert.equal(await proxy.later(), 1);
  assert.equal(registration.endpoint.extras.get("colour"), "green");
});

Deno.test("A host with two discoveries reports the health of each", async () => {
  await using host = await remoteServices({ discovery: [memory(), memory()] });
  assert.equal(host.health.state, "synced");
  assert.deepEqual(host.health.providers.map(({ provider }) => provider), ["memory", "memory"]);
  const json = JSON.parse(JSON.stringify(host.health));
  assert.equal(json.providers.length, 2);
  assert.equal(json.providers[0].state, "synced");
});

Deno.test("host.health shows the state of the HTTP server", async () => {
  const host = await remoteServices({ discovery: [memory()], http: { port: 0 } });
  await host.register("com.example.Greeter", { greet: () => "Hello" });
  assert.equal(host.health.http, "listening");
  assert.equal(JSON.parse(JSON.stringify(host.health)).http, "listening");
  await host.close();
  assert.equal(host.health.http, "closed");
});

Deno.test("service refuses options that have no effect and names the right one", async () => {
  await using host = await remoteServices({ discovery: [memory()] });
  await assert.rejects(
    host.service("IAny", { timeout: 5 } as object),
    { name: "TypeError", message: /Cannot use the option timeout/ },
  );
  await assert.rejects(
    host.service("IAny", { policy: "all", idempotent: true }),
    { name: "TypeError", message: /Cannot use idempotent with the policy all/ },
  );
  await assert.rejects(host.service("IAny", { waitMs: -1 }), { name: "RangeError" });
  assert.throws(() => host.services("IAny", { filtre: "(a=b)" } as object), {
    name: "TypeError",
    message: "Cannot use the option filtre: there is no such option; did you mean filter?",
  });
  // @ts-expect-error a filter alone is not an object
  assert.throws(() => host.services("IAny", "(a=b)"), /give an object/);
  await assert.rejects(host.close({ drainTimeout: 1 } as object), /did you mean drainTimeoutMs\?/);
  await assert.rejects(host.close({ drainTimeoutMs: -1 }), { name: "RangeError" });
});

Deno.test("A service that only this host exports is explained when it is not found", async () => {
  await using host = await remoteServices({ discovery: [memory()], http: { port: 0 } });
  await using _registration = await host.register("com.example.Greeter", greeter);
  await assert.rejects(host.service("com.example.Greeter", { waitMs: 1 }), {
    code: "timeout",
    message: "No service com.example.Greeter was discovered within 1 ms: this host exports it " +
      "itself; a host imports the services of other hosts only",
  });
});

Deno.test("A subscription to endpoints ends with its block", async () => {
  const discovery = [memory()];
  await using server = await remoteServices({ discovery, http: { port: 0 } });
  await using client = await remoteServices({ discovery });
  const added = Promise.withResolvers<string>();
  const types: string[] = [];
  await using registration = await server.register("com.example.Greeter", greeter);
  {
    using _subscription = client.onEndpoint(({ type, endpoint }) => {
      types.push(type);
      added.resolve(endpoint.id);
    });
    assert.equal(await added.promise, registration.endpoint.id);
  }
  await using again = await server.register("com.example.Greeter", greeter);
  await client.service("com.example.Greeter", {
    filter: ({ "endpoint.id": id }) => id === again.endpoint.id,
  });
  assert.deepEqual(types, ["added"]);
});
