import assert from "node:assert/strict";
import {
  decodeMethodCall,
  decodeMethodResponse,
  type DecodeOptions,
  encodeMethodCall,
} from "../../../src/xmlrpc/mod.ts";

const wrap = (value: string) =>
  `<methodResponse><params><param><value>${value}</value></param></params></methodResponse>`;
const read = (value: string, options: DecodeOptions = {}) =>
  decodeMethodResponse(wrap(value), options);

Deno.test("decodeMethodResponse reads odd scalars when lenient, and refuses them otherwise", () => {
  const date = (text: string) => `<dateTime.iso8601>${text}</dateTime.iso8601>`;
  const cases: [value: string, result: unknown][] = [
    [date("00000000T00:00:00"), "00000000T00:00:00"],
    [date("0000-00-00 00:00:00"), "0000-00-00 00:00:00"],
    [date(""), ""],
    ["<dateTime.iso8601/>", ""],
    [date("20261125T10"), "20261125T10"],
    [date("20261125T24:00:00"), "20261125T24:00:00"],
    [date("20261231T23:59:60"), "20261231T23:59:60"],
    [date("20261125T10:11:12.123456789012"), "20261125T10:11:12.123456789012"],
    [date(" 2026-11-25 10:11:12 "), "2026-11-25 10:11:12"],
    [date("20260230T00:00:00"), "20260230T00:00:00"],
    ["<boolean>true</boolean>", true],
    ["<boolean> False </boolean>", false],
    ["<int>2147483648</int>", 2147483648],
    ["<i4>-9007199254740993</i4>", -9007199254740993n],
    ["<int>18446744073709551616</int>", 18446744073709551616n],
    ["<i8>9223372036854775808</i8>", 9223372036854775808n],
    ["<double>nan</double>", NaN],
    ["<double>NaN</double>", NaN],
    ["<double>inf</double>", Infinity],
    ["<double>-Infinity</double>", -Infinity],
    ["<array><value>1</value><value><int>2</int></value></array>", ["1", 2]],
    ["<array> <value>1</value> </array>", ["1"]],
    ["<array><value/></array>", [""]],
    ["<array/>", []],
    ["<array></array>", []],
    ["<array> </array>", []],
  ];
  for (const [value, result] of cases) {
    assert.deepEqual(read(value, { lenient: true }), result, value);
    assert.throws(() => read(value), { name: "XmlRpcSyntaxError", faultCode: -32600 }, value);
    const list = `<array><data>${`<value>${value}</value>`.repeat(3)}</data></array>`;
    assert.deepEqual(read(list, { lenient: true }), [result, result, result], value);
  }
});

Deno.test("decodeMethodResponse refuses what protects also when lenient", () => {
  for (
    const value of [
      "<int>x</int>",
      "<int></int>",
      "<int>0x10</int>",
      "<int>1 2</int>",
      "<int>1.5</int>",
      `<int>${"9".repeat(500)}</int>`,
      "<double>1e999</double>",
      "<double>1,5</double>",
      "<boolean>2</boolean>",
      "<boolean>yes</boolean>",
      "<base64>*</base64>",
      "<nil>x</nil>",
      "<unknown/>",
      "<ex:serializable>x</ex:serializable>",
      "<int>1</int><int>2</int>",
      "<array>x</array>",
      "<array><data/><data/></array>",
      "<array><int>1</int></array>",
      "<struct><member><name>a</name></member></struct>",
      "<struct><member><name>a</name><value/></member><member><name>a</name><value/></member></struct>",
    ]
  ) {
    assert.throws(() => read(value, { lenient: true }), { name: "XmlRpcSyntaxError" }, value);
  }
  const bomb = `<!DOCTYPE a [<!ENTITY x "y">]>${wrap("&x;")}`;
  assert.throws(() => decodeMethodResponse(bomb, { lenient: true }), { faultCode: -32700 });
});

Deno.test("decodeMethodResponse returns the text of every date for dateTimeAs: text", () => {
  for (const text of ["20261125T10:11:12", "0000-00-00", "now", ""]) {
    const value = `<dateTime.iso8601>${text}</dateTime.iso8601>`;
    assert.equal(read(value, { dateTimeAs: "text" }), text);
  }
});

Deno.test("decodeMethodCall ignores white space around the name of a method", () => {
  const call = (name: string) => `<methodCall><methodName>${name}</methodName></methodCall>`;
  assert.equal(decodeMethodCall(call("\n  a.b\t")).methodName, "a.b");
  assert.equal(decodeMethodCall(call("<!-- x --> a")).methodName, "a");
  for (const name of ["", " ", "a b", "\u00a0a"]) {
    assert.throws(() => decodeMethodCall(call(name)), { faultCode: -32600 }, name);
  }
});

Deno.test("encodeMethodCall and decodeMethodCall allow any method name on request", () => {
  const options = { methodNames: "any" } as const;
  for (const name of ["a-b.c", "save!", "größe", "a<b&c", "$x", "system.do?"]) {
    assert.throws(() => encodeMethodCall(name), { name: "TypeError", message: /letters, digits/ });
    const document = encodeMethodCall(name, [], options);
    assert.equal(decodeMethodCall(document, options).methodName, name);
    assert.throws(() => decodeMethodCall(document), { faultCode: -32600 });
  }
  for (const name of ["", "a b", "a\0", "\ud800", "x".repeat(256)]) {
    assert.throws(() => encodeMethodCall(name, [], options), TypeError);
  }
});

Deno.test("encodeMethodCall leaves out trailing undefined parameters only", () => {
  const params = (...params: unknown[]) => decodeMethodCall(encodeMethodCall("m", params)).params;
  assert.deepEqual(params("x", undefined), ["x"]);
  assert.deepEqual(params(undefined, undefined), []);
  assert.deepEqual(params(undefined, "x", undefined), [null, "x"]);
  assert.deepEqual(params("x", null), ["x", null]);
  assert.deepEqual(params([undefined]), [[null]]);
});
