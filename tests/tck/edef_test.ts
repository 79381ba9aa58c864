import assert from "node:assert/strict";
import { decodeEdef, EdefError, encodeEdef, parseEndpoint } from "../../src/endpoint/mod.ts";
import { toMessage } from "../../src/util/mod.ts";
import { createWorld } from "../rsa/world.ts";

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

/** Installs a bundle that imports the endpoints of description files while it is active. */
function installEndpoints(files: readonly string[], contents: Readonly<Record<string, string>>) {
  const { framework, registry, admin } = createWorld();
  const errors: string[] = [];
  const bundle = framework.installBundle({
    name: "static.endpoints",
    start(context) {
      for (const file of files) {
        try {
          const text = contents[file];
          if (text === undefined) throw new Error(`no file ${file}`);
          for (const endpoint of decodeEdef(text, { onError: logError })) {
            const registration = admin.importService(endpoint);
            context.onStop(() => registration.close());
          }
        } catch (error) {
          logError(error);
        }
      }
    },
  });
  const logError = (error: unknown) => void errors.push(toMessage(error));
  const find = () =>
    registry.getReferences("a.B").map(({ properties }) => properties["endpoint.id"]);
  return { bundle, find, errors };
}

/** Returns a file with one endpoint that can be imported. */
const createFile = (id: string) =>
  list(
    '<property name="ecf.endpoint.id" value="http://x.example/"/>' +
      '<property name="ecf.rsvc.id" value-type="Long" value="1"/>',
  ).replace("someURI", id).replace('configs" value="x"', 'configs" value="ecf.xmlrpc.server"');

Deno.test("DI-14 A bundle with a description file imports its endpoints when it starts", async () => {
  const { bundle, find } = installEndpoints(["a.xml"], { "a.xml": createFile("a") });
  assert.deepEqual(find(), []);
  await bundle.start();
  assert.deepEqual(find(), ["a"]);
});

Deno.test("DI-15 When such a bundle stops, its endpoints are gone", async () => {
  const { bundle, find } = installEndpoints(["a.xml"], { "a.xml": createFile("a") });
  await bundle.start();
  await bundle.stop();
  assert.deepEqual(find(), []);
  await bundle.start();
  assert.deepEqual(find(), ["a"]);
});

Deno.test("DI-16 A bundle may have several description files", async () => {
  const contents = { "a.xml": createFile("a"), "b.xml": createFile("b") };
  const { bundle, find } = installEndpoints(["a.xml", "b.xml"], contents);
  await bundle.start();
  assert.deepEqual(find(), ["a", "b"]);
  await bundle.stop();
  assert.deepEqual(find(), []);
});

Deno.test("DI-17 decodeEdef reads typed values by simple names of types", () => {
  const cases: (readonly [type: string, text: string, value: unknown])[] = [
    ["String", "x", "x"],
    ["Long", "5", 5],
    ["long", "-5", -5],
    ["Integer", "5", 5],
    ["int", "5", 5],
    ["Double", "0.5", 0.5],
    ["double", "1e3", 1000],
    ["Double", "NaN", NaN],
    ["Double", "-Infinity", -Infinity],
    ["Double", "nan", NaN], // of Python, as the next
    ["Double", "-inf", -Infinity],
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

Deno.test("DI-19 decodeEdef reads an array of bytes, and collections of every other type", () => {
  const array = (type: string, ...values: string[]) =>
    read(
      `value-type="${type}"`,
      `<array>${values.map((value) => `<value>${value}</value>`).join("")}</array>`,
    );
  assert.deepEqual(array("byte", "1", "-1"), Uint8Array.of(1, 255));
  assert.deepEqual(array("double", "1.5", "2"), [1.5, 2]);
  assert.deepEqual(array("boolean", "true", "false"), [true, false]);
  assert.deepEqual(array("char", "a", "b"), ["a", "b"]);
  assert.deepEqual(array("long", "9223372036854775807"), [9223372036854775807n]);
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

Deno.test("DI-29 decodeEdef refuses a property with more than one value", () => {
  assert.throws(() => read('value="a"', "<list/>"), EdefError);
  assert.throws(() => read("", "<list/><set/>"), EdefError);
});

Deno.test("DI-30 decodeEdef refuses a property with neither content nor value", () => {
  assert.throws(() => read(""), EdefError);
});

Deno.test("DI-31 decodeEdef reads a property without value-type as a string", () => {
  assert.equal(read('value="5"'), "5");
  assert.deepEqual(read("", "<list><value>5</value></list>"), ["5"]);
});

Deno.test("DI-32 decodeEdef refuses a type or a value that does not exist", () => {
  assert.throws(() => read('value-type="Colour" value="red"'), EdefError);
  assert.throws(() => read('value-type="Long" value="many"'), EdefError);
  assert.throws(() => read('value-type="byte" value="128"'), EdefError);
  assert.throws(() => read('value-type="Character" value="ab"'), EdefError);
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

Deno.test("DI-36 decodeEdef keeps the XML of a value with its markup and white space", () => {
  const xml = '<a xmlns="urn:a" b="1">\n  <!-- c --><b>&amp;</b>\n</a>';
  assert.equal(read("", `<xml>${xml}</xml>`), xml);
  assert.throws(() => read("", "<xml/>"), EdefError);
  assert.throws(() => read("", "<xml><a/><b/></xml>"), EdefError);
});

Deno.test("DI-37 A missing or broken file is reported, and the other files are processed", async () => {
  const contents = { "broken.xml": "<x", "b.xml": createFile("b") };
  const { bundle, find, errors } = installEndpoints(["no.xml", "broken.xml", "b.xml"], contents);
  await bundle.start();
  assert.equal(bundle.state, "active");
  assert.deepEqual(find(), ["b"]);
  assert.deepEqual([errors.length, errors[0]], [2, "no file no.xml"]);
  assert.match(errors[1] ?? "", /^Cannot read the EDEF document/);
});

Deno.test("DI-38 decodeEdef reads array, list and set without values as empty ones", () => {
  assert.deepEqual(read("", "<array/>"), []);
  assert.deepEqual(read("", "<list></list>"), []);
  assert.deepEqual(read("", "<set/>"), new Set());
});

Deno.test("DI-39 decodeEdef refuses a name that is given twice in any letter case", () => {
  assert.throws(() => read('value="1"/><property name="P" value="2"'), EdefError);
  assert.throws(() => read('value="1"/><property name="p" value="2"'), EdefError);
});
