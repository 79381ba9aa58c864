import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { createXmlRpcHandler, double, i8, XmlRpcClient } from "../../src/xmlrpc/mod.ts";
import { LineProcess } from "../../scripts/line_process.ts";
import { python, startPython } from "../support/python.ts";

const SERVER = `
import datetime, xmlrpc.client, xmlrpc.server
server = xmlrpc.server.SimpleXMLRPCServer(("127.0.0.1", 0), allow_none=True, logRequests=False,
                                          use_builtin_types=True)
def describe(value):
    return type(value).__name__ + " " + repr(value)
def fail():
    raise xmlrpc.client.Fault(7, "no <way> & no")
def boom():
    raise ValueError("boom")
server.register_function(lambda value: value, "echo")
server.register_function(describe, "describe")
server.register_function(fail, "fail")
server.register_function(boom, "boom")
print("port", server.server_address[1], flush=True)
server.serve_forever()
`;

Deno.test("XmlRpcClient and the server of Python exchange every type of value", async () => {
  await using server = startPython(SERVER);
  const [, port] = (await server.line(/^port \d+/)).split(" ");
  const client = new XmlRpcClient(`http://127.0.0.1:${port}/RPC2`);
  const values = [
    1,
    -5,
    1.25,
    true,
    null,
    "ä <&> \u{1F600}\n",
    "",
    new Date("2026-11-22T10:11:12Z"),
    Uint8Array.of(0, 1, 255),
    [],
    [1, [2]],
    [{}].slice(1),
  ];
  for (const value of values) assert.deepEqual(await client.call("echo", [value]), value);
  const nested = { a: [1, { b: null }], "": "x" };
  assert.equal(JSON.stringify(await client.call("echo", [nested])), JSON.stringify(nested));
  assert.equal(await client.call("describe", [double(1)]), "float 1.0");
  assert.equal(await client.call("describe", [i8(2 ** 40)]), "int 1099511627776");
  assert.equal(await client.call("describe", [1e-7]), "float 1e-07");
  assert.match(String(await client.call("describe", [Uint8Array.of(1)])), /^bytes/);
  await assert.rejects(client.call("fail"), { faultCode: 7, faultString: "no <way> & no" });
  await assert.rejects(client.call("boom"), { faultCode: 1, faultString: /boom/ });
});

const CLIENT = `
import datetime, sys, xmlrpc.client
proxy = xmlrpc.client.ServerProxy(sys.argv[1], allow_none=True, use_builtin_types=True)
values = [1, -2147483648, 1.5, 1e-07, -0.0, True, None, "", " a<&>\\u00e4\\U0001f600 ", b"", bytes(range(256)) * 3,
          datetime.datetime(2026, 11, 22, 10, 11, 12), [], [1, [None]], {}, {"a": {"b": [1]}, "": 2}]
for value in values:
    answer = proxy.echo(value)
    assert answer == value and type(answer) == type(value), (value, answer)
assert proxy.large() == 2 ** 40
for method, code in ((proxy.nope, -32601), (proxy.fail, -32500)):
    try:
        method()
        raise AssertionError("no fault")
    except xmlrpc.client.Fault as fault:
        assert fault.faultCode == code, fault
multi = xmlrpc.client.ServerProxy(sys.argv[1], headers=[("X-Test", "1")])
assert multi.echo("again") == "again"
print("python is content")
`;

Deno.test("createXmlRpcHandler and the client of Python exchange every type of value", async () => {
  const handle = createXmlRpcHandler({
    echo: (value) => value,
    large: () => 2n ** 40n,
    fail: () => {
      throw new Error("failed");
    },
  }, { typedNumbers: true });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handle);
  const url = `http://127.0.0.1:${server.addr.port}/RPC2`;
  assert.equal(await python(CLIENT, [url]), "python is content");
});

const VALIDATOR = `
import sys, datetime, xmlrpc.client
proxy = xmlrpc.client.ServerProxy(sys.argv[1], allow_none=True, use_builtin_types=True)
v = proxy.validator1
assert v.arrayOfStructsTest([{"moe": 1, "larry": 2, "curly": 3}, {"moe": 1, "larry": 2, "curly": -8}]) == -5
assert v.countTheEntities("<<>&''\\"\\"\\"") == {"ctLeftAngleBrackets": 2, "ctRightAngleBrackets": 1,
    "ctAmpersands": 1, "ctApostrophes": 2, "ctQuotes": 3}
assert v.easyStructTest({"moe": 1, "larry": 2, "curly": 3}) == 6
assert v.echoStructTest({"a": {"b": 1}}) == {"a": {"b": 1}}
many = [1, False, "x", 2.0, datetime.datetime(2026, 1, 2, 3, 4, 5), b"abc"]
assert v.manyTypesTest(*many) == many
assert v.moderateSizeArrayCheck(["first"] + ["x"] * 150 + ["last"]) == "firstlast"
day = {"moe": 1, "larry": 2, "curly": 3}
assert v.nestedStructTest({"2000": {"04": {"01": day}}}) == 6
assert v.simpleStructReturnTest(7) == {"times10": 70, "times100": 700, "times1000": 7000}
assert proxy.echo(None) is None
print("validated")
`;

Deno.test("The validator1 server passes its suite when Python calls it", async () => {
  const script = fileURLToPath(new URL("../../examples/validator1_server.ts", import.meta.url));
  await using server = new LineProcess("validator1", Deno.execPath(), [
    "run",
    "--quiet",
    "--no-prompt",
    "--allow-net",
    script,
    "--port",
    "0",
  ]);
  const line = await server.line("Listening on ");
  assert.equal(await python(VALIDATOR, [line.slice("Listening on ".length)]), "validated");
});
