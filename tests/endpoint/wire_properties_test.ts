import assert from "node:assert/strict";
import fc from "../support/fast_check.ts";
import {
  decodeWireProperties,
  encodeWireProperties,
  findUntypedProperties,
  MAX_RS_BYTES,
  type PropertyValue,
  toPropertyValue,
} from "../../src/endpoint/mod.ts";

const roundTrip = (properties: ReadonlyMap<string, PropertyValue>) =>
  decodeWireProperties(encodeWireProperties(properties));

Deno.test("encodeWireProperties writes strings and the types beside them", () => {
  const wire = encodeWireProperties(
    new Map<string, PropertyValue>([
      ["size", 9],
      ["name", "x"],
      ["weight", 0.5],
      ["on", true],
      ["list", ["a", "b c"]],
      ["a,b:c;d%", 5n],
      ["service.ranking", 7],
      ["objectClass", ["a.B"]],
    ]),
  );
  assert.deepEqual([...wire], [
    ["size", "9"],
    ["name", "x"],
    ["weight", "0.5"],
    ["on", "true"],
    ["list", "a b c"],
    ["a,b:c;d%", "5"],
    ["service.ranking", "7"],
    ["objectClass", "a.B"],
    ["rs.types", "size,weight:n;on:b;list:[s1.3;a%2Cb%3Ac%3Bd%25:i"],
  ]);
  assert.deepEqual([...encodeWireProperties(new Map([["name", "x"]])).keys()], ["name"]);
});

Deno.test("decodeWireProperties returns each kind of value that encodeWireProperties wrote", () => {
  const values: PropertyValue[] = [
    0,
    -0,
    1.5,
    1e21,
    1e-7,
    NaN,
    -Infinity,
    2 ** 53,
    5n,
    -(2n ** 80n),
    true,
    false,
    "",
    new Date(0),
    new Date("+010000-01-01T00:00:00Z"),
    Uint8Array.of(),
    Uint8Array.of(1, 255),
    [],
    [""],
    ["a"],
    ["a b"],
    [" ", ""],
    ["a", "b c", ""],
    [1, 2],
    [1, "2", true, 3n],
    [1n],
    new Set<string>(),
    new Set(["a", "b c"]),
    new Set([1, "1"]),
    [new Date(5), "x y"],
    "5",
    "true",
    "[s",
    "2026-11-25T00:00:00.000Z",
  ];
  for (const value of values) {
    const properties = new Map<string, PropertyValue>([["p", value], ["q", "text"]]);
    assert.deepEqual(roundTrip(properties), properties, String(value));
  }
});

Deno.test("decodeWireProperties returns generated values with their types", () => {
  const scalar = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."a 1é😀,:;%[.") }),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.boolean(),
    fc.date({ noInvalidDate: true }),
  );
  const value = fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 4 }),
    fc.array(scalar, { maxLength: 4 }).map((items) => new Set(items)),
    fc.uint8Array(),
  );
  const name = fc.string({ unit: fc.constantFrom(..."ab,:;%= "), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.dictionary(name, value, { maxKeys: 5 }), (record) => {
      const properties = new Map<string, PropertyValue>(Object.entries(record));
      const wire = encodeWireProperties(properties);
      assert.deepEqual(decodeWireProperties(wire), properties);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("decodeWireProperties ignores a type whose string was changed or cannot be of it", () => {
  const read = (types: string, text: string) =>
    decodeWireProperties(new Map([["p", text], ["rs.types", types]])).get("p");
  assert.equal(read("p:n", "9"), 9);
  for (
    const [types, text] of [
      ["p:n", "9.0"],
      ["p:n", " 9"],
      ["p:n", "nine"],
      ["p:n", "0x10"],
      ["p:n", ""],
      ["p:b", "True"],
      ["p:b", "1"],
      ["p:i", "1.5"],
      ["p:i", "9".repeat(1000)],
      ["p:i", "+1"],
      ["p:d", "2026-11-25"],
      ["p:d", "soon"],
      ["p:x", "A"],
      ["p:x", "*"],
      ["p:z", "1"],
      ["p:[s1.5", "a b c"],
      ["p:[nn", "1 2 3"],
      ["p:[n", "1 x"],
      ["p:[", "x"],
      ["p:[s9", "a"],
      ["p", "1"],
      [":n", "1"],
      ["p:n:n;", "1x"],
      [";;,:", "1"],
      ["p:[n1", "11"],
      [
        "%zz:n",
        "1",
      ],
    ] as const
  ) assert.equal(read(types, text), text, `${types} ${text}`);
  assert.deepEqual([...decodeWireProperties(new Map([["rs.types", "p:n"]]))], []);
});

Deno.test("encodeWireProperties keeps the rs properties within 256 bytes, methods left out first", () => {
  const many = Array.from({ length: 100 }, (_, index) => [`property${index}`, index] as const);
  const measure = (wire: ReadonlyMap<string, string>) =>
    [...wire].filter(([name]) => name.startsWith("rs."))
      .reduce((sum, [name, text]) => sum + new TextEncoder().encode(name + text).length, 0);
  const rs: [string, PropertyValue][] = [
    ["rs.methods", ["greet", "leave"]],
    ["rs.features", ["endpoint-id"]],
  ];
  const full = encodeWireProperties(new Map<string, PropertyValue>([...rs, ...many]));
  assert.ok(measure(full) <= MAX_RS_BYTES && measure(full) > MAX_RS_BYTES - 20);
  assert.equal(full.get("rs.features"), "endpoint-id");
  assert.equal(full.get("rs.methods"), undefined);
  const read = decodeWireProperties(full);
  assert.deepEqual([read.get("property0"), read.get("property99")], [0, "99"]);
  const some = encodeWireProperties(new Map<string, PropertyValue>([...rs, ["size", 9]]));
  assert.deepEqual(
    [some.get("rs.types"), some.get("rs.methods"), some.get("rs.features")],
    ["size:n", "greet leave", "endpoint-id"],
  );
  const methods = Array.from({ length: 60 }, (_, index) => `method${index}`);
  const long = encodeWireProperties(new Map([["rs.methods", methods]]));
  assert.deepEqual([...long], []);
});

Deno.test("encodeWireProperties leaves out the types of numbers before all others", () => {
  const numbers = Array.from({ length: 30 }, (_, index) => [`a.number.${index}`, index] as const);
  const others: [string, PropertyValue][] = [
    ["list", ["a", "b c"]],
    ["on", true],
    ["big", 5n],
    ["when", new Date(0)],
  ];
  const properties = new Map<string, PropertyValue>([...numbers, ...others]);
  const read = decodeWireProperties(encodeWireProperties(properties));
  for (const [name, value] of others) assert.deepEqual(read.get(name), value, name);
  const untyped = findUntypedProperties(properties);
  assert.deepEqual(
    untyped,
    numbers.map(([name]) => name).filter((name) => typeof read.get(name) === "string"),
  );
  assert.ok(untyped.length > 5 && untyped.length < 25, String(untyped.length));
  assert.deepEqual(findUntypedProperties(new Map(others)), []);
  assert.deepEqual(findUntypedProperties(new Map([["objectClass", ["a.B"]]])), []);
});

Deno.test("toPropertyValue copies what can travel and refuses all else", () => {
  const list = ["a"];
  const copy = toPropertyValue(list);
  list.push("b");
  assert.deepEqual(copy, ["a"]);
  for (
    const value of [
      {},
      new Map(),
      () => 1,
      Symbol("x"),
      new Date(NaN),
      null,
      undefined,
      [null],
      [[1]],
      new Set([{}]),
      new Array(2),
      Promise.resolve(),
      new Int16Array(1),
      /x/,
    ]
  ) assert.equal(toPropertyValue(value), undefined);
});
