/**
 * Measures what telemetry costs: calls over XML-RPC within one process, without an instrument,
 * with one that is off, with statistics, with an OpenTelemetry SDK that does nothing, so that only
 * the code of this library counts, and with the real SDK without an exporter. Short rounds
 * alternate; on a busy machine the tenth of the rounds that cost least says most. Bars: 1 % when
 * off, 3 % when on. The trace itself, a header that is written and read, costs about 4 % of such
 * an empty call.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import process from "node:process";
import {
  context,
  metrics,
  propagation,
  type TextMapGetter,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import {
  Framework,
  HttpService,
  RemoteServiceAdmin,
  XmlRpcExportProvider,
  XmlRpcImportProvider,
} from "../mod.ts";
import type { CallInstrument } from "../src/distribution/mod.ts";
import { CallTelemetry } from "../src/telemetry/mod.ts";
import { SYSTEM_CLOCK } from "../src/util/mod.ts";

const ROUND_MS = 20;
const WORKERS = 8;
const ROUNDS = Number(Deno.args[0] ?? 500);

/** Cost of one round, for each call. */
interface Cost {
  readonly wallUs: number;
  readonly cpuUs: number;
}

interface Variant {
  readonly name: string;
  /** Highest ratio to the first variant, of the throughput lost. */
  readonly bar: number;
  readonly instrument: CallInstrument | undefined;
  /** SDK that is registered during its rounds. */
  readonly sdk: unknown;
}

interface Greeter {
  greet(name: string): Promise<string>;
}

const API_KEY = Symbol.for("opentelemetry.js.api.1");

/** Registers the SDK without processors and readers; returns what was registered. */
function createSdk(): unknown {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new BasicTracerProvider());
  metrics.setGlobalMeterProvider(new MeterProvider());
  return Reflect.get(globalThis, API_KEY);
}

/** Creates an SDK whose functions do nothing but pass a trace on. */
function createIdleSdk(): unknown {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const spanId = "b7ad6b7169203331";
  const spanContext = () => ({ traceId, spanId });
  const span = { spanContext, setAttribute() {}, setStatus() {}, end() {} };
  const root = { getValue: () => undefined, setValue: (): unknown => root };
  const observable = () => ({ addCallback() {}, removeCallback() {} });
  return {
    trace: { getTracer: () => ({ startSpan: () => span }) },
    context: { active: () => root, with: (_context: unknown, run: () => unknown) => run() },
    propagation: {
      inject(_context: unknown, carrier: object, setter: TextMapSetter) {
        setter.set(carrier, "traceparent", `00-${traceId}-${spanId}-01`);
      },
      extract(context: unknown, carrier: object, getter: TextMapGetter) {
        getter.get(carrier, "traceparent");
        return context;
      },
    },
    metrics: {
      getMeter: () => ({
        createHistogram: () => ({ record() {} }),
        createObservableCounter: observable,
        createObservableUpDownCounter: observable,
        createObservableGauge: observable,
      }),
    },
  };
}

function createTelemetry(): CallTelemetry {
  return new CallTelemetry({
    clock: SYSTEM_CLOCK,
    usesOpenTelemetry: true,
    hostId: "bench",
    readState: () => ({ discovered: 0, exported: 0, imported: 0, healths: [] }),
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
    while (performance.now() - beginMs < ROUND_MS) {
      await greeter.greet("you");
      calls++;
    }
  }));
  const { user, system } = process.cpuUsage(cpu);
  return {
    wallUs: (performance.now() - beginMs) * 1000 / calls,
    cpuUs: (user + system) / calls,
  };
}

/** Returns the value that a share of the values does not exceed. */
function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;
}

const sdk = createSdk();
Reflect.deleteProperty(globalThis, API_KEY);
const counting = createTelemetry();
counting.recordCalls();
const variants: readonly Variant[] = [
  { name: "none", bar: Infinity, instrument: undefined, sdk: undefined },
  { name: "none again", bar: Infinity, instrument: undefined, sdk: undefined },
  { name: "off", bar: 1.01, instrument: createTelemetry(), sdk: undefined },
  { name: "statistics", bar: 1.03, instrument: counting, sdk: undefined },
  { name: "idle SDK", bar: 1.03, instrument: createTelemetry(), sdk: createIdleSdk() },
  { name: "real SDK", bar: Infinity, instrument: createTelemetry(), sdk },
];
const greeters = await Promise.all(variants.map(({ instrument }) => connect(instrument)));
const costs: Cost[][] = variants.map(() => []);
for (let round = 0; round < ROUNDS + 20; round++) {
  // Each round begins with another variant, so that none has the better place.
  for (let step = 0; step < variants.length; step++) {
    const index = (round + step) % variants.length;
    const [variant, greeter] = [variants[index], greeters[index]];
    if (variant === undefined || greeter === undefined) continue;
    if (variant.sdk !== undefined) Reflect.set(globalThis, API_KEY, variant.sdk);
    const cost = await runRound(greeter);
    Reflect.deleteProperty(globalThis, API_KEY);
    if (round >= 20) costs[index]?.push(cost);
  }
}
const base = costs[0] ?? [];
const quiet = (list: readonly Cost[]) => quantile(list.map(({ cpuUs }) => cpuUs), 0.1);
for (const [index, { name, bar }] of variants.entries()) {
  const own = costs[index] ?? [];
  const ratio = (read: (cost: Cost) => number) =>
    quantile(own.map((cost, round) => read(cost) / read(base[round] ?? cost)), 0.5);
  const [wall, cpu] = [ratio(({ wallUs }) => wallUs), ratio(({ cpuUs }) => cpuUs)];
  const calm = quiet(own) / quiet(base);
  const isSlow = Math.min(wall, cpu, calm) > bar;
  if (isSlow) Deno.exitCode = 1;
  console.log(
    `${name.padEnd(10)} ${quiet(own).toFixed(1)} us of CPU a call in quiet rounds; ratios: ` +
      `${calm.toFixed(3)} of these, medians of pairs ${cpu.toFixed(3)} of the CPU and ` +
      `${wall.toFixed(3)} of the time` +
      (bar === Infinity ? "" : ` (bar ${bar})${isSlow ? ": too slow" : ""}`),
  );
}
Deno.exit();
