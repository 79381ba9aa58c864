import assert from "node:assert/strict";
import { memory, remoteServices, type RemoteServicesOptions } from "../../mod.ts";

interface Work {
  work(): Promise<string>;
}

/** Two hosts that discover each other; `finish` ends the method that is under way. */
async function createWorld(options: RemoteServicesOptions = {}) {
  const discovery = [memory()];
  const server = await remoteServices({ discovery, http: { port: 0 }, drainMs: 1, ...options });
  const client = await remoteServices({ discovery });
  const called = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<string>();
  await server.register<Work>("com.example.Work", {
    work: () => {
      called.resolve();
      return finish.promise;
    },
  });
  const proxy = await client.service<Work>("com.example.Work", { reconnectWaitMs: 0 });
  return {
    server,
    client,
    proxy,
    called: called.promise,
    finish: finish.resolve,
    async [Symbol.asyncDispose]() {
      finish.resolve("late");
      await client.close();
      await server.close({ drainTimeoutMs: 0 });
    },
  };
}

Deno.test("close() lets running calls finish and reports that none was cut", async () => {
  await using world = await createWorld();
  const running = world.proxy.work();
  await world.called;
  const closing = world.server.close();
  world.finish("done");
  assert.equal(await running, "done");
  assert.deepEqual(await closing, { cutCalls: 0 });
  await assert.rejects(world.proxy.work(), { code: "endpoint-gone", isExecuted: false });
});

Deno.test("drain() withdraws the endpoints and goes on serving calls that come anyway", async () => {
  await using world = await createWorld();
  const [pinned] = world.client.services<Work>("com.example.Work");
  const removed = Promise.withResolvers<void>();
  using _subscription = world.client.onEndpoint(({ type }) => {
    if (type === "removed") removed.resolve();
  });
  const running = pinned?.work();
  await world.called;
  await world.server.drain();
  await removed.promise;
  world.finish("done");
  assert.equal(await running, "done");
  assert.equal(world.server.health.state, "synced");
});

Deno.test("A running method may call other services while its host closes", async () => {
  const discovery = [memory()];
  await using other = await remoteServices({ discovery, http: { port: 0 } });
  await other.register("com.example.Other", { answer: () => 42 });
  const host = await remoteServices({ discovery, http: { port: 0 }, drainMs: 1 });
  const proxy = await host.service<{ answer(): number }>("com.example.Other");
  const [called, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await host.register("com.example.Work", {
    work: async () => {
      called.resolve();
      await go.promise;
      return await proxy.answer();
    },
  });
  await using client = await remoteServices({ discovery });
  const work = await client.service<{ work(): Promise<number> }>("com.example.Work");
  const running = work.work();
  await called.promise;
  const closing = host.close();
  await host.drain();
  go.resolve();
  assert.equal(await running, 42);
  await closing;
});

Deno.test("A host that exports nothing closes without waiting", async () => {
  const host = await remoteServices({ discovery: [memory()], drainMs: 1_000_000 });
  assert.deepEqual(await host.close(), { cutCalls: 0 });
});
