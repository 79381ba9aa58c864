import assert from "node:assert/strict";
import { RemoteCallError } from "../../src/distribution/mod.ts";
import { FakeRegistry } from "./support.ts";

Deno.test("An endpoint that fails far more than the others is ejected, then tried by one call", async () => {
  const world = new FakeRegistry();
  const bad = world.add("bad");
  world.add("good");
  world.add("fine");
  bad.fail("interrupted");
  const proxy = world.proxy({ policy: "round-robin" });
  const run = async (calls: number) => {
    for (let call = 0; call < calls; call++) await proxy.go().catch(() => {});
  };
  await run(60);
  assert.equal(bad.calls.length, 5, "five failures are enough");
  await world.clock.advance(999);
  await run(30);
  assert.equal(bad.calls.length, 5);
  await world.clock.advance(1);
  await run(30);
  assert.equal(bad.calls.length, 6, "one failure on probation ejects it again");
  await world.clock.advance(1999);
  await run(30);
  assert.equal(bad.calls.length, 6, "twice as long");
  await world.clock.advance(1);
  bad.answer = () => "recovered";
  await run(60);
  assert.ok(bad.calls.length > 20, `${bad.calls.length} calls after it recovered`);
});

Deno.test("An endpoint that hangs is ejected although it is called seldom", async () => {
  const world = new FakeRegistry();
  const [hanging, good] = [world.add("hanging"), world.add("good")];
  hanging.answer = async () => {
    await world.sleep(1000);
    throw new RemoteCallError("timeout", "no answer");
  };
  const proxy = world.proxy({ policy: "round-robin" });
  const run = async (calls: number) => {
    for (let call = 0; call < calls; call++) {
      const done = proxy.go().catch(() => {});
      await world.clock.advance(1000);
      await done;
    }
  };
  await run(10);
  assert.equal(hanging.calls.length, 5);
  await run(20);
  assert.ok(hanging.calls.length <= 5 + 4, `${hanging.calls.length} calls`);
  const before = hanging.calls.length;
  good.fail("timeout");
  await run(30);
  assert.ok(hanging.calls.length > before, "it is tried again");
});

Deno.test("Calls that were under way at an ejection don't make it longer", async () => {
  const world = new FakeRegistry();
  const [bad] = ["bad", "a", "b", "c"].map((id) => world.add(id));
  assert.ok(bad);
  bad.answer = async () => {
    await world.sleep(100);
    throw new RemoteCallError("timeout", "no answer");
  };
  const proxy = world.proxy({ policy: "round-robin" });
  const run = async (calls: number) => {
    const all = Array.from({ length: calls }, () => proxy.go().catch(() => {}));
    await world.clock.advance(100);
    await Promise.all(all);
  };
  await run(80);
  assert.equal(bad.calls.length, 20);
  bad.answer = () => "recovered";
  await world.clock.advance(1000);
  await run(4);
  assert.equal(bad.calls.length, 21);
});

Deno.test("Faults that all endpoints answer alike eject none of them", async () => {
  const world = new FakeRegistry();
  const endpoints = [world.add("a"), world.add("b"), world.add("c")];
  for (const endpoint of endpoints) endpoint.fail("fault");
  const proxy = world.proxy({ policy: "round-robin" });
  for (let call = 0; call < 90; call++) await proxy.go().catch(() => {});
  assert.deepEqual(endpoints.map(({ calls }) => calls.length), [30, 30, 30]);
});

Deno.test("An endpoint that alone answers faults is ejected", async () => {
  const world = new FakeRegistry();
  const bad = world.add("bad");
  world.add("good");
  bad.fail("fault");
  const proxy = world.proxy({ policy: "round-robin" });
  for (let call = 0; call < 60; call++) await proxy.go().catch(() => {});
  assert.equal(bad.calls.length, 5);
});

Deno.test("At most half of the endpoints are ejected", async () => {
  const world = new FakeRegistry();
  const endpoints = ["a", "b", "c", "d"].map((id) => world.add(id));
  for (const endpoint of endpoints.slice(0, 3)) endpoint.fail("interrupted");
  const proxy = world.proxy({ policy: "round-robin" });
  for (let call = 0; call < 200; call++) await proxy.go().catch(() => {});
  const counts = endpoints.map(({ calls }) => calls.length);
  assert.equal(counts.filter((count) => count <= 10).length, 2, counts.join());
});

Deno.test("A single endpoint is never ejected", async () => {
  const world = new FakeRegistry();
  const only = world.add("only");
  only.fail("interrupted");
  const proxy = world.proxy();
  for (let call = 0; call < 20; call++) await proxy.go().catch(() => {});
  assert.equal(only.calls.length, 20);
});

Deno.test("An endpoint that cannot be reached is passed over after one call, then tried again", async () => {
  const world = new FakeRegistry();
  const [off, offToo, on] = ["off", "off too", "on"].map((id) => world.add(id));
  assert.ok(off && offToo && on);
  const unreachable = async () => {
    await world.sleep(5000);
    throw new RemoteCallError("unreachable", "no connection was made");
  };
  off.answer = unreachable;
  offToo.answer = unreachable;
  const proxy = world.proxy({ policy: "round-robin" });
  const run = async (calls: number) => {
    const all = Array.from({ length: calls }, () => proxy.go());
    for (let count = 0; count < 2; count++) await world.clock.advance(5000);
    return await Promise.all(all);
  };
  assert.deepEqual([...new Set(await run(30))], ["on"]);
  const before = off.calls.length + offToo.calls.length;
  for (let count = 0; count < 100; count++) assert.equal(await proxy.go(), "on", "at once");
  assert.equal(off.calls.length + offToo.calls.length, before);
  off.answer = () => "off";
  await world.clock.advance(30_000);
  assert.ok((await run(10)).includes("off"), "it is tried again");
});

Deno.test("An endpoint that cannot be reached is called while every other one fails", async () => {
  const world = new FakeRegistry();
  const [one, other] = [world.add("one"), world.add("other")];
  one.fail("unreachable");
  other.fail("unreachable");
  const proxy = world.proxy({ policy: "round-robin", reconnectWaitMs: 0 });
  await assert.rejects(proxy.go(), { code: "unreachable" });
  one.answer = () => "one";
  assert.equal(await proxy.go(), "one");
});
