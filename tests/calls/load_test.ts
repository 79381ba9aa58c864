import assert from "node:assert/strict";
import { RemoteCallError } from "../../src/distribution/mod.ts";
import { type FakeEndpoint, FakeRegistry } from "./support.ts";

const CALLERS = 16;
/** Time between two calls of a caller. */
const PAUSE_MS = 3;

/** Starts callers that call without end; returns a function that ends them. */
function startCallers(world: FakeRegistry): () => void {
  const proxy = world.proxy();
  let isStopped = false;
  const run = async () => {
    while (!isStopped) {
      await proxy.go().catch(() => {});
      await world.sleep(PAUSE_MS);
    }
  };
  for (let caller = 0; caller < CALLERS; caller++) run();
  return () => isStopped = true;
}

/** Makes an endpoint answer after a millisecond, and fail or hang while a condition holds. */
function behave(
  world: FakeRegistry,
  endpoint: FakeEndpoint,
  kind: "fail" | "hang",
  isBad: () => boolean,
): void {
  endpoint.answer = async () => {
    const wasBad = isBad();
    await world.sleep(wasBad && kind === "hang" ? 30_000 : 0.5 + world.clock.random());
    if (wasBad) throw new RemoteCallError("interrupted", "out of order");
  };
}

Deno.test("Policy balanced keeps callers away from an endpoint that hangs", async () => {
  const world = new FakeRegistry();
  const endpoints = Array.from({ length: 10 }, (_, index) => world.add(`${index}`));
  const [hanging] = endpoints;
  assert.ok(hanging);
  for (const endpoint of endpoints) {
    const isBad = () => endpoint === hanging && world.clock.now() >= 2000;
    behave(world, endpoint, "hang", isBad);
  }
  const stop = startCallers(world);
  await world.clock.advance(2000);
  const before = hanging.calls.length;
  await world.clock.advance(29_000);
  const held = hanging.calls.length - before;
  assert.ok(held <= CALLERS / 4, `${held} of ${CALLERS} callers wait for it`);
  stop();
  await world.clock.advance(30_000);
});

Deno.test("Policy balanced prefers the only endpoint that works within a second", async () => {
  const world = new FakeRegistry();
  const endpoints = Array.from({ length: 4 }, (_, index) => world.add(`${index}`));
  const [recovering] = endpoints;
  assert.ok(recovering);
  for (const endpoint of endpoints) {
    // Only half of the endpoints are ejected: the load must show the third bad one.
    const isBad = () => endpoint !== recovering || world.clock.now() < 3000;
    behave(world, endpoint, "fail", isBad);
  }
  const stop = startCallers(world);
  await world.clock.advance(4000);
  const before = endpoints.map(({ calls }) => calls.length);
  await world.clock.advance(1000);
  const [good = 0, ...bad] = endpoints.map(({ calls }, index) =>
    calls.length - (before[index] ?? 0)
  );
  const failed = bad.reduce((sum, count) => sum + count, 0);
  assert.ok(failed <= 0.02 * good, `${failed} calls failed, ${good} did not`);
  stop();
  await world.clock.advance(10);
});
