import assert from "node:assert/strict";
import { decodeMethodResponse, XmlRpcFault } from "../../../src/xmlrpc/mod.ts";

/** Returns the fault of a document with the given content of `fault`. */
function readFault(content: string): XmlRpcFault {
  try {
    decodeMethodResponse(`<methodResponse><fault>${content}</fault></methodResponse>`);
  } catch (error) {
    assert.ok(error instanceof XmlRpcFault, `${content}: ${error}`);
    return error;
  }
  assert.fail("not a fault");
}

const member = (name: string, value: string) =>
  `<member><name>${name}</name><value>${value}</value></member>`;
const struct = (...members: string[]) => `<struct>${members.join("")}</struct>`;
const fault = (code: string, text = "words") =>
  readFault(`<value>${struct(member("faultCode", code), member("faultString", text))}</value>`);

Deno.test("XmlRpcFault has a code whatever type the peer sent, 0 if it was no number", () => {
  const cases: [code: string, faultCode: number, member: unknown][] = [
    ["<int>5</int>", 5, 5],
    ["<i8>5</i8>", 5, 5n],
    ["<int>5000000000</int>", 5e9, 5e9],
    [" 5 ", 5, " 5 "],
    ["<string>-7</string>", -7, "-7"],
    ["<double>5.0</double>", 5, 5],
    ["<double>1.5</double>", 1.5, 1.5],
    ["<double>nan</double>", 0, NaN],
    ["Client", 0, "Client"],
    ["<string>Server.Busy</string>", 0, "Server.Busy"],
    ["<string/>", 0, ""],
    ["<int/>", 0, ""],
    ["<int>x</int>", 0, "x"],
    ["<nil/>", 0, null],
    ["<boolean>1</boolean>", 0, true],
    ["<array><data/></array>", 0, []],
    ["<struct/>", 0, {}],
  ];
  for (const [code, faultCode, sent] of cases) {
    const error = fault(code);
    assert.deepEqual([error.faultCode, error.faultString], [faultCode, "words"], code);
    assert.deepEqual(error.members, { faultCode: sent, faultString: "words" }, code);
  }
});

Deno.test("XmlRpcFault has a string whatever type the peer sent", () => {
  const cases: [text: string, faultString: string][] = [
    ["<string>words</string>", "words"],
    ["<int>7</int>", "7"],
    ["<double>0.5</double>", "0.5"],
    ["<nil/>", ""],
    ["", ""],
    ["<base64>w6QgeA==</base64>", "ä x"], // as XMLRPC::Lite sends what is not ASCII
    ["<base64>5A==</base64>", "ä"],
    ["<dateTime.iso8601>20260101T10:00:00</dateTime.iso8601>", "2026-01-01T10:00:00.000Z"],
    ["<array><data><value>a</value><value><int>5</int></value></data></array>", "a 5"],
    ["<struct><member><name>message</name><value>deep</value></member></struct>", "deep"],
    ["<text>of an unknown type</text>", "of an unknown type"],
  ];
  for (const [text, faultString] of cases) {
    assert.equal(fault("<int>1</int>", text).faultString, faultString, text);
  }
  assert.equal(fault("<int>1</int>", "").message, "Fault 1");
  assert.equal(fault("Client", "<nil/>").faultString, "Client");
});

Deno.test("XmlRpcFault is read with missing, additional and misnamed members", () => {
  const cases: [content: string, faultCode: number, faultString: string][] = [
    [struct(member("faultString", "words")), 0, "words"],
    [struct(member("faultCode", "<int>3</int>")), 3, ""],
    [struct(), 0, ""],
    [struct(member("faultcode", "<int>3</int>"), member("FaultString", "words")), 3, "words"],
    [struct(member("fault_code", "3"), member("fault_string", "words")), 3, "words"],
    [struct(member("code", "3"), member("message", "words")), 3, "words"],
    [struct(member("x", "<int>3</int>"), member("y", "words")), 0, "words"],
    ["words", 0, "words"],
    ["<int>3</int>", 3, ""],
    ["<nil/>", 0, ""],
    ["<array><data><value><int>3</int></value><value>words</value></data></array>", 3, "words"],
  ];
  for (const [content, faultCode, faultString] of cases) {
    const { faultCode: code, faultString: text } = readFault(`<value>${content}</value>`);
    assert.deepEqual([code, text], [faultCode, faultString], content);
  }
  const more = readFault(
    `<value>${
      struct(
        member("faultCode", "<int>1</int>"),
        member("faultString", "words"),
        member("faultCause", struct(member("a", "b"))),
      )
    }</value>`,
  );
  assert.deepEqual(more.members["faultCause"], { a: "b" });
});

Deno.test("XmlRpcFault is read without value elements, as rTorrent writes it", () => {
  const bare = "<member><name>faultCode</name><int>3</int></member>";
  const cases: [content: string, faultCode: number, faultString: string][] = [
    [struct(member("faultCode", "<int>3</int>"), member("faultString", "words")), 3, "words"],
    [` \n${struct(member("faultCode", "<i4>3</i4>"))} `, 3, ""],
    [struct(bare, "<member><name>faultString</name>words</member>"), 3, "words"],
    [struct(bare, "<member><name>faultString</name></member>"), 3, ""],
    ["words", 0, "words"],
    ["", 0, ""],
  ];
  for (const [content, faultCode, faultString] of cases) {
    const { faultCode: code, faultString: text } = readFault(content);
    assert.deepEqual([code, text], [faultCode, faultString], content);
  }
});

Deno.test("XmlRpcFault is not read from what is not well-formed or exceeds a limit", () => {
  const deep = "<array><data><value>".repeat(70) + "</value></data></array>".repeat(70);
  for (
    const content of [
      "<value>",
      "<value><int>3</value>",
      "<value>&x;</value>",
      `<value>${deep}</value>`,
      `<value>${struct(member("faultCode", "1"), member("faultCode", "2"))}</value>`,
      "<value/><value/>",
    ]
  ) {
    const document = `<methodResponse><fault>${content}</fault></methodResponse>`;
    assert.throws(() => decodeMethodResponse(document), { name: "XmlRpcSyntaxError" }, content);
  }
});
