import assert from "node:assert/strict";
import {
  decodeEndpoint,
  encodeEndpoint,
  EndpointDescription,
  type PropertyValue,
} from "../../../../mod.ts";
import { readEndpoint } from "../../../../src/discovery/etcd3/registry/endpoint_json.ts";
import { measureProcessorMs } from "../../../support/processor_time.ts";
import { anEndpoint } from "../../../support/endpoints.ts";

/** Properties that iPOPO and ECF require. */
const REQUIRED = [
  "objectClass",
  "endpoint.id",
  "endpoint.service.id",
  "endpoint.framework.uuid",
  "service.imported.configs",
  "ecf.endpoint.id",
  "ecf.endpoint.id.ns",
  "ecf.rsvc.id",
  "ecf.endpoint.ts",
];

const SESSION = { sessionId: "44fee03d-62b3-450f-bb10-2e32b03bf400", hostIp: "10.1.2.3" };
const captured = Deno.readTextFileSync(
  new URL("../../../fixtures/ipopo/endpoint.json", import.meta.url),
);

/** Written by ECF's own `Etcd3ServiceInfo.serializeToJsonString`, with every kind of property. */
const capturedOfEcf = Deno.readTextFileSync(
  new URL("../../../fixtures/ecf/typed_properties.json", import.meta.url),
);

/** Reads an endpoint as strictly as ECF does: each of these throws there when it is missing. */
function readAsEcf(json: string): Map<string, string> {
  const document = JSON.parse(json);
  new URL(document.location);
  for (const name of ["priority", "weight", "ttl"]) {
    assert.ok(Number.isInteger(document[name]), name);
  }
  assert.equal(typeof document.servicename, "string");
  const { services, scopes, protocols, namingauth } = document.servicetype;
  for (const list of [services, scopes, protocols]) {
    assert.ok(Array.isArray(list) && list.every((item) => typeof item === "string"));
  }
  assert.equal(typeof namingauth, "string");
  const properties = new Map<string, string>();
  for (const { type, name, value } of document.properties) {
    assert.equal(type, "string", name);
    assert.equal(typeof value, "string", name);
    properties.set(name, value);
  }
  return properties;
}

Deno.test("encodeEndpoint writes every field that ECF requires, and strings only", () => {
  const json = encodeEndpoint(
    anEndpoint({ extras: new Map<string, PropertyValue>([["n", 5], ["b", true]]) }),
    SESSION,
  );
  const properties = readAsEcf(json);
  for (const name of REQUIRED) assert.ok(properties.get(name), name);
  assert.equal(properties.get("remote.intents.supported"), "osgi.basic osgi.async");
  assert.equal(properties.get("n"), "5");
  assert.equal(properties.get("b"), "true");
});

Deno.test("encodeEndpoint writes the key that ECF's own reader read", () => {
  // Etcd3ServiceInfo.deserializeFromString and AbstractMetadataFactory.decodeEndpointDescription
  // of ECF read this file: rs.types and rs.methods are two more strings for them.
  const read = Deno.readTextFileSync(
    new URL("../../../fixtures/ecf/read_by_ecf.json", import.meta.url),
  );
  const endpoint = new EndpointDescription({
    id: "c86458df-b168-44b4-9f1f-5e84359885f0",
    interfaces: ["com.example.A", "com.example.B"],
    serviceId: 22,
    frameworkUuid: "f7922f1e-765c-4063-82ae-50b2b5d99fd7",
    configurationTypes: ["ecf.xmlrpc.server"],
    containerId: "http://192.0.2.1:8181/xml-rpc",
    containerNamespace: "ecf.namespace.xmlrpc",
    remoteServiceId: 3,
    timestampMs: 1_795_328_738_820,
    intents: ["osgi.basic", "osgi.async"],
    configsSupported: ["ecf.xmlrpc.server"],
    intentsSupported: ["osgi.basic", "osgi.async"],
    extras: new Map<string, PropertyValue>([
      ["size", 9],
      ["big", 2n ** 80n],
      ["on", true],
      ["when", new Date(0)],
      ["list", ["a", "b c"]],
      ["set", new Set([1, 2])],
      ["bytes", Uint8Array.of(1, 2)],
      ["ä:,;%", 1.5],
      ["service.ranking", 5],
      ["rs.methods", ["greet"]],
      ["empty", []],
    ]),
  });
  assert.deepEqual(JSON.parse(encodeEndpoint(endpoint, SESSION)), JSON.parse(read));
  assert.deepEqual(decodeEndpoint(read), endpoint);
});

Deno.test("encodeEndpoint writes an endpoint of iPOPO as iPOPO wrote it", () => {
  const ours = JSON.parse(encodeEndpoint(decodeEndpoint(captured), {
    sessionId: "9360ea79-b91b-4e0a-9c76-bdecfdbf33ce",
    hostIp: "127.0.0.1",
  }));
  assert.deepEqual(ours, JSON.parse(captured));
});

Deno.test("decodeEndpoint reads an endpoint of iPOPO", () => {
  const endpoint = decodeEndpoint(captured);
  assert.equal(endpoint.id, "49bb4661-919d-49bb-acc1-7b23baa493ef");
  assert.deepEqual(endpoint.interfaces, ["org.eclipse.ecf.examples.hello.IHello"]);
  assert.equal(endpoint.serviceId, 22);
  assert.equal(endpoint.remoteServiceId, 3);
  assert.equal(endpoint.containerId, "http://127.0.0.1:8181/xml-rpc");
  assert.equal(endpoint.timestampMs, 1795328738820);
  assert.deepEqual(endpoint.intentsSupported, ["osgi.basic", "osgi.async"]);
  assert.equal(endpoint.extras.get("osgi.basic.timeout"), 60_000);
});

Deno.test("decodeEndpoint returns what encodeEndpoint was given", () => {
  const endpoint = anEndpoint({
    interfaces: ["org.example.IOne", "org.example.ITwo"],
    intents: ["osgi.basic"],
    extras: new Map<string, PropertyValue>([
      ["osgi.basic.timeout", 60_000],
      ["text", 'a "quoted" <text> with ünïcödé \u{1F600} and\nlines'],
      ["ecf.exported.async.interfaces", ["org.example.IOneAsync"]],
    ]),
  });
  assert.deepEqual(decodeEndpoint(encodeEndpoint(endpoint, SESSION)), endpoint);
});

Deno.test("decodeEndpoint reads every type that ECF writes", () => {
  const document = JSON.parse(captured);
  document.properties.push(
    { type: "bytes", name: "bytes", value: "AQID" },
    { type: "list", name: "list", value: ["a", "b"] },
    { type: "set", name: "set", value: ["c"] },
    { type: "double", name: "double", value: 1.5 },
    { type: "float", name: "float", value: 0.25 },
    { type: "char", name: "char", value: "x" },
    { type: "long", name: "long", value: 5 },
    { type: "int", name: "int", value: -5 },
    { type: "object", name: "object", value: true },
  );
  const find = (name: string) =>
    document.properties.find((property: { name: string }) => property.name === name);
  Object.assign(find("objectClass"), { type: "list", value: ["org.example.IAny"] });
  Object.assign(find("ecf.rsvc.id"), { type: "long", value: 7 });
  const endpoint = decodeEndpoint(JSON.stringify(document));
  assert.deepEqual(endpoint.interfaces, ["org.example.IAny"]);
  assert.equal(endpoint.remoteServiceId, 7);
  const { bytes, list, set, double, float, char, long, int, object } = Object.fromEntries(
    endpoint.extras,
  );
  assert.deepEqual(bytes, Uint8Array.of(1, 2, 3));
  assert.deepEqual([list, set], [["a", "b"], new Set(["c"])]);
  assert.deepEqual([double, float, char, long, int, object], [1.5, 0.25, "x", 5, -5, true]);
});

Deno.test("readEndpoint reads what ECF's own writer makes of Java's types", () => {
  const { endpoint, ignored } = readEndpoint(capturedOfEcf);
  assert.deepEqual(endpoint.interfaces, ["com.example.A", "com.example.B"]);
  assert.deepEqual(Object.fromEntries(endpoint.extras), {
    bool: true,
    mixed: [1, "a", 1.5, true, "c"], // a list with a null and a char
    float: 0.1,
    long: 2n ** 63n - 1n,
    longs: [2n ** 63n - 1n],
    ints: [1, 2, 10],
    array: ["x", "y"], // String[]
    ints2: [1, 2], // int[]
    set: new Set([7]),
    double: 1.5,
    version: "1.2.3",
    int: 5,
    texts: ["a", "b c"],
    bytes: Uint8Array.of(1, 2, 255),
    char: "x",
    short: 3,
  });
  assert.deepEqual(ignored.map(({ name }) => name), ["nested", "map"]);
});

Deno.test("decodeEndpoint names the property that is missing or invalid", () => {
  const without = (name: string) => {
    const document = JSON.parse(captured);
    document.properties = document.properties.filter((item: { name: string }) =>
      item.name !== name
    );
    return JSON.stringify(document);
  };
  for (const name of REQUIRED) {
    assert.throws(() => decodeEndpoint(without(name)), (error: Error) => {
      assert.ok(error instanceof TypeError);
      return error.message.includes(name);
    });
  }
  assert.throws(() => decodeEndpoint("{"), SyntaxError);
  assert.throws(() => decodeEndpoint("[]"), /no list of properties/);
  assert.throws(() => decodeEndpoint(captured.replace('"22"', '"x22"')), /endpoint\.service\.id/);
});

Deno.test("encodeEndpoint refuses what the keys and readers of etcd cannot carry", () => {
  const fail = (init: Parameters<typeof anEndpoint>[0], message: RegExp) =>
    assert.throws(() => encodeEndpoint(anEndpoint(init), SESSION), { name: "TypeError", message });
  fail({ id: "http://example.com/a" }, /endpoint\.id must have no slash/);
  fail({ containerId: undefined }, /it has no ecf\.endpoint\.id$/);
  fail({ containerNamespace: undefined }, /ecf\.endpoint\.id\.ns/);
  fail({ remoteServiceId: undefined }, /ecf\.rsvc\.id/);
  fail({ frameworkUuid: undefined }, /endpoint\.framework\.uuid/);
  const zero = anEndpoint({ serviceId: 0, timestampMs: 0 });
  assert.deepEqual(decodeEndpoint(encodeEndpoint(zero, SESSION)), zero);
});

Deno.test("encodeEndpoint and decodeEndpoint keep the types of properties", () => {
  const extras = new Map<string, PropertyValue>([
    ["size", 9],
    ["on", true],
    ["list", ["a", "b c"]],
    ["ids", new Set([1, 2])],
    ["since", new Date(0)],
    ["key", Uint8Array.of(1, 2)],
    ["text", "5"],
  ]);
  const json = encodeEndpoint(anEndpoint({ extras }), SESSION);
  assert.equal(readAsEcf(json).get("rs.types"), "size:n;on:b;list:[s1.3;ids:{n;since:d;key:x");
  assert.deepEqual(decodeEndpoint(json).extras, extras);
});

/** Reads the captured endpoint with more properties. */
function readWith(...properties: readonly unknown[]) {
  const document = JSON.parse(captured);
  document.properties.push(...properties);
  return readEndpoint(JSON.stringify(document));
}

Deno.test("readEndpoint takes a property of null as absent", () => {
  const { endpoint, ignored } = readWith(
    { type: "string", name: "description", value: null },
    { type: "object", name: "other", value: null },
    { type: "string", name: "missing" },
  );
  assert.deepEqual(ignored, []);
  assert.deepEqual(endpoint, decodeEndpoint(captured));
});

Deno.test("readEndpoint ignores an unreadable extra property, and says which and why", () => {
  const cases: [property: unknown, name: string, reason: string][] = [
    [
      { type: "string", name: "a", value: 5 },
      "a",
      "Cannot read the property a: 5 is not a valid string",
    ],
    [
      { type: "long", name: "a", value: "many" },
      "a",
      'Cannot read the property a: "many" is not a valid long',
    ],
    [
      { type: "int", name: "a", value: 1.5 },
      "a",
      "Cannot read the property a: 1.5 is not a valid int",
    ],
    [
      { type: "double", name: "a", value: {} },
      "a",
      "Cannot read the property a: {} is not a valid double",
    ],
    [
      { type: "object", name: "a", value: { b: 1 } },
      "a",
      'Cannot read the property a: {"b":1} is not a valid object',
    ],
    [
      { type: "list", name: "a", value: "b" },
      "a",
      'Cannot read the property a: "b" is not a valid list',
    ],
    [
      { type: "list", name: "a", value: [[1]] },
      "a",
      "Cannot read the property a: [[1]] is not a valid list",
    ],
    [
      { type: "object", name: "a", value: [{ b: 1 }] },
      "a",
      'Cannot read the property a: [{"b":1}] is not a valid object',
    ],
    [
      { type: "double", name: "a", value: "0x10" },
      "a",
      'Cannot read the property a: "0x10" is not a valid double',
    ],
    [
      { type: "bytes", name: "a", value: "?" },
      "a",
      'Cannot read the property a: "?" is not a valid bytes',
    ],
    [
      { type: "colour", name: "a", value: "red" },
      "a",
      'Cannot read the property a: "red" is not a valid colour',
    ],
    [{ name: "a", value: "red" }, "a", "Cannot read the property a: it has no type"],
    [{ type: "string", value: "red" }, "without a name", "Cannot read a property: it has no name"],
    ["red", "without a name", "Cannot read a property: it has no name"],
    [null, "without a name", "Cannot read a property: it has no name"],
    [
      { type: "string", name: "OBJECTCLASS", value: "x" },
      "OBJECTCLASS",
      "Cannot read the property OBJECTCLASS: there is a property objectClass",
    ],
  ];
  for (const [property, name, reason] of cases) {
    const { endpoint, ignored } = readWith(property, { type: "int", name: "b", value: "7" });
    assert.deepEqual(ignored, [{ name, reason }]);
    assert.equal(endpoint.extras.get("b"), 7);
    assert.equal(endpoint.extras.has("a"), false);
  }
});

Deno.test("readEndpoint names a large integer of the wrong type", () => {
  const document = JSON.parse(captured);
  document.properties.push({ type: "string", name: "a", value: "LONG" });
  const { ignored } = readEndpoint(
    JSON.stringify(document).replace('"LONG"', "9223372036854775807"),
  );
  assert.match(ignored[0]?.reason ?? "", /9223372036854775807"? is not a valid string/);
});

Deno.test("readEndpoint keeps the types of the elements of ECF's lists, and large integers", () => {
  const { endpoint: { extras }, ignored } = readWith(
    { type: "list", name: "mixed", value: [1, "a", true, null] },
    { type: "set", name: "numbers", value: [1, 2] },
    { type: "long", name: "large", value: "9007199254740993" },
    { type: "double", name: "infinite", value: "Infinity" },
    { type: "float", name: "unknown", value: "NaN" },
  );
  assert.deepEqual(ignored, []);
  assert.deepEqual(extras.get("mixed"), [1, "a", true]);
  assert.deepEqual(extras.get("numbers"), new Set([1, 2]));
  assert.equal(extras.get("large"), 9007199254740993n);
  assert.equal(extras.get("infinite"), Infinity);
  assert.ok(Number.isNaN(extras.get("unknown")));
});

Deno.test("readEndpoint ignores a number of many digits at once", () => {
  const document = JSON.parse(captured);
  document.properties.push({ type: "double", name: "a", value: `${"1".repeat(100_000)}x` });
  const ms = measureProcessorMs(() => {
    assert.equal(readEndpoint(JSON.stringify(document)).ignored.length, 1);
  });
  assert.ok(ms < 1000, `${ms} ms`);
});
