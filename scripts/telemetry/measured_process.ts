/**
 * Exporter or caller of the benchmark, one of a pair:
 * `measured_process.ts exporter|caller ETCD SETTINGS NAME`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import process from "node:process";
import { remoteServices } from "../../mod.ts";

/** Service that is called; `cpuUs` returns the CPU time that its process has used. */
interface Greeter {
  greet(name: string): string;
  cpuUs(): number;
}

/** Costs of a round; the CPU time is that of both processes. */
export interface Round {
  readonly calls: number;
  readonly wallUs: number;
  readonly cpuUs: number;
}

/** Service of the caller, for the program that measures. */
export interface Rounds {
  run(durationMs: number): Round;
}

/** Callers at the same time. */
const CALLERS = 8;

const [role = "", endpoints = "", settings = "", name = ""] = Deno.args;
if (/sdk/.test(settings)) {
  const { API_KEY, createIdleSdk, registerSdk } = await import("./sdks.ts");
  if (settings === "sdk") registerSdk();
  else Reflect.set(globalThis, API_KEY, createIdleSdk());
}
await using host = await remoteServices({
  etcd: { endpoints },
  http: { port: 0 },
  openTelemetry: settings !== "none",
  drainMs: 0,
});
if (settings === "statistics") host.recordCalls();

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

if (role === "exporter") {
  const greeter: Greeter = { greet: (name) => `Hello ${name}`, cpuUs };
  await host.register(`com.example.Greeter_${name}`, greeter);
} else {
  const greeter = await host.service<Greeter>(`com.example.Greeter_${name}`);
  await host.register(`com.example.Rounds_${name}`, {
    run: async (durationMs: number): Promise<Round> => {
      const before = cpuUs() + await greeter.cpuUs();
      const beginMs = performance.now();
      let calls = 0;
      await Promise.all(Array.from({ length: CALLERS }, async () => {
        while (performance.now() - beginMs < durationMs) {
          await greeter.greet("you");
          calls++;
        }
      }));
      const wallUs = Math.round((performance.now() - beginMs) * 1000);
      return { calls, wallUs, cpuUs: cpuUs() + await greeter.cpuUs() - before };
    },
  });
}
console.log("ready");
await host.untilInterrupted();
