// Facts of the OSGi test suite for remote services (Compendium, chapter 100), one test for
// each id. docs/osgi.md has the differences.
import assert from "node:assert/strict";
import { type Remote, remoteServices, type ServiceProperties } from "../../mod.ts";
import { testEtcd } from "../support/etcd.ts";

interface Echo {
  echo(value: unknown): unknown;
}

const NAME = "com.example.Echo";

/** Exports a service from one host and imports it in another. */
async function startEcho(service: object = { echo: (value: unknown) => value }, given = {}) {
  const stack = new AsyncDisposableStack();
  const etcd = stack.use(await testEtcd());
  const settings = { etcd: { endpoints: etcd.endpoint } };
  const host = stack.use(await remoteServices({ ...settings, http: { port: 0 }, drainMs: 0 }));
  const peer = stack.use(await remoteServices(settings));
  const properties = { "service.exported.interfaces": "*", ...given };
  const registration = await host.register(NAME, service, properties);
  const proxy: Remote<Echo> = await peer.service<Echo>(NAME);
  const [reference] = peer.framework.registry.getReferences(NAME);
  assert.ok(reference);
  return {
    host,
    peer,
    registration,
    proxy,
    imported: reference.properties,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Returns the items of a property that may be one string or a list. */
function readList(properties: ServiceProperties, name: string): readonly unknown[] {
  return [properties[name] ?? []].flat();
}

Deno.test("RS-01 A distribution provider names its configuration types and intents", async () => {
  await using world = await startEcho();
  const [provider] = world.host.admin.exportProviders;
  assert.deepEqual(provider?.supportedConfigs, ["ecf.xmlrpc.server"]);
  assert.deepEqual(provider?.supportedIntents, ["osgi.basic", "osgi.async", "osgi.private"]);
  assert.deepEqual(readList(world.imported, "remote.configs.supported"), ["ecf.xmlrpc.server"]);
  assert.deepEqual(readList(world.imported, "remote.intents.supported"), [
    "osgi.basic",
    "osgi.async",
    "osgi.private",
  ]);
});

Deno.test("RS-02 A proxy names one of the configuration types of its exporter", async () => {
  await using world = await startEcho();
  const supported = readList(world.imported, "remote.configs.supported");
  const used = readList(world.imported, "service.imported.configs");
  assert.ok(used.length > 0 && used.every((config) => supported.includes(config)));
});

Deno.test("RS-03 A proxy has its own service id and the public properties of the service", async () => {
  await using world = await startEcho(undefined, { colour: "red", note: "a b" });
  const { imported, registration } = world;
  assert.ok(imported["service.imported"]);
  assert.equal(typeof imported["service.id"], "number");
  assert.equal(imported["endpoint.id"], registration.endpoint.id);
  assert.equal(imported["endpoint.service.id"], registration.endpoint.serviceId);
  assert.deepEqual(readList(imported, "service.imported.configs"), ["ecf.xmlrpc.server"]);
  assert.deepEqual([imported.colour, imported.note], ["red", "a b"]);
});

Deno.test("RS-04 A proxy has no private properties, whose names begin with a dot", async () => {
  await using world = await startEcho(undefined, { ".secret": "s", ".": "t", "a.b": "public" });
  assert.deepEqual(Object.keys(world.imported).filter((name) => name.startsWith(".")), []);
  assert.equal(world.imported["a.b"], "public");
});

Deno.test("RS-05 A proxy has no property that asks for an export", async () => {
  await using world = await startEcho(undefined, {
    "service.exported.configs": "ecf.xmlrpc.server",
    "service.exported.intents": "osgi.basic",
    "service.exported.intents.extra": "osgi.async",
    "Service.Exported.Other": "x",
  });
  const names = Object.keys(world.imported);
  assert.deepEqual(names.filter((name) => /^service\.exported\./i.test(name)), []);
});

Deno.test("RS-06 Only a service that asks for it is exported", async () => {
  await using world = await startEcho();
  world.host.framework.registry.register("com.example.Local", { run() {} });
  await world.host.register("com.example.Later", { run() {} });
  await world.peer.service("com.example.Later");
  assert.deepEqual(world.peer.framework.registry.getReferences("com.example.Local"), []);
});

Deno.test("RS-07 osgi.basic is supported, and listed on the proxy when asked for", async () => {
  await using world = await startEcho(undefined, { "service.exported.intents": "osgi.basic" });
  assert.ok(world.registration.endpoint.intentsSupported.includes("osgi.basic"));
  assert.ok(readList(world.imported, "service.intents").includes("osgi.basic"));
});

Deno.test("RS-08 Booleans, numbers and strings come back as they were sent", async () => {
  await using world = await startEcho();
  const values = [true, false, 0, -1, 127, 32_767, 2 ** 31 - 1, -(2 ** 31), 1.5, -2.25e-10];
  for (const value of [...values, "", "a", "ä€𐍈 <&>", "  two  "]) {
    assert.equal(await world.proxy.echo(value), value);
  }
  assert.equal(await world.proxy.echo(2n ** 62n), 2n ** 62n);
});

Deno.test("RS-09 Several parameters arrive in their order and with their types", async () => {
  const seen: unknown[] = [];
  await using world = await startEcho({
    echo: (...values: unknown[]) => void seen.push(...values),
  });
  const echo = world.proxy.echo as (...values: unknown[]) => Promise<unknown>;
  assert.equal(await echo(1, "1", true, [1, "1"], { a: 1.5 }, null), null);
  assert.deepEqual(seen, [1, "1", true, [1, "1"], { a: 1.5 }, null]);
});

Deno.test("RS-10 Lists come back with their elements and the types of these", async () => {
  await using world = await startEcho();
  for (const value of [[], [1, 2], [true, "a", 1.5], [[1], [], ["x"]], [5n]]) {
    assert.deepEqual(await world.proxy.echo(value), value);
  }
});

Deno.test("RS-11 A map of strings to integers comes back equal", async () => {
  await using world = await startEcho();
  const map = { one: 1, two: 2, "a b": -3, "": 0 };
  assert.deepEqual(await world.proxy.echo(map), map);
});

Deno.test("RS-12 A call that is shorter than osgi.basic.timeout returns its result", async () => {
  await using world = await startEcho(undefined, { "osgi.basic.timeout": 10_000 });
  assert.equal(world.imported["osgi.basic.timeout"], 10_000);
  assert.equal(await world.proxy.echo("quick"), "quick");
});

Deno.test("RS-13 A call that is longer than osgi.basic.timeout rejects", async () => {
  const gate = Promise.withResolvers<void>();
  await using world = await startEcho({ echo: () => gate.promise }, { "osgi.basic.timeout": 100 });
  await assert.rejects(world.proxy.echo("slow"), { code: "timeout" });
  gate.resolve();
});

Deno.test("RS-14 A call returns at once with a promise, whatever the method returns", async () => {
  const gate = Promise.withResolvers<string>();
  await using world = await startEcho({ echo: () => gate.promise });
  let isDone = false;
  const result = world.proxy.echo(1).then((value) => {
    isDone = true;
    return value;
  });
  assert.equal(isDone, false);
  gate.resolve("later");
  assert.equal(await result, "later");
});

Deno.test("RS-15 osgi.async is listed on the proxy when asked for", async () => {
  await using world = await startEcho(undefined, {
    "service.exported.intents": ["osgi.basic", "osgi.async"],
  });
  const intents = readList(world.imported, "service.intents");
  assert.ok(intents.includes("osgi.async") && intents.includes("osgi.basic"), String(intents));
});
