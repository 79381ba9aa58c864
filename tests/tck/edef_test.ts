import assert from "node:assert/strict";
import { decodeEdef, EdefError, encodeEdef, parseEndpoint } from "../../src/endpoint/mod.ts";

const NAMESPACE = "http://www.osgi.org/xmlns/rsa/v1.0.0";
const MINIMAL = '<property name="endpoint.id" value="someURI"/>' +
  '<property name="objectClass"><array><value>a.B</value></array></property>' +
  '<property name="service.imported.configs" value="x"/>';

/** Returns a list of descriptions, each with the minimal properties and more. */
function list(...more: string[]): string {
  const descriptions = more.map((text) =>
    `<endpoint-description>${MINIMAL}${text}</endpoint-description>`
  );
  return `<endpoint-descriptions xmlns="${NAMESPACE}">${descriptions.join("")}` +
    "</endpoint-descriptions>";
}

/** Returns the value of a property p. */
function read(attributes: string, content = ""): unknown {
  const property = `<property name="p" ${attributes}>${content}</property>`;
  return decodeEdef(list(property))[0]?.extras.get("p");
}

Deno.test("DI-17 decodeEdef reads typed values by simple names of types", () => {
  const cases: (readonly [type: string, text: string, value: unknown])[] = [
    ["String", "x", "x"],
    ["Long", "5", 5],
    ["long", "-5", -5],
    ["Integer", "5", 5],
    ["int", "5", 5],
    ["Double", "0.5", 0.5],
    ["double", "1e3", 1000],
    ["Float", "0.5", 0.5],
    ["float", "0.5", 0.5],
    ["Short", "5", 5],
    [
      "short",
      "5",
      5,
    ],
    ["Byte", "5", 5],
    ["byte", "-5", -5],
    ["Boolean", "true", true],
    ["boolean", "false", false],
    ["Character", "x", "x"],
    ["char", "x", "x"],
  ];
  for (const [type, text, value] of cases) {
    assert.equal(read(`value-type="${type}" value="${text}"`), value, type);
  }
});

Deno.test("DI-18 decodeEdef reads arrays, lists and sets of the type", () => {
  const values = "<value>1</value><value>2</value>";
  assert.deepEqual(read('value-type="int"', `<array>${values}</array>`), [1, 2]);
  assert.deepEqual(read('value-type="Long"', `<list>${values}</list>`), [1, 2]);
  assert.deepEqual(read('value-type="String"', `<set>${values}</set>`), new Set(["1", "2"]));
});

Deno.test("DI-20 decodeEdef reads a written description with a new key and without its origin", async () => {
  const [found] = decodeEdef(list('<property name="endpoint.framework.uuid" value="u"/>'));
  assert.ok(found);
  const properties = new Map(found.properties);
  properties.delete("endpoint.framework.uuid");
  properties.set("someNewProp", "new");
  const [copy] = decodeEdef(await encodeEdef([parseEndpoint(properties)]));
  assert.ok(copy?.equals(found));
  assert.equal(copy?.frameworkUuid, undefined);
  assert.equal(copy?.getProperty("someNewProp"), "new");
});

Deno.test("DI-21 decodeEdef resolves the escapes of names and values", () => {
  const [endpoint] = decodeEdef(
    list('<property name="a&amp;b" value="&lt;x&gt; &quot;&apos;&#x41;"/>'),
  );
  assert.equal(endpoint?.extras.get("a&b"), "<x> \"'A");
});

Deno.test("DI-30 decodeEdef refuses a property with neither content nor value", () => {
  assert.throws(() => read(""), EdefError);
});

Deno.test("DI-31 decodeEdef reads a property without value-type as a string", () => {
  assert.equal(read('value="5"'), "5");
  assert.deepEqual(read("", "<list><value>5</value></list>"), ["5"]);
});

Deno.test("DI-33 decodeEdef reads a primitive type outside an array as the boxed one", () => {
  assert.equal(read('value-type="int" value="5"'), 5);
  assert.deepEqual(read('value-type="int"', "<list><value>5</value></list>"), [5]);
});

Deno.test("DI-34 decodeEdef refuses xml with a type other than String", () => {
  assert.throws(() => read('value-type="Long"', "<xml><a/></xml>"), EdefError);
  assert.equal(read('value-type="String"', '<xml><a xmlns=""/></xml>'), '<a xmlns=""/>');
});

Deno.test("DI-35 decodeEdef skips elements of other namespaces around and between", () => {
  const document = list('<x:y xmlns:x="urn:x"><property name="p" value="1"/></x:y>', "");
  const [endpoint, other] = decodeEdef(`<a xmlns="urn:a">text<b>${document}</b></a>`);
  assert.equal(endpoint?.extras.get("p"), undefined);
  assert.ok(other);
});

Deno.test("DI-38 decodeEdef reads array, list and set without values as empty ones", () => {
  assert.deepEqual(read("", "<array/>"), []);
  assert.deepEqual(read("", "<list></list>"), []);
  assert.deepEqual(read("", "<set/>"), new Set());
});
