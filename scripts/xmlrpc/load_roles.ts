/**
 * Processes of the benchmarks of server and client. `service` exports over XML-RPC, `echo`
 * answers the same bytes, `client` and `fetch` call a URL and print the calls per second.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { HttpService } from "../../src/http/mod.ts";
import { XmlRpcExportProvider } from "../../src/distribution/xmlrpc/mod.ts";
import { XmlRpcClient } from "../../src/xmlrpc/mod.ts";

const IHELLO = "org.eclipse.ecf.examples.hello.IHello";

/** Serves the service of the tutorial through the whole stack: HTTP service, provider, codec. */
async function runService(): Promise<void> {
  const provider = new XmlRpcExportProvider(new HttpService({ port: 0 }));
  const hello = {
    sayHello: (from: string) => `DenoSync says: Howdy ${from} that's a nice runtime you got there`,
  };
  const { containerId } = await provider.exportService({
    service: hello,
    interfaces: [IHELLO],
    properties: {},
    remoteServiceId: 3,
  });
  console.log(`ready ${containerId} 3`);
}

/** Answers every request with the same bytes. */
function runEcho(answer = ""): void {
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

/** Calls for some seconds over some connections, and prints the rate. */
async function callRepeatedly(once: () => Promise<unknown>, connections: string, seconds: string) {
  const end = performance.now() + Number(seconds) * 1000;
  const start = performance.now();
  let count = 0;
  const worker = async () => {
    while (performance.now() < end) {
      await once();
      count++;
    }
  };
  await Promise.all(Array.from({ length: Number(connections) }, worker));
  console.log(`rate ${count / ((performance.now() - start) / 1000)}`);
}

async function runClient(url = "", id = "", connections = "", seconds = ""): Promise<void> {
  const caller = new XmlRpcClient(url);
  const params = ["ConsumerSync", "Hello Impl"];
  await callRepeatedly(() => caller.call(`${id}.sayHello`, params), connections, seconds);
}

async function fetchBytes(url = "", body = "", connections = "", seconds = ""): Promise<void> {
  const headers = { "content-type": "text/xml" };
  const once = async () => await (await fetch(url, { method: "POST", headers, body })).bytes();
  await callRepeatedly(once, connections, seconds);
}

const [role, ...args] = Deno.args;
if (role === "service") await runService();
else if (role === "echo") runEcho(...args);
else if (role === "client") await runClient(...args);
else if (role === "fetch") await fetchBytes(...args);
