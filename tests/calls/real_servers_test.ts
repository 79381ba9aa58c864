import assert from "node:assert/strict";
import {
  memory,
  type RemoteServices,
  remoteServices,
  type RemoteServicesOptions,
  withOptions,
} from "../../mod.ts";
import { freePort } from "../../scripts/etcd_process.ts";
import { serveSilence } from "../support/tcp_server.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

interface Work {
  work(): Promise<string>;
}

/** Hosts that share a directory; all are closed at the end. */
class World implements AsyncDisposable {
  readonly #discovery = [memory()];
  readonly #hosts: RemoteServices[] = [];
  readonly #options: RemoteServicesOptions;

  /** Creates a world; its options are those of each host. */
  constructor(options: RemoteServicesOptions = {}) {
    this.#options = options;
  }

  async start(options: RemoteServicesOptions = {}): Promise<RemoteServices> {
    const own = { discovery: this.#discovery, ...this.#options };
    const host = await remoteServices({ ...own, ...options });
    this.#hosts.push(host);
    return host;
  }

  async export(
    work: () => string | Promise<string>,
    http: RemoteServicesOptions["http"] = {},
  ): Promise<RemoteServices> {
    const host = await this.start({ http: { port: 0, ...http } });
    await host.register<Work>("com.example.Work", { work });
    return host;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.close({ drainTimeoutMs: 0 })));
  }
}

/** Returns a method whose calls last until `finish` is called. */
function createHeldMethod(result: string) {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { work: () => promise, finish: () => resolve(result) };
}

Deno.test("A full server loses no call while another one has room", async () => {
  await using world = new World();
  const held = createHeldMethod("full");
  await world.export(held.work, { maxCalls: 1 });
  await world.export(() => "free");
  const client = await world.start();
  const proxies = client.services<Work>("com.example.Work");
  assert.equal(proxies.length, 2);
  const blocking = proxies.map((proxy) => proxy.work()); // one of them stays in the full server
  const proxy = await client.service<Work>("com.example.Work", { policy: "round-robin" });
  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => proxy.work()));
  assert.deepEqual(outcomes.filter(({ status }) => status === "rejected"), []);
  held.finish();
  assert.deepEqual((await Promise.all(blocking)).sort(), ["free", "full"]);
});

Deno.test("A server that stopped without a withdrawal is passed over", async () => {
  await using world = new World();
  const stopped = await world.export(() => "stopped");
  await world.export(() => "running");
  await stopped.http?.close({ drainTimeoutMs: 0 });
  const client = await world.start();
  const proxy = await client.service<Work>("com.example.Work", { policy: "round-robin" });
  for (let call = 0; call < 10; call++) assert.equal(await proxy.work(), "running");
});

Deno.test("A server that completes no connection in time is passed over", async () => {
  await using silent = serveSilence();
  await using world = new World();
  const advertisedUrl = `https://127.0.0.1:${silent.port}/xml-rpc`; // the handshake never ends
  await world.export(() => "silent", { advertisedUrl });
  await world.export(() => "running");
  const clock = new VirtualClock();
  const client = await world.start({ clock, client: { connectTimeoutMs: 50 } });
  const proxy = await client.service<Work>("com.example.Work", { policy: "round-robin" });
  let timeouts = 0;
  for (let call = 0; call < 4; call++) {
    const calling = proxy.work();
    const heard = silent.hears().then(() => "connecting");
    if (await Promise.race([calling, heard]) === "connecting") {
      timeouts++;
      await clock.advance(50);
    }
    assert.equal(await calling, "running");
  }
  assert.ok(timeouts > 0, "no call tried the silent server");
});

Deno.test("A call never runs in another service that took over the port", async () => {
  await using world = new World();
  const port = freePort();
  const before = await world.export(() => "before", { port });
  const client = await world.start();
  const proxy = await client.service<Work>("com.example.Work", { reconnectWaitMs: 0 });
  assert.equal(await proxy.work(), "before");
  await before.http?.close({ drainTimeoutMs: 0 });
  // Another program, in another directory, whose first service has the same number.
  await using other = await remoteServices({ discovery: [memory()], http: { port } });
  await other.register("com.example.Wipe", { work: () => "wiped" });
  await assert.rejects(proxy.work(), { code: "wrong-service", isExecuted: false });
  const after = await world.export(() => "after");
  assert.ok(after);
  await client.service("com.example.Work", {
    filter: ({ "endpoint.id": id }) => id === after.admin.exports[0]?.endpoint.id,
  });
  assert.equal(await proxy.work(), "after", "the ghost is not chosen while another one exists");
});

Deno.test("A call survives the restart of its only exporter on the same port", async () => {
  await using world = new World();
  const port = freePort();
  const before = await world.export(() => "before", { port });
  const client = await world.start();
  const proxy = await client.service<Work>("com.example.Work", { reconnectWaitMs: 10_000 });
  assert.equal(await proxy.work(), "before");
  await before.close({ drainTimeoutMs: 0 });
  const calling = proxy.work();
  await world.export(() => "after", { port });
  assert.equal(await calling, "after");
});

Deno.test("A server that hangs is found out by the deadlines of its calls", async () => {
  const clock = new VirtualClock(); // also of the servers, which are told the deadline
  await using world = new World({ clock });
  const held = createHeldMethod("late");
  let entered = Promise.withResolvers<void>();
  await world.export(() => {
    entered.resolve();
    return held.work();
  });
  await world.export(() => "fast");
  const client = await world.start();
  const proxy = withOptions(
    await client.service<Work>("com.example.Work", { policy: "round-robin" }),
    { timeoutMs: 100 },
  );
  const first = [];
  for (let call = 0; call < 20; call++) {
    entered = Promise.withResolvers<void>();
    const calling = proxy.work().catch(({ code }) => code);
    const hangs = entered.promise.then(() => "hangs");
    if (await Promise.race([calling, hangs]) === "hangs") await clock.advance(100);
    first.push(await calling);
  }
  assert.deepEqual(new Set(first), new Set(["timeout", "fast"]));
  held.finish(); // a call that it has now would return "late"
  const second = await Promise.all(Array.from({ length: 20 }, () => proxy.work()));
  assert.deepEqual(new Set(second), new Set(["fast"]));
});
