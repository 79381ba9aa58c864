import assert from "node:assert/strict";
import { backoffMs, jittered } from "../../src/util/mod.ts";
import { createRandom } from "../../scripts/random.ts";

Deno.test("backoffMs doubles the bound up to the cap and picks any delay below it", () => {
  const options = { baseMs: 250, capMs: 2500 };
  const longest = (attempt: number) => backoffMs(attempt, options, () => 1);
  assert.deepEqual([1, 2, 3, 4, 5, 1000].map(longest), [250, 500, 1000, 2000, 2500, 2500]);
  assert.equal(backoffMs(5, options, () => 0), 0);
  assert.deepEqual([0, 0.5, 1].map((value) => jittered(100, 0.2, () => value)), [80, 100, 120]);
});

Deno.test("backoffMs with a cap of 2.5 s makes about one attempt a second and spreads clients", () => {
  const random = createRandom(7);
  const options = { baseMs: 250, capMs: 2500 };
  let [now, attempts] = [0, 0];
  while (now < 600_000) now += backoffMs(++attempts, options, random);
  assert.ok(attempts > 300 && attempts < 600, String(attempts));
  // Two hundred clients that lost etcd together: their fourth attempts are spread over seconds.
  const sum = (delays: readonly number[]) => delays.reduce((total, delay) => total + delay, 0);
  const fourth = Array.from(
    { length: 200 },
    () => sum([1, 2, 3, 4].map((attempt) => backoffMs(attempt, options, random))),
  );
  assert.ok(Math.max(...fourth) - Math.min(...fourth) > 1000);
});
