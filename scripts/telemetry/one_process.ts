/**
 * Measures what telemetry costs in calls over HTTP within one process, so that the costs of caller
 * and exporter add up: without an instrument, with one that is off, with statistics, with an
 * OpenTelemetry SDK that does nothing, so that only the code of this library counts, without and
 * with the header of the trace, and with the real SDK without an exporter, beside the same spans
 * made by hand. Short rounds alternate; on a busy machine the tenth of the rounds that cost least
 * says most.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import process from "node:process";
import { trace } from "@opentelemetry/api";
import {
  Framework,
  HttpService,
  RemoteServiceAdmin,
  XmlRpcExportProvider,
  XmlRpcImportProvider,
} from "../../mod.ts";
import type { CallInstrument } from "../../src/distribution/mod.ts";
import { CallTelemetry } from "../../src/telemetry/mod.ts";
import { SYSTEM_CLOCK } from "../../src/util/mod.ts";
import { HandWrittenTelemetry } from "./hand_written.ts";
import { API_KEY, createIdleSdk, createUnsampledTracers, registerSdk } from "./sdks.ts";

/** Calls of a round. */
const CALLS = 400;
const WORKERS = 8;
/** Rounds that are not counted: code is compiled. */
const WARM_ROUNDS = 20;

/** Cost of one round, for each call. */
interface Cost {
  readonly wallUs: number;
  readonly cpuUs: number;
}

interface Variant {
  readonly name: string;
  /** Highest ratio to the variant that it is compared with. */
  readonly bar: number;
  /** Name of that variant. @default the first */
  readonly base?: string;
  readonly instrument: CallInstrument | undefined;
  /** SDK that is registered during its rounds. */
  readonly sdk: object;
}

interface Greeter {
  greet(name: string): Promise<string>;
}

function createTelemetry(): CallTelemetry {
  return new CallTelemetry({
    clock: SYSTEM_CLOCK,
    usesOpenTelemetry: true,
    hostId: "bench",
    readState: () => ({ discovered: 0, exported: 0, imported: 0, healths: [], refusals: [] }),
  });
}

/** Exports a service and imports it again, over HTTP. */
async function connect(instrument: CallInstrument | undefined): Promise<Greeter> {
  const framework = new Framework();
  const http = new HttpService({ port: 0 });
  const admin = new RemoteServiceAdmin({
    framework,
    exportProviders: [new XmlRpcExportProvider(http)],
    importProviders: [new XmlRpcImportProvider()],
    instrument,
  });
  const { reference } = framework.registry.register(
    "com.example.Greeter",
    { greet: (name: string) => `Hello ${name}` },
    { "service.exported.interfaces": "*" },
  );
  const [registration] = await admin.exportService(reference);
  if (registration === undefined) throw new Error("The service is not exported");
  const imported = admin.importService(registration.endpoint);
  return framework.registry.getService(imported.reference) as Greeter;
}

async function runRound(greeter: Greeter): Promise<Cost> {
  const cpu = process.cpuUsage();
  const beginMs = performance.now();
  let calls = 0;
  await Promise.all(Array.from({ length: WORKERS }, async () => {
    while (calls++ < CALLS) await greeter.greet("you");
  }));
  const { user, system } = process.cpuUsage(cpu);
  return {
    wallUs: (performance.now() - beginMs) * 1000 / CALLS,
    cpuUs: (user + system) / CALLS,
  };
}

/** Returns the value that a share of the values does not exceed. */
function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;
}

/** Parts that are registered; the object stays, as that of an API does. */
const REGISTERED: Record<string, unknown> = {};
const PARTS = ["trace", "context", "propagation", "metrics"];

function registerParts(sdk: object): void {
  for (const part of PARTS) REGISTERED[part] = Reflect.get(sdk, part);
}

function createVariants(): readonly Variant[] {
  const none = {};
  const sdk = { ...registerSdk() };
  const byHand = new HandWrittenTelemetry(trace);
  const tracers = createUnsampledTracers();
  const unsampled = { ...sdk, trace: tracers };
  const unsampledByHand = new HandWrittenTelemetry(tracers);
  REGISTERED["version"] = Reflect.get(sdk, "version"); // the API looks at it
  Reflect.set(globalThis, API_KEY, REGISTERED);
  const idle = createIdleSdk();
  const counting = createTelemetry();
  counting.recordCalls();
  const create = createTelemetry;
  return [
    { name: "none", bar: Infinity, instrument: undefined, sdk: none },
    { name: "none again", bar: Infinity, instrument: undefined, sdk: none },
    { name: "off", bar: 1.01, instrument: create(), sdk: none },
    { name: "statistics", bar: 1.03, instrument: counting, sdk: none },
    {
      name: "idle SDK, no header",
      bar: 1.03,
      instrument: create(),
      sdk: { ...idle, propagation: undefined },
    },
    { name: "idle SDK", bar: Infinity, instrument: create(), sdk: idle },
    { name: "SDK, unsampled, by hand", bar: Infinity, instrument: unsampledByHand, sdk: unsampled },
    {
      name: "SDK, unsampled",
      bar: 1.03,
      base: "SDK, unsampled, by hand",
      instrument: create(),
      sdk: unsampled,
    },
    { name: "SDK, by hand", bar: Infinity, instrument: byHand, sdk },
    { name: "SDK", bar: 1.03, base: "SDK, by hand", instrument: create(), sdk },
  ];
}

/** Compares all variants; returns whether each bar is kept. */
export async function measureOneProcess(rounds: number): Promise<boolean> {
  const variants = createVariants();
  const greeters = await Promise.all(variants.map(({ instrument }) => connect(instrument)));
  const costs: Cost[][] = variants.map(() => []);
  for (let round = 0; round < rounds + WARM_ROUNDS; round++) {
    // Each round begins with another variant, so that none has the better place.
    for (let step = 0; step < variants.length; step++) {
      const index = (round + step) % variants.length;
      const [variant, greeter] = [variants[index], greeters[index]];
      if (variant === undefined || greeter === undefined) continue;
      registerParts(variant.sdk);
      const cost = await runRound(greeter);
      if (round >= WARM_ROUNDS) costs[index]?.push(cost);
    }
  }
  const costsOf = (name: string) => costs[variants.findIndex((one) => one.name === name)] ?? [];
  return variants.map((variant, index) =>
    report(variant, costs[index] ?? [], costsOf(variant.base ?? "none"))
  ).every((isKept) => isKept);
}

function report(
  { name, bar, base: baseName = "none" }: Variant,
  own: readonly Cost[],
  base: readonly Cost[],
): boolean {
  const quiet = (list: readonly Cost[]) => quantile(list.map(({ cpuUs }) => cpuUs), 0.1);
  const ratio = (read: (cost: Cost) => number) =>
    quantile(own.map((cost, round) => read(cost) / read(base[round] ?? cost)), 0.5);
  const [wall, cpu] = [ratio(({ wallUs }) => wallUs), ratio(({ cpuUs }) => cpuUs)];
  const calm = quiet(own) / quiet(base);
  const isSlow = Math.min(wall, cpu, calm) > bar;
  console.log(
    `${name.padEnd(23)} ${quiet(own).toFixed(1)} us of CPU a call in quiet rounds; ` +
      `ratios to ${baseName}: ` +
      `${calm.toFixed(3)} of these, medians of pairs ${cpu.toFixed(3)} of the CPU and ` +
      `${wall.toFixed(3)} of the time` +
      (bar === Infinity ? "" : ` (bar ${bar})${isSlow ? ": too slow" : ""}`),
  );
  return !isSlow;
}
