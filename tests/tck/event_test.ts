// Facts of the OSGi test suite for the events, updates and capabilities of Remote Service Admin
// (Compendium, 122.5.3, 122.7 and 122.9), one test for each id. docs/osgi.md has the
// differences.
import assert from "node:assert/strict";
import { type RemoteServiceAdminEvent, TopologyManager } from "../../mod.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { ANY, createExporter, createWorld, EXPORTED, exportOne, listTypes } from "../rsa/world.ts";

/** Exports a service that has one endpoint. */
async function exportService(properties = {}, overriding = {}) {
  const world = createWorld();
  const service = world.registry.register("A", ANY, { ...EXPORTED, ...properties });
  const registration = await exportOne(world.admin, service.reference, overriding);
  return { ...world, service, registration };
}

Deno.test("EV-01 EV-11 An export has one event, with its endpoint and without an exception", async () => {
  const { events, registration } = await exportService();
  assert.deepEqual(events, [{ type: "export-registration", endpoint: registration.endpoint }]);
});

Deno.test("EV-03 EV-17 A failing provider has an error event with exception and service", async () => {
  const failure = new Error("broken");
  const provider = { ...createExporter("a"), exportEndpoint: () => Promise.reject(failure) };
  const { registry, admin, events } = createWorld({ exportProviders: [provider] });
  const { reference } = registry.register("A", ANY, EXPORTED);
  await assert.rejects(admin.exportService(reference), failure);
  assert.deepEqual(events, [{ type: "export-error", reference, exception: failure }]);
});

Deno.test("EV-04 Each endpoint of an export has an event", async () => {
  const { registry, admin, events } = createWorld({
    exportProviders: [createExporter("a"), createExporter("b")],
  });
  const properties = { ...EXPORTED, "service.exported.configs": ["a", "b"] };
  const registrations = await admin.exportService(
    registry.register("A", ANY, properties).reference,
  );
  const expected = registrations.map(({ endpoint }) => ({ type: "export-registration", endpoint }));
  assert.deepEqual(events, expected);
});

Deno.test("EV-05 An import has one event, with its endpoint", () => {
  const { admin, events } = createWorld();
  const endpoint = anEndpoint();
  admin.importService(endpoint);
  assert.deepEqual(events, [{ type: "import-registration", endpoint }]);
});

Deno.test("EV-07 A failing import has an error event with exception and endpoint", () => {
  const failure = new TypeError("no address");
  const importEndpoint = () => {
    throw failure;
  };
  const { admin, events } = createWorld({
    importProviders: [{ importedConfigs: ["ecf.xmlrpc.server"], importEndpoint }],
  });
  const endpoint = anEndpoint();
  assert.throws(() => admin.importService(endpoint), failure);
  assert.deepEqual(events, [{ type: "import-error", endpoint, exception: failure }]);
});

Deno.test("EV-08 The ten kinds of events have names", async () => {
  const seen = new Set<RemoteServiceAdminEvent["type"]>();
  const { admin, registry, service, registration, events } = await exportService();
  registration.update();
  registration.update({ "service.exported.interfaces": "no" });
  const warned = registry.register("A", ANY, { ...EXPORTED, "service.exported.configs": "no" });
  await assert.rejects(admin.exportService(warned.reference));
  service.close();
  const imported = admin.importService(anEndpoint());
  imported.update(anEndpoint({ id: imported.endpoint.id }));
  assert.throws(() => admin.importService(anEndpoint({ configurationTypes: ["no"] })));
  imported.close();
  for (const { type } of events) seen.add(type);
  assert.deepEqual([...seen].sort(), [
    "export-error",
    "export-registration",
    "export-unregistration",
    "export-update",
    "export-warning",
    "import-registration",
    "import-unregistration",
    "import-update",
    "import-warning",
  ]); // and import-error, in EV-07
});

Deno.test("EV-14 An event's endpoint has the properties that OSGi lists", async () => {
  const { events } = await exportService();
  const properties = events[0]?.endpoint?.properties;
  for (
    const name of [
      "endpoint.id",
      "endpoint.service.id",
      "endpoint.framework.uuid",
      "objectClass",
      "service.imported.configs",
    ]
  ) assert.ok(properties?.has(name), name);
});

Deno.test("UP-01 UP-03 An update returns the same endpoint with the new property, and an event", async () => {
  const { registration, events } = await exportService();
  const before = registration.endpoint;
  registration.update({ someNewProp: "x" });
  const after = registration.endpoint;
  assert.equal(after.extras.get("someNewProp"), "x");
  assert.deepEqual(
    [after.id, after.interfaces, after.frameworkUuid, after.serviceId],
    [before.id, before.interfaces, before.frameworkUuid, before.serviceId],
  );
  assert.deepEqual(listTypes(events), ["export-registration", "export-update"]);
});

Deno.test("UP-04 An update without properties keeps those that were given at the export", async () => {
  const { registration, service } = await exportService({ own: 1 }, { given: 1 });
  service.setProperties({ ...EXPORTED, own: 2 });
  registration.update();
  const { extras } = registration.endpoint;
  assert.deepEqual([extras.get("own"), extras.get("given")], [2, 1]);
});

Deno.test("UP-05 The properties of an update replace the earlier ones for later updates", async () => {
  const { registration } = await exportService({}, { first: 1 });
  registration.update({ second: 2 });
  registration.update();
  const { extras } = registration.endpoint;
  assert.deepEqual([extras.get("first"), extras.get("second")], [undefined, 2]);
});

Deno.test("UP-07 Updating a closed export registration is an error", async () => {
  const { registration } = await exportService();
  await registration.close();
  assert.throws(() => registration.update(), {
    message: `Cannot update the export of endpoint ${registration.endpoint.id}: ` +
      `its registration is closed; export it again`,
  });
});

Deno.test("UP-08 A filter finds an imported service by a property of an update", () => {
  const { admin, registry } = createWorld();
  const { endpoint: { id }, update } = admin.importService(anEndpoint());
  update(anEndpoint({ id, extras: new Map([["someNewProp", "x"]]) }));
  assert.equal(registry.getReferences(undefined, "(someNewProp=x)").length, 1);
});

Deno.test("UP-10 Updating an import with another endpoint is an error", () => {
  const { admin } = createWorld();
  const registration = admin.importService(anEndpoint());
  assert.throws(() => registration.update(anEndpoint()), { name: "TypeError" });
});

Deno.test("UP-11 Updating a closed import registration is an error", () => {
  const { admin } = createWorld();
  const registration = admin.importService(anEndpoint());
  registration.close();
  assert.throws(() => registration.update(registration.endpoint), {
    message: /Cannot update the import of endpoint .* its registration is closed; import it again/,
  });
});

Deno.test("CA-03 The admin names its configuration types as a capability", () => {
  const { admin } = createWorld();
  assert.deepEqual(admin.capabilities, [{
    namespace: "osgi.remoteserviceadmin.distribution",
    attributes: { configs: ["ecf.xmlrpc.server"], version: "1.1" },
  }]);
});

Deno.test("CA-04 The topology manager names its policy as a capability", () => {
  const { framework, admin } = createWorld();
  assert.deepEqual(new TopologyManager({ framework, admin }).capabilities, [{
    namespace: "osgi.remoteserviceadmin.topology",
    attributes: { policy: ["promiscuous"], version: "1.1" },
  }]);
});
