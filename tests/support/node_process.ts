// Runs a node in a process of its own, which advertises an endpoint and prints its health.
//   deno run -A tests/support/node_process.ts ENDPOINT TTL_SECONDS

// deno-lint-ignore-file no-console
import { Node } from "./node.ts";

const [endpoint = "", ttl = "2"] = Deno.args;
const node = await Node.start(endpoint, { leaseTtlSeconds: Number(ttl) });
const [advertised] = await node.advertise();
console.log(`advertised ${advertised?.id}`);
async function close() {
  Deno.removeSignalListener("SIGINT", close);
  await node.discovery.close();
  console.log("closed");
}
Deno.addSignalListener("SIGINT", close);
for await (const { state, counters } of node.discovery.healthChanges()) {
  console.log(`${state} after ${counters.leaseLosses} losses`);
}
