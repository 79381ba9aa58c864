// Exports a service to other machines until SIGTERM or Ctrl-C. Settings are environment
// variables, as containers have them:
//
//   ETCD_ENDPOINTS   etcd, as host:port[,host:port ...]
//   HTTP_PORT        port to listen on (8181)
//   ADVERTISED_HOST  host that other machines call (the local address of the connection to etcd)
//
//   ETCD_ENDPOINTS=etcd:2379 deno run --allow-net --allow-env examples/deployment/exporter.ts
//
// Node 22, Node 24 and Bun run it as well: see "The examples on Node and Bun" in docs/runtimes.md.

// deno-lint-ignore-file no-console
import { remoteServices } from "../../mod.ts";
import { CLOCK, readSetting, type TimeService } from "./settings.ts";

const advertisedHostname = readSetting("ADVERTISED_HOST", "auto");
const host = await remoteServices({
  etcd: {
    endpoints: readSetting("ETCD_ENDPOINTS"),
    // "auto" needs a connection to etcd to find the address.
    startOffline: advertisedHostname !== "auto",
  },
  http: {
    hostname: "0.0.0.0",
    port: Number(readSetting("HTTP_PORT", "8181")),
    advertisedHostname,
    probes: true,
  },
  logger: console,
});
const interrupted = host.untilInterrupted();
const registration = await host.register<TimeService>(CLOCK, { now: () => new Date() });
console.log(`Exported ${CLOCK} at ${registration.endpoint.containerId}`);
await interrupted;
