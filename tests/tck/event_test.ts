// Facts of the OSGi test suite for the events, updates and capabilities of Remote Service Admin
// (Compendium, 122.5.3, 122.7 and 122.9), one test for each id. docs/osgi.md has the
// differences.
import assert from "node:assert/strict";
import { type RemoteServiceAdminEvent, TopologyManager } from "../../mod.ts";
import { createDiscoveryCapability } from "../../src/rsa/mod.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { ANY, createExporter, createWorld, EXPORTED, exportOne, listTypes } from "../rsa/world.ts";

/** Exports a service that has one endpoint. */
async function exportService(properties = {}, overriding = {}) {
  const world = createWorld();
  const service = world.registry.register("A", ANY, { ...EXPORTED, ...properties });
  const registration = await exportOne(world.admin, service.reference, overriding);
  return { ...world, service, registration };
}

/** Exports a service with a provider that fails. */
async function failToExport() {
  const failure = new Error("broken");
  const provider = { ...createExporter("a"), exportEndpoint: () => Promise.reject(failure) };
  const { registry, admin, events } = createWorld({ exportProviders: [provider] });
  const { reference } = registry.register("A", ANY, EXPORTED);
  await assert.rejects(admin.exportService(reference), failure);
  return { events, reference, failure };
}

Deno.test("EV-01 An export has one event, with its endpoint and its service", async () => {
  const { events, registration: { endpoint, reference } } = await exportService();
  assert.deepEqual(events, [{ type: "export-registration", endpoint, reference }]);
  assert.equal(events[0]?.reference, reference);
});

Deno.test("EV-02 The end of an export has one event, with its endpoint and its service", async () => {
  const { events, registration } = await exportService();
  const { endpoint, reference } = registration;
  await registration.close();
  await registration.close();
  assert.deepEqual(events.slice(1), [{ type: "export-unregistration", endpoint, reference }]);
});

Deno.test("EV-03 A failing provider has an error event with exception and service", async () => {
  const { events, reference, failure } = await failToExport();
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
  assert.equal(registrations.length, 2);
  const expected = registrations.map(({ endpoint, reference }) => ({
    type: "export-registration",
    endpoint,
    reference,
  }));
  assert.deepEqual(events, expected);
});

Deno.test("EV-05 An import has one event, with its endpoint and its proxy", () => {
  const { admin, events } = createWorld();
  const endpoint = anEndpoint();
  const { reference } = admin.importService(endpoint);
  assert.deepEqual(events, [{ type: "import-registration", endpoint, reference }]);
  assert.equal(events[0]?.reference, reference);
});

Deno.test("EV-06 The end of an import has one event, with its endpoint and its proxy", () => {
  const { admin, events } = createWorld();
  const registration = admin.importService(anEndpoint());
  const { endpoint, reference } = registration;
  registration.close();
  registration.close();
  assert.deepEqual(events.slice(1), [{ type: "import-unregistration", endpoint, reference }]);
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

Deno.test("EV-09 Listeners are called before the export is done, in the order they were added", async () => {
  const { registry, admin } = createWorld();
  const seen: string[] = [];
  for (const name of ["first", "second"]) {
    admin.addListener(({ type }) => void seen.push(`${name} ${type}`));
  }
  await exportOne(admin, registry.register("A", ANY, EXPORTED).reference);
  assert.deepEqual(seen, ["first export-registration", "second export-registration"]);
});

Deno.test("EV-11 An event of a success has no exception", async () => {
  const { events, registration } = await exportService();
  registration.update({ x: 1 });
  await registration.close();
  assert.deepEqual(events.map((event) => "exception" in event), [false, false, false]);
});

Deno.test("EV-12 A listener that fails or is removed does not end the events of others", async () => {
  const { registry, admin, events } = createWorld();
  admin.addListener(() => {
    throw new Error("listener");
  });
  const seen: string[] = [];
  const subscription = admin.addListener(({ type }) => void seen.push(type));
  subscription.close();
  await exportOne(admin, registry.register("A", ANY, EXPORTED).reference);
  assert.deepEqual([seen, listTypes(events)], [[], ["export-registration"]]);
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

Deno.test("EV-17 Every export and import that fails has an error event", async () => {
  const { events } = await failToExport();
  assert.deepEqual(listTypes(events), ["export-error"]);
  const world = createWorld();
  const { reference } = world.registry.register("A", ANY, { "service.exported.interfaces": "B" });
  await assert.rejects(world.admin.exportService(reference), { code: "not-exportable" });
  assert.deepEqual(listTypes(world.events), ["export-error"]);
  const { registration, events: later } = await exportService();
  registration.update({ "service.exported.interfaces": "B" });
  assert.deepEqual(listTypes(later), ["export-registration", "export-error"]);
});

Deno.test("UP-01 An update describes the same endpoint with the new property", async () => {
  const { registration } = await exportService();
  const before = registration.endpoint;
  registration.update({ someNewProp: "x" });
  const after = registration.endpoint;
  assert.equal(after.extras.get("someNewProp"), "x");
  assert.deepEqual(
    [after.id, after.interfaces, after.frameworkUuid, after.serviceId],
    [before.id, before.interfaces, before.frameworkUuid, before.serviceId],
  );
});

Deno.test("UP-02 A failed update leaves the description as it was, and has the exception", async () => {
  const { registration } = await exportService();
  const before = registration.endpoint;
  registration.update({ "service.exported.intents": "no.such" });
  assert.equal(registration.endpoint, before);
  assert.match(String(registration.exception), /no\.such/);
});

Deno.test("UP-03 An update has an event, after that of the registration", async () => {
  const { registration, events } = await exportService();
  registration.update({ someNewProp: "x" });
  const { endpoint, reference } = registration;
  assert.deepEqual(listTypes(events), ["export-registration", "export-update"]);
  assert.deepEqual(events[1], { type: "export-update", endpoint, reference });
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

Deno.test("UP-09 An update of an import has an event with the new description", () => {
  const { admin, events } = createWorld();
  const registration = admin.importService(anEndpoint());
  const changed = anEndpoint({ id: registration.endpoint.id, extras: new Map([["x", 1]]) });
  registration.update(changed);
  const { reference } = registration;
  assert.deepEqual(events.slice(1), [{ type: "import-update", endpoint: changed, reference }]);
  assert.equal(registration.endpoint, changed);
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

Deno.test("CA-02 Discoveries name their protocols as a capability", () => {
  assert.deepEqual(createDiscoveryCapability([{ name: "etcd3" }, { name: "memory" }]), {
    namespace: "osgi.remoteserviceadmin.discovery",
    attributes: { protocols: ["etcd3", "memory"], version: "1.1" },
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
