import assert from "node:assert/strict";
import { type CoarseDeadline, CoarseDeadlines } from "../../../src/util/mod.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

class Wait implements CoarseDeadline<Wait> {
  lateRound = 0;
  previous: Wait | undefined = undefined;
  next: Wait | undefined = undefined;
  readonly onLate: () => void;

  constructor(onLate: () => void = () => assert.fail("it was deleted")) {
    this.onLate = onLate;
  }
}

Deno.test("CoarseDeadlines is never early, and late by a quarter at most", async () => {
  const clock = new VirtualClock();
  using deadlines = new CoarseDeadlines<Wait>(100, { clock });
  const waits: number[] = [];
  for (let count = 0; count < 200; count++) {
    const startMs = clock.now();
    deadlines.add(new Wait(() => waits.push(clock.now() - startMs)));
    await clock.advance(7);
  }
  await clock.advance(200);
  assert.equal(waits.length, 200);
  assert.ok(waits.every((ms) => ms >= 100 && ms <= 125), String(waits));
  assert.equal(clock.timerCount, 0);
});

Deno.test("CoarseDeadlines calls what is late, in order, and not what was deleted", async () => {
  const clock = new VirtualClock();
  using deadlines = new CoarseDeadlines<Wait>(100, { clock });
  const late: string[] = [];
  deadlines.add(new Wait(() => late.push("a")));
  const deleted = new Wait();
  deadlines.add(deleted);
  deadlines.add(
    new Wait(() => {
      late.push("b");
      deadlines.add(new Wait(() => late.push(`c at ${clock.now()}`)));
    }),
  );
  deadlines.delete(deleted);
  deadlines.delete(deleted);
  await clock.advance(300);
  assert.deepEqual(late, ["a", "b", "c at 250"]);
});

Deno.test("CoarseDeadlines goes on after a function that throws", async () => {
  const clock = new VirtualClock();
  using deadlines = new CoarseDeadlines<Wait>(100, { clock });
  let isLate = false;
  deadlines.add(
    new Wait(() => {
      throw new Error("late");
    }),
  );
  deadlines.add(new Wait(() => isLate = true));
  await assert.rejects(clock.advance(125), /late/);
  await clock.advance(125);
  assert.equal(isLate, true);
});

Deno.test("CoarseDeadlines stops its timer after the last item, unless the same work adds another", async () => {
  const clock = new VirtualClock();
  using deadlines = new CoarseDeadlines<Wait>(100, { clock });
  for (let count = 0; count < 10; count++) {
    const wait = new Wait();
    deadlines.add(wait);
    await Promise.resolve(); // goes on as part of the same work
    deadlines.delete(wait);
  }
  assert.equal(clock.timerCount, 1);
  await new Promise((resolve) => process.nextTick(resolve));
  assert.equal(clock.timerCount, 0);
});

Deno.test("CoarseDeadlines with keepsTimer keeps it until a round without items, or its end", async () => {
  const clock = new VirtualClock();
  const deadlines = new CoarseDeadlines<Wait>(100, { clock, keepsTimer: true });
  const wait = new Wait();
  deadlines.add(wait);
  deadlines.delete(wait);
  await new Promise((resolve) => process.nextTick(resolve));
  assert.equal(clock.timerCount, 1);
  await clock.advance(25);
  assert.equal(clock.timerCount, 0);
  deadlines.add(wait);
  deadlines.close();
  deadlines.close();
  assert.equal(clock.timerCount, 0);
});

Deno.test("CoarseDeadlines of infinite length start no timer", () => {
  const clock = new VirtualClock();
  using deadlines = new CoarseDeadlines<Wait>(Infinity, { clock });
  deadlines.add(new Wait());
  assert.equal(clock.timerCount, 0);
});
