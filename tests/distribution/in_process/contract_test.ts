import { inProcess } from "../../../src/distribution/in_process/mod.ts";
import { SILENT, SYSTEM_CLOCK } from "../../../src/util/mod.ts";
import { testDistributionContract } from "../contract.ts";

testDistributionContract("in-process", Deno.test, async () => {
  const context = { logger: SILENT, clock: SYSTEM_CLOCK, timeoutMs: 30_000 };
  const create = inProcess();
  const [server, client] = [create(context), create(context)];
  await server.start();
  return { server, client, [Symbol.asyncDispose]: async () => void await server.close() };
});
