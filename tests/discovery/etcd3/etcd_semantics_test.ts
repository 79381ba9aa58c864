import { createClient, testEtcd } from "../../support/etcd.ts";
import { EtcdModel } from "../../support/etcd_model.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";
import { testEtcdSemantics } from "./etcd_semantics.ts";

testEtcdSemantics("etcd", async () => {
  const etcd = await testEtcd();
  const connector = createClient(etcd);
  return {
    connector,
    wait: (promise) => promise,
    kill: () => etcd.kill(),
    start: async (isWiped = false) => {
      if (isWiped) await etcd.wipe();
      await etcd.start();
    },
    [Symbol.asyncDispose]: async () => {
      await connector.close();
      await etcd[Symbol.asyncDispose]();
    },
  };
});

testEtcdSemantics("EtcdModel", () => {
  const clock = new VirtualClock();
  const etcd = new EtcdModel({ clock });
  const connector = etcd.createConnector();
  return Promise.resolve({
    connector,
    wait: async (promise) => {
      let isSettled = false;
      promise.finally(() => isSettled = true).catch(() => {});
      await clock.advanceUntil("The end of the wait", () => isSettled);
      return await promise;
    },
    kill: () => Promise.resolve(etcd.kill()),
    start: (isWiped = false) => {
      if (isWiped) etcd.store.wipe();
      return Promise.resolve(etcd.start());
    },
    [Symbol.asyncDispose]: () => connector.close(),
  });
});
