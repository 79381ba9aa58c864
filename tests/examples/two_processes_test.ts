import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { DEFAULT_TOP_KEY, remoteServices } from "../../mod.ts";
import { prefixEnd } from "../../src/etcd/mod.ts";
import { freePort } from "../../scripts/etcd_process.ts";
import { LineProcess, runExample } from "../../scripts/line_process.ts";
import { EndpointRecorder } from "../support/events.ts";
import { createClient, testEtcd } from "../support/etcd.ts";
import { FairTime } from "../support/fair_time.ts";

const IHELLO = "org.eclipse.ecf.examples.hello.IHello";

async function keysLeft(etcd: { readonly endpoint: string }): Promise<number> {
  await using client = createClient(etcd);
  const { count } = await client.kv.range(DEFAULT_TOP_KEY, {
    rangeEnd: prefixEnd(DEFAULT_TOP_KEY),
  });
  return Number(count);
}

Deno.test("The examples find and call each other with the permissions that they state", async () => {
  await using etcd = await testEtcd();
  const where = { etcdPort: etcd.clientPort, httpPort: freePort() };
  await using exporter = runExample("exporter", where);
  await exporter.line("Etcd3 connected!");
  await exporter.line(`Exported ${IHELLO} at http://127.0.0.1:${where.httpPort}/xml-rpc`);
  await using consumer = runExample("consumer", where);
  const answer = (name: string) =>
    `${name} says: Howdy ${name} that's a nice runtime you got there`;
  await consumer.line(
    `Deno IHello service consumer received sync response: ${answer("DenoSync")}`,
  );
  await consumer.line("done with sayHelloAsync method");
  await consumer.line("done with sayHelloPromise method");
  await consumer.line(`async response: ${answer("DenoAsync")}`);
  await consumer.line(`promise response: ${answer("DenoPromise")}`);
  await exporter.line("Deno.sayHello called by: DenoSync with message: 'Hello Impl'");
  await exporter.line("Deno.sayHelloAsync called by: DenoAsync with message: 'Hello Impl'");
  await exporter.line("Deno.sayHelloPromise called by: DenoPromise with message: 'Hello Impl'");

  await using exporterTime = new FairTime();
  exporter.kill("SIGINT");
  assert.equal(await exporter.exit(), 0);
  assert.ok(exporterTime.elapsedMs < 2000, "the exporter ends within 2 s");
  await consumer.line("IHello endpoint removed");
  await using consumerTime = new FairTime();
  consumer.kill("SIGINT");
  assert.equal(await consumer.exit(), 0);
  assert.ok(consumerTime.elapsedMs < 2000, "so does the consumer");
  assert.equal(await keysLeft(etcd), 0);
});

Deno.test("A changed property is reported to the other process as modified", async () => {
  await using etcd = await testEtcd();
  await using host = await remoteServices({
    etcd: { endpoints: etcd.endpoint },
    http: { port: 0 },
  });
  const say = () => "hello";
  const hello = { sayHello: say, sayHelloAsync: say, sayHelloPromise: say };
  const registration = await host.register(IHELLO, hello);
  const httpPort = Number(new URL(registration.endpoint.containerId ?? "").port);
  await using consumer = runExample("consumer", { etcdPort: etcd.clientPort, httpPort });
  await consumer.line("promise response: hello");
  const { timestampMs } = registration.endpoint;
  await registration.setProperties({ colour: "green" });
  await consumer.line(`IHello endpoint modified: ${registration.endpoint.id}`);
  assert.ok(registration.endpoint.timestampMs > timestampMs);
  await registration.close();
  await consumer.line(`IHello endpoint removed: ${registration.endpoint.id}`);
});

Deno.test("The endpoint of a killed exporter is removed when its lease ends", async () => {
  await using etcd = await testEtcd();
  const topKey = "org.example.top";
  await using peer = await remoteServices({ etcd: { endpoints: etcd.endpoint, topKey } });
  const events = new EndpointRecorder();
  peer.onEndpoint(events);
  const where = { etcdPort: etcd.clientPort, httpPort: freePort() };
  await using exporter = runExample("exporter", where, ["--lease-ttl", "2", "--top-key", topKey]);
  await events.until("added", ({ type }) => type === "added");
  exporter.kill("SIGKILL");
  await exporter.exit();
  const { endpoint } = await events.until("removed", ({ type }) => type === "removed");
  assert.deepEqual(endpoint.interfaces, [IHELLO]);
  assert.deepEqual(events.types(), ["added", "removed"]);
});

Deno.test("The examples print their help and refuse unknown options", async () => {
  for (const name of ["exporter", "consumer"] as const) {
    await using help = runExample(name, { etcdPort: 1, httpPort: 1 }, ["--help"]);
    await help.line("--lease-ttl");
    assert.equal(await help.exit(), 0);
    await using wrong = runExample(name, { etcdPort: 1, httpPort: 1 }, ["--nonsense"]);
    await wrong.line("--nonsense");
    assert.equal(await wrong.exit(), 1);
  }
});

Deno.test("An example without etcd ends with a message that names the endpoint", async () => {
  const where = { etcdPort: freePort(), httpPort: freePort() };
  await using exporter = runExample("exporter", where);
  await exporter.line(
    `Cannot connect to etcd at localhost:${where.etcdPort}: connect ECONNREFUSED`,
  );
  assert.equal(await exporter.exit(), 1);
});

Deno.test("The library runs when it is imported over HTTP, with an import map of its packages", async () => {
  await using etcd = await testEtcd();
  const root = new URL("../../", import.meta.url);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const path = new URL(request.url).pathname.slice(1);
      if (!/^(?:mod\.ts|src\/.*|examples\/.*)$/.test(path)) {
        return new Response(null, {
          status: 404,
        });
      }
      const source = await Deno.readTextFile(new URL(path, root));
      const type = path.endsWith(".json") ? "application/json" : "application/typescript";
      return new Response(source, { headers: { "content-type": type } });
    },
  );
  const elsewhere = await Deno.makeTempDir();
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  await Deno.writeTextFile(`${elsewhere}/deno.json`, JSON.stringify({ imports }));
  const httpPort = freePort();
  const net = [`127.0.0.1:${etcd.clientPort}`, `127.0.0.1:${httpPort}`].join(",");
  await using exporter = new LineProcess("exporter", Deno.execPath(), [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-lock",
    "--config=deno.json",
    `--allow-net=${net}`,
    "--allow-env=GRPC_*",
    `http://127.0.0.1:${server.addr.port}/examples/exporter.ts`,
    "--etcd",
    etcd.endpoint,
    "--http-port",
    String(httpPort),
  ], { cwd: elsewhere });
  await exporter.line("Exported");
  exporter.kill("SIGINT");
  assert.equal(await exporter.exit(), 0);
  await Deno.remove(elsewhere, { recursive: true });
});

Deno.test("deno task demo shows every step and leaves nothing", async () => {
  const demo = fileURLToPath(new URL("../../scripts/demo.ts", import.meta.url));
  await using run = new LineProcess("demo", Deno.execPath(), ["run", "-A", "--quiet", demo]);
  assert.equal(await run.exit(), 0, run.lines.join("\n"));
  for (
    const line of ["consumer | IHello endpoint removed", "etcd     | delete", "demo     | done"]
  ) {
    await run.line(line);
  }
});
