// Prints the time of an exporting machine each second until SIGTERM or Ctrl-C.
//
//   ETCD_ENDPOINTS=etcd:2379 deno run --allow-net --allow-env examples/deployment/consumer.ts
//
// Node 22, Node 24 and Bun run it as well: see "The examples on Node and Bun" in docs/runtimes.md.

// deno-lint-ignore-file no-console
import { remoteServices } from "../../mod.ts";
import { CLOCK, readSetting, type TimeService } from "./settings.ts";

const host = await remoteServices({
  etcd: { endpoints: readSetting("ETCD_ENDPOINTS"), startOffline: true },
  logger: console,
});
const interrupted = host.untilInterrupted();
const clock = await host.service<TimeService>(CLOCK);
const timer = setInterval(() => {
  clock.now().then(
    (time) => console.log(`It is ${time.toISOString()}`),
    (error) => console.error(error.message),
  );
}, 1000);
await interrupted;
clearInterval(timer);
