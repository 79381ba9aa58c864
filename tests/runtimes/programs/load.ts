/**
 * Calls the greeter for some seconds and prints the calls per second: `load.ts ETCD SECONDS
 * CALLERS`. Runs on every runtime.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import process from "node:process";
import { remoteServices } from "@remote-services/etcd3";

interface Greeter {
  greet(caller: string): string;
}

const [endpoints = "", seconds = "", callers = ""] = process.argv.slice(2);
const host = await remoteServices({ etcd: { endpoints } });
const greeter = await host.service<Greeter>("com.example.Greeter");

/** Calls one after the other until a time; returns the number of calls. */
async function callUntil(endMs: number): Promise<number> {
  let calls = 0;
  for (; performance.now() < endMs; calls++) await greeter.greet("you");
  return calls;
}

/** Returns the calls per second of all callers. */
async function measure(forSeconds: number): Promise<number> {
  const endMs = performance.now() + forSeconds * 1000;
  const counts = Array.from({ length: Number(callers) }, () => callUntil(endMs));
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0) / forSeconds;
}

await measure(Number(seconds) / 3); // warms up
console.log(Math.round(await measure(Number(seconds))));
await host.close();
