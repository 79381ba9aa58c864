import assert from "node:assert/strict";
import { createBusyController, onAbort, pause, waitFor } from "../../src/util/mod.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

const NEVER = new Promise<never>(() => {});

Deno.test("waitFor() returns the value or throws the rejection, and leaves no timer", async () => {
  const clock = new VirtualClock();
  assert.equal(await waitFor(Promise.resolve(1), { timeoutMs: 10, clock }), 1);
  const failure = new Error("failed");
  await assert.rejects(
    waitFor(Promise.reject(failure), { timeoutMs: 10, clock }),
    (error) => error === failure,
  );
  assert.equal(clock.timerCount, 0);
});

Deno.test("waitFor() throws the error of its time-out, after the time and no earlier", async () => {
  const clock = new VirtualClock();
  const failure = new RangeError("late");
  const limits = { timeoutMs: 10, clock, createTimeoutError: () => failure };
  let error: unknown;
  const waiting = waitFor(NEVER, limits).catch((reason) => error = reason);
  await clock.advance(9);
  assert.equal(error, undefined);
  await clock.advance(1);
  await waiting;
  assert.equal(error, failure);
  const plain = assert.rejects(waitFor(NEVER, { timeoutMs: 10, clock }), {
    name: "TimeoutError",
    message: "No result within 10 ms",
  });
  await clock.advance(10);
  await plain;
});

Deno.test("waitFor() throws the signal's own reason, also of a signal that is aborted already", async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const reason = { why: "changed my mind" };
  const waiting = assert.rejects(
    waitFor(NEVER, { timeoutMs: 10, signal: stop.signal, clock }),
    (error) => error === reason,
  );
  stop.abort(reason);
  await waiting;
  await assert.rejects(
    waitFor(NEVER, { signal: stop.signal }),
    (error) => error === reason,
  );
  assert.equal(clock.timerCount, 0);
});

Deno.test("waitFor() handles a rejection that comes after its time-out", async () => {
  const clock = new VirtualClock();
  const { promise, reject } = Promise.withResolvers<void>();
  const waiting = assert.rejects(waitFor(promise, { timeoutMs: 1, clock }), {
    name: "TimeoutError",
  });
  await clock.advance(1);
  await waiting;
  reject(new Error("an unhandled rejection would end the test run"));
  await clock.settle();
});

Deno.test("pause() ends after its time, or early and without an error on abort", async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  let ended = 0;
  const pauses = [pause(10, stop.signal, clock), pause(10, undefined, clock)];
  for (const each of pauses) each.then(() => ended++);
  stop.abort();
  await clock.settle();
  assert.equal(ended, 1);
  assert.equal(clock.timerCount, 1);
  await clock.advance(10);
  assert.equal(ended, 2);
  await pause(Infinity, stop.signal, clock);
});

const CONTROLLERS: readonly [kind: string, create: () => AbortController][] = [
  ["a plain controller", () => new AbortController()],
  ["createBusyController()", createBusyController],
];

for (const [kind, create] of CONTROLLERS) {
  Deno.test(`onAbort() calls once, at once for an aborted signal, and not after its end: ${kind}`, () => {
    const stop = create();
    let calls = 0;
    const add = () => void (calls += 100);
    const [ended, other] = [onAbort(stop.signal, add), onAbort(stop.signal, add)];
    ended[Symbol.dispose]();
    ended[Symbol.dispose]();
    other[Symbol.dispose]();
    onAbort(stop.signal, () => calls++);
    onAbort(undefined, add)[Symbol.dispose]();
    stop.abort("closed");
    stop.abort();
    assert.equal(calls, 1);
    onAbort(stop.signal, () => calls++);
    assert.equal(calls, 2);
  });
}

Deno.test("createBusyController() ends combined signals too", () => {
  const stop = createBusyController();
  const combined = AbortSignal.any([stop.signal, new AbortController().signal]);
  stop.abort("closed");
  assert.equal(combined.reason, "closed");
});
