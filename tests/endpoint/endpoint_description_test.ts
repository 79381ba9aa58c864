import assert from "node:assert/strict";
import { createEndpoint, EndpointDescription, parseEndpoint } from "../../src/endpoint/mod.ts";
import { anEndpoint } from "../support/endpoints.ts";

const MINIMAL = {
  "endpoint.id": " urn:greeter ",
  objectClass: ["com.example.Greeter", "com.example.greeter"],
  "service.imported.configs": "com.example.rest",
};

Deno.test("createEndpoint needs three properties only and trims the id", () => {
  const endpoint = createEndpoint(MINIMAL);
  assert.equal(endpoint.id, "urn:greeter");
  assert.deepEqual(endpoint.interfaces, ["com.example.Greeter", "com.example.greeter"]);
  assert.deepEqual(endpoint.configurationTypes, ["com.example.rest"]);
  assert.equal(endpoint.frameworkUuid, undefined);
  assert.equal(endpoint.serviceId, 0);
  assert.deepEqual(endpoint.intents, []);
  assert.equal(endpoint.getProperty("SERVICE.imported"), "true");
  for (const name of Object.keys(MINIMAL)) {
    const { [name]: _, ...rest } = MINIMAL as Record<string, unknown>;
    assert.throws(() => createEndpoint(rest), (error: Error) => {
      assert.ok(error instanceof TypeError);
      return error.message.includes(name);
    });
  }
});

Deno.test("createEndpoint compares names without case and refuses one given twice", () => {
  const { "endpoint.id": id, ...rest } = MINIMAL;
  const endpoint = createEndpoint({ ...rest, "ENDPOINT.ID": id, Colour: "red" });
  assert.equal(endpoint.id, "urn:greeter");
  assert.equal(endpoint.getProperty("colour"), "red");
  assert.deepEqual([...endpoint.extras], [["Colour", "red"]]);
  assert.throws(() => createEndpoint({ ...MINIMAL, "Endpoint.Id": "x" }), /any letter case/);
  assert.throws(() => createEndpoint({ ...MINIMAL, a: 1, A: 2 }), /any letter case/);
});

Deno.test("createEndpoint refuses values of the wrong type", () => {
  for (
    const wrong of [
      { "endpoint.id": 5 },
      { "endpoint.id": " " },
      { objectClass: "a.B" },
      {
        objectClass: [],
      },
      { "service.imported.configs": {} },
      { "service.imported.configs": 5 },
      { "endpoint.service.id": "5" },
      { "endpoint.service.id": {} },
      { "ecf.rsvc.id": -1 },
      { "endpoint.framework.uuid": 5 },
      { odd: {} },
      { odd: new Map() },
    ]
  ) {
    const [name = ""] = Object.keys(wrong);
    assert.throws(() => createEndpoint({ ...MINIMAL, ...wrong }), (error: Error) => {
      assert.ok(error instanceof TypeError);
      return error.message.includes(name);
    }, JSON.stringify(wrong));
  }
  assert.throws(() => createEndpoint({ ...MINIMAL, "endpoint.id": 5n }), {
    name: "TypeError",
    message: /^Cannot use 5 as endpoint\.id /,
  });
  assert.throws(() => createEndpoint({ ...MINIMAL, "ecf.rsvc.id": -1 }), {
    message:
      "Cannot use -1 as ecf.rsvc.id of an endpoint: it is a whole number that is not negative",
  });
  const odd = createEndpoint({ ...MINIMAL, "service.intents": ["a", null, 5, "b"] });
  assert.deepEqual(odd.intents, ["a", "b"]);
});

Deno.test("EndpointDescription drops service.exported properties in any letter case", () => {
  const endpoint = createEndpoint({
    ...MINIMAL,
    "service.exported.interfaces": "*",
    "SERVICE.Exported.x": 1,
    ".private": 2,
  });
  assert.deepEqual([...endpoint.extras.keys()], [".private"]);
});

Deno.test("EndpointDescription returns the versions of packages and checks them", () => {
  const name = "endpoint.package.version.com.example";
  assert.equal(createEndpoint(MINIMAL).getPackageVersion("com.example"), "0.0.0");
  assert.equal(createEndpoint(MINIMAL).getPackageVersion("org.other"), "0.0.0");
  const endpoint = createEndpoint({ ...MINIMAL, [name.toUpperCase()]: "1.2" });
  assert.equal(endpoint.getPackageVersion("com.example"), "1.2.0");
  for (const version of ["x", "1.", "1.2.3.?", "-1", "", 1]) {
    assert.throws(() => createEndpoint({ ...MINIMAL, [name]: version }), /version/);
  }
  const second = { ...MINIMAL, objectClass: ["org.first.A", "com.example.B"], [name]: "bad" };
  assert.throws(() => createEndpoint(second), /package\.version/);
  createEndpoint({ ...MINIMAL, objectClass: ["Greeter"], [name]: "bad" });
});

Deno.test("EndpointDescription equals another one with the same id", () => {
  const one = createEndpoint(MINIMAL);
  assert.ok(one.equals(createEndpoint({ ...MINIMAL, "endpoint.id": "urn:greeter", a: 1 })));
  assert.ok(!one.equals(createEndpoint({ ...MINIMAL, "endpoint.id": "urn:Greeter" })));
  assert.ok(!one.equals("urn:greeter"));
  assert.ok(!one.equals(null));
});

Deno.test("EndpointDescription is of the same service by id, or by framework and service id", () => {
  const other = { ...MINIMAL, "endpoint.id": "urn:other" };
  const service = { "endpoint.framework.uuid": "f", "endpoint.service.id": 5 };
  const one = createEndpoint({ ...MINIMAL, ...service });
  assert.ok(createEndpoint(MINIMAL).isSameService(createEndpoint(MINIMAL)));
  assert.ok(!createEndpoint(MINIMAL).isSameService(createEndpoint(other)));
  assert.ok(one.isSameService(createEndpoint({ ...other, ...service })));
  assert.ok(!one.isSameService(createEndpoint({ ...other, ...service, "endpoint.service.id": 6 })));
  assert.ok(!one.isSameService(createEndpoint({ ...other, "endpoint.service.id": 5 })));
});

Deno.test("EndpointDescription matches filters over all of its properties", () => {
  const endpoint = createEndpoint({ ...MINIMAL, size: 10, "endpoint.framework.uuid": "f" });
  for (
    const filter of [
      "(ENDPOINT.id=urn:greeter)",
      "(size>=9)",
      "(endpoint.framework.uuid=*)",
      "(objectClass=com.example.G*)",
      "(service.imported=true)",
    ]
  ) assert.ok(endpoint.matches(filter), filter);
  assert.ok(!endpoint.matches("(size>=11)"));
  assert.throws(() => endpoint.matches("(("), { name: "FilterSyntaxError" });
});

Deno.test("EndpointDescription has a text form with its properties", () => {
  assert.equal(
    String(createEndpoint({ ...MINIMAL, bytes: Uint8Array.of(1, 2) })),
    "{objectClass=[com.example.Greeter,com.example.greeter],endpoint.id=urn:greeter," +
      "service.imported.configs=[com.example.rest],service.imported=true,bytes=[1,2]}",
  );
});

Deno.test("parseEndpoint converts lists and numbers that come as strings", () => {
  const endpoint = parseEndpoint(
    new Map<string, string>([
      ...Object.entries(MINIMAL).map(([name, value]) => [name, String(value)] as const),
      ["endpoint.service.id", "22"],
      ["service.ranking", "-5"],
      ["osgi.basic.timeout", "60000"],
      ["ecf.exported.async.interfaces", "a b"],
      ["size", "10"],
    ]),
  );
  assert.deepEqual(endpoint.interfaces, ["com.example.Greeter", "com.example.greeter"]);
  assert.equal(endpoint.serviceId, 22);
  assert.deepEqual(Object.fromEntries(endpoint.extras), {
    "service.ranking": -5,
    "osgi.basic.timeout": 60_000,
    "ecf.exported.async.interfaces": ["a", "b"],
    size: "10",
  });
});

Deno.test("EndpointDescription has ranking and timeout as numbers, also when given as strings", () => {
  const { extras } = anEndpoint({ extras: new Map([["service.ranking", "7"], ["size", "7"]]) });
  assert.deepEqual([extras.get("service.ranking"), extras.get("size")], [7, "7"]);
});

Deno.test("EndpointDescription refuses a core property among the extras", () => {
  assert.throws(
    () => new EndpointDescription({ ...anEndpoint(), extras: new Map([["Endpoint.ID", "x"]]) }),
    /is not an extra/,
  );
});
