import assert from "node:assert/strict";
import { createTag, escapeXml, XmlReader, XmlSyntaxError } from "../../src/xml/mod.ts";

const A = createTag("a");

/** Reads a document of one element with text. */
function readA(document: string): string {
  const xml = new XmlReader(document);
  xml.skipMisc();
  assert.equal(xml.openElement(), "a");
  const text = xml.readText();
  xml.closeElement(A);
  xml.checkEnd();
  return text;
}

Deno.test("XmlReader joins the text around comments, instructions and CDATA", () => {
  assert.equal(
    readA("<?xml version='1.0'?><!-- x --><a>1<!-- -->2<![CDATA[<&]]>3<?p?></a>"),
    "12<&3",
  );
  assert.equal(readA("<a>\r\n&#13;\r&lt;&#x1F600;</a>\n<?p?>"), "\n\r\n<\u{1F600}");
  assert.equal(readA("<a/>"), "");
  assert.equal(readA("<a ></a >"), "");
});

Deno.test("XmlReader reports attributes with white space normalized", () => {
  const seen: [string, string][] = [];
  const onAttribute = (name: string, value: string) => void seen.push([name, value]);
  new XmlReader("<a b='1\n2&#10;3' c = \"&lt;\"/>", { attributeListener: { onAttribute } })
    .openElement();
  assert.deepEqual(seen, [["b", "1 2\n3"], ["c", "<"]]);
});

Deno.test("XmlReader refuses what is not well-formed with line and column", () => {
  const cases: [document: string, line: number, column: number, message: RegExp][] = [
    ["<a>\n &nbsp;</a>", 2, 2, /reference &nbsp;/],
    ["<a>]]></a>", 1, 4, /\]\]>/],
    ["<a>\0</a>", 1, 4, /U\+0000/],
    ["<a b='1' b='2'/>", 1, 10, /attribute b twice/],
    ["<a b=1/>", 1, 6, /attribute b/],
    ["<a b='<'/>", 1, 7, /< in an attribute/],
    ["<a><!-- -- --></a>", 1, 9, /-- in a comment/],
    ["<a></b>", 1, 4, /<\/b>/],
    ["<a></a>\n<a/>", 2, 1, /more after the root/],
    ["<!DOCTYPE a><a/>", 1, 1, /document type/],
    ["<a><?xml version='1.0'?></a>", 1, 4, /declaration here/],
    ["<?xml version='2.0'?><a/>", 1, 1, /XML declaration/],
  ];
  for (const [document, line, column, message] of cases) {
    assert.throws(() => readA(document), (error) => {
      assert.ok(error instanceof XmlSyntaxError, document);
      assert.deepEqual([error.line, error.column], [line, column], error.message);
      assert.equal(error.code, "not-well-formed");
      return message.test(error.message);
    }, document);
  }
});

Deno.test("XmlReader marks well-formed but unexpected text as unexpected", () => {
  const xml = new XmlReader("<a> text <b/></a>");
  xml.openElement();
  assert.throws(() => xml.skipSpace(), { name: "XmlSyntaxError", code: "unexpected" });
});

Deno.test("escapeXml escapes what text may not have and refuses what XML cannot carry", () => {
  assert.equal(escapeXml("a<b>&\r\n\t"), "a&lt;b&gt;&amp;&#13;\n\t");
  assert.equal(escapeXml("\ud800"), undefined);
  assert.equal(escapeXml("x".repeat(40) + "\0"), undefined);
});
