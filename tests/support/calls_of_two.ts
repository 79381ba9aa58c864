// Calls `com.example.Clock` once two exporters of it are known, in turn, and prints what that cost:
//
//   deno run --allow-net --allow-env tests/support/calls_of_two.ts ETCD

// deno-lint-ignore-file no-console
import { remoteServices } from "../../mod.ts";

const CLOCK = "com.example.Clock";
const [endpoints = ""] = Deno.args;
await using host = await remoteServices({ etcd: { endpoints } });
const both = Promise.withResolvers<void>();
using _subscription = host.onEndpoint(() => {
  if (host.services(CLOCK).length === 2) both.resolve();
});
await both.promise;
const clock = await host.service<{ now(): Date }>(CLOCK, { policy: "round-robin" });
const times: number[] = [];
for (let count = 0; count < 100; count++) {
  const begin = performance.now();
  await clock.now();
  times.push(performance.now() - begin);
}
const slow = times.filter((ms) => ms > 2500); // half of the time to connect
console.log(`${times.length} calls, ${slow.length} slow, ${Math.round(Math.max(...times))} ms`);
