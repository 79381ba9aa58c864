import assert from "node:assert/strict";
import { Etcd3Discovery } from "../../mod.ts";
import { LineProcess } from "../../scripts/line_process.ts";
import { anEndpoint } from "../support/endpoints.ts";
import { testEtcd } from "../support/etcd.ts";
import { OtlpReceiver, type OtlpSpan } from "../support/otlp_receiver.ts";
import { startPython } from "../support/python.ts";

/** An XML-RPC server of Python's own library that prints the trace that it is part of. */
const BACK = `
from xmlrpc.server import SimpleXMLRPCServer, SimpleXMLRPCRequestHandler
class Handler(SimpleXMLRPCRequestHandler):
    rpc_paths = ("/xml-rpc",)
    def do_POST(self):
        print("traceparent", self.headers["traceparent"])
        super().do_POST()
server = SimpleXMLRPCServer(("127.0.0.1", 0), Handler, logRequests=False, allow_none=True)
server.register_function(lambda text: text + "!", "7.echo")
print("port", server.server_address[1])
server.serve_forever()
`;

function startTraced(role: string, endpoint: string, env: Record<string, string>): LineProcess {
  const program = new URL("traced_process.ts", import.meta.url).pathname;
  return new LineProcess(role, Deno.execPath(), ["run", "-A", program, role, endpoint], { env });
}

/** Returns a span and those above it, as far as they are known. */
function findPath(spans: readonly OtlpSpan[], last: OtlpSpan | undefined): readonly OtlpSpan[] {
  if (last === undefined) return [];
  return [...findPath(spans, spans.find(({ spanId }) => spanId === last.parentSpanId)), last];
}

Deno.test("A trace goes from TypeScript through TypeScript to Python", async () => {
  await using receiver = new OtlpReceiver();
  await using etcd = await testEtcd();
  await using back = startPython(BACK);
  const port = (await back.line("port ")).split(" ")[1];
  await using directory = new Etcd3Discovery({ endpoints: etcd.endpoint });
  await directory.start();
  await directory.advertise(anEndpoint({
    interfaces: ["com.example.Back"],
    containerId: `http://127.0.0.1:${port}/xml-rpc`,
    remoteServiceId: 7,
  }));
  await using front = startTraced("front", etcd.endpoint, receiver.env);
  await front.line("ready");
  await using caller = startTraced("caller", etcd.endpoint, receiver.env);
  assert.equal(await caller.line("answer "), "answer hello!");
  assert.equal(await caller.exit(), 0);
  front.kill("SIGINT");
  assert.equal(await front.exit(), 0);

  const [, version, traceId, spanId, flags] =
    /^traceparent (\w+)-(\w+)-(\w+)-(\w+)$/.exec(await back.line("traceparent ")) ?? [];
  assert.deepEqual([version, flags], ["00", "01"]);
  const { spans } = receiver;
  const path = findPath(spans, spans.find((span) => span.spanId === spanId));
  // Between both ends of a call is the span that Deno makes for the HTTP request.
  assert.deepEqual(path.map(({ name, kind }) => `${kind} ${name}`), [
    "3 com.example.Front/echo",
    "2 POST",
    "2 com.example.Front/echo",
    "3 com.example.Back/echo",
  ]);
  for (const span of path) assert.equal(span.traceId, traceId);
  const address = path.at(-1)?.attributes?.find(({ key }) => key === "server.port")?.value;
  assert.equal(Number(Object.values(address ?? {})[0]), Number(port));
  for (const name of ["rpc.client.call.duration", "rpc.server.call.duration", "rsa.endpoints"]) {
    assert.ok(receiver.metrics.has(name), name);
  }
});
