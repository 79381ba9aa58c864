import assert from "node:assert/strict";
import { BodyBudget, openBody } from "../../src/http/mod.ts";
import { SYSTEM_CLOCK } from "../../src/util/mod.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

const SMALL = 65_536;

Deno.test("BodyBudget lets small bodies pass, and one body exceed it", async () => {
  const budget = new BodyBudget(100_000);
  const [first, second, third, small] = Array.from({ length: 4 }, () => budget.open());
  assert.ok(first && second && third && small);
  assert.equal(first.grow(SMALL + 1), undefined);
  assert.equal(first.grow(SMALL + 60_000), undefined); // within what it took before
  assert.equal(second.grow(SMALL + 1_000_000), undefined); // exceeds it: it is the one that may
  assert.equal(second.grow(SMALL + 2_000_000), undefined);
  const order: string[] = [];
  const waits = [
    third.grow(SMALL + 1)?.then(() => order.push("third")),
    first.grow(SMALL + 100_000)?.then(() => order.push("first")),
  ];
  assert.deepEqual([first.isWaiting, third.isWaiting], [true, true]);
  assert.equal(small.grow(SMALL), undefined);
  second.close();
  await waits[0];
  assert.deepEqual([first.isWaiting, third.isWaiting], [true, false]);
  third.close();
  await waits[1];
  assert.deepEqual(order, ["third", "first"]);
});

Deno.test("BodyBudget gives back what a body took, also one that waits", async () => {
  const budget = new BodyBudget(SMALL);
  for (let round = 0; round < 10; round++) {
    const [exempt, waiting, last] = [budget.open(), budget.open(), budget.open()];
    assert.equal(exempt.grow(10 * SMALL), undefined);
    const wait = waiting.grow(3 * SMALL);
    waiting.close();
    await wait; // resolves, although it got nothing
    assert.equal(waiting.isWaiting, false);
    exempt.close();
    assert.equal(last.grow(2 * SMALL), undefined);
    assert.equal(budget.open().grow(SMALL), undefined);
    last.close();
  }
});

Deno.test("BodyBudget gives up a body that stalls while others wait for it", async () => {
  const clock = new VirtualClock();
  const budget = new BodyBudget(1, clock);
  const stalls: string[] = [];
  const open = (name: string) => {
    const share = budget.open(() => {
      stalls.push(name);
      share.close();
    });
    return share;
  };
  const [first, second, third] = [open("first"), open("second"), open("third")];
  first.grow(2 * SMALL);
  await clock.advance(60_000); // nobody waits for it
  const waits = [second.grow(2 * SMALL), third.grow(2 * SMALL)];
  await clock.advance(999);
  first.grow(3 * SMALL); // it goes on
  await clock.advance(999);
  assert.deepEqual(stalls, []);
  await clock.advance(1000);
  assert.deepEqual(stalls, ["first"]);
  await waits[0];
  second.complete(); // it has all of its bytes, and is used
  await clock.advance(60_000);
  assert.deepEqual(stalls, ["first"]);
  second.close();
  await waits[1];
  await clock.advance(60_000);
  assert.deepEqual([stalls, clock.timerCount], [["first"], 0]);
});

Deno.test("openBody does not read on while its share waits", async () => {
  const budget = new BodyBudget(1);
  const exempt = budget.open();
  exempt.grow(10 * SMALL);
  const share = budget.open();
  let read = 0;
  const pieces = Array.from({ length: 20 }, () => new Uint8Array(10_000)).values();
  const body = ReadableStream.from(pieces.map((piece) => (read++, piece)));
  const { bytes } = openBody(body, { maxBytes: 1e6, share });
  while (!share.isWaiting) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(read < 10, `${read} pieces`);
  exempt.close();
  assert.equal((await bytes).length, 200_000);
});

Deno.test("openBody gives up a body that is broken after its first 64 KB", async () => {
  const noise = new Uint8Array(10_000).map((_, index) => (index * index * 2_654_435_761) >>> 13);
  let read = 0;
  // A block of the type 3, which does not exist. Node 22 and Bun ignore what follows a whole body.
  const start = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 7);
  const pieces = [start, ...Array.from({ length: 50 }, () => noise)].values();
  const body = ReadableStream.from(pieces.map((piece) => (read++, piece)));
  const result = await openBody(body, { maxBytes: 1e6, coding: "gzip" }).bytes;
  assert.ok(result === "broken");
  assert.ok(read < 12, `${read} pieces`);
});

Deno.test("openBody refuses more small chunks than the runtime may hold, and closes later", async () => {
  let pulled = 0;
  let isCancelled = false;
  const createBody = (isPaced: boolean) =>
    new ReadableStream({
      type: "bytes",
      async pull(controller) {
        if (isPaced) await new Promise((resolve) => setImmediate(resolve));
        if (++pulled <= 2000) return controller.enqueue(new Uint8Array(10));
        controller.close();
        controller.byobRequest?.respond(0);
      },
      cancel: () => void (isCancelled = true),
    });
  const timers: (() => void)[] = [];
  const startTimer = (_: number, onTimeout: () => void) => {
    timers.push(onTimeout);
    return { cancel() {} };
  };
  const clock = { ...SYSTEM_CLOCK, startTimer };
  const options = { maxBytes: 100_000, isChunked: true, clock };
  assert.equal(await openBody(createBody(false), options).bytes, "too-many-chunks");
  assert.ok(pulled < 1500, `${pulled} chunks`);
  assert.deepEqual([timers.length, isCancelled], [1, false]);
  timers[0]?.();
  assert.equal(isCancelled, true);
  pulled = 0; // as many that arrive one after another
  assert.equal((await openBody(createBody(true), options).bytes).length, 20_000);
});
