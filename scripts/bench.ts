/**
 * Measures the time from a put to the event in another process, beside a bare gRPC
 * watch of the same run. `bench_xmlrpc.ts` measures calls.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { DEFAULT_TOP_KEY, encodeEndpoint, EndpointDescription } from "../mod.ts";
import { EtcdClient } from "../src/etcd/mod.ts";
import { findEtcd } from "./etcd.ts";
import { type EtcdProcess, startEtcd } from "./etcd_process.ts";
import { LineProcess } from "./line_process.ts";

const PUTS = 1000;

/** Starts one part of the benchmark as a process. */
function startRole(name: string, ...args: string[]): LineProcess {
  const script = fileURLToPath(new URL("bench_roles.ts", import.meta.url));
  return new LineProcess(name, Deno.execPath(), ["run", "-A", "--quiet", script, name, ...args]);
}

async function benchEvents(etcd: EtcdProcess): Promise<void> {
  await using mirror = startRole("mirror", etcd.endpoint, String(PUTS));
  await using watch = startRole("watch", etcd.endpoint, String(PUTS));
  await Promise.all([mirror.line("ready"), watch.line("ready")]);
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  const session = { sessionId: crypto.randomUUID(), hostIp: "127.0.0.1" };
  const id = crypto.randomUUID();
  for (let sequence = 1; sequence <= PUTS; sequence++) {
    const sent = performance.timeOrigin + performance.now();
    const endpoint = new EndpointDescription({
      id,
      interfaces: ["org.example.IBench"],
      serviceId: 1,
      frameworkUuid: "bench",
      configurationTypes: ["ecf.xmlrpc.server"],
      containerId: "http://127.0.0.1:1/xml-rpc",
      containerNamespace: "ecf.namespace.xmlrpc",
      remoteServiceId: 1,
      timestampMs: sequence,
      extras: new Map([["sent", String(sent)]]),
    });
    await client.kv.put(
      `${DEFAULT_TOP_KEY}/${session.sessionId}/${id}`,
      encodeEndpoint(endpoint, session),
    );
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const read = async (process: LineProcess) => Number((await process.line("p50")).split(" ")[1]);
  const [ours, floor] = await Promise.all([read(mirror), read(watch)]);
  console.log(
    `events: p50 ${ours.toFixed(2)} ms from put to listener, bare gRPC watch ${
      floor.toFixed(2)
    } ms, ` +
      `ratio ${(ours / floor).toFixed(2)} (${PUTS} puts)`,
  );
}

try {
  await using etcd = await startEtcd(await findEtcd());
  await benchEvents(etcd);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}
