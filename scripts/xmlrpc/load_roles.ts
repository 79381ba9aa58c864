/**
 * The processes that the benchmarks of server and client consist of: `service`, which
 * exports over XML-RPC, `echo`, which answers the same bytes, and the clients
 * `xmlrpc`, `http`, `bare` and `codec`, the bare one that encodes and decodes, which call a URL
 * and print the calls of a second.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import process from "node:process";
import { HttpClient, HttpService, parseHttpTarget } from "../../src/http/mod.ts";
import { createInvoker, createMethodTable } from "../../src/distribution/mod.ts";
import { EndpointDescription } from "../../src/endpoint/mod.ts";
import { XmlRpcExportProvider } from "../../src/distribution/xmlrpc/mod.ts";
import { decodeMethodResponse, encodeMethodCall, XmlRpcClient } from "../../src/xmlrpc/mod.ts";
import { createBareClient } from "../http/bare_client.ts";

const IHELLO = "org.eclipse.ecf.examples.hello.IHello";

/** The service of the tutorial behind the whole stack: HTTP service, provider, codec. */
async function service(): Promise<void> {
  const provider = new XmlRpcExportProvider(new HttpService({ port: 0 }));
  const hello = {
    sayHello: (from: string) => `DenoSync says: Howdy ${from} that's a nice runtime you got there`,
    sayHelloPromise: (from: string) => Promise.resolve(hello.sayHello(from)),
    getSame: (value: unknown) => value,
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

/** Calls after which no client becomes faster any more: until then the runtime compiles it. */
const WARM_UP_CALLS = 60_000;

/**
 * Calls for some seconds over as many connections, and prints the calls per second of processor
 * time: what the server and other work of the machine take does not count.
 */
async function call(once: () => Promise<unknown>, connections: string, seconds: string) {
  const run = async (isOver: (count: number) => boolean) => {
    const cpu = process.cpuUsage();
    let count = 0;
    const worker = async () => {
      for (; !isOver(count); count++) await once();
    };
    await Promise.all(Array.from({ length: Number(connections) }, worker));
    const { user, system } = process.cpuUsage(cpu);
    return count / ((user + system) / 1_000_000);
  };
  await run((count) => count >= WARM_UP_CALLS);
  const endMs = performance.now() + Number(seconds) * 1000;
  console.log(`rate ${await run(() => performance.now() >= endMs)}`);
}

const PARAMS = ["ConsumerSync", "Hello Impl"];

/** Clients by role; each returns a function that makes one call. */
const CLIENTS: Readonly<Record<string, (url: string, method: string) => () => Promise<unknown>>> = {
  xmlrpc(url, method) {
    const caller = new XmlRpcClient(url);
    return () => caller.call(method, PARAMS);
  },
  http(url, method) {
    const caller = new HttpClient();
    const target = parseHttpTarget(url);
    const headers = [["content-type", "text/xml"]] as const;
    const body = encodeMethodCall(method, PARAMS);
    return () => caller.request({ target, method: "POST", headers, body });
  },
  codec(url, method) {
    const send = createBareClient();
    return async () => decodeMethodResponse(await send(url, encodeMethodCall(method, PARAMS)));
  },
  bare(url, method) {
    const send = createBareClient();
    const body = encodeMethodCall(method, PARAMS);
    return () => send(url, body);
  },
};

const [role = "", ...args] = Deno.args;
if (role === "service") await service();
else if (role === "echo") echo(...args);
else {
  const [url = "", id = "", connections = "", seconds = ""] = args;
  const once = CLIENTS[role]?.(url, `${id}.sayHello`);
  if (once !== undefined) await call(once, connections, seconds);
}
