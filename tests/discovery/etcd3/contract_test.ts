import { etcd3 } from "../../../src/discovery/etcd3/mod.ts";
import { SILENT, SYSTEM_CLOCK } from "../../../src/util/mod.ts";
import { testEtcd } from "../../support/etcd.ts";
import { testDiscoveryContract } from "../contract.ts";

testDiscoveryContract("etcd3", Deno.test, async () => {
  const etcd = await testEtcd();
  const context = { logger: SILENT, clock: SYSTEM_CLOCK, hostIp: "127.0.0.1" };
  return {
    create: (options = {}) => etcd3({ endpoints: etcd.endpoint, ...options })(context),
    stopDirectory: () => etcd.kill(),
    startDirectory: async () => {
      await etcd.start();
    },
    [Symbol.asyncDispose]: () => etcd[Symbol.asyncDispose](),
  };
});
