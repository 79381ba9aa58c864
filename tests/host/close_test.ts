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

Deno.test("close({ drainTimeoutMs: 0 }) cuts running calls at once and counts them", async () => {
  await using world = await createWorld({ drainMs: 1_000_000 });
  const running = assert.rejects(world.proxy.work(), {
    code: "interrupted",
    isExecuted: "unknown",
  });
  await world.called;
  assert.deepEqual(await world.server.close({ drainTimeoutMs: 0 }), { cutCalls: 1 });
  await running;
});

Deno.test("A close that waits is ended by a second one with drainTimeoutMs 0", async () => {
  await using world = await createWorld({ drainMs: 1_000_000 });
  const running = assert.rejects(world.proxy.work(), { code: "interrupted" });
  await world.called;
  const closing = world.server.close();
  await world.server.close({ drainTimeoutMs: 0 });
  assert.deepEqual(await closing, { cutCalls: 1 });
  await running;
});

Deno.test("A service that is exported after an empty drain is withdrawn by the close", async () => {
  const discovery = [memory()];
  const server = await remoteServices({ discovery, http: { port: 0 }, drainMs: 50 });
  await server.drain();
  await server.register("com.example.Late", { work: () => "done" });
  await using client = await remoteServices({ discovery });
  const late = await client.service<Work>("com.example.Late", { reconnectWaitMs: 0 });
  const [added, removed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  using _subscription = client.onEndpoint(({ type }) => {
    if (type === "added") added.resolve();
    else removed.resolve();
  });
  await added.promise;
  const closing = server.close();
  await removed.promise;
  assert.equal(server.http?.state.kind, "listening", "it serves after the withdrawal");
  await closing;
  await assert.rejects(late.work(), { code: "endpoint-gone" });
});

Deno.test("The probes report a host as live, and as ready until it drains", async () => {
  const host = await remoteServices({
    discovery: [memory()],
    http: { port: 0, probes: true },
    drainMs: 1,
  });
  await using _host = host;
  const url = host.http?.url;
  const probe = async (path: string) => {
    const response = await fetch(`${url}${path}`);
    await response.body?.cancel();
    return response.status;
  };
  assert.deepEqual([await probe("/livez"), await probe("/readyz")], [200, 200]);
  await host.drain();
  assert.deepEqual([await probe("/livez"), await probe("/readyz")], [200, 503]);
});
