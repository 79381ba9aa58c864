import assert from "node:assert/strict";
import fc from "../../support/fast_check.ts";
import { createRandom } from "../../../scripts/random.ts";
import { createDocument, mutate } from "../../../scripts/xmlrpc/mutate.ts";
import { Layouts, readMethodCall, readMethodResponse } from "../../../src/xmlrpc/codec/mod.ts";
import { XmlReader } from "../../../src/xml/mod.ts";
import { encodeFault, encodeMethodCall, encodeMethodResponse } from "../../../src/xmlrpc/mod.ts";

/** Reads a document, with the layouts of others or by the plain decoder; returns also the error. */
function read(document: string, layouts?: Layouts): unknown {
  try {
    return readMethodCall(document, { joinSurrogates: true }, { replays: false, layouts });
  } catch (error) {
    return String(error);
  }
}

/** Reads a reply as {@link read} reads a call. */
function readReply(document: string, layouts?: Layouts): unknown {
  try {
    const options = { replays: false, layouts, methodName: "m" };
    return readMethodResponse(document, { lenient: true }, options);
  } catch (error) {
    return String(error);
  }
}

/** Whether what follows the name of the method is read by a layout. */
function isKnown(document: string, layouts: Layouts): boolean {
  const [, name = "", rest = ""] = /<methodName>([^<]*)(.*)$/s.exec(document) ?? [];
  return layouts.read(name, new XmlReader(rest), {}) !== undefined;
}

Deno.test("Layouts returns what the plain decoder returns, for the fuzzer's documents", () => {
  const random = createRandom(20261129);
  let known = 0;
  for (let index = 0; index < 5000; index++) {
    const first = createDocument(random);
    const layouts = new Layouts();
    assert.deepEqual(read(first, layouts), read(first));
    for (const next of [first, mutate(random, first), mutate(random, first)]) {
      assert.deepEqual(read(next, layouts), read(next), `${first}\n${next}`);
    }
    if (isKnown(first, layouts)) known++;
  }
  assert.ok(known > 500, `${known} known`);
});

Deno.test("Layouts returns what the plain decoder returns, for other values and spellings", () => {
  const scalar = fc.constantFrom<unknown>(
    "",
    "a",
    "<&>",
    " x ",
    1,
    -5,
    0.5,
    true,
    null,
    7n,
    {},
    [],
  );
  const value = fc.oneof(scalar, fc.record({ a: scalar, b: scalar }), fc.record({ a: scalar }));
  const call = fc.array(value, { maxLength: 4 }).map((params) => encodeMethodCall("m", params));
  const change = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => text.replaceAll("a</string>", "é&#13;<!-- x --><![CDATA[<]]></string>"),
    (text) => text.replaceAll("a</string>", "&nope;</string>"),
    (text) => text.replaceAll("a</string>", "<int>1</int></string>"),
    (text) => text.replaceAll("<string></string>", "<string/>"),
    (text) => text.replaceAll(/<string>([^<]*)<\/string>/g, "$1"),
    (text) => text.replaceAll("<int>1<", "<int>x<"),
    (text) => text.replaceAll("<int>1<", "<int>99999999999<"),
    (text) => text.replaceAll("<nil/>", "<nil></nil>"),
    (text) =>
      text.replace(
        "<params>",
        '<params xmlns:ex="http://ws.apache.org/xmlrpc/namespaces/extensions">',
      ),
    (text) => text.replace("</methodCall>", "</methodCall>\n<!-- end -->"),
    (text) => `${text}x`,
    (text) => text.slice(0, -1),
    (text) => text.replaceAll("\n", "\r\n"),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(call, change), { minLength: 2, maxLength: 4 }), (documents) => {
      const layouts = new Layouts();
      for (const [text, alter] of documents) {
        const document = alter(text);
        assert.deepEqual(read(document, layouts), read(document), document);
        assert.deepEqual(read(document, layouts), read(document), document);
      }
    }),
    { numRuns: 5000 },
  );
});

Deno.test("Layouts knows the next call of a method, as each peer writes it", () => {
  const struct = { id: 1, name: "a", inner: { on: true, none: null }, empty: {} };
  const python = (name: string) =>
    `<?xml version='1.0'?>\n<methodCall>\n<methodName>m</methodName>\n<params>\n<param>\n` +
    `<value><string>${name}</string></value>\n</param>\n</params>\n</methodCall>\n`;
  const pairs = [
    [encodeMethodCall("m"), encodeMethodCall("m")],
    [encodeMethodCall("m", ["a", 1, 0.5]), encodeMethodCall("m", ["b & <c>", -70_000, 1.5])],
    [encodeMethodCall("m", [struct, "x"]), encodeMethodCall("m", [{ ...struct, id: 2 }, ""])],
    [python("a"), python("b")],
  ] as const;
  for (const [first, next] of pairs) {
    const layouts = new Layouts();
    read(first, layouts);
    assert.ok(isKnown(next, layouts), next);
    assert.deepEqual(read(next, layouts), read(next));
  }
});

Deno.test("Layouts returns for replies what the plain decoder returns", () => {
  const python = (value: string) =>
    "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n" +
    `<value>${value}</value>\n</param>\n</params>\n</methodResponse>\n`;
  const documents = [
    ...["a", "b & c", "", 1, null, { id: 1, name: "x" }, { id: 2, name: "" }, { id: "3" }, [1], []]
      .map((value) => encodeMethodResponse(value)),
    ...["<string>a</string>", "<string/>", "b", "<int>1</int>", "<int>x</int>"].map(python),
    encodeFault(4, "no"),
    "<methodResponse><params></params></methodResponse>",
    "<methodResponse><params/></methodResponse>",
    "<methodResponse><params><param><value>a</value></param><param><value>b</value></param></params></methodResponse>",
  ];
  let known = 0;
  for (const first of documents) {
    for (const next of documents) {
      const layouts = new Layouts();
      for (const document of [first, next, next]) {
        assert.deepEqual(readReply(document, layouts), readReply(document), document);
      }
      const rest = next.replace(/^.*?<params>/s, "");
      if (layouts.read("m", new XmlReader(rest), { lenient: true }) !== undefined) known++;
    }
  }
  assert.ok(known > documents.length, `${known} known`);
});

Deno.test("Layouts refuses content after a tag that closes itself", () => {
  const call = (value: string) =>
    `<methodCall><methodName>m</methodName><params><param>${value}</param></params></methodCall>`;
  const pairs = [
    ["<value><string/></value>", "<value><string/>abc</value>"],
    ["<value><nil/></value>", "<value><nil/>abc</value>"],
    ["<value/>", "<value/>abc"],
  ] as const;
  for (const [first, next] of pairs) {
    const layouts = new Layouts();
    assert.deepEqual(read(call(first), layouts), read(call(first)));
    assert.equal(isKnown(call(first), layouts), true);
    assert.match(String(read(call(next), layouts)), /SyntaxError/);
  }
});

Deno.test("Layouts keeps another layout once 32 calls had another one than the last", () => {
  const layouts = new Layouts();
  const [text, number] = [encodeMethodCall("m", ["a"]), encodeMethodCall("m", [1])];
  read(text, layouts);
  for (let count = 0; count < 31; count++) read(number, layouts);
  assert.deepEqual([isKnown(text, layouts), isKnown(number, layouts)], [true, false]);
  read(number, layouts);
  assert.deepEqual([isKnown(text, layouts), isKnown(number, layouts)], [false, true]);
});

Deno.test("Layouts leaves arrays and large documents to the plain decoder", () => {
  for (const param of [[1], { list: [1] }, [], "x".repeat(5000)]) {
    const layouts = new Layouts();
    const document = encodeMethodCall("m", [param]);
    assert.deepEqual(read(document, layouts), read(document));
    assert.equal(isKnown(document, layouts), false);
  }
});

Deno.test("Layouts bounds the number of methods, whose names clients choose", () => {
  const layouts = new Layouts();
  read(encodeMethodCall("m"), layouts);
  for (let count = 0; count < 99; count++) read(encodeMethodCall(`m${count}`), layouts);
  assert.equal(isKnown(encodeMethodCall("m"), layouts), true);
  read(encodeMethodCall("one.too.many"), layouts);
  assert.equal(isKnown(encodeMethodCall("m"), layouts), false, "all were forgotten");
});

Deno.test("Layouts of all clients and servers together are bounded", () => {
  const document = encodeMethodCall("m", ["a"]);
  const first = new Layouts();
  read(document, first);
  assert.equal(isKnown(document, first), true);
  for (let count = 0; count < 1000; count++) read(document, new Layouts());
  assert.equal(isKnown(document, first), false);
  assert.deepEqual(read(document, first), read(document));
});
