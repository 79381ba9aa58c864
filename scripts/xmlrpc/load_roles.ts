/**
 * The processes that the benchmarks of server and client consist of: `service`, which
 * exports over XML-RPC, `echo`, which answers the same bytes, and `client` and `bare`,
 * which call a URL and print the calls of a second.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { HttpService } from "../../src/http/mod.ts";
import { createInvoker, createMethodTable } from "../../src/distribution/mod.ts";
import { EndpointDescription } from "../../src/endpoint/mod.ts";
import { XmlRpcExportProvider } from "../../src/distribution/xmlrpc/mod.ts";
import { XmlRpcClient } from "../../src/xmlrpc/mod.ts";
import { createBareClient } from "../http/bare_client.ts";

const IHELLO = "org.eclipse.ecf.examples.hello.IHello";

/** The service of the tutorial behind the whole stack: HTTP service, provider, codec. */
async function service(): Promise<void> {
  const provider = new XmlRpcExportProvider(new HttpService({ port: 0 }));
  const hello = {
    sayHello: (from: string) => `DenoSync says: Howdy ${from} that's a nice runtime you got there`,
  };
  const methods = createMethodTable(hello);
  const endpoint = new EndpointDescription({
    id: "hello",
    interfaces: [IHELLO],
    serviceId: 1,
    frameworkUuid: "bench",
    configurationTypes: ["ecf.xmlrpc.server"],
    containerId: "http://127.0.0.1/xml-rpc",
    containerNamespace: "ecf.namespace.xmlrpc",
    remoteServiceId: 3,
    timestampMs: 1,
  });
  const { containerId } = await provider.exportEndpoint({
    endpointId: "hello",
    remoteServiceId: 3,
    configurationType: "ecf.xmlrpc.server",
    interfaces: [IHELLO],
    properties: {},
    methodNames: methods.names,
    invoke: createInvoker({ methods, getEndpoint: () => endpoint, interceptors: [] }),
  });
  console.log(`ready ${containerId} 3`);
}

/** Answers every request with the same bytes. */
function echo(answer = ""): void {
  const headers = { "content-type": "text/xml; charset=utf-8" };
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => console.log(`ready http://127.0.0.1:${port}/xml-rpc 0`),
  }, async (request) => {
    await request.arrayBuffer();
    return new Response(answer, { headers });
  });
}

/** Calls for some seconds over as many connections, and prints the rate. */
async function call(once: () => Promise<unknown>, connections: string, seconds: string) {
  const run = async (durationMs: number) => {
    const start = performance.now();
    let count = 0;
    const worker = async () => {
      for (; performance.now() < start + durationMs; count++) await once();
    };
    await Promise.all(Array.from({ length: Number(connections) }, worker));
    return count / ((performance.now() - start) / 1000);
  };
  await run(500); // until everything is compiled, and the server trusted
  console.log(`rate ${await run(Number(seconds) * 1000)}`);
}

async function client(url = "", id = "", connections = "", seconds = ""): Promise<void> {
  const caller = new XmlRpcClient(url);
  const params = ["ConsumerSync", "Hello Impl"];
  await call(() => caller.call(`${id}.sayHello`, params), connections, seconds);
}

async function bare(url = "", body = "", connections = "", seconds = ""): Promise<void> {
  const send = createBareClient();
  await call(() => send(url, body), connections, seconds);
}

const [role, ...args] = Deno.args;
if (role === "service") await service();
else if (role === "echo") echo(...args);
else if (role === "client") await client(...args);
else if (role === "bare") await bare(...args);
