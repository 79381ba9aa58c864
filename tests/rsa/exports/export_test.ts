import assert from "node:assert/strict";
import type { ExportDistributionProvider, ExportRequest } from "../../../src/distribution/mod.ts";
import { LogRecorder } from "../../support/events.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";
import { ANY, createExporter, createWorld, EXPORTED, exportOne, listTypes } from "../world.ts";

Deno.test("RemoteServiceAdmin describes an export with the service's public properties", async () => {
  const { framework, registry, admin, events } = createWorld();
  const { reference } = registry.register(["IOne", "ITwo"], ANY, {
    "service.exported.interfaces": ["ITwo"],
    "service.intents": "osgi.basic",
    weight: 1.5,
    ".private": 1,
    "service.pid": "a.b",
    tags: ["a", "b c"],
    "component.name": "x",
    "endpoint.package.version.org.example": "1.0.0",
  });
  const { endpoint } = await exportOne(admin, reference);
  assert.deepEqual(endpoint.interfaces, ["ITwo"]);
  assert.equal(endpoint.serviceId, reference.id);
  assert.equal(endpoint.frameworkUuid, framework.uuid);
  assert.deepEqual(endpoint.configurationTypes, ["ecf.xmlrpc.server"]);
  assert.deepEqual(endpoint.intents, ["osgi.basic"]);
  assert.deepEqual([...endpoint.extras], [
    ["weight", 1.5],
    ["service.pid", "a.b"],
    ["tags", ["a", "b c"]],
    ["endpoint.package.version.org.example", "1.0.0"],
    ["rs.methods", ["run"]],
  ]);
  assert.ok(Math.abs(endpoint.timestampMs - Date.now()) < 5000);
  assert.deepEqual(listTypes(events), ["export-registration"]);
});

Deno.test("RemoteServiceAdmin leaves out properties without a faithful form, with a warning", async () => {
  const logger = new LogRecorder();
  const { registry, admin, events } = createWorld({ logger });
  const odd = { map: new Map(), date: new Date(NaN), run() {}, good: 1, none: null };
  const { reference } = registry.register("IAny", ANY, { ...EXPORTED, ...odd });
  const { endpoint } = await exportOne(admin, reference);
  assert.deepEqual([...endpoint.extras.keys()], ["good", "rs.methods"]);
  assert.deepEqual(listTypes(events), ["export-registration", "export-warning"]);
  const [, warning] = events;
  assert.ok(warning !== undefined && "exception" in warning);
  assert.match(String(warning.exception), /Cannot export the properties map, date, run of service/);
  assert.match(logger.all.join(), /map, date, run/);
});

Deno.test("RemoteServiceAdmin gives each endpoint an id that is unique in the process", async () => {
  const [one, two] = [createWorld(), createWorld()];
  const ids = new Set<number | undefined>();
  for (const { registry, admin } of [one, two, one]) {
    const { reference } = registry.register("IAny", ANY, EXPORTED);
    ids.add((await exportOne(admin, reference)).endpoint.remoteServiceId);
  }
  assert.equal(ids.size, 3);
});

Deno.test("RemoteServiceAdmin refuses an export and leaves nothing of it", async () => {
  const { registry, exported, admin, events } = createWorld();
  const cases: [properties: Record<string, unknown>, code: string, message: RegExp][] = [
    [{}, "not-exportable", /IAny.*set service\.exported\.interfaces/],
    [
      { "service.exported.interfaces": "INope" },
      "not-exportable",
      /as INope: it is not registered/,
    ],
    [{ ...EXPORTED, "service.exported.configs": "x.y" }, "no-provider", /no provider has x\.y/],
    [{ ...EXPORTED, "service.exported.intents": "osgi.no" }, "no-provider", /offers osgi\.no$/],
    [
      { ...EXPORTED, "service.exported.intents.extra": ["osgi.basic", "osgi.no"] },
      "no-provider",
      /the intents osgi\.basic, osgi\.no; no provider offers osgi\.no$/,
    ],
  ];
  for (const [properties, code, message] of cases) {
    const { reference } = registry.register("IAny", ANY, properties);
    await assert.rejects(admin.exportService(reference), { code, message });
  }
  const { reference, close } = registry.register("IAny", ANY, EXPORTED);
  close();
  await assert.rejects(admin.exportService(reference), { code: "not-exportable" });
  const comma = registry.register("I,Any", ANY, EXPORTED);
  await assert.rejects(admin.exportService(comma.reference), /without commas, spaces/);
  const empty = registry.register("IAny", {}, EXPORTED);
  await assert.rejects(admin.exportService(empty.reference), /it has no callable method/);
  assert.deepEqual([exported.size, admin.exports.length], [0, 0]);
  assert.deepEqual(listTypes(events), [
    "export-error",
    "export-error",
    "export-warning",
    "export-warning",
    "export-warning",
    "export-error",
    "export-error",
    "export-error",
  ]);
});

Deno.test("RemoteServiceAdmin exports once for each recognized configuration type", async () => {
  const { registry, admin, events } = createWorld({
    exportProviders: [createExporter("a"), createExporter("b"), createExporter("c")],
  });
  const { reference } = registry.register("IAny", ANY, {
    ...EXPORTED,
    "service.exported.configs": ["b", "unknown", "a"],
  });
  const registrations = await admin.exportService(reference);
  assert.deepEqual(
    registrations.map(({ endpoint }) => [endpoint.configurationTypes, endpoint.containerId]),
    [[["b"], "http://127.0.0.1:1/b"], [["a"], "http://127.0.0.1:1/a"]],
  );
  assert.equal(new Set(registrations.map(({ endpoint }) => endpoint.id)).size, 2);
  assert.deepEqual(listTypes(events), ["export-registration", "export-registration"]);
  const plain = registry.register("IAny", ANY, EXPORTED);
  assert.deepEqual((await exportOne(admin, plain.reference)).endpoint.configurationTypes, ["a"]);
});

Deno.test("RemoteServiceAdmin exports with the providers that work when another fails", async () => {
  const broken: ExportDistributionProvider = {
    ...createExporter("broken"),
    exportEndpoint: () => Promise.reject(new Error("port in use")),
  };
  const { registry, admin, events } = createWorld({
    exportProviders: [broken, createExporter("a")],
  });
  const export2 = (configs: string[]) =>
    admin.exportService(
      registry.register("IAny", ANY, { ...EXPORTED, "service.exported.configs": configs })
        .reference,
    );
  const registrations = await export2(["broken", "a"]);
  assert.deepEqual(registrations.map(({ endpoint }) => endpoint.configurationTypes), [["a"]]);
  assert.deepEqual(listTypes(events).sort(), ["export-error", "export-registration"]);
  await assert.rejects(export2(["broken"]), /port in use/);
});

Deno.test("RemoteServiceAdmin overrides properties whatever the case of their names", async () => {
  const { registry, admin } = createWorld();
  const service = registry.register(["IOne", "ITwo"], ANY, { colour: "red", weight: 1 });
  const registration = await exportOne(admin, service.reference, {
    "Service.Exported.Interfaces": "ITwo",
    "service.exported.interfaces": "ITwo",
    COLOUR: "blue",
    objectClass: ["INope"],
    "service.id": 99,
  });
  const { endpoint } = registration;
  assert.deepEqual(endpoint.interfaces, ["ITwo"]);
  assert.equal(endpoint.serviceId, service.reference.id);
  assert.deepEqual([endpoint.extras.get("weight"), endpoint.extras.get("COLOUR")], [1, "blue"]);
  service.setProperties({ weight: 2 });
  registration.update();
  assert.equal(registration.endpoint.extras.get("weight"), 2);
  assert.equal(registration.endpoint.extras.get("COLOUR"), "blue");
  assert.equal(registration.endpoint.id, endpoint.id);
});

Deno.test("ExportRegistration follows the methods that its service allows", async () => {
  let invoke: ExportRequest["invoke"] | undefined;
  const provider: ExportDistributionProvider = {
    ...createExporter("a"),
    exportEndpoint: (request) => {
      invoke = request.invoke;
      return Promise.resolve({ containerId: "a:1", close: () => Promise.resolve() });
    },
  };
  const { registry, admin } = createWorld({ exportProviders: [provider] });
  const allow = (...methods: string[]) => ({ ...EXPORTED, "rs.methods": methods });
  const object = { one: () => 1, two: () => 2 };
  const service = registry.register("IAny", object, allow("one"));
  const registration = await exportOne(admin, service.reference);
  const call = (method: string) =>
    invoke?.({
      method,
      parameters: [],
      headers: {},
      signal: undefined,
      deadlineMs: undefined,
      principal: undefined,
    });
  assert.equal(call("one"), 1);
  assert.throws(() => call("two"), { code: "no-such-method" });
  service.setProperties(allow("two"));
  registration.update();
  assert.deepEqual(registration.endpoint.extras.get("rs.methods"), ["two"]);
  assert.throws(() => call("one"), { code: "no-such-method" });
  assert.equal(call("two"), 2);
  service.setProperties(allow("three"));
  registration.update();
  assert.match(String(registration.exception), /the object has no such method/);
  assert.equal(call("two"), 2);
  service.setProperties({ ...allow("one"), "service.exported.interfaces": "INope" });
  registration.update();
  assert.match(String(registration.exception), /INope/);
  assert.equal(call("two"), 2, "methods stay with the description");
});

Deno.test("ExportRegistration has a later timestamp with each update, whatever the clock does", async () => {
  const clock = new VirtualClock();
  const { registry, admin } = createWorld({ clock });
  const { reference } = registry.register("IA", ANY, EXPORTED);
  const registration = await exportOne(admin, reference);
  const exportedAtMs = registration.endpoint.timestampMs;
  assert.equal(exportedAtMs, clock.epochMs());
  registration.update();
  assert.equal(registration.endpoint.timestampMs, exportedAtMs + 1, "within a millisecond");
  clock.suspend(-60_000);
  registration.update();
  assert.equal(registration.endpoint.timestampMs, exportedAtMs + 2, "after it was set back");
  clock.suspend(120_000);
  registration.update();
  assert.equal(registration.endpoint.timestampMs, clock.epochMs());
});

Deno.test("ExportRegistration keeps its description when an update fails", async () => {
  const { registry, admin } = createWorld();
  const service = registry.register(["IOne", "ITwo"], ANY, EXPORTED);
  const registration = await exportOne(admin, service.reference);
  const { endpoint } = registration;
  registration.update({ "service.exported.interfaces": "INope" });
  assert.match(String(registration.exception), /INope/);
  assert.equal(registration.endpoint, endpoint);
  service.setProperties({ ...EXPORTED, "service.exported.intents": "osgi.no" });
  registration.update();
  assert.match(String(registration.exception), /osgi\.no/);
  registration.update({ ...EXPORTED, "service.exported.intents": "osgi.basic" });
  assert.equal(registration.exception, undefined);
  assert.deepEqual(registration.endpoint.intents, ["osgi.basic"]);
});

Deno.test("RemoteServiceAdmin keeps an endpoint until its last registration is closed", async () => {
  const { registry, admin, exported, events } = createWorld();
  const { reference } = registry.register("IAny", ANY, EXPORTED);
  const [one, two] = await Promise.all([exportOne(admin, reference), exportOne(admin, reference)]);
  assert.equal(one.endpoint, two.endpoint);
  assert.equal(admin.exports.length, 2);
  await one.close();
  await one.close();
  assert.equal(exported.size, 1);
  await two.close();
  assert.equal(exported.size, 0);
  assert.deepEqual(listTypes(events), [
    "export-registration",
    "export-registration",
    "export-unregistration",
    "export-unregistration",
  ]);
  const again = await exportOne(admin, reference);
  assert.notEqual(again.endpoint.id, one.endpoint.id);
});

Deno.test("RemoteServiceAdmin ends exports with their service", async () => {
  const { registry, admin, exported, events } = createWorld();
  const service = registry.register("IAny", ANY, EXPORTED);
  await Promise.all([exportOne(admin, service.reference), exportOne(admin, service.reference)]);
  service.close();
  assert.equal(admin.exports.length, 0);
  assert.equal(exported.size, 0);
  assert.equal(events.at(-1)?.type, "export-unregistration");
});

Deno.test("RemoteServiceAdmin exports anew while the last registration is being closed", async () => {
  const { registry, admin, exported } = createWorld();
  const { reference } = registry.register("IAny", ANY, EXPORTED);
  const one = await exportOne(admin, reference);
  const exporting = exportOne(admin, reference);
  await one.close();
  const two = await exporting;
  assert.equal(exported.size, 1);
  assert.ok(exported.has(two.endpoint.remoteServiceId));
  await two.close();
  assert.deepEqual([exported.size, admin.exports.length], [0, 0]);
});

Deno.test("RemoteServiceAdmin logs listeners that throw or reject, and goes on", async () => {
  const logger = new LogRecorder();
  const { registry, admin, events } = createWorld({ logger });
  admin.addListener(() => {
    throw new Error("throws");
  });
  admin.addListener(() => Promise.reject(new Error("rejects")));
  const later: string[] = [];
  const subscription = admin.addListener(({ type }) => later.push(type));
  const registration = await exportOne(admin, registry.register("IAny", ANY, EXPORTED).reference);
  subscription.close();
  await registration.close();
  assert.deepEqual(later, ["export-registration"]);
  assert.equal(events.length, 2);
  assert.match(logger.all.join(), /listener of export-registration of .* failed: throws/);
  assert.match(logger.all.join(), /failed: rejects/);
});
