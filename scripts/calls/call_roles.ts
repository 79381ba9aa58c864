/**
 * Processes that `scripts/rolling_restarts.ts` and `scripts/bench_calls.ts` start.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import { type RemoteServices, remoteServices } from "../../mod.ts";
import { XmlRpcClient } from "../../src/xmlrpc/mod.ts";

/** Interface of the services. */
const INTERFACE = "com.example.IWork";

interface Work {
  work(text: string): string;
}

const { values, positionals: [role] } = parseArgs({
  allowPositionals: true,
  options: {
    etcd: { type: "string", default: "localhost:2379" },
    port: { type: "string", default: "0" },
    delay: { type: "string", default: "0" },
    behaviour: { type: "string", default: "answer" },
    callers: { type: "string", default: "16" },
    seconds: { type: "string", default: "0" },
    "exit-by": { type: "string", default: "signal" },
    policy: { type: "string" },
    target: { type: "string", multiple: true, default: [] },
  },
});

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Exports a service that answers, answers late, or throws. */
async function runExporter(): Promise<void> {
  const host = await remoteServices({
    etcd: { endpoints: values.etcd, callTimeoutMs: 30_000 },
    http: { port: Number(values.port) },
  });
  const delayMs = Number(values.delay);
  const registration = await host.register(INTERFACE, {
    work: async (text: string) => {
      if (values.behaviour === "throw") throw new Error("out of order");
      // A method that is under way during the restart must finish.
      if (delayMs > 0) await delay(delayMs);
      return text;
    },
  });
  await registration.advertised();
  const { containerId, remoteServiceId } = registration.endpoint;
  // A signal right after the line must find its listener.
  const ended = values["exit-by"] === "close" ? closeWhenAsked(host) : host.untilInterrupted();
  console.log(`ready ${containerId} ${remoteServiceId}`);
  await ended;
  console.log("closed");
}

/** Closes the host by a call of `close()` when the parent asks for it with SIGUSR1. */
async function closeWhenAsked(host: RemoteServices): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  Deno.addSignalListener("SIGUSR1", resolve);
  await promise;
  Deno.removeSignalListener("SIGUSR1", resolve);
  await host.close();
}

interface Tally {
  ok: number;
  failed: number;
  readonly latencies: number[];
  readonly errors: Map<string, number>;
}

/** Calls through a proxy. */
async function runConsumer(): Promise<void> {
  await using host = await remoteServices({
    etcd: { endpoints: values.etcd, callTimeoutMs: 30_000 },
  });
  const policy = values.policy as "round-robin" | undefined;
  const work = await host.service<Work>(INTERFACE, policy === undefined ? {} : { policy });
  await callInLoops(() => work.work("x"));
}

/** Calls the targets in turn with bare clients: `--target "<url> <service id>"`. */
async function runBareConsumer(): Promise<void> {
  const targets = values.target.map((target) => {
    const [url = "", id = ""] = target.split(" ");
    return { client: new XmlRpcClient(url), method: `${id}.work` };
  });
  let turn = 0;
  await callInLoops(() => {
    const target = targets[turn++ % targets.length];
    if (target === undefined) throw new RangeError("Cannot call: give --target");
    return target.client.call(target.method, ["x"]);
  });
}

/** Calls in a loop from several callers, and prints the outcomes. */
async function callInLoops(call: () => Promise<unknown>): Promise<void> {
  const tally: Tally = { ok: 0, failed: 0, latencies: [], errors: new Map() };
  let isStopped = false;
  Deno.addSignalListener("SIGTERM", () => isStopped = true);
  console.log("calling");
  const endMs = Number(values.seconds) > 0
    ? performance.now() + Number(values.seconds) * 1000
    : Infinity;
  const measuredFromMs = performance.now() + 1000;
  const loop = async () => {
    while (!isStopped && performance.now() < endMs) {
      const beginMs = performance.now();
      const error: unknown = await call().then(() => undefined, (error) => error);
      if (error === undefined) tally.ok++;
      else record(tally, error);
      const latencyMs = performance.now() - beginMs;
      if (beginMs >= measuredFromMs && tally.latencies.length < 1e6) {
        tally.latencies.push(latencyMs);
      }
    }
  };
  await Promise.all(Array.from({ length: Number(values.callers) }, loop));
  report(tally);
  Deno.exit(0);
}

function record(tally: Tally, error: unknown): void {
  tally.failed++;
  const text = String(error).slice(0, 200);
  tally.errors.set(text, (tally.errors.get(text) ?? 0) + 1);
}

function report({ ok, failed, latencies, errors }: Tally): void {
  latencies.sort((a, b) => a - b);
  const percentile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  for (const [text, count] of errors) console.log(`error ${count} x ${text}`);
  console.log(`result ${
    JSON.stringify({
      ok,
      failed,
      p50: percentile(0.5),
      p90: percentile(0.9),
      p99: percentile(0.99),
    })
  }`);
}

if (role === "exporter") await runExporter();
else if (role === "consumer") await runConsumer();
else if (role === "bare") await runBareConsumer();
else throw new TypeError(`Cannot run the role ${role}: give exporter, consumer or bare`);
