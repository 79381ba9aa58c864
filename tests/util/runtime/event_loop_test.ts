import assert from "node:assert/strict";
import { pollSockets } from "../../../src/util/mod.ts";

/** Counts the immediates that are started until it is disposed. */
function countImmediates(): { count: number } & Disposable {
  const { setImmediate } = globalThis;
  const counter = {
    count: 0,
    [Symbol.dispose]() {
      globalThis.setImmediate = setImmediate;
    },
  };
  globalThis.setImmediate = Object.assign((callback: () => void) => {
    counter.count++;
    return setImmediate(callback);
  }, setImmediate);
  return counter;
}

Deno.test("pollSockets() takes the same turns for all that wait at a time", async () => {
  using immediates = countImmediates();
  await pollSockets(() => false);
  const alone = immediates.count;
  await Promise.all(Array.from({ length: 100 }, () => pollSockets(() => false)));
  assert.equal(immediates.count, 2 * alone);
});

Deno.test("pollSockets() waits all turns of its own, or until it is enough", async () => {
  using immediates = countImmediates();
  await pollSockets(() => false);
  const all = immediates.count;
  assert.equal(await pollSockets(() => true), undefined);
  assert.equal(immediates.count, all);
  const first = pollSockets(() => false);
  let turns = 0;
  await pollSockets(() => ++turns === 10);
  const late = immediates.count;
  const second = pollSockets(() => false);
  await first;
  await second;
  assert.ok(immediates.count >= late + all - 1, `${immediates.count - late} turns`);
});
