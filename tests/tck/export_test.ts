// Facts of the OSGi test suite for exports (Compendium, 122.5), one test for each id.
// docs/osgi.md has the differences.
import assert from "node:assert/strict";
import {
  EndpointDescription,
  type ServiceProperties,
  XmlRpcExportProvider,
  XmlRpcImportProvider,
} from "../../mod.ts";
import { createEndpoint } from "../../src/rsa/mod.ts";
import { HttpService } from "../../src/http/mod.ts";
import { ANY, createExporter, createWorld, EXPORTED, exportOne, listTypes } from "../rsa/world.ts";

/** Exports a service that has one endpoint, and returns all that a test looks at. */
async function exportService(properties: ServiceProperties, overriding?: ServiceProperties) {
  const world = createWorld();
  const { reference } = world.registry.register(["A", "B"], ANY, properties);
  const registration = await exportOne(world.admin, reference, overriding);
  return { ...world, reference, registration, endpoint: registration.endpoint };
}

Deno.test("EX-01 An unknown configuration type exports nothing, with an error and a warning", async () => {
  const { registry, admin, events } = createWorld();
  const properties = { ...EXPORTED, "service.exported.configs": "foreign" };
  const { reference } = registry.register("A", ANY, properties);
  await assert.rejects(admin.exportService(reference), { code: "no-provider" });
  assert.deepEqual([admin.exports, listTypes(events)], [[], ["export-warning"]]);
});

Deno.test("EX-02 An unsupported intent exports nothing, with an error and a warning", async () => {
  for (const intents of ["foreign", ["osgi.basic", "foreign"]]) {
    const { registry, admin, events } = createWorld();
    const properties = { ...EXPORTED, "service.exported.intents": intents };
    const { reference } = registry.register("A", ANY, properties);
    await assert.rejects(admin.exportService(reference), { code: "no-provider" });
    assert.deepEqual([admin.exports, listTypes(events)], [[], ["export-warning"]]);
  }
});

Deno.test("EX-03 An unsupported extra intent exports nothing, with an error and a warning", async () => {
  const { registry, admin, events } = createWorld();
  const properties = { ...EXPORTED, "service.exported.intents.extra": "foreign" };
  const { reference } = registry.register("A", ANY, properties);
  await assert.rejects(admin.exportService(reference), { code: "no-provider" });
  assert.deepEqual([admin.exports, listTypes(events)], [[], ["export-warning"]]);
});

Deno.test("EX-04 An exported interface outside objectClass is an error", async () => {
  await assert.rejects(exportService({ "service.exported.interfaces": "C" }), {
    code: "not-exportable",
  });
});

Deno.test("EX-05 A known configuration type with an invalid property exports nothing", async () => {
  const wrong = {
    "service.exported.configs": 5,
    "service.exported.intents": { basic: true },
    "SERVICE.EXPORTED.INTENTS.EXTRA": [5],
    "service.intents": 5,
    "osgi.basic.timeout": "soon",
    "rs.methods": true,
    "endpoint.package.version.com.example": "x.y",
  };
  for (const [name, value] of Object.entries(wrong)) {
    const { registry, admin, events } = createWorld();
    const properties = { ...EXPORTED, [name]: value };
    const { reference } = registry.register("com.example.A", ANY, properties);
    await assert.rejects(admin.exportService(reference), (error: Error) => {
      return error.message.includes(name.toLowerCase());
    });
    assert.deepEqual([admin.exports, listTypes(events)], [[], ["export-error"]], name);
  }
});

Deno.test("EX-06 A configuration type whose provider refuses it exports nothing", async () => {
  const invalid = {
    ...createExporter("a"),
    exportEndpoint: () => Promise.reject(new TypeError("x")),
  };
  const { registry, admin } = createWorld({ exportProviders: [invalid] });
  await assert.rejects(admin.exportService(registry.register("A", ANY, EXPORTED).reference), {
    name: "TypeError",
  });
  assert.deepEqual(admin.exports, []);
});

Deno.test("EX-07 An export without service.exported.interfaces is an error", async () => {
  await assert.rejects(exportService({}), { code: "not-exportable" });
});

Deno.test("EX-08 An overriding objectClass is ignored, whatever its case", async () => {
  for (const name of ["objectClass", "OBJECTCLASS"]) {
    const { endpoint } = await exportService(EXPORTED, { [name]: ["C"] });
    assert.deepEqual(endpoint.interfaces, ["A", "B"]);
  }
});

Deno.test("EX-09 An overriding service.id is ignored, whatever its case", async () => {
  for (const name of ["service.id", "Service.ID"]) {
    const { endpoint, reference } = await exportService(EXPORTED, { [name]: 4711 });
    assert.equal(endpoint.serviceId, reference.id);
    assert.equal(endpoint.getProperty("service.id"), undefined);
  }
});

Deno.test("EX-10 An overriding property replaces one whose name differs in case", async () => {
  const { endpoint } = await exportService({ ...EXPORTED, mykey: 1 }, { MyKey: 2 });
  const found = [...endpoint.extras].filter(([name]) => name.toLowerCase() === "mykey");
  assert.deepEqual(found.map(([, value]) => value), [2]);
});

Deno.test("EX-11 Overriding service.exported.interfaces chooses the interfaces", async () => {
  const overriding = { "service.exported.interfaces": "A" };
  const { endpoint } = await exportService({ "service.exported.interfaces": "B" }, overriding);
  assert.deepEqual(endpoint.interfaces, ["A"]);
});

Deno.test("EX-12 The names that ask for an export are read in any letter case", async () => {
  const { endpoint, framework } = await exportService({
    "SERVICE.Exported.Interfaces": "B",
    "Service.Exported.Configs": "ecf.xmlrpc.server",
    "service.Exported.Intents": "osgi.basic",
  });
  assert.deepEqual(endpoint.interfaces, ["B"]);
  assert.deepEqual(endpoint.intents, ["osgi.basic"]);
  assert.ok(framework.uuid);
});

Deno.test("EX-13 An export has one registration for each configuration type", async () => {
  assert.equal((await exportService(EXPORTED)).admin.exports.length, 1);
  const { registry, admin } = createWorld({
    exportProviders: [createExporter("a"), createExporter("b")],
  });
  const properties = { ...EXPORTED, "service.exported.configs": ["a", "foreign", "b"] };
  const { reference } = registry.register("A", ANY, properties);
  const registrations = await admin.exportService(reference);
  assert.deepEqual(
    registrations.map(({ endpoint }) => endpoint.configurationTypes),
    [["a"], ["b"]],
  );
  assert.equal(new Set(registrations.map(({ endpoint }) => endpoint.id)).size, 2);
});

Deno.test("EX-14 service.imported.configs names the configuration type", async () => {
  const properties = { ...EXPORTED, "service.exported.configs": "ecf.xmlrpc.server" };
  const { endpoint } = await exportService(properties);
  assert.deepEqual(endpoint.properties.get("service.imported.configs"), ["ecf.xmlrpc.server"]);
});

Deno.test("EX-15 An endpoint has all that its configuration type needs for an import", async () => {
  await using http = new HttpService({ port: 0 });
  const { registry, admin } = createWorld({ exportProviders: [new XmlRpcExportProvider(http)] });
  const service = registry.register("A", { run: () => "ran" }, EXPORTED);
  const { endpoint } = await exportOne(admin, service.reference);
  const { properties } = endpoint;
  assert.equal(properties.get("ecf.endpoint.id"), `${http.url}/xml-rpc`);
  assert.equal(properties.get("ecf.endpoint.id.ns"), "ecf.namespace.xmlrpc");
  assert.equal(typeof properties.get("ecf.rsvc.id"), "number");
  const importing = createWorld({ importProviders: [new XmlRpcImportProvider()] });
  const { reference } = importing.admin.importService(new EndpointDescription(endpoint));
  const proxy = importing.registry.getService(reference) as { run(): Promise<string> };
  assert.equal(await proxy.run(), "ran");
  await importing.admin.close();
  await admin.close();
});

Deno.test("EX-16 remote.configs.supported names the configuration types of the provider", async () => {
  const { endpoint } = await exportService(EXPORTED);
  assert.deepEqual(endpoint.properties.get("remote.configs.supported"), ["ecf.xmlrpc.server"]);
  assert.deepEqual(endpoint.properties.get("remote.intents.supported"), ["osgi.basic"]);
});

Deno.test("EX-17 An endpoint has all that OSGi requires, and nothing that asks for an export", async () => {
  const { endpoint, framework, reference } = await exportService(EXPORTED);
  const { properties } = endpoint;
  assert.ok(endpoint.id !== "" && endpoint.configurationTypes.length > 0);
  assert.ok(Array.isArray(endpoint.intents));
  assert.equal(properties.get("endpoint.framework.uuid"), framework.uuid);
  assert.equal(properties.get("endpoint.service.id"), reference.properties["service.id"]);
  assert.ok(properties.get("service.imported"));
  assert.deepEqual([...properties.keys()].filter((name) => /^service\.exported/i.test(name)), []);
});

Deno.test("EX-18 An endpoint can be described anew from its members", async () => {
  const { endpoint, reference } = await exportService({ ...EXPORTED, colour: "red" });
  const copies = [new EndpointDescription(endpoint), createEndpoint(endpoint.properties)];
  for (const copy of copies) {
    assert.deepEqual(copy.properties, endpoint.properties);
    assert.ok(copy.equals(endpoint));
  }
  const merged = createEndpoint(endpoint.properties, reference);
  assert.ok(merged.equals(endpoint));
  for (const [name, value] of endpoint.properties) {
    assert.deepEqual(merged.getProperty(name), value);
  }
});

Deno.test("EX-19 A registration names the service that it exports", async () => {
  const { registration, reference } = await exportService(EXPORTED);
  assert.equal(registration.reference, reference);
  assert.equal(registration.exception, undefined);
  assert.equal(registration.isClosed, false);
});

Deno.test("EX-20 The admin lists every registration with its service", async () => {
  const { admin, reference, registration } = await exportService(EXPORTED);
  const other = await exportOne(admin, reference, { colour: "blue" });
  assert.deepEqual(admin.exports, [registration, other]);
  assert.deepEqual(admin.exports.map((one) => one.reference), [reference, reference]);
});

Deno.test("EX-21 A second export of the same has a registration and an event of its own", async () => {
  const { admin, reference, registration, events } = await exportService(EXPORTED);
  const again = await exportOne(admin, reference);
  assert.notEqual(again, registration);
  assert.deepEqual(admin.exports, [registration, again]);
  assert.deepEqual(listTypes(events), ["export-registration", "export-registration"]);
});

Deno.test("EX-22 The end of each registration has an event, also of a shared endpoint", async () => {
  const { admin, reference, registration, events } = await exportService(EXPORTED);
  const again = await exportOne(admin, reference);
  await registration.close();
  assert.deepEqual(listTypes(events).slice(2), ["export-unregistration"]);
  assert.deepEqual(admin.exports, [again]);
  await again.close();
  assert.deepEqual(listTypes(events).slice(3), ["export-unregistration"]);
});

Deno.test("EX-23 Closing a closed registration has no effect and no event", async () => {
  const { admin, reference, registration, events, exported } = await exportService(EXPORTED);
  const again = await exportOne(admin, reference);
  await registration.close();
  const count = events.length;
  await registration.close();
  assert.equal(events.length, count);
  assert.deepEqual([exported.size, again.isClosed], [1, false]);
});

Deno.test("EX-24 A closed registration is gone from the admin's list, its endpoint from the provider", async () => {
  const { admin, registration, exported } = await exportService(EXPORTED);
  await registration.close();
  assert.deepEqual(admin.exports, []);
  assert.equal(exported.size, 0);
});

Deno.test("EX-25 A closed registration says that it is closed", async () => {
  const { registration } = await exportService(EXPORTED);
  await registration.close();
  assert.equal(registration.isClosed, true);
  assert.throws(() => registration.update(), /its registration is closed; export it again/);
});

Deno.test("EX-28 A failed export has an exception and no registration", async () => {
  const { registry, admin } = createWorld();
  const { reference } = registry.register("A", ANY, { "service.exported.interfaces": "no" });
  await assert.rejects(admin.exportService(reference), (error) => error instanceof Error);
  assert.deepEqual(admin.exports, []);
});

Deno.test("EX-29 A failed update has an exception, and its registration stays usable", async () => {
  const { registration } = await exportService(EXPORTED);
  registration.update({ "service.exported.interfaces": "C" });
  assert.ok(registration.exception instanceof Error);
  registration.update({});
  assert.equal(registration.exception, undefined);
});

Deno.test("EX-30 The port of an endpoint is in use until its provider is closed", async () => {
  const http = new HttpService({ port: 0 });
  const { registry, admin } = createWorld({ exportProviders: [new XmlRpcExportProvider(http)] });
  await exportOne(admin, registry.register("A", ANY, EXPORTED).reference);
  const port = Number(new URL(http.url).port);
  assert.throws(() => Deno.listen({ hostname: "127.0.0.1", port }), Deno.errors.AddrInUse);
  await admin.close();
  await http.close();
  Deno.listen({ hostname: "127.0.0.1", port }).close();
});

Deno.test("EX-31 Unknown properties travel as they are", async () => {
  const { endpoint } = await exportService({ ...EXPORTED, "com.example.x": [1, 2], flag: true });
  assert.deepEqual(endpoint.extras.get("com.example.x"), [1, 2]);
  assert.equal(endpoint.extras.get("flag"), true);
});

Deno.test("EX-32 Private properties, whose names begin with a dot, are not in the description", async () => {
  const { endpoint } = await exportService({ ...EXPORTED, ".secret": 1 }, { ".other": 2 });
  assert.deepEqual([...endpoint.properties.keys()].filter((name) => name.startsWith(".")), []);
});

Deno.test("EX-33 Without service.exported.configs the admin picks a type and names it", async () => {
  const { endpoint } = await exportService(EXPORTED);
  assert.deepEqual(endpoint.properties.get("service.imported.configs"), ["ecf.xmlrpc.server"]);
});

Deno.test("EX-34 A star exports all interfaces", async () => {
  assert.deepEqual(
    (await exportService({ "service.exported.interfaces": ["*"] })).endpoint.interfaces,
    ["A", "B"],
  );
  assert.deepEqual((await exportService(EXPORTED)).endpoint.interfaces, ["A", "B"]);
});

Deno.test("EX-35 Overriding properties alone make a service exportable", async () => {
  assert.deepEqual((await exportService({}, EXPORTED)).endpoint.interfaces, ["A", "B"]);
});

Deno.test("EX-37 Overriding with null or undefined is an error", async () => {
  for (const value of [null, undefined]) {
    await assert.rejects(exportService({ ...EXPORTED, colour: "red" }, { colour: value }), {
      name: "TypeError",
      message: /colour is (?:null|undefined); give a value to override with/,
    });
  }
});

Deno.test("EX-38 An endpoint with two registrations stays until both are closed", async () => {
  const { admin, reference, registration, exported } = await exportService(EXPORTED);
  const again = await exportOne(admin, reference);
  await registration.close();
  assert.equal(exported.size, 1);
  await again.close();
  assert.equal(exported.size, 0);
});

Deno.test("EX-39 Exports that override other values have endpoints of their own", async () => {
  const { admin, reference, registration } = await exportService(EXPORTED);
  const ids = new Set([registration.endpoint.id]);
  for (const x of [1, "1", true, "true", ["a", "b"], "a,b", new Set(["a", "b"])]) {
    ids.add((await exportOne(admin, reference, { x })).endpoint.id);
  }
  assert.equal(ids.size, 8);
});

Deno.test("EX-40 A registration can be closed any number of times, also at once", async () => {
  const { registration, events } = await exportService(EXPORTED);
  await Promise.all([registration.close(), registration.close()]);
  await registration.close();
  assert.deepEqual(listTypes(events), ["export-registration", "export-unregistration"]);
});

Deno.test("EX-41 A property that can't be sent is left out, and the export goes on", async () => {
  const { endpoint, events } = await exportService({ ...EXPORTED, map: new Map(), good: 1 });
  assert.equal(endpoint.extras.has("map"), false);
  assert.equal(endpoint.extras.get("good"), 1);
  assert.deepEqual(listTypes(events), ["export-registration", "export-warning"]);
});
