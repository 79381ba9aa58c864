import assert from "node:assert/strict";
import { selectTravellingProperties } from "../../../src/rsa/exports/export_properties.ts";
import { anEndpoint } from "../../support/endpoints.ts";
import { ANY, createWorld, EXPORTED, exportOne } from "../world.ts";

Deno.test("selectTravellingProperties takes the public properties of a service", () => {
  const { properties, leftOut } = selectTravellingProperties({
    "service.pid": "p",
    "service.description": "d",
    "service.vendor": "v",
    "service.ranking": 5,
    "remote.colour": "red",
    "endpoint.package.version.a.b": "1.0.0",
    "rs.types": "mine",
    objectClass: ["a.B"],
    "service.id": 5,
    "service.bundleid": 1,
    "service.scope": "singleton",
    "SERVICE.EXPORTED.interfaces": "*",
    "service.imported": true,
    "service.imported.configs": ["x"],
    "service.intents": ["osgi.basic"],
    "endpoint.id": "x",
    "ecf.rsvc.id": 5,
    "component.name": "c",
    "instance.name": "i",
    ".private": 1,
    missing: undefined,
    none: null,
  });
  assert.deepEqual(Object.fromEntries(properties), {
    "service.pid": "p",
    "service.description": "d",
    "service.vendor": "v",
    "service.ranking": 5,
    "remote.colour": "red",
    "endpoint.package.version.a.b": "1.0.0",
  });
  assert.deepEqual(leftOut, []);
});

Deno.test("selectTravellingProperties names the properties that cannot travel", () => {
  const { properties, leftOut } = selectTravellingProperties({
    a: { b: 1 },
    map: new Map(),
    f: () => 1,
    date: new Date(NaN),
    list: [[1]],
    size: 9,
    SIZE: 10,
    good: [1, new Date(0)],
  });
  assert.deepEqual(leftOut, ["a", "map", "f", "date", "list", "SIZE"]);
  assert.deepEqual([...properties], [["size", 9], ["good", [1, new Date(0)]]]);
});

Deno.test("RemoteServiceAdmin warns of properties that it leaves out, at export and update", async () => {
  const { registry, admin, events } = createWorld();
  const { reference } = registry.register("IAny", ANY, { ...EXPORTED, bad: {}, good: 1 });
  const registration = await exportOne(admin, reference);
  const { extras } = registration.endpoint;
  assert.deepEqual([extras.get("good"), extras.has("bad")], [1, false]);
  registration.update({ worse: new Map() });
  const warnings = events.filter(({ type }) => type === "export-warning");
  assert.deepEqual(
    warnings.map((event) => "exception" in event && String(event.exception)),
    ["bad", "bad, worse"].map((names) =>
      `TypeError: Cannot export the properties ${names} of service ${reference.id}: they have no ` +
      "form that can travel; give strings, numbers, booleans, dates, bytes or lists of them"
    ),
  );
  assert.ok(events.every((event) => event.type !== "export-error"));
});

Deno.test("RemoteServiceAdmin gives a proxy typed properties without private ones", () => {
  const { registry, admin } = createWorld();
  admin.importService(anEndpoint({
    extras: new Map<string, string | number>([["size", 9], ["service.ranking", "5"], [".p", 1]]),
  }));
  const [reference] = registry.getReferences("org.example.IAny", "(&(size>=8)(!(size>=10)))");
  assert.equal(reference?.properties["service.ranking"], 5);
  assert.equal(reference?.properties[".p"], undefined);
});
