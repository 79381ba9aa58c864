import assert from "node:assert/strict";
import { decodeXmlBytes, XmlSyntaxError } from "../../src/xml/mod.ts";

/** Bytes of characters up to U+00FF. */
const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const declare = (encoding: string, text: string) =>
  bytes(`<?xml version="1.0" encoding="${encoding}"?><a>${text}</a>`);

/** Returns the content of the root after decoding. */
function read(document: Uint8Array, charset?: string): string {
  return /<a>(.*)<\/a>/s.exec(decodeXmlBytes(document, { charset }))?.[1] ?? "";
}

Deno.test("decodeXmlBytes knows the labels of the WHATWG and Python's aliases", () => {
  const cases: [label: string, byte: string, text: string][] = [
    ["ISO-8859-1", "\x80\xe9", "\x80é"],
    ["latin-1", "\x80\xe9", "\x80é"],
    ["latin_1", "\xe9", "é"],
    ["L1", "\xe9", "é"],
    ["8859", "\xe9", "é"],
    ["iso8859_1", "\xe9", "é"],
    ["cp1252", "\x80", "€"],
    ["windows-1252", "\x80", "€"],
    ["1252", "\x80", "€"],
    ["cp1251", "\xe4", "д"],
    ["iso8859_15", "\xa4", "€"],
    ["ISO8859-2", "\xb1", "ą"],
    ["latin9", "\xa4", "€"],
    ["koi8_r", "\xc4", "д"],
    ["cp932", "\x82\xa0", "あ"],
    ["s_jis", "\x82\xa0", "あ"],
    ["euc_jp", "\xa4\xa2", "あ"],
    ["iso-2022-jp", "\x1b$BF|K\\\x1b(B", "日本"], // whose bytes are all ASCII
    ["gb18030", "\xb0\xa1", "啊"],
    ["cp936", "\xb0\xa1", "啊"],
    ["big5_tw", "\xa4\xa4", "中"],
    ["big5hkscs", "\xa4\xa4", "中"],
    ["ks_c_5601_1987", "\xb0\xa1", "가"],
    ["x_mac_japanese", "\x82\xa0", "あ"],
    ["iso_celtic", "\xa1", "Ḃ"],
    ["elot-928", "\xe1", "α"],
    ["cp949", "\xb0\xa1", "가"],
    ["mac_roman", "\x8e", "é"],
    ["cp866", "\xa4", "д"],
    ["utf_8", "\xc3\xa9", "é"],
    ["U8", "\xc3\xa9", "é"],
    ["ascii", "\xc3\xa9", "é"],
    ["us-ascii", "\xc3\xa9", "é"],
  ];
  for (const [label, byte, text] of cases) {
    assert.equal(read(declare(label, byte)), text, label);
    assert.equal(read(bytes(`<a>${byte}</a>`), label), text, `${label} in the header`);
  }
});

Deno.test("decodeXmlBytes reads iso-8859-16, or reports that the runtime lacks it", () => {
  const document = declare("iso_ir_226", "\xa1");
  try {
    new TextDecoder("iso-8859-16");
  } catch {
    assert.throws(() => read(document), { code: "unsupported-encoding" }); // Node 22
    return;
  }
  assert.equal(read(document), "Ą");
});

Deno.test("decodeXmlBytes reads ASCII bytes whatever their label, except utf-7", () => {
  for (const label of ["EBCDIC", "utf-16", "x-nonsense", "cp037", "hz-gb-2312", "HZ", ""]) {
    assert.equal(read(declare(label, "x")), "x", label);
  }
  for (const label of ["utf-7", "UTF7", "utf_7", "unicode-1-1-utf-7", "U7"]) {
    for (
      const read of [
        () => decodeXmlBytes(declare(label, "+ADw-")),
        () => decodeXmlBytes(bytes("<a>+ADw-</a>"), { charset: label }),
      ]
    ) {
      assert.throws(read, { name: "XmlSyntaxError", code: "unsupported-encoding" }, label);
    }
  }
});

Deno.test("decodeXmlBytes refuses ASCII bytes that mean other characters", () => {
  assert.throws(() => read(declare("hz-gb-2312", "~{<:Ky2;NpJ)~}")), {
    code: "unsupported-encoding",
  });
  assert.equal(read(declare("iso-2022-jp", '\x1b$B$"\x1b(B')), "あ");
});

Deno.test("decodeXmlBytes prefers a byte order mark, then the declaration, then the header", () => {
  assert.equal(read(Uint8Array.of(0xef, 0xbb, 0xbf, ...declare("latin1", "\xc3\xa9"))), "é");
  assert.equal(read(declare("utf-8", "\xc3\xa9"), "latin1"), "é");
  assert.equal(read(bytes("<a>\xe9</a>"), "latin1"), "é");
  const utf16 = (text: string, isLittle: boolean) =>
    Uint8Array.from([...text].flatMap((character) => {
      const code = character.charCodeAt(0);
      return isLittle ? [code & 255, code >> 8] : [code >> 8, code & 255];
    }));
  for (const text of ["<a>é€</a>", "\ufeff<a>é€</a>", '<?xml version="1.0"?><a>é€</a>']) {
    for (const isLittle of [true, false]) assert.equal(read(utf16(text, isLittle)), "é€");
  }
});

Deno.test("decodeXmlBytes ignores an unknown charset of the header if the bytes are UTF-8", () => {
  assert.equal(read(bytes("<a>\xc3\xa9</a>"), "x-nonsense"), "é");
  const fail = (document: Uint8Array, code: string, charset?: string) =>
    assert.throws(() => decodeXmlBytes(document, { charset }), (error) => {
      assert.ok(error instanceof XmlSyntaxError);
      return error.code === code;
    });
  fail(bytes("<a>\xe9</a>"), "unsupported-encoding", "x-nonsense");
  fail(declare("x-nonsense", "\xc3\xa9"), "unsupported-encoding");
  fail(bytes("<a>\xe9</a>"), "invalid-bytes");
  fail(declare("utf-8", "\xe9"), "invalid-bytes");
  assert.throws(() => decodeXmlBytes("<a>\ud800</a>"), { code: "not-well-formed", offset: 3 });
});
