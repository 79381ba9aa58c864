/**
 * Exports a greeter until it is interrupted: `exporter.ts ETCD NAME`. Runs on every runtime.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import process from "node:process";
import { remoteServices } from "@remote-services/etcd3";

const [endpoints = "", name = ""] = process.argv.slice(2);
const host = await remoteServices({
  etcd: { endpoints, leaseTtlSeconds: 5, callTimeoutMs: 30_000 },
  http: { port: 0 },
  drainMs: 10,
});
await host.register("com.example.Greeter", {
  greet: (caller: string) => `Hello ${caller}, this is ${name}`,
});
console.log("exported");
await host.untilInterrupted();
console.log("closed");
