// Facts of the OSGi test suite for imports (Compendium, 122.5.2), one test for each id.
// docs/osgi.md has the differences.
import assert from "node:assert/strict";
import { decodeWireProperties, encodeWireProperties } from "../../src/endpoint/mod.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { createWorld, listTypes } from "../rsa/world.ts";

/** Imports an endpoint with these properties. */
function importService(extras: Record<string, unknown> = {}, init = {}) {
  const world = createWorld();
  const wire = encodeWireProperties(new Map(Object.entries(extras)) as never);
  const endpoint = anEndpoint({ extras: decodeWireProperties(wire), ...init });
  const registration = world.admin.importService(endpoint);
  const { properties } = registration.reference;
  return { ...world, endpoint, registration, properties };
}

Deno.test("IM-01 An endpoint of an unknown configuration type is not imported", () => {
  const { admin, events, registry } = createWorld();
  const foreign = anEndpoint({ configurationTypes: ["foreign"] });
  assert.throws(() => admin.importService(foreign), { code: "no-provider" });
  assert.deepEqual([admin.imports, registry.getReferences()], [[], []]);
  assert.deepEqual(listTypes(events), ["import-warning"]);
});

Deno.test("IM-02 An import has a registration whose proxy is the service of its reference", () => {
  const { registry, registration, admin } = importService();
  assert.deepEqual(registry.getReferences(), [registration.reference]);
  assert.deepEqual(admin.imports, [registration]);
  assert.equal(registration.isClosed, false);
});

Deno.test("IM-03 A proxy has the values that the exporter gave", () => {
  const { properties } = importService({ plain: "a", overridden: "b" });
  assert.deepEqual([properties.plain, properties.overridden], ["a", "b"]);
});

Deno.test("IM-04 Lists stay lists and sets stay sets", () => {
  const { properties } = importService({ list: ["a", "b c"], set: new Set(["d", "e f"]) });
  assert.deepEqual(properties.list, ["a", "b c"]);
  assert.deepEqual(properties.set, new Set(["d", "e f"]));
});

Deno.test("IM-05 Numbers, bigints and booleans keep their types", () => {
  const { properties } = importService({ float: 1.5, long: 2n ** 60n, flag: false, text: "1.5" });
  assert.deepEqual(
    [properties.float, properties.long, properties.flag, properties.text],
    [1.5, 2n ** 60n, false, "1.5"],
  );
});

Deno.test("IM-06 A proxy has no property that asks for an export and no private one", () => {
  const { properties } = importService({ ".secret": 1, "service.exported.configs": "x" });
  const names = Object.keys(properties).filter((name) => /^(?:\.|service\.exported)/.test(name));
  assert.deepEqual(names, []);
});

Deno.test("IM-07 XML in a value stays the same, character by character", () => {
  const xml = '<a b="c">\n\t&amp;]]>\u00e4</a> ';
  assert.equal(importService({ xml }).properties.xml, xml);
});

Deno.test("IM-08 A proxy has service.imported, service.imported.configs and service.intents", () => {
  const { properties } = importService({}, { intents: ["osgi.basic"] });
  assert.ok(properties["service.imported"]);
  assert.deepEqual(properties["service.imported.configs"], ["ecf.xmlrpc.server"]);
  assert.ok(Array.isArray(properties["service.intents"]));
});

Deno.test("IM-09 A proxy has the id of its endpoint and a service.id of its own", () => {
  const { properties, endpoint, registration } = importService({}, { serviceId: 4711 });
  assert.equal(properties["endpoint.id"], endpoint.id);
  assert.equal(properties["endpoint.service.id"], 4711);
  assert.equal(properties["service.id"], registration.reference.id);
  assert.notEqual(properties["service.id"], 4711);
});

Deno.test("IM-10 The registration has a description of the same service", () => {
  const { registration, endpoint } = importService();
  assert.deepEqual(registration.endpoint.interfaces, endpoint.interfaces);
  assert.ok(registration.endpoint.isSameService(endpoint));
});

Deno.test("IM-11 A second import has a registration and an event of its own", () => {
  const { admin, registration, endpoint, events } = importService();
  const again = admin.importService(endpoint);
  assert.notEqual(again, registration);
  assert.deepEqual(admin.imports, [registration, again]);
  assert.deepEqual(listTypes(events), ["import-registration", "import-registration"]);
});

Deno.test("IM-12 A second import with a later description updates the proxy", () => {
  const { admin, registration, endpoint, events } = importService({ colour: "red" });
  const later = anEndpoint({ id: endpoint.id, extras: new Map([["colour", "blue"]]) });
  const again = admin.importService(later);
  assert.equal(registration.reference.properties.colour, "blue");
  assert.equal(again.reference, registration.reference);
  assert.deepEqual(listTypes(events), [
    "import-registration",
    "import-update",
    "import-registration",
  ]);
});

Deno.test("IM-13 A filter that the properties do not meet finds no proxy", () => {
  const { registry } = importService({ "endpoint.package.version.org.example": "1.0.0" });
  const find = (version: string) =>
    registry.getReferences(
      "org.example.IAny",
      `(endpoint.package.version.org.example=${version})`,
    );
  assert.deepEqual([find("1.0.0").length, find("2.0.0").length], [1, 0]);
});

Deno.test("IM-14 A proxy serves calls until its last registration is closed", async () => {
  const { admin, registration, endpoint, registry, events } = importService();
  const again = admin.importService(endpoint);
  registration.close();
  const count = events.length;
  registration.close();
  assert.equal(events.length, count);
  const proxy = registry.getService(again.reference) as { run(): Promise<string> };
  assert.equal(await proxy.run(), "run");
});

Deno.test("IM-15 With its last registration a proxy is gone, and from the admin's list", async () => {
  const { admin, registration, endpoint, registry } = importService();
  const again = admin.importService(endpoint);
  const proxy = registry.getService(again.reference) as { run(): Promise<string> };
  registration.close();
  again.close();
  assert.deepEqual([registry.getReferences(), admin.imports], [[], []]);
  assert.equal(again.isClosed, true);
  await assert.rejects(proxy.run(), { code: "endpoint-gone" });
});

Deno.test("IM-16 The end of each registration has an event", () => {
  const { admin, registration, endpoint, events } = importService();
  const again = admin.importService(endpoint);
  registration.close();
  again.close();
  assert.deepEqual(listTypes(events).slice(2), ["import-unregistration", "import-unregistration"]);
});

Deno.test("IM-19 Endpoints with the same interface have proxies side by side", () => {
  const { admin, registry } = importService({ version: "1" });
  const other = admin.importService(anEndpoint({ extras: new Map([["version", "2"]]) }));
  assert.equal(registry.getReferences("org.example.IAny").length, 2);
  assert.deepEqual(registry.getReferences("org.example.IAny", "(version=2)"), [other.reference]);
});

Deno.test("IM-20 Of several configuration types a known one is used", () => {
  const { properties } = importService({}, {
    configurationTypes: ["foreign", "ecf.xmlrpc.server"],
  });
  assert.deepEqual(properties["service.imported.configs"], ["ecf.xmlrpc.server"]);
});

Deno.test("IM-21 service.intents has the intents of service, exporter and importer", () => {
  const { admin, registry } = createWorld({
    importProviders: [{
      importedConfigs: ["ecf.xmlrpc.server"],
      importedIntents: ["osgi.async"],
      importEndpoint: () => ({ call: () => Promise.resolve(), update() {}, close() {} }),
    }],
  });
  admin.importService(anEndpoint({ intents: ["own.intent", "osgi.basic"] }));
  const [reference] = registry.getReferences();
  assert.deepEqual(reference?.properties["service.intents"], [
    "own.intent",
    "osgi.basic",
    "osgi.async",
  ]);
});
