/**
 * Measures beside a floor of the same run, and prints ratios:
 *
 * - calls of `sayHello` over 8 kept connections, beside a bare `Deno.serve` that
 *   answers the same bytes (needs `wrk`);
 * - time from a put to the event in another process, beside a bare gRPC watch.
 *
 * `deno task bench [calls] [events]` runs both or the named ones.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { DEFAULT_TOP_KEY, encodeEndpoint, EndpointDescription } from "../mod.ts";
import { EtcdClient } from "../src/etcd/mod.ts";
import { decodeMethodResponse, encodeMethodCall } from "../src/xmlrpc/mod.ts";
import { findEtcd } from "./etcd.ts";
import { type EtcdProcess, startEtcd } from "./etcd_process.ts";
import { LineProcess } from "./line_process.ts";

const ROUNDS = 5;
const ROUND_SECONDS = 3;
const CONNECTIONS = 8;
const PUTS = 1000;

/** Runs a part of the benchmark in a process of its own. */
function role(name: string, ...args: string[]): LineProcess {
  const script = fileURLToPath(new URL("bench_roles.ts", import.meta.url));
  return new LineProcess(name, Deno.execPath(), ["run", "-A", "--quiet", script, name, ...args]);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

async function benchCalls(etcd: EtcdProcess): Promise<void> {
  await using service = role("service", etcd.endpoint);
  const [, url = "", id = ""] = (await service.line("ready")).split(" ");
  const body = encodeMethodCall(`${id}.sayHello`, ["ConsumerSync", "Hello Impl"]);
  const headers = { "content-type": "text/xml" };
  const answer = await (await fetch(url, { method: "POST", headers, body })).text();
  decodeMethodResponse(answer); // a fault would be fast, and no call
  await using echo = role("echo", answer);
  const [, echoUrl = ""] = (await echo.line("ready")).split(" ");

  const lua = await Deno.makeTempFile({ suffix: ".lua" });
  await Deno.writeTextFile(
    lua,
    `wrk.method = "POST"\nwrk.headers["Content-Type"] = "text/xml"\nwrk.body = [==[${body}]==]\n`,
  );
  const rates = { service: [] as number[], echo: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const echoRate = await wrk(lua, echoUrl);
    const serviceRate = await wrk(lua, url);
    if (round === 0) continue; // warms up
    rates.echo.push(echoRate);
    rates.service.push(serviceRate);
  }
  await Deno.remove(lua);
  const [ours, floor] = [median(rates.service), median(rates.echo)];
  console.log(
    `calls: ${ours.toFixed(0)}/s, bare echo of the same bytes ${floor.toFixed(0)}/s, ` +
      `ratio ${(ours / floor).toFixed(2)} (${CONNECTIONS} connections, median of ${ROUNDS})`,
  );
}

/** Requests a second, and an error when any answer was none. */
async function wrk(script: string, url: string): Promise<number> {
  const args = ["-t1", `-c${CONNECTIONS}`, `-d${ROUND_SECONDS}s`, "-s", script, url];
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command("wrk", { args }).output();
  } catch {
    throw new Error("The benchmark of calls needs wrk: apt-get install wrk");
  }
  const text = new TextDecoder().decode(output.stdout);
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(text);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
}

async function benchEvents(etcd: EtcdProcess): Promise<void> {
  await using mirror = role("mirror", etcd.endpoint, String(PUTS));
  await using watch = role("watch", etcd.endpoint, String(PUTS));
  await Promise.all([mirror.line("ready"), watch.line("ready")]);
  await using client = new EtcdClient({ endpoints: etcd.endpoint });
  const session = { sessionId: crypto.randomUUID(), hostIp: "127.0.0.1" };
  const id = crypto.randomUUID();
  for (let sequence = 1; sequence <= PUTS; sequence++) {
    const sent = performance.timeOrigin + performance.now();
    const endpoint = new EndpointDescription({
      ...{ id, interfaces: ["org.example.IBench"], serviceId: 1, frameworkUuid: "bench" },
      ...{ configurationTypes: ["ecf.xmlrpc.server"], containerId: "http://127.0.0.1:1/xml-rpc" },
      ...{ containerNamespace: "ecf.namespace.xmlrpc", remoteServiceId: 1, timestampMs: sequence },
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

const BENCHES = new Map([["calls", benchCalls], ["events", benchEvents]]);
const names = Deno.args.length > 0 ? Deno.args : [...BENCHES.keys()];
try {
  await using etcd = await startEtcd(await findEtcd());
  for (const name of names) {
    const bench = BENCHES.get(name);
    if (bench === undefined) {
      throw new Error(`No benchmark ${name}: ${[...BENCHES.keys()].join(", ")}`);
    }
    await bench(etcd);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}
