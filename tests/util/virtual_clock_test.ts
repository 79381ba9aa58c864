import assert from "node:assert/strict";
import { pause } from "../../src/util/mod.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

Deno.test("VirtualClock fires timers in the order of their time, with what follows in between", async () => {
  const clock = new VirtualClock();
  const fired: string[] = [];
  const record = async (name: string, delayMs: number) => {
    await pause(delayMs, undefined, clock);
    fired.push(`${name} at ${clock.now()}`);
  };
  const done = [
    record("b", 20),
    record("a", 10).then(() => record("c", 5)),
    record("too late", 31),
  ];
  await clock.advance(30);
  assert.deepEqual(fired, ["a at 10", "c at 15", "b at 20"]);
  assert.equal(clock.now(), 30);
  assert.equal(clock.timerCount, 1);
  await clock.advance(1);
  await Promise.all(done);
});

Deno.test("VirtualClock draws the same numbers and UUIDs from the same seed", () => {
  const draw = (seed: number) => {
    const clock = new VirtualClock(seed);
    return [clock.random(), clock.uuid()];
  };
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
  assert.match(
    String(draw(7)[1]),
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});
