import { createMemoryHub, memory } from "../../../src/discovery/memory/mod.ts";
import { SILENT, SYSTEM_CLOCK } from "../../../src/util/mod.ts";
import { testDiscoveryContract } from "../contract.ts";

testDiscoveryContract("memory", Deno.test, () => {
  const hub = createMemoryHub();
  const context = { logger: SILENT, clock: SYSTEM_CLOCK, hostIp: "127.0.0.1" };
  return Promise.resolve({
    create: (options = {}) => memory({ hub, ...options })(context),
    stopDirectory: () => Promise.resolve(hub.stop()),
    startDirectory: () => Promise.resolve(hub.start()),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
});
