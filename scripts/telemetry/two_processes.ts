/**
 * Measures what telemetry costs in calls between two processes: for each setting a caller and an
 * exporter, whose rounds alternate with those of the setting that it is compared with.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { remoteServices } from "../../mod.ts";
import { findEtcd } from "../etcd.ts";
import { startEtcd } from "../etcd_process.ts";
import { LineProcess } from "../line_process.ts";
import { median } from "../xmlrpc/results.ts";
import type { Round, Rounds } from "./measured_process.ts";

/** Length of a round. */
const ROUND_MS = 100;

/** Rounds that are not counted: code is compiled. */
const WARM_ROUNDS = 10;

/** Times that the processes are started; one process may be some per cent slower than the next. */
const STARTS = 6;

/** Deno's own telemetry; there is no collector at its address. */
const DENO_OTEL = {
  OTEL_DENO: "true",
  OTEL_DENO_CONSOLE: "ignore",
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
};
const UNSAMPLED = { ...DENO_OTEL, OTEL_TRACES_SAMPLER: "always_off" };

/** Rounds that followed each other. */
interface Pair {
  readonly base: Round;
  readonly own: Round;
}

interface Comparison {
  readonly name: string;
  readonly settings: string;
  /** Telemetry of Deno itself, which `none` has too. */
  readonly env: Record<string, string>;
  readonly baseEnv: Record<string, string>;
  /** Most CPU time of a call, as a multiple of that of the base. */
  readonly bar: number;
}

const COMPARISONS: readonly Comparison[] = [
  { name: "none again", settings: "none", env: {}, baseEnv: {}, bar: Infinity },
  { name: "off", settings: "off", env: {}, baseEnv: {}, bar: 1.01 },
  { name: "statistics", settings: "statistics", env: {}, baseEnv: {}, bar: 1.03 },
  { name: "idle SDK", settings: "idle-sdk", env: {}, baseEnv: {}, bar: Infinity },
  { name: "real SDK", settings: "sdk", env: {}, baseEnv: {}, bar: Infinity },
  {
    name: "OTEL_DENO unsampled, ours beside Deno's",
    settings: "on",
    env: UNSAMPLED,
    baseEnv: UNSAMPLED,
    bar: Infinity,
  },
  {
    name: "OTEL_DENO, ours beside Deno's",
    settings: "on",
    env: DENO_OTEL,
    baseEnv: DENO_OTEL,
    bar: Infinity,
  },
  {
    name: "OTEL_DENO, Deno's alone",
    settings: "none",
    env: DENO_OTEL,
    baseEnv: {},
    bar: Infinity,
  },
];

/** Compares all settings; returns whether each bar is kept. */
export async function measureTwoProcesses(rounds: number, only?: string): Promise<boolean> {
  await using etcd = await startEtcd(await findEtcd());
  let isKept = true;
  for (const comparison of COMPARISONS) {
    if (only !== undefined && !comparison.name.includes(only)) continue;
    if (!await compare(comparison, etcd.endpoint, rounds)) isKept = false;
  }
  return isKept;
}

async function compare(comparison: Comparison, etcd: string, rounds: number): Promise<boolean> {
  const { name, bar } = comparison;
  const pairs: Pair[] = [];
  for (let start = 0; start < STARTS; start++) {
    pairs.push(...await measurePairs(comparison, etcd, Math.ceil(rounds / STARTS)));
  }
  const { cpuUs, cpu, wall } = summarize(pairs);
  const isSlow = Math.min(cpu, wall) > bar;
  console.log(
    `${name.padEnd(10)} ${cpuUs.toFixed(1)} us of CPU a call; medians of pairs: ${
      cpu.toFixed(3)
    } of the CPU, ${(1 / wall).toFixed(3)} of the throughput` +
      (bar === Infinity ? "" : ` (bar ${bar})${isSlow ? ": too slow" : ""}`),
  );
  return !isSlow;
}

/** Starts both pairs of processes and lets their rounds alternate. */
async function measurePairs(
  { settings, env, baseEnv }: Comparison,
  etcd: string,
  rounds: number,
): Promise<Pair[]> {
  await using host = await remoteServices({ etcd: { endpoints: etcd }, openTelemetry: false });
  await using processes = new AsyncDisposableStack();
  const start = async (settings: string, env: Record<string, string>, id: string) => {
    const script = fileURLToPath(new URL("measured_process.ts", import.meta.url));
    for (const role of ["exporter", "caller"]) {
      const args = ["run", "-A", "--quiet", script, role, etcd, settings, id];
      const child = processes.use(new LineProcess(role, Deno.execPath(), args, { env }));
      await child.line("ready");
    }
    return await host.service<Rounds>(`com.example.Rounds_${id}`);
  };
  const id = crypto.randomUUID().slice(0, 8);
  const base = await start("none", baseEnv, `base_${id}`);
  const own = await start(settings, env, `own_${id}`);
  const pairs: Pair[] = [];
  for (let round = -WARM_ROUNDS; round < rounds; round++) {
    // Each is first in every other pair.
    const first = await (round % 2 === 0 ? base : own).run(ROUND_MS);
    const second = await (round % 2 === 0 ? own : base).run(ROUND_MS);
    if (round < 0) continue;
    pairs.push(round % 2 === 0 ? { base: first, own: second } : { base: second, own: first });
  }
  return pairs;
}

function summarize(pairs: readonly Pair[]) {
  const cpu = ({ cpuUs, calls }: Round) => cpuUs / calls;
  const wall = ({ wallUs, calls }: Round) => wallUs / calls;
  const ratio = (read: (round: Round) => number) =>
    median(pairs.map(({ base, own }) => read(own) / read(base)));
  return { cpuUs: median(pairs.map(({ own }) => cpu(own))), cpu: ratio(cpu), wall: ratio(wall) };
}
