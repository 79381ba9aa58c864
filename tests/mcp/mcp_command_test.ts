import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="@modelcontextprotocol/sdk/types"
import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { DEFAULT_TOP_KEY, Etcd3Discovery, remoteServices } from "../../mod.ts";
import { prefixEnd } from "../../src/etcd/mod.ts";
import { CLI, PERMISSIONS, runCli } from "../cli/support.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { createClient, testEtcd } from "../support/etcd.ts";
import { startPython } from "../support/python.ts";
import { ProcessTransport } from "./process_transport.ts";
import { FairTime } from "../support/fair_time.ts";

const SERVER = `
from xmlrpc.server import SimpleXMLRPCServer, SimpleXMLRPCRequestHandler
class Handler(SimpleXMLRPCRequestHandler):
    rpc_paths = ("/xml-rpc",)
server = SimpleXMLRPCServer(("127.0.0.1", 0), requestHandler=Handler, logRequests=False,
                            allow_none=True)
def reverse(text):
    return text[::-1]
def fail():
    raise ValueError("on purpose")
server.register_function(reverse, "3.reverse")
server.register_function(fail, "3.fail")
print("port", server.server_address[1])
server.serve_forever()
`;

/** Creates a client and the transport to the command, and waits for changes of the tools. */
function createMcpClient(etcd: string) {
  const client = new Client({ name: "test", version: "1" });
  let onChange = () => {};
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => onChange());
  const transport = new ProcessTransport(
    ["run", "--quiet", "--no-prompt", ...PERMISSIONS, CLI, "mcp"].concat(
      ["--etcd", etcd, "--filter", "(objectClass=com.example.*)"],
      ["--methods", "com.example.Text=reverse,fail"],
    ),
  );
  const change = () => new Promise<void>((resolve) => onChange = resolve);
  const listNames = async () => (await client.listTools()).tools.map(({ name }) => name);
  return { client, transport, change, listNames };
}

/** Runs a step and checks that it takes less than the second that an operator may wait. */
async function withinSecond(step: () => Promise<unknown>): Promise<void> {
  await using time = new FairTime();
  await step();
  assert.ok(time.elapsedMs < 1000, `${time.elapsedMs} ms`);
}

Deno.test("The command mcp has a Python service as tools while etcd has its key", async () => {
  await using etcd = await testEtcd();
  await using python = startPython(SERVER);
  const port = Number((await python.line(/^port \d/)).split(" ")[1]);
  const { client, transport, change, listNames } = createMcpClient(etcd.endpoint);
  await client.connect(transport);
  try {
    assert.deepEqual((await client.listTools()).tools, []);
    await using discovery = new Etcd3Discovery({ endpoints: etcd.endpoint });
    await discovery.start();
    const endpoint = anEndpoint({
      interfaces: ["com.example.Text"],
      containerId: `http://127.0.0.1:${port}/xml-rpc`,
    });
    await withinSecond(async () => {
      const came = change();
      await discovery.advertise(endpoint);
      await came;
    });
    assert.deepEqual(await listNames(), ["com_example_Text__fail", "com_example_Text__reverse"]);
    const call = (name: string, ...parameters: unknown[]) =>
      client.callTool({ name: `com_example_Text__${name}`, arguments: { arguments: parameters } });
    assert.deepEqual((await call("reverse", "stressed")).content, [
      { type: "text", text: '"desserts"' },
    ]);
    const { isError, content } = await call("fail");
    assert.deepEqual([isError, content], [true, [
      { type: "text", text: "fault: <class 'ValueError'>:on purpose" },
    ]]);
    await withinSecond(async () => {
      const went = change();
      await discovery.unadvertise(endpoint.id);
      await went;
    });
    assert.deepEqual(await listNames(), []);
    await using reader = createClient(etcd);
    const { count } = await reader.kv.range(DEFAULT_TOP_KEY, {
      rangeEnd: prefixEnd(DEFAULT_TOP_KEY),
    });
    assert.equal(count, 1n, "the command has no session key; this is that of the test");
  } finally {
    await client.close();
  }
  assert.equal(await transport.exit, 0, "the command ends when the client has gone");
});

Deno.test("The command mcp keeps its tools while etcd is away, and follows it again", async () => {
  await using etcd = await testEtcd();
  const { client, transport, change, listNames } = createMcpClient(etcd.endpoint);
  await client.connect(transport);
  try {
    await using host = await remoteServices({
      etcd: { endpoints: etcd.endpoint },
      http: { port: 0 },
      drainMs: 0,
    });
    const came = change();
    const text = { reverse: (word: string) => [...word].reverse().join("") };
    await using registration = await host.register("com.example.Text", text);
    await came;
    await etcd.kill();
    const { content } = await client.callTool({
      name: "com_example_Text__reverse",
      arguments: { arguments: ["stressed"] },
    });
    assert.deepEqual(content, [{ type: "text", text: '"desserts"' }]);
    assert.deepEqual(await listNames(), ["com_example_Text__fail", "com_example_Text__reverse"]);
    await etcd.start();
    const went = change();
    await registration.close();
    await went;
    assert.deepEqual(await listNames(), []);
  } finally {
    await client.close();
  }
  assert.equal(await transport.exit, 0);
});

Deno.test("The command mcp explains wrong use", async () => {
  const missing = await runCli(["mcp"]);
  assert.deepEqual([missing.code, missing.out], [2, ""]);
  assert.match(missing.err, /Cannot run mcp: give --filter, such as '\(objectClass=com\.example/);
  const invalid = await runCli(["mcp", "--filter", "(a=b"]);
  assert.equal(invalid.code, 2);
  assert.match(invalid.err, /filter/i);
  const methods = await runCli(["mcp", "--filter", "(a=b)", "--methods", "com.example.Text"]);
  assert.equal(methods.code, 2);
  assert.match(methods.err, /--methods com\.example\.Text: give INTERFACE=NAME\[,NAME\]/);
});
