import assert from "node:assert/strict";
import { createEndpoint, EndpointDescription } from "../../src/endpoint/mod.ts";
import { Framework, type ServiceProperties, ServiceRegistry } from "../../src/framework/mod.ts";

const MINIMAL: Readonly<Record<string, unknown>> = {
  "endpoint.id": "urn:a",
  objectClass: ["com.example.A", "org.second.B"],
  "service.imported.configs": ["com.example.config"],
};
const create = (more: Readonly<Record<string, unknown>> = {}) =>
  createEndpoint({ ...MINIMAL, ...more });
const refuse = (more: Readonly<Record<string, unknown>>, name: string) =>
  assert.throws(() => create(more), (error: Error) => {
    assert.ok(error instanceof TypeError);
    return error.message.toLowerCase().includes(name.toLowerCase());
  });
const without = (name: string) =>
  Object.fromEntries(Object.entries(MINIMAL).filter(([key]) => key !== name));

/** Returns the reference of a service with properties. */
function register(properties: ServiceProperties) {
  return new ServiceRegistry().register("com.example.A", {}, properties).reference;
}

Deno.test("ED-01 EndpointDescription refuses an empty property map", () => {
  assert.throws(() => createEndpoint({}), TypeError);
  assert.throws(() => createEndpoint(new Map()), TypeError);
});

Deno.test("ED-02 EndpointDescription requires objectClass", () => {
  assert.throws(() => createEndpoint({ "endpoint.id": "urn:a" }), /objectClass/);
  assert.throws(() => createEndpoint(without("objectClass")), /objectClass/);
});

Deno.test("ED-03 EndpointDescription requires service.imported.configs", () => {
  assert.throws(() => createEndpoint(without("service.imported.configs")), /imported\.configs/);
});

Deno.test("ED-04 EndpointDescription accepts the minimum of three properties", () => {
  for (const name of Object.keys(MINIMAL)) {
    assert.throws(() => createEndpoint(without(name)), TypeError);
  }
  assert.equal(create().serviceId, 0);
});

Deno.test("ED-05 EndpointDescription has the given endpoint.id", () => {
  assert.equal(create().id, "urn:a");
});

Deno.test("ED-06 EndpointDescription has the service id 0 if none is given", () => {
  assert.equal(create().serviceId, 0);
});

Deno.test("ED-07 EndpointDescription has an undefined framework UUID if none is given", () => {
  assert.equal(create().frameworkUuid, undefined);
});

Deno.test("ED-08 EndpointDescription has the given framework UUID", () => {
  assert.equal(create({ "endpoint.framework.uuid": "u" }).frameworkUuid, "u");
});

Deno.test("ED-09 EndpointDescription refuses a framework UUID that is not a string", () => {
  for (const uuid of [5, {}, ["u"], true]) {
    refuse({ "endpoint.framework.uuid": uuid }, "endpoint.framework.uuid");
  }
});

Deno.test("ED-10 EndpointDescription refuses an endpoint.service.id that is a string", () => {
  refuse({ "endpoint.service.id": "5" }, "endpoint.service.id");
});

Deno.test("ED-11 EndpointDescription refuses an endpoint.service.id that is an object", () => {
  refuse({ "endpoint.service.id": {} }, "endpoint.service.id");
  refuse({ "endpoint.service.id": [5] }, "endpoint.service.id");
});

Deno.test("ED-12 EndpointDescription has the given endpoint.service.id", () => {
  for (const id of [12, 12n]) assert.equal(create({ "endpoint.service.id": id }).serviceId, 12);
  for (const id of [1.5, -1, NaN, 2n ** 64n]) {
    refuse({ "endpoint.service.id": id }, "endpoint.service.id");
  }
});

Deno.test("ED-13 EndpointDescription refuses an endpoint.id that is not a string", () => {
  for (const id of [5, {}, ["urn:a"], true]) refuse({ "endpoint.id": id }, "endpoint.id");
});

Deno.test("ED-14 EndpointDescription refuses an objectClass that is one string", () => {
  refuse({ objectClass: "com.example.A" }, "objectClass");
});

Deno.test("ED-15 EndpointDescription refuses an empty objectClass", () => {
  refuse({ objectClass: [] }, "objectClass");
});

Deno.test("ED-16 EndpointDescription has the given interfaces in their order", () => {
  assert.deepEqual(create().interfaces, MINIMAL.objectClass);
  assert.deepEqual(create({ objectClass: ["z.Z", "a.A"] }).interfaces, ["z.Z", "a.A"]);
});

Deno.test("ED-17 EndpointDescription keeps interfaces that differ only in letter case", () => {
  const objectClass = ["com.example.A", "com.example.a"];
  assert.deepEqual(create({ objectClass }).interfaces, objectClass);
});

Deno.test("ED-18 EndpointDescription refuses service.imported.configs of a foreign type", () => {
  for (const configs of [5, {}, new Map(), true]) {
    refuse({ "service.imported.configs": configs }, "service.imported.configs");
  }
});

Deno.test("ED-19 EndpointDescription refuses an empty service.imported.configs", () => {
  for (const configs of ["", " ", [], [""], new Set(), [null, 5]]) {
    refuse({ "service.imported.configs": configs }, "service.imported.configs");
  }
});

Deno.test("ED-20 EndpointDescription reads configuration types as string, array and set", () => {
  const read = (configs: unknown) =>
    create({ "service.imported.configs": configs }).configurationTypes;
  assert.deepEqual(read("x"), ["x"]);
  assert.deepEqual(read(["x", "y"]), ["x", "y"]);
  assert.deepEqual(read(new Set(["y", "x"])), ["y", "x"]);
});

Deno.test("ED-21 EndpointDescription refuses two names that differ only in letter case", () => {
  refuse({ colour: 1, Colour: 2 }, "colour");
  refuse({ "ENDPOINT.ID": "urn:b" }, "endpoint.id");
  const extras = new Map([["a", 1], ["A", 2]]);
  const { id, interfaces, configurationTypes } = create();
  assert.throws(
    () => new EndpointDescription({ id, interfaces, configurationTypes, extras }),
    TypeError,
  );
});

Deno.test("ED-22 EndpointDescription refuses a name that is not a string", () => {
  const properties = new Map<unknown, unknown>([...Object.entries(MINIMAL), [5, "x"]]);
  const given = properties as ReadonlyMap<string, unknown>;
  assert.throws(() => createEndpoint(given), {
    name: "TypeError",
    message: /5 is not a property name/,
  });
  assert.throws(() => createEndpoint(given, register({})), /5 is not a property name/);
});

Deno.test("ED-23 EndpointDescription finds properties in any letter case", () => {
  const endpoint = createEndpoint({
    "ENDPOINT.ID": "urn:a",
    OBJECTCLASS: ["a.B"],
    "Service.Imported.Configs": "x",
    Colour: "red",
  });
  assert.equal(endpoint.id, "urn:a");
  for (const name of ["endpoint.id", "ENDPOINT.ID", "Endpoint.Id"]) {
    assert.equal(endpoint.getProperty(name), "urn:a");
  }
  assert.equal(endpoint.getProperty("colouR"), "red");
});

Deno.test("ED-24 EndpointDescription trims endpoint.id", () => {
  assert.equal(create({ "endpoint.id": " \turn:a " }).id, "urn:a");
});

Deno.test("ED-25 EndpointDescription sets service.imported", () => {
  assert.equal(create().getProperty("service.imported"), "true");
});

Deno.test("ED-26 EndpointDescription sets service.imported whatever is given", () => {
  for (const imported of [false, "no", 5]) {
    assert.equal(create({ "service.imported": imported }).getProperty("service.imported"), "true");
  }
});

Deno.test("ED-27 EndpointDescription removes service.exported properties in any letter case", () => {
  const more = { "service.exported.interfaces": "*", "SERVICE.EXPORTED.configs": "x" };
  for (const endpoint of [create(more), createEndpoint(MINIMAL, register(more))]) {
    const names = [...endpoint.properties.keys()];
    assert.ok(!names.some((name) => /^service\.exported\./i.test(name)));
  }
});

Deno.test("ED-28 EndpointDescription keeps additional names, also those with a leading dot", () => {
  const endpoint = create({ ".private": 1, "x y": "z" });
  assert.deepEqual([...endpoint.extras], [[".private", 1], ["x y", "z"]]);
});

Deno.test("ED-29 EndpointDescription can't be changed", () => {
  const set = new Set([1]);
  const endpoint = create({ list: [1], set, "service.intents": ["x"], size: 5 });
  const text = String(endpoint);
  (endpoint.properties as Map<string, unknown>).clear();
  set.add(2);
  const { extras, interfaces, intents, configurationTypes } = endpoint;
  assert.throws(() => (extras as Map<string, unknown>).set("size", 6), TypeError);
  assert.throws(() => (extras as Map<string, unknown>).delete("size"), TypeError);
  assert.throws(() => (extras as Map<string, unknown>).clear(), TypeError);
  assert.throws(() => (extras.get("set") as Set<number>).add(3), TypeError);
  for (const list of [extras.get("list"), interfaces, intents, configurationTypes]) {
    assert.throws(() => (list as unknown[]).push("x"), TypeError);
  }
  assert.throws(() => ((endpoint as { interfaces: unknown }).interfaces = 5), TypeError);
  assert.equal(String(endpoint), text);
});

const VERSION = "endpoint.package.version.";

Deno.test("ED-30 EndpointDescription has version 0.0.0 of a package without a version", () => {
  assert.equal(create().getPackageVersion("com.example"), "0.0.0");
});

Deno.test("ED-31 EndpointDescription has version 0.0.0 of a package of no interface", () => {
  assert.equal(create().getPackageVersion("nowhere"), "0.0.0");
  assert.equal(create({ [`${VERSION}org.second`]: "1" }).getPackageVersion("org.second"), "1.0.0");
});

Deno.test("ED-32 EndpointDescription has the given version of the first interface's package", () => {
  const version = "1.2.3.some-qualifier";
  const endpoint = create({ [`${VERSION}com.example`]: version });
  assert.equal(endpoint.getPackageVersion("com.example"), version);
  assert.equal(endpoint.getPackageVersion("org.second"), "0.0.0");
});

Deno.test("ED-33 EndpointDescription refuses an invalid version of the first interface", () => {
  refuse({ [`${VERSION}com.example`]: "x.y" }, VERSION);
});

Deno.test("ED-34 EndpointDescription refuses an invalid version of the second interface", () => {
  refuse({ [`${VERSION}org.second`]: "1.2.3.4.5" }, VERSION);
});

Deno.test("ED-35 EndpointDescription refuses a version that is not a string", () => {
  for (const version of [1, ["1.0.0"], true]) {
    refuse({ [`${VERSION}com.example`]: version }, VERSION);
  }
});

Deno.test("ED-36 EndpointDescription has the given version of the second interface's package", () => {
  const endpoint = create({ [`ENDPOINT.package.version.org.second`]: "2.1" });
  assert.equal(endpoint.getPackageVersion("org.second"), "2.1.0");
});

Deno.test("ED-37 EndpointDescription checks no version for an interface without a package", () => {
  const endpoint = create({ objectClass: ["A"], [VERSION]: "x", [`${VERSION}A`]: "y" });
  assert.deepEqual(endpoint.interfaces, ["A"]);
});

Deno.test("ED-38 EndpointDescription has no intents if none are given", () => {
  assert.deepEqual(create().intents, []);
});

Deno.test("ED-39 EndpointDescription has no intents if they are of a foreign type", () => {
  for (const intents of [5, {}, new Map(), true, []]) {
    assert.deepEqual(create({ "service.intents": intents }).intents, []);
  }
});

Deno.test("ED-40 EndpointDescription reads intents as string, array and set", () => {
  const read = (intents: unknown) => create({ "service.intents": intents }).intents;
  assert.deepEqual(read("x"), ["x"]);
  assert.deepEqual(read(["x", "y"]), ["x", "y"]);
  assert.deepEqual(read(new Set(["y", "x"])), ["y", "x"]);
});

Deno.test("ED-41 EndpointDescription skips members of lists that are not strings", () => {
  const list = ["x", null, 5, undefined, {}, "y"];
  assert.deepEqual(create({ "service.intents": list }).intents, ["x", "y"]);
  const endpoint = create({ "service.imported.configs": new Set(list) });
  assert.deepEqual(endpoint.configurationTypes, ["x", "y"]);
});

Deno.test("ED-42 EndpointDescription reads intents of a reference as it does those of a map", () => {
  const read = (intents: unknown) =>
    createEndpoint(null, register({ ...MINIMAL, "service.intents": intents })).intents;
  assert.deepEqual(read("x"), ["x"]);
  assert.deepEqual(read(["x", "y"]), ["x", "y"]);
  assert.deepEqual(read(new Set(["y", "x"])), ["y", "x"]);
  assert.deepEqual(read(5), []);
});

Deno.test("ED-43 EndpointDescription has a text form with braces and brackets", () => {
  assert.equal(
    String(create({ size: 5 })),
    "{objectClass=[com.example.A,org.second.B],endpoint.id=urn:a," +
      "service.imported.configs=[com.example.config],service.imported=true,size=5}",
  );
});

Deno.test("ED-50 EndpointDescription refuses a reference without endpoint.id and configs", () => {
  for (const none of [{}, null, undefined]) {
    assert.throws(() => createEndpoint(none, register({ colour: "red" })), (error: Error) => {
      return error instanceof TypeError && error.message.includes("endpoint.id");
    });
  }
});

Deno.test("ED-51 EndpointDescription refuses such a reference with an empty map", () => {
  assert.throws(() => createEndpoint(new Map(), register({ colour: "red" })), TypeError);
});

Deno.test("ED-52 EndpointDescription needs no map if the reference has all", () => {
  const reference = register({ ...MINIMAL, colour: "red" });
  for (const none of [{}, null, undefined]) {
    const endpoint = createEndpoint(none, reference);
    assert.equal(endpoint.id, "urn:a");
    assert.deepEqual(endpoint.interfaces, ["com.example.A"]);
    assert.equal(endpoint.getProperty("colour"), "red");
  }
});

Deno.test("ED-53 EndpointDescription keeps spelling and value of the map over the reference", () => {
  const endpoint = createEndpoint({ ...MINIMAL, Colour: "blue" }, register({ colour: "red" }));
  assert.deepEqual(
    [...endpoint.extras].filter(([name]) => /^colour$/i.test(name)),
    [["Colour", "blue"]],
  );
});

Deno.test("ED-54 EndpointDescription takes endpoint.service.id from the reference", () => {
  const reference = register({});
  assert.equal(createEndpoint(MINIMAL, reference).serviceId, reference.id);
});

Deno.test("ED-55 EndpointDescription prefers the endpoint.service.id of the map", () => {
  const endpoint = createEndpoint({ ...MINIMAL, "endpoint.service.id": 4711 }, register({}));
  assert.equal(endpoint.serviceId, 4711);
});

Deno.test("ED-56 EndpointDescription takes the framework UUID from the reference", () => {
  const { registry, uuid } = new Framework();
  const { reference } = registry.register("com.example.A", {});
  assert.equal(createEndpoint(MINIMAL, reference).frameworkUuid, uuid);
  assert.equal(createEndpoint(MINIMAL, register({})).frameworkUuid, undefined);
});

Deno.test("ED-57 EndpointDescription prefers the framework UUID of the map", () => {
  const reference = register({ "endpoint.framework.uuid": "of the service" });
  const given = { ...MINIMAL, "endpoint.framework.uuid": "given" };
  assert.equal(createEndpoint(given, reference).frameworkUuid, "given");
});

Deno.test("ED-58 EndpointDescription prefers the objectClass of the map", () => {
  const reference = { id: 1, properties: { objectClass: "not a list" } };
  assert.deepEqual(createEndpoint(MINIMAL, reference).interfaces, MINIMAL.objectClass);
  assert.throws(() => createEndpoint(without("objectClass"), reference), TypeError);
});

Deno.test("ED-59 EndpointDescription refuses an invalid objectClass of the map", () => {
  const reference = register({});
  assert.throws(() => createEndpoint({ ...MINIMAL, objectClass: "x" }, reference), /objectClass/);
  assert.throws(() => createEndpoint({ ...MINIMAL, objectClass: [] }, reference), /objectClass/);
});

Deno.test("ED-60 EndpointDescription refuses a malformed package version of the reference", () => {
  const reference = register({ [`${VERSION}com.example`]: "x" });
  assert.throws(() => createEndpoint(MINIMAL, reference), TypeError);
});

Deno.test("ED-61 EndpointDescription leaves out the exported properties of the reference", () => {
  const reference = register({ "service.exported.interfaces": "*", "service.exported.x": 1 });
  assert.equal(createEndpoint(MINIMAL, reference).getProperty("service.exported.x"), undefined);
});

Deno.test("ED-62 EndpointDescription prefers the properties of the map to those of the reference", () => {
  const reference = register({ ...MINIMAL, "endpoint.id": "urn:own", "service.intents": "own" });
  const endpoint = createEndpoint({ ...MINIMAL, "SERVICE.intents": "given" }, reference);
  assert.deepEqual([endpoint.id, endpoint.intents], ["urn:a", ["given"]]);
});

Deno.test("ED-70 EndpointDescription equals another with the same id", () => {
  const other = create({ objectClass: ["x.Y"], size: 5, "endpoint.framework.uuid": "u" });
  assert.ok(create().equals(other) && other.equals(create()));
});

Deno.test("ED-71 EndpointDescription equals another whose id differs in white space around it", () => {
  assert.ok(create().equals(create({ "endpoint.id": " urn:a\t" })));
});

Deno.test("ED-72 EndpointDescription differs from another with another id", () => {
  const other = create({ "endpoint.id": "urn:b" });
  assert.ok(!create().equals(other) && !other.equals(create()));
});

Deno.test("ED-73 EndpointDescription equals nothing of another type", () => {
  for (const other of [null, undefined, "urn:a", {}, { id: "urn:a" }]) {
    assert.ok(!create().equals(other));
  }
});

Deno.test("ED-74 EndpointDescription differs from another whose id differs in letter case", () => {
  assert.ok(!create().equals(create({ "endpoint.id": "URN:a" })));
});

Deno.test("ED-75 EndpointDescription is of the same service if the ids are the same", () => {
  const other = create({ "endpoint.framework.uuid": "u", "endpoint.service.id": 5 });
  assert.ok(create().isSameService(other) && other.isSameService(create()));
});

Deno.test("ED-76 EndpointDescription is of the same service by framework UUID and service id", () => {
  const { registry, uuid } = new Framework();
  const { reference } = registry.register("com.example.A", {});
  const one = createEndpoint({ ...MINIMAL, "endpoint.id": "urn:1" }, reference);
  const other = create({
    "endpoint.id": "urn:2",
    "endpoint.framework.uuid": uuid,
    "endpoint.service.id": reference.id,
  });
  assert.ok(one.isSameService(other) && other.isSameService(one));
  assert.ok(!one.equals(other));
});

Deno.test("ED-77 EndpointDescription without framework UUID is of no other endpoint's service", () => {
  const other = create({ "endpoint.id": "urn:b" });
  assert.ok(!create().isSameService(other));
});

Deno.test("ED-78 EndpointDescription of another framework or service id is of another service", () => {
  const service = { "endpoint.framework.uuid": "u", "endpoint.service.id": 5 };
  const one = create(service);
  const other = { ...service, "endpoint.id": "urn:b" };
  assert.ok(one.isSameService(create(other)));
  assert.ok(!one.isSameService(create({ ...other, "endpoint.service.id": 6 })));
  assert.ok(!one.isSameService(create({ ...other, "endpoint.framework.uuid": "v" })));
});

Deno.test("ED-79 EndpointDescription refuses to match what is not a filter", () => {
  for (const filter of ["(xx=foo", "", "x"]) {
    assert.throws(() => create().matches(filter), { name: "FilterSyntaxError" });
  }
});

Deno.test("ED-80 EndpointDescription matches a filter whose names differ in letter case", () => {
  assert.ok(create().matches("(ENDPOINT.id=urn:a)"));
  assert.ok(create({ Size: 5 }).matches("(&(sIZE>=5)(OBJECTCLASS=com.example.A))"));
});

Deno.test("ED-81 EndpointDescription matches filters on framework UUID and presence", () => {
  const endpoint = create({ "endpoint.framework.uuid": "u" });
  assert.ok(endpoint.matches("(endpoint.framework.uuid=u)"));
  assert.ok(endpoint.matches("(endpoint.framework.uuid=*)"));
  assert.ok(!create().matches("(endpoint.framework.uuid=*)"));
});
