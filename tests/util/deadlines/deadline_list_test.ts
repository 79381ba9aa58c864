import assert from "node:assert/strict";
import { type Clock, Deadlines, type TimerOptions } from "../../../src/util/mod.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

/** A clock that counts the timers that were started. */
class CountingClock extends VirtualClock implements Clock {
  started: (TimerOptions | undefined)[] = [];

  override startTimer(delayMs: number, onTimeout: () => void, options?: TimerOptions) {
    this.started.push(options);
    return super.startTimer(delayMs, onTimeout);
  }
}

Deno.test("Deadlines calls what is late, in order, and not what was deleted", async () => {
  const clock = new CountingClock();
  using deadlines = new Deadlines(100, { clock });
  const late: string[] = [];
  const add = (name: string) => deadlines.add(() => late.push(`${name} at ${clock.now()}`));
  add("a");
  await clock.advance(10);
  const b = add("b");
  await clock.advance(10);
  add("c");
  deadlines.delete(b);
  await clock.advance(200);
  assert.deepEqual(late, ["a at 100", "c at 120"]);
  assert.equal(clock.timerCount, 0);
});

Deno.test("Deadlines needs one timer for a thousand overlapping deadlines", async () => {
  const clock = new CountingClock();
  using deadlines = new Deadlines(100, { clock });
  for (let count = 0; count < 1000; count++) deadlines.add(() => {});
  assert.equal(clock.started.length, 1);
  await clock.advance(100);
  assert.equal(clock.started.length, 1);
});

Deno.test("Deadlines stops its timer after the last deadline, unless the same work adds another", async () => {
  const clock = new CountingClock();
  using deadlines = new Deadlines(100, { clock });
  for (let count = 0; count < 10; count++) {
    await Promise.resolve(); // goes on as part of the same work
    deadlines.delete(deadlines.add(() => {}));
  }
  assert.equal(clock.started.length, 1);
  assert.equal(clock.timerCount, 1);
  await new Promise((resolve) => process.nextTick(resolve));
  assert.equal(clock.timerCount, 0);
});

Deno.test("Deadlines with keepsTimer starts one timer for requests that follow each other", async () => {
  const clock = new CountingClock();
  const deadlines = new Deadlines(100, { clock, keepsTimer: true });
  for (let count = 0; count < 1000; count++) {
    deadlines.delete(deadlines.add(() => assert.fail("it was deleted")));
  }
  assert.deepEqual(clock.started, [{ keepsProcess: false }]);
  await clock.advance(60);
  let lateMs = 0;
  deadlines.add(() => lateMs = clock.now());
  await clock.advance(200);
  assert.equal(lateMs, 160, "the kept timer does not fire early");
  await clock.advance(200);
  assert.equal(clock.timerCount, 0, "an idle list ends its timer");
  deadlines.add(() => {});
  deadlines.close();
  deadlines.close();
  assert.equal(clock.timerCount, 0);
});

Deno.test("Deadlines of infinite length start no timer", () => {
  const clock = new VirtualClock();
  using deadlines = new Deadlines(Infinity, { clock });
  deadlines.add(() => {});
  assert.equal(clock.timerCount, 0);
});

Deno.test("Deadlines lets a late function add a deadline", async () => {
  const clock = new CountingClock();
  using deadlines = new Deadlines(10, { clock });
  const late: number[] = [];
  const repeat = () => {
    late.push(clock.now());
    if (late.length < 3) deadlines.add(repeat);
  };
  deadlines.add(repeat);
  await clock.advance(5);
  deadlines.add(() => late.push(-clock.now()));
  await clock.advance(100);
  assert.deepEqual(late, [10, -15, 20], "and the deadline between them is not late");
  assert.equal(clock.timerCount, 0);
});
