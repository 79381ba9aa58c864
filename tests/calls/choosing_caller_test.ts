import assert from "node:assert/strict";
import { RemoteCallError, withOptions } from "../../src/distribution/mod.ts";
import { FakeRegistry, type Goer } from "./support.ts";

Deno.test("Policy best calls the highest ranking, round-robin each in turn, all every one", async () => {
  const world = new FakeRegistry();
  const low = world.add("low");
  world.add("high", { "service.ranking": 5 });
  const best = world.proxy({ policy: "best" });
  assert.deepEqual([await best.go(1), await best.go(2)], ["high", "high"]);
  const turns = world.proxy({ policy: "round-robin" });
  assert.deepEqual([await turns.go(), await turns.go(), await turns.go()], ["high", "low", "high"]);
  low.fail("fault");
  const outcomes = await world.proxy({ policy: "all" }).go() as PromiseSettledResult<unknown>[];
  assert.deepEqual(outcomes.map(({ status }) => status), ["fulfilled", "rejected"]);
});

Deno.test("Policy balanced calls only the highest ranking and shifts load away from a slow one", async () => {
  const world = new FakeRegistry();
  const [fast, slow, low] = [
    world.add("fast"),
    world.add("slow"),
    world.add("low", {
      "service.ranking": -1,
    }),
  ];
  slow.answer = () => world.sleep(200).then(() => "slow");
  fast.answer = () => world.sleep(1).then(() => "fast");
  const proxy = world.proxy();
  for (let call = 0; call < 50; call++) {
    const done = proxy.go();
    await world.clock.advance(200);
    await done;
  }
  assert.equal(low.calls.length, 0);
  assert.ok(slow.calls.length <= 2, `${slow.calls.length} calls of the slow one`);
  assert.equal(fast.calls.length + slow.calls.length, 50);
});

Deno.test("A call that surely did not run goes to the next endpoint, each one once", async () => {
  for (
    const code of ["unreachable", "overloaded", "wrong-service", "endpoint-gone", "closed"] as const
  ) {
    const world = new FakeRegistry();
    const [a, b] = [world.add("a"), world.add("b")];
    a.fail(code);
    const proxy = world.proxy({ policy: "best", reconnectWaitMs: 0 });
    assert.equal(await proxy.go("x"), "b", code);
    assert.deepEqual(b.calls[0]?.parameters, ["x"]);
    assert.equal(b.calls[0]?.options.attempt, 2);
    b.fail(code);
    await assert.rejects(proxy.go(), { code });
    assert.ok(a.calls.length <= 2 && b.calls.length === 2, "each is tried once a call");
  }
});

Deno.test("A call that may have run is repeated only if its method is idempotent", async () => {
  for (const code of ["interrupted", "timeout", "invalid-reply"] as const) {
    const world = new FakeRegistry();
    const [a, b] = [world.add("a"), world.add("b")];
    a.fail(code);
    await assert.rejects(world.proxy({ policy: "best" }).go(), { code, isExecuted: "unknown" });
    assert.equal(b.calls.length, 0);
    const other = world.proxy({ policy: "best", idempotent: ["stop"] });
    await assert.rejects(other.go(), { code });
    assert.equal(await world.proxy({ policy: "best", idempotent: ["go"] }).go(), "b");
    const proxy = world.proxy({ policy: "best" });
    assert.equal(await withOptions(proxy, { idempotent: true }).go(), "b");
  }
});

Deno.test("A call whose time is over is not repeated, not even if it is idempotent", async () => {
  for (const timeoutMs of [undefined, 1000]) {
    const world = new FakeRegistry();
    const [hanging, other] = [world.add("hanging"), world.add("other")];
    hanging.answer = async () => {
      await world.sleep(timeoutMs ?? 30_000);
      throw new RemoteCallError("timeout", "no answer");
    };
    const options = { policy: "best", idempotent: true } as const;
    const proxy = world.proxy(timeoutMs === undefined ? options : { ...options, timeoutMs });
    const failing = assert.rejects(proxy.go(), { code: "timeout" });
    await world.clock.advance(30_000);
    await failing;
    assert.equal(other.calls.length, 0);
  }
});

Deno.test("What every endpoint would answer alike is not tried again", async () => {
  for (const code of ["fault", "no-such-method", "denied", "not-sendable"] as const) {
    const world = new FakeRegistry();
    const [a, b] = [world.add("a"), world.add("b")];
    a.fail(code);
    await assert.rejects(world.proxy({ policy: "best", idempotent: true }).go(), { code });
    assert.equal(b.calls.length, 0, code);
  }
});

Deno.test("Retries of calls that may have run stay within the budget", async () => {
  const world = new FakeRegistry();
  const [a, b] = [world.add("a"), world.add("b")];
  a.fail("interrupted");
  b.fail("interrupted");
  const proxy = world.proxy({ policy: "best", idempotent: true });
  for (let call = 0; call < 100; call++) await proxy.go().catch(() => {});
  const retries = a.calls.length + b.calls.length - 100;
  assert.ok(retries >= 10 && retries <= 31, `${retries} retries`);
});

Deno.test("A call waits for an endpoint up to reconnectWaitMs, and not beyond its deadline", async () => {
  const world = new FakeRegistry();
  const proxy = world.proxy();
  const waiting = proxy.go();
  await world.clock.advance(999);
  world.add("late");
  await world.clock.advance(0);
  assert.equal(await waiting, "late");

  const empty = new FakeRegistry();
  const failing = assert.rejects(empty.proxy().go(), {
    code: "endpoint-gone",
    isExecuted: false,
    message: "Cannot call go of I: no endpoint is known, nor was one discovered within 1000 ms",
  });
  await empty.clock.advance(1000);
  await failing;
  const short = assert.rejects(empty.proxy({ timeoutMs: 10 }).go(), { code: "endpoint-gone" });
  await empty.clock.advance(10);
  await short;
  await assert.rejects(empty.proxy({ reconnectWaitMs: 0 }).go(), { code: "endpoint-gone" });
});

Deno.test("The time that a call waited for an endpoint is none of its latency", async () => {
  const world = new FakeRegistry();
  const proxy = world.proxy();
  const waiting = proxy.go();
  await world.clock.advance(900);
  const late = world.add("late");
  await world.clock.advance(0);
  assert.equal(await waiting, "late");
  const slow = world.add("slow");
  slow.answer = () => world.sleep(100).then(() => "slow");
  for (let call = 0; call < 30; call++) {
    const done = proxy.go();
    await world.clock.advance(100);
    await done;
  }
  assert.ok(slow.calls.length <= 2, `${slow.calls.length} calls of the slow one`);
  assert.ok(late.calls.length >= 29);
});

Deno.test("A router that is closed sends no call", async () => {
  const world = new FakeRegistry();
  const endpoint = world.add("one");
  const [proxy, all] = [world.proxy(), world.proxy({ policy: "all" })];
  world.router.close(new Error("closed"));
  for (const caller of [proxy, all, world.proxy()]) {
    await assert.rejects(caller.go(), { code: "closed", isExecuted: false });
  }
  assert.equal(endpoint.calls.length, 0);
});

Deno.test("A call survives the restart of the only exporter: gone, and back under another id", async () => {
  for (const code of ["wrong-service", "unreachable", "closed"] as const) {
    const world = new FakeRegistry();
    const before = world.add("before");
    before.fail(code);
    const call = world.proxy().go();
    await world.clock.advance(100);
    before.registration?.close();
    world.add("after");
    await world.clock.advance(0);
    assert.equal(await call, "after", code);
  }
});

Deno.test("An endpoint that its exporter does not have is not chosen while others exist", async () => {
  const world = new FakeRegistry();
  const [ghost, live] = [world.add("ghost"), world.add("live")];
  ghost.fail("wrong-service");
  const proxy = world.proxy({ policy: "round-robin", reconnectWaitMs: 0 });
  for (let call = 0; call < 10; call++) assert.equal(await proxy.go(), "live");
  assert.equal(ghost.calls.length, 1);
  live.registration?.close();
  await assert.rejects(proxy.go(), { code: "wrong-service" });
  ghost.answer = () => "back";
  assert.equal(await proxy.go(), "back");
});

Deno.test("The signal of a caller ends a call with its own reason, also while it waits", async () => {
  const world = new FakeRegistry();
  const stop = new AbortController();
  const reason = new Error("enough");
  const waiting = assert.rejects(
    withOptions(world.proxy(), { signal: stop.signal }).go(),
    (error) => error === reason,
  );
  stop.abort(reason);
  await waiting;
  assert.equal(world.clock.timerCount, 0);
});

Deno.test("Endpoints of the same zone are called first, others when those fail", async () => {
  const world = new FakeRegistry({ zone: "a" });
  world.add("far", { "osgi.clusterinfo.zone": "b" });
  const near = world.add("near", { "osgi.clusterinfo.zone": "a" });
  world.add("unknown");
  const proxy = world.proxy();
  for (let call = 0; call < 10; call++) assert.equal(await proxy.go(), "near");
  near.fail("unreachable");
  assert.notEqual(await proxy.go(), "near");
});

Deno.test("Calls leave the zone while its endpoints are overloaded, and only then", async () => {
  const world = new FakeRegistry({ zone: "a" });
  const near = world.add("near", { "osgi.clusterinfo.zone": "a" });
  const far = world.add("far", { "osgi.clusterinfo.zone": "b" });
  for (const endpoint of [near, far]) {
    endpoint.answer = async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      world.clock.startTimer(20, resolve);
      await promise;
    };
  }
  const proxy = world.proxy();
  const run = async (callers: number) => {
    const calls = Array.from({ length: callers }, () => proxy.go());
    await world.clock.advance(20);
    await Promise.all(calls);
  };
  for (let round = 0; round < 20; round++) await run(3);
  assert.equal(far.calls.length, 0, "three calls at a time are answered within 100 ms");
  for (let round = 0; round < 3; round++) await run(40);
  assert.ok(far.calls.length > 10 && far.calls.length < 40, `${far.calls.length} calls left`);
});

Deno.test("A pinned proxy calls one endpoint, and works again when that returns", async () => {
  const world = new FakeRegistry();
  const one = world.add("one");
  world.add("other");
  const find = () => world.router.findPinnedProxies("I", "(endpoint.id=one)") as Goer[];
  const [pinned] = find();
  assert.equal(await pinned?.go(), "one");
  assert.equal(find()[0], pinned, "the same one each time");
  one.registration?.close();
  const waiting = pinned?.go();
  await world.clock.advance(500);
  world.add("one", { "ecf.endpoint.ts": 2 });
  await world.clock.advance(0);
  assert.equal(await waiting, "one");
  assert.equal(await pinned?.go(), "one");
});
