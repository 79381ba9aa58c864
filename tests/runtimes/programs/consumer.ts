/**
 * Calls the greeter 20 times a second until it is interrupted, and prints each result or error:
 * `consumer.ts ETCD NAME [once]`. Runs on every runtime.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import process from "node:process";
import { remoteServices } from "@remote-services/etcd3";

interface Greeter {
  greet(caller: string): string;
}

const [endpoints = "", name = "", once] = process.argv.slice(2);
const host = await remoteServices({
  etcd: { endpoints, leaseTtlSeconds: 5, callTimeoutMs: 30_000 },
});
let isDone = false;
const ended = host.untilInterrupted().then(() => isDone = true);
const greeter = await host.service<Greeter>("com.example.Greeter");
do {
  try {
    console.log(await greeter.greet(name));
  } catch (error) {
    if (!isDone) console.log("error", error);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
} while (!isDone && once === undefined);
await host.close();
await ended;
console.log("closed");
