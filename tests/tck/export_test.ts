// Facts of the OSGi test suite for exports (Compendium, 122.5), one test for each id.
// docs/osgi.md has the differences.
import assert from "node:assert/strict";
import { EndpointDescription, type ServiceProperties, XmlRpcExportProvider } from "../../mod.ts";
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

Deno.test("EX-13 An export without restriction has at least one registration", async () => {
  const { admin } = await exportService(EXPORTED);
  assert.ok(admin.exports.length >= 1);
});

Deno.test("EX-14 EX-33 service.imported.configs names the configuration type in use", async () => {
  const { endpoint } = await exportService(EXPORTED);
  assert.deepEqual(endpoint.properties.get("service.imported.configs"), ["ecf.xmlrpc.server"]);
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
  const { endpoint } = await exportService({ ...EXPORTED, colour: "red" });
  const copy = new EndpointDescription(endpoint);
  assert.deepEqual(copy.properties, endpoint.properties);
  assert.ok(copy.equals(endpoint));
});

Deno.test("EX-20 EX-21 Each export has a registration of its own in the admin's list", async () => {
  const { admin, reference, registration } = await exportService(EXPORTED);
  const again = await exportOne(admin, reference);
  assert.notEqual(again, registration);
  assert.deepEqual(admin.exports, [registration, again]);
});

Deno.test("EX-23 EX-40 Closing a closed registration has no effect and no event", async () => {
  const { registration, events } = await exportService(EXPORTED);
  await registration.close();
  const count = events.length;
  await registration.close();
  assert.equal(events.length, count);
});

Deno.test("EX-24 EX-25 A closed registration is closed and gone from the admin's list", async () => {
  const { admin, registration } = await exportService(EXPORTED);
  await registration.close();
  assert.equal(registration.isClosed, true);
  assert.deepEqual(admin.exports, []);
});

Deno.test("EX-28 A failed update has an exception, and its registration stays usable", async () => {
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

Deno.test("EX-34 A star exports all interfaces", async () => {
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

Deno.test("EX-41 A property that can't be sent is left out, and the export goes on", async () => {
  const { endpoint, events } = await exportService({ ...EXPORTED, map: new Map(), good: 1 });
  assert.equal(endpoint.extras.has("map"), false);
  assert.equal(endpoint.extras.get("good"), 1);
  assert.deepEqual(listTypes(events), ["export-registration", "export-warning"]);
});
