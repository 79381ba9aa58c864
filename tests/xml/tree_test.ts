import assert from "node:assert/strict";
import { parseXml } from "../../src/xml/mod.ts";
import { measureProcessorMs } from "../support/processor_time.ts";

Deno.test("parseXml resolves prefixes and default namespaces, scoped to their element", () => {
  const root = parseXml(
    '<a xmlns="urn:1" xmlns:p="urn:2" x="y">t<p:b>u</p:b><c xmlns=""/><p:d xmlns:p="urn:3"/>v</a>',
  );
  assert.deepEqual([root.localName, root.namespace, root.text], ["a", "urn:1", "tv"]);
  assert.equal(root.attributes.get("x"), "y");
  assert.deepEqual(
    root.children.map(({ localName, namespace }) => [localName, namespace]),
    [["b", "urn:2"], ["c", undefined], ["d", "urn:3"]],
  );
});

Deno.test("parseXml returns the source of an element with the prefixes that it needs", () => {
  const root = parseXml("<a xmlns:p='urn:p' xmlns:q='urn:q'>\n<p:b p:c='1'>&lt;<d/></p:b></a>");
  assert.equal(root.children[0]?.toSource(), "<p:b xmlns:p=\"urn:p\" p:c='1'>&lt;<d/></p:b>");
  assert.equal(root.children[0]?.line, 2);
  assert.equal(root.children[0]?.children[0]?.toSource(), "<d/>");
});

Deno.test("parseXml refuses undeclared prefixes, deep nesting and broken documents", () => {
  assert.throws(() => parseXml("<a>\n<p:b/></a>"), {
    message: "Cannot read the prefix p: expected a declaration of xmlns:p (line 2, column 1)",
  });
  assert.throws(() => parseXml("<a><a/></a>", { maxDepth: 1 }), { code: "unexpected" });
  for (const document of ["", "x", "<a>", "</a>", "<a></a><a/>", "<a>&x;</a>", "<a><b></a></b>"]) {
    assert.throws(() => parseXml(document), { code: "not-well-formed" }, document);
  }
});

Deno.test("parseXml takes linear time for many attributes, namespaces and lines", () => {
  const attributes = Array.from({ length: 1000 }, (_, index) => `xmlns:p${index}='urn:${index}'`);
  const inside = Array.from({ length: 20_000 }, () => "<b xmlns:q='r'/>\n").join("");
  const document = `<a ${attributes.join(" ")}>${inside}</a>`;
  assert.ok(measureProcessorMs(() => void parseXml(document)) < 5000);
  assert.throws(() => parseXml(`<a ${attributes.join(" ")} b="">${inside}</a>`), {
    code: "unexpected",
    message: "Cannot read so many attributes: expected 1000 at most (line 1, column 20784)",
  });
});
