import assert from "node:assert/strict";
import {
  type EndpointDescription,
  Framework,
  RemoteServiceAdmin,
  TopologyManager,
} from "../../mod.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { LogRecorder, Recorder } from "../support/events.ts";
import { createImporter, createWorld, EXPORTED, exportOne } from "./world.ts";

Deno.test("an export is described from the service's properties", async () => {
  const { framework, registry, admin, events } = createWorld();
  const { reference } = registry.register(["IOne", "ITwo"], {}, {
    ...{ "service.exported.interfaces": ["ITwo"], "service.intents": "osgi.basic", weight: 1.5 },
    ...{ ".private": 1, "service.secret": 2, tags: ["a", "b"] },
    ...{ "endpoint.package.version.org.example": "1.0.0" },
  });
  const { endpoint } = await exportOne(admin, reference);
  assert.deepEqual(endpoint.interfaces, ["ITwo"]);
  assert.equal(endpoint.serviceId, reference.id);
  assert.equal(endpoint.frameworkUuid, framework.uuid);
  assert.deepEqual(endpoint.configurationTypes, ["ecf.xmlrpc.server"]);
  assert.deepEqual(endpoint.intents, ["osgi.basic"]);
  assert.deepEqual([...endpoint.extras], [
    ["weight", 1.5],
    ["service.secret", 2],
    ["tags", ["a", "b"]],
    ["endpoint.package.version.org.example", "1.0.0"],
  ]);
  assert.ok(Math.abs(endpoint.timestampMs - Date.now()) < 5000);
  assert.deepEqual(events.map(({ type }) => type), ["export-registration"]);
  assert.equal((await exportOne(admin, reference)).endpoint, endpoint, "one export each");
});

Deno.test("remote service ids are unique in the process", async () => {
  const [one, two] = [createWorld(), createWorld()];
  const ids = new Set<number | undefined>();
  for (const { registry, admin } of [one, two, one]) {
    const { reference } = registry.register("IAny", {}, EXPORTED);
    ids.add((await exportOne(admin, reference)).endpoint.remoteServiceId);
  }
  assert.equal(ids.size, 3);
});

Deno.test("what can't be exported is refused, and nothing is left half done", async () => {
  const { registry, exported, admin, events } = createWorld();
  const refuse = async (properties: Record<string, unknown>, code: string, message: RegExp) => {
    const { reference } = registry.register("IAny", {}, properties);
    await assert.rejects(admin.exportService(reference), { code, message });
  };
  await refuse({}, "not-exportable", /IAny.*set service\.exported\.interfaces/);
  await refuse(
    { "service.exported.interfaces": "INope" },
    "not-exportable",
    /as INope: it is not registered/,
  );
  await refuse(
    { ...EXPORTED, "service.exported.configs": "x.y" },
    "no-provider",
    /no provider has x\.y/,
  );
  await refuse(
    { ...EXPORTED, "service.exported.intents": "osgi.private" },
    "no-provider",
    /osgi\.private/,
  );
  const { reference, close: unregister } = registry.register("IAny", {}, EXPORTED);
  unregister();
  await assert.rejects(admin.exportService(reference), { code: "not-exportable" });
  assert.equal(exported.size, 0);
  assert.equal(admin.exports.length, 0);
  assert.deepEqual(events.map(({ type }) => type), [
    ...["export-error", "export-error", "export-warning", "export-warning", "export-error"],
  ]);
});

Deno.test("an intent that nobody offers is named", async () => {
  const { registry, admin } = createWorld();
  const { reference } = registry.register("IAny", {}, {
    ...EXPORTED,
    "service.exported.intents": ["osgi.basic"],
    "service.exported.intents.extra": ["osgi.confidential"],
  });
  await assert.rejects(admin.exportService(reference), {
    message: /no provider offers osgi\.confidential/,
  });
  const other = registry.register("IAny", {}, {
    ...EXPORTED,
    "service.exported.intents": "osgi.basic",
  });
  const { endpoint } = await exportOne(admin, other.reference);
  assert.deepEqual(endpoint.intents, ["osgi.basic"]);
});

Deno.test("what overrides counts before the service's properties, whatever its case", async () => {
  const { registry, admin } = createWorld();
  const service = registry.register(["IOne", "ITwo"], {}, { colour: "red", weight: 1 });
  const registration = await exportOne(admin, service.reference, {
    ...{ "Service.Exported.Interfaces": "ITwo", "service.exported.interfaces": "ITwo" },
    ...{ COLOUR: "blue", objectClass: ["INope"], "service.id": 99 },
  });
  const { endpoint } = registration;
  assert.deepEqual(endpoint.interfaces, ["ITwo"]);
  assert.equal(endpoint.serviceId, service.reference.id);
  assert.deepEqual([...endpoint.extras], [["weight", 1], ["COLOUR", "blue"]]);
  service.setProperties({ weight: 2 });
  registration.update();
  assert.equal(registration.endpoint.extras.get("weight"), 2);
  assert.equal(registration.endpoint.extras.get("COLOUR"), "blue");
  assert.equal(registration.endpoint.id, endpoint.id);
  registration.update({ "service.exported.interfaces": "INope" });
  assert.match(String(registration.exception), /INope/);
  assert.deepEqual(registration.endpoint.interfaces, ["ITwo"], "as it was");
  registration.update({ "service.exported.interfaces": "*" });
  assert.equal(registration.exception, undefined);
  assert.deepEqual(registration.endpoint.interfaces, ["IOne", "ITwo"]);
});

Deno.test("an endpoint lives until the last registration of it is closed", async () => {
  const { registry, admin, exported, events } = createWorld();
  const { reference } = registry.register("IAny", {}, EXPORTED);
  const [one, two] = await Promise.all([
    exportOne(admin, reference),
    exportOne(admin, reference),
  ]);
  assert.equal(one.endpoint, two.endpoint);
  assert.equal(admin.exports.length, 2);
  await one.close();
  await one.close();
  assert.equal(exported.size, 1);
  await two.close();
  assert.equal(exported.size, 0);
  assert.deepEqual(events.map(({ type }) => type), [
    "export-registration",
    "export-unregistration",
  ]);
  const again = await exportOne(admin, reference);
  assert.notEqual(again.endpoint.id, one.endpoint.id);
});

Deno.test("a proxy is registered as the asynchronous twins of its interfaces, and numbers are numbers", () => {
  const { registry, admin } = createWorld();
  const { reference } = admin.importService(anEndpoint({
    interfaces: ["IOne", "ITwoAsync"],
    extras: new Map([
      ...[["ecf.exported.async.interfaces", "*"], ["osgi.basic.timeout", "60000"]] as const,
      ...[["service.ranking", "-5"], ["weight", "1"]] as const,
    ]),
  }));
  assert.deepEqual(reference.interfaces, ["IOne", "ITwoAsync", "IOneAsync"]);
  assert.equal(registry.getReferences("IOneAsync").length, 1);
  const { properties } = reference;
  assert.deepEqual(
    [properties["osgi.basic.timeout"], properties["service.ranking"], properties.weight],
    [60_000, -5, "1"],
  );
});

Deno.test("an export ends with its service, whoever asked for it", async () => {
  const { registry, admin, exported, events } = createWorld();
  const service = registry.register("IAny", {}, EXPORTED);
  await Promise.all([
    exportOne(admin, service.reference),
    exportOne(admin, service.reference),
  ]);
  service.close();
  assert.equal(admin.exports.length, 0);
  assert.equal(exported.size, 0);
  assert.equal(events.at(-1)?.type, "export-unregistration");
});

Deno.test("who exports while the last one lets go gets an endpoint that answers", async () => {
  const { registry, admin, exported } = createWorld();
  const { reference } = registry.register("IAny", {}, EXPORTED);
  const one = await exportOne(admin, reference);
  const exporting = exportOne(admin, reference);
  await one.close();
  const two = await exporting;
  assert.equal(exported.size, 1);
  assert.ok(exported.has(two.endpoint.remoteServiceId));
  await two.close();
  assert.deepEqual([exported.size, admin.exports.length], [0, 0]);
});

Deno.test("an import that fails holds nothing, and none is made once the admin is closed", async () => {
  const { registry, admin } = createWorld();
  const endpoint = anEndpoint();
  const registration = admin.importService(endpoint);
  assert.throws(
    () => admin.importService(anEndpoint({ id: endpoint.id, configurationTypes: ["x"] })),
    {
      code: "no-provider",
    },
  );
  registration.close();
  assert.deepEqual(registry.getReferences(), []);
  await admin.close();
  assert.throws(() => admin.importService(endpoint), { code: "closed" });
});

Deno.test("what is imported is not exported again, whatever its description says", async () => {
  const { framework, registry, admin } = createWorld();
  const manager = new TopologyManager({ framework, admin });
  const extras = new Map([["service.exported.interfaces", "*"], ["Service.Exported.Configs", "x"]]);
  const { reference, endpoint } = admin.importService(anEndpoint({ extras }));
  assert.deepEqual([...endpoint.extras], []);
  await manager.settled(reference);
  const fake = registry.register("IFake", {}, { ...EXPORTED, "service.imported": true });
  await manager.settled(fake.reference);
  assert.deepEqual(admin.exports, []);
  manager.close();
});

Deno.test("an update to intents that nobody offers fails and leaves the description", async () => {
  const { registry, admin } = createWorld();
  const service = registry.register("IAny", {}, EXPORTED);
  const registration = await exportOne(admin, service.reference);
  const { endpoint } = registration;
  service.setProperties({ ...EXPORTED, "service.exported.intents": "osgi.private" });
  registration.update();
  assert.match(String(registration.exception), /osgi\.private/);
  assert.equal(registration.endpoint, endpoint);
});

Deno.test("an advertiser that fails at once keeps the others from nothing", async () => {
  const { framework, registry, admin } = createWorld();
  const told: string[] = [];
  const broken = () => {
    throw new Error("broken");
  };
  const manager = new TopologyManager({
    framework,
    admin,
    advertisers: [{ advertise: broken, update: broken, unadvertise: broken }, {
      advertise: () => Promise.resolve(void told.push("advertise")),
      update: () => Promise.resolve(void told.push("update")),
      unadvertise: () => Promise.resolve(void told.push("unadvertise")),
    }],
  });
  const service = registry.register("IAny", {}, EXPORTED);
  await manager.settled(service.reference);
  const [exported] = admin.exports;
  assert.ok(exported);
  await assert.rejects(manager.advertised(exported.endpoint.id), /broken/);
  service.close();
  await manager.settled(service.reference);
  assert.deepEqual(told, ["advertise", "unadvertise"]);
});

Deno.test("an advertiser that comes later is told what is exported already", async () => {
  const { framework, registry, admin } = createWorld();
  const { reference } = registry.register("IAny", {}, EXPORTED);
  const manager = new TopologyManager({ framework, admin });
  await manager.settled(reference);
  const told: string[] = [];
  const remove = manager.addAdvertiser({
    advertise: ({ id }) => Promise.resolve(void told.push(`advertise ${id}`)),
    update: () => Promise.resolve(),
    unadvertise: (id) => Promise.resolve(void told.push(`unadvertise ${id}`)),
  });
  const [exported] = admin.exports;
  assert.deepEqual(told, [`advertise ${exported?.endpoint.id}`]);
  remove.close();
  await admin.close();
  assert.equal(told.length, 1);
});

Deno.test("an import is a service with the endpoint's properties until it is closed", () => {
  const { registry, admin, events } = createWorld();
  const endpoint = anEndpoint({ extras: new Map([["colour", "red"]]) });
  const registration = admin.importService(endpoint);
  const [reference] = registry.getReferences("org.example.IAny");
  assert.equal(reference, registration.reference);
  assert.equal(reference?.properties["service.imported"], true);
  assert.equal(reference?.properties.colour, "red");
  assert.equal(reference?.properties["endpoint.id"], endpoint.id);
  const blue = anEndpoint({ id: endpoint.id, extras: new Map([["colour", "blue"]]) });
  const linked = admin.importService(blue);
  assert.equal(linked.reference, reference);
  assert.equal(reference?.properties.colour, "blue");
  registration.close();
  registration.close();
  assert.equal(admin.imports.length, 1);
  assert.equal(registry.getReferences().length, 1, "somebody still holds it");
  linked.close();
  assert.deepEqual(registry.getReferences(), []);
  assert.deepEqual(
    events.map(({ type }) => type),
    ["import-registration", "import-update", "import-unregistration"],
  );
  assert.throws(() => admin.importService(anEndpoint({ id: "x" })).update(endpoint), {
    name: "TypeError",
  });
  assert.throws(() => admin.importService(anEndpoint({ configurationTypes: ["x"] })), {
    code: "no-provider",
  });
});

Deno.test("an endpoint description with a property missing or wrong is refused by its name", () => {
  const cases: [init: Record<string, unknown>, name: RegExp][] = [
    [{ id: "" }, /endpoint\.id/],
    [{ interfaces: [] }, /objectClass/],
    [{ interfaces: ["a b"] }, /objectClass/],
    [{ configurationTypes: [] }, /service\.imported\.configs/],
    [{ serviceId: -1 }, /endpoint\.service\.id/],
    [{ remoteServiceId: 1.5 }, /ecf\.rsvc\.id/],
    [{ timestampMs: NaN }, /ecf\.endpoint\.ts/],
    [{ containerId: "" }, /ecf\.endpoint\.id/],
  ];
  for (const [init, message] of cases) {
    assert.throws(() => anEndpoint(init), { name: "TypeError", message });
  }
});

Deno.test("the topology manager exports what asks for it and follows its properties", async () => {
  const { framework, registry, admin } = createWorld();
  const advertised: string[] = [];
  const note = (what: string) => ({ id }: EndpointDescription) =>
    Promise.resolve(void advertised.push(`${what} ${id}`));
  const before = registry.register("IBefore", {}, EXPORTED);
  const manager = new TopologyManager({
    framework,
    admin,
    advertisers: [{
      advertise: note("advertise"),
      update: note("update"),
      unadvertise: (id) => Promise.resolve(void advertised.push(`unadvertise ${id}`)),
    }],
  });
  await manager.settled(before.reference);
  const registration = registry.register("ILater", {}, {});
  assert.equal(admin.exports.length, 1);
  registration.setProperties(EXPORTED);
  registration.setProperties({ ...EXPORTED, a: 1 });
  await manager.settled(registration.reference);
  const [first, later] = admin.exports.map(({ endpoint }) => endpoint.id);
  registration.setProperties({});
  before.close();
  await manager.settled(registration.reference);
  await manager.settled(before.reference);
  assert.equal(admin.exports.length, 0);
  assert.deepEqual(
    advertised.sort(),
    [
      ...[`advertise ${first}`, `advertise ${later}`, `unadvertise ${first}`],
      ...[`unadvertise ${later}`, `update ${later}`],
    ].sort(),
  );
  manager.close();
  const after = registry.register("IAfter", {}, EXPORTED);
  await manager.settled(after.reference);
  await exportOne(admin, registry.register("IOther", {}, EXPORTED).reference);
  assert.deepEqual(admin.exports.map(({ endpoint }) => endpoint.interfaces), [["IOther"]]);
});

Deno.test("a failed export is logged and does not stop the next", async () => {
  const { framework, registry, admin } = createWorld();
  const logger = new LogRecorder();
  const manager = new TopologyManager({ framework, admin, logger });
  const bad = registry.register("IBad", {}, { ...EXPORTED, "service.exported.configs": "x.y" });
  await assert.rejects(manager.settled(bad.reference), { code: "no-provider" });
  bad.setProperties(EXPORTED);
  await manager.settled(bad.reference);
  assert.equal(admin.exports.length, 1);
  assert.equal(logger.all.filter((line) => line.startsWith("error")).length, 1);
});

Deno.test("admin listeners that fail are logged and harm nobody", async () => {
  const logger = new Recorder<string>();
  const log = (line: string) => logger.add(line);
  const admin = new RemoteServiceAdmin({
    framework: new Framework(),
    importProviders: [createImporter()],
    logger: { debug: log, info: log, warn: log, error: log },
  });
  admin.addListener(() => {
    throw new Error("broken");
  });
  admin.importService(anEndpoint());
  assert.match(logger.all.join(), /broken/);
  await admin.close();
});
