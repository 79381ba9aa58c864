// Exports a service with the default options of HTTP, which serve this host only.
//   deno run -A tests/support/loopback_exporter.ts ETCD_ENDPOINT

// deno-lint-ignore-file no-console
import { remoteServices } from "../../mod.ts";

const host = await remoteServices({ etcd: { endpoints: Deno.args[0] ?? "" }, logger: console });
const { endpoint } = await host.register("com.example.Clock", { now: () => new Date() });
console.log(`Exported at ${endpoint.containerId}`);
await host.untilInterrupted();
