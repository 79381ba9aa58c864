import assert from "node:assert/strict";
import { type EndpointDescription, TopologyManager } from "../../../mod.ts";
import {
  DiscoveryError,
  type DiscoveryErrorCode,
  type EndpointAdvertiser,
} from "../../../src/discovery/mod.ts";
import { anEndpoint } from "../../support/endpoints.ts";
import { LogRecorder } from "../../support/events.ts";
import {
  ANY,
  createEvent,
  createExporter,
  createWorld,
  EXPORTED,
  listTypes,
  TestImporter,
} from "../world.ts";

/** Creates an advertiser that records its calls. */
function createAdvertiser(calls: string[]): EndpointAdvertiser {
  const record = (call: string) => Promise.resolve(void calls.push(call));
  return {
    advertise: ({ id }: EndpointDescription) => record(`advertise ${id}`),
    update: ({ id }: EndpointDescription) => record(`update ${id}`),
    unadvertise: (id: string) => record(`unadvertise ${id}`),
  };
}

Deno.test("TopologyManager exports each service that asks for it and follows its properties", async () => {
  const { framework, registry, admin } = createWorld();
  const calls: string[] = [];
  const before = registry.register("IBefore", ANY, EXPORTED);
  const manager = new TopologyManager({ framework, admin, advertisers: [createAdvertiser(calls)] });
  await manager.settled(before.reference);
  const registration = registry.register("ILater", ANY, {});
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
    calls.sort(),
    [
      `advertise ${first}`,
      `advertise ${later}`,
      `unadvertise ${first}`,
      `unadvertise ${later}`,
      `update ${later}`,
    ].sort(),
  );
  manager.close();
  const after = registry.register("IAfter", ANY, EXPORTED);
  await manager.settled(after.reference);
  assert.deepEqual(admin.exports, []);
});

Deno.test("TopologyManager exports anew when the configuration types change", async () => {
  const { framework, registry, admin } = createWorld({
    exportProviders: [createExporter("a"), createExporter("b")],
  });
  const manager = new TopologyManager({ framework, admin });
  const config = (...configs: string[]) => ({ ...EXPORTED, "service.exported.configs": configs });
  const service = registry.register("IAny", ANY, config("a"));
  const exportedTypes = async () => {
    await manager.settled(service.reference);
    return admin.exports.map(({ endpoint }) => endpoint.configurationTypes[0]);
  };
  assert.deepEqual(await exportedTypes(), ["a"]);
  service.setProperties(config("a", "b"));
  assert.deepEqual(await exportedTypes(), ["a", "b"]);
  service.setProperties(config("b"));
  assert.deepEqual(await exportedTypes(), ["b"]);
  const [registration] = admin.exports;
  service.setProperties({ ...config("b"), colour: "red" });
  assert.deepEqual(await exportedTypes(), ["b"]);
  assert.equal(admin.exports[0], registration, "updated, not exported anew");
});

Deno.test("TopologyManager exports no service that is imported", async () => {
  const { framework, registry, admin } = createWorld();
  const manager = new TopologyManager({ framework, admin });
  const extras = new Map([["service.exported.interfaces", "*"], ["Service.Exported.Configs", "x"]]);
  const { reference, endpoint } = admin.importService(anEndpoint({ extras }));
  assert.deepEqual([...endpoint.extras], []);
  await manager.settled(reference);
  const fake = registry.register("IFake", ANY, { ...EXPORTED, "service.imported": true });
  await manager.settled(fake.reference);
  assert.deepEqual(admin.exports, []);
  manager.close();
});

Deno.test("TopologyManager notifies advertisers although another one fails at once", async () => {
  const { framework, registry, admin } = createWorld();
  const calls: string[] = [];
  const broken = () => {
    throw new Error("broken");
  };
  const advertisers = [
    { advertise: broken, update: broken, unadvertise: broken },
    createAdvertiser(calls),
  ];
  const manager = new TopologyManager({ framework, admin, advertisers });
  const service = registry.register("IAny", ANY, EXPORTED);
  await manager.settled(service.reference);
  const [exported] = admin.exports;
  assert.ok(exported);
  await assert.rejects(manager.advertised(exported.endpoint.id), /broken/);
  service.close();
  await manager.settled(service.reference);
  assert.deepEqual(calls.map((call) => call.split(" ")[0]), ["advertise", "unadvertise"]);
});

Deno.test("TopologyManager logs a failed advertisement, except by a discovery that closes", async () => {
  const { framework, registry, admin } = createWorld();
  const logger = new LogRecorder();
  let code: DiscoveryErrorCode = "closed";
  const fail = () => Promise.reject(new DiscoveryError(code, "not now"));
  const advertisers = [{ advertise: fail, update: fail, unadvertise: fail }];
  const manager = new TopologyManager({ framework, admin, advertisers, logger });
  const countErrors = () => logger.all.filter((line) => line.startsWith("error")).length;
  const first = registry.register("IAny", ANY, EXPORTED);
  await manager.settled(first.reference);
  await assert.rejects(manager.advertised(admin.exports[0]?.endpoint.id ?? ""), { code });
  assert.equal(countErrors(), 0);
  code = "unavailable";
  const second = registry.register("IOther", ANY, EXPORTED);
  await manager.settled(second.reference);
  await assert.rejects(manager.advertised(admin.exports[1]?.endpoint.id ?? ""), { code });
  assert.equal(countErrors(), 1);
});

Deno.test("TopologyManager gives a later advertiser what is exported already", async () => {
  const { framework, registry, admin } = createWorld();
  const { reference } = registry.register("IAny", ANY, EXPORTED);
  const manager = new TopologyManager({ framework, admin });
  await manager.settled(reference);
  const calls: string[] = [];
  const subscription = manager.addAdvertiser(createAdvertiser(calls));
  const [exported] = admin.exports;
  assert.deepEqual(calls, [`advertise ${exported?.endpoint.id}`]);
  subscription.close();
  await admin.close();
  assert.equal(calls.length, 1);
});

Deno.test("TopologyManager advertises an endpoint once, until its last registration is closed", async () => {
  const { framework, registry, admin } = createWorld();
  const { reference } = registry.register("IAny", ANY);
  const [early] = await admin.exportService(reference, EXPORTED);
  const calls: string[] = [];
  const manager = new TopologyManager({ framework, admin, advertisers: [createAdvertiser(calls)] });
  const [second] = await admin.exportService(reference, EXPORTED);
  const [third] = await admin.exportService(reference, EXPORTED);
  const id = early?.endpoint.id;
  await second?.close();
  await early?.close();
  assert.deepEqual(calls, [`advertise ${id}`]);
  await third?.close();
  assert.deepEqual(calls, [`advertise ${id}`, `unadvertise ${id}`]);
  manager.close();
});

Deno.test("TopologyManager exports a service whose properties are in another letter case", async () => {
  const { framework, registry, admin } = createWorld();
  const manager = new TopologyManager({ framework, admin });
  const service = registry.register("IAny", ANY, { "SERVICE.EXPORTED.interfaces": "*" });
  await manager.settled(service.reference);
  assert.equal(admin.exports.length, 1);
  service.setProperties({ "Service.Exported.Interfaces": 5 });
  await assert.rejects(manager.settled(service.reference), /service\.exported\.interfaces/);
  service.setProperties({ "service.exported.interfaces": [] });
  await manager.settled(service.reference);
  assert.equal(admin.exports.length, 0);
  manager.close();
});

Deno.test("TopologyManager logs a failed export and makes the next", async () => {
  const { framework, registry, admin } = createWorld();
  const logger = new LogRecorder();
  const manager = new TopologyManager({ framework, admin, logger });
  const bad = registry.register("IBad", ANY, { ...EXPORTED, "service.exported.configs": "x.y" });
  await assert.rejects(manager.settled(bad.reference), { code: "no-provider" });
  bad.setProperties(EXPORTED);
  await manager.settled(bad.reference);
  assert.equal(admin.exports.length, 1);
  assert.equal(logger.all.filter((line) => line.startsWith("error")).length, 1);
});

Deno.test("TopologyManager imports an endpoint until the last discovery removes it", () => {
  const { framework, admin } = createWorld();
  const manager = new TopologyManager({ framework, admin });
  const [one, two] = [{ name: "one" }, { name: "two" }];
  const endpoint = anEndpoint({ timestampMs: 5 });
  const { id } = endpoint;
  manager.endpointChanged(createEvent("added", endpoint, one));
  const stale = anEndpoint({ id, timestampMs: 4, extras: new Map([["colour", "stale"]]) });
  manager.endpointChanged(createEvent("added", stale, two));
  assert.equal(admin.imports.length, 1);
  assert.equal(admin.imports[0]?.endpoint.extras.get("colour"), undefined, "the later one counts");
  const back = anEndpoint({ id, timestampMs: 3, extras: new Map([["colour", "back"]]) });
  manager.endpointChanged(createEvent("modified", back, one));
  assert.equal(admin.imports[0]?.endpoint.extras.get("colour"), "back", "its own source decides");
  manager.endpointChanged(createEvent("removed", endpoint, one));
  manager.endpointChanged(createEvent("removed", endpoint, one));
  assert.equal(admin.imports.length, 1);
  manager.endpointChanged(createEvent("modified-endmatch", endpoint, two));
  assert.equal(admin.imports.length, 0);
  manager.endpointChanged(createEvent("added", endpoint, one));
  assert.equal(admin.imports.length, 1);
});

Deno.test("TopologyManager imports again what was closed by hand, and skips foreign protocols", () => {
  const { framework, admin } = createWorld();
  const manager = new TopologyManager({ framework, admin });
  const endpoint = anEndpoint();
  manager.endpointChanged(createEvent("added", endpoint));
  admin.imports[0]?.close();
  manager.endpointChanged(createEvent("modified", endpoint));
  assert.equal(admin.imports.length, 1);
  manager.endpointChanged(createEvent("added", anEndpoint({ configurationTypes: ["x"] })));
  assert.equal(admin.imports.length, 1);
  const { id } = endpoint;
  const foreign = anEndpoint({ id, configurationTypes: ["x"] });
  manager.endpointChanged(createEvent("modified", foreign));
  assert.equal(admin.imports.length, 0, "nothing can call it any more");
  manager.endpointChanged(createEvent("modified", endpoint));
  assert.equal(admin.imports.length, 1);
});

Deno.test("TopologyManager reports an endpoint that can't be imported once, and closes its import", () => {
  const importer = new TestImporter();
  const { importedConfigs } = importer;
  const requireAddress = ({ containerId }: EndpointDescription) => {
    if (containerId === undefined) throw new TypeError("it has no address");
  };
  const { framework, admin, events } = createWorld({
    importProviders: [{
      importedConfigs,
      importEndpoint(endpoint) {
        requireAddress(endpoint);
        return { ...importer.importEndpoint(endpoint), update: requireAddress };
      },
    }],
  });
  const logger = new LogRecorder();
  const manager = new TopologyManager({ framework, admin, logger });
  const bad = anEndpoint({ containerId: undefined });
  const good = anEndpoint({ id: bad.id });
  manager.endpointChanged(createEvent("added", bad));
  assert.deepEqual(listTypes(events), ["import-error"]);
  manager.endpointChanged(createEvent("modified", good));
  assert.equal(admin.imports.length, 1);
  manager.endpointChanged(createEvent("modified", bad));
  assert.equal(admin.imports.length, 0, "its description says nothing any more");
  manager.endpointChanged(createEvent("modified", good));
  assert.equal(admin.imports.length, 1);
  assert.deepEqual(listTypes(events), [
    "import-error",
    "import-registration",
    "import-error",
    "import-unregistration",
    "import-registration",
  ]);
  assert.deepEqual(
    logger.all.filter((line) => !line.startsWith("info")),
    ["warn An endpoint is not imported: it has no address"],
  );
});
