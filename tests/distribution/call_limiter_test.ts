import assert from "node:assert/strict";
import {
  CallLimiter,
  type LimitedCall,
  RemoteCallError,
  RunningCalls,
} from "../../src/distribution/mod.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

/** A call that a test can abandon. */
class TestCall implements LimitedCall {
  readonly label = "run of IAny";
  readonly caller = new AbortController();
  readonly stopped: RemoteCallError[] = [];
  readonly result = Promise.withResolvers<string>();

  constructor(readonly timeoutMs = 10_000, readonly startMs = 0) {}

  getCallerSignal(): AbortSignal {
    return this.caller.signal;
  }

  stop(reason: RemoteCallError): void {
    this.stopped.push(reason);
  }
}

function createLimiter(limits: { maxCalls?: number; maxAbandoned?: number } = {}) {
  const clock = new VirtualClock();
  const running = new RunningCalls(clock);
  const limiter = new CallLimiter({ running, clock, maxCalls: 2, ...limits });
  const run = async (call: TestCall) => await limiter.run(call, () => call.result.promise);
  /** Runs a call that fails, and returns its error. */
  const fail = async (call: TestCall): Promise<RemoteCallError> => {
    try {
      await run(call);
    } catch (error) {
      if (error instanceof RemoteCallError) return error;
    }
    throw new Error("the call did not fail");
  };
  return { clock, running, limiter, run, fail };
}

Deno.test("CallLimiter returns results and errors of methods at once", async () => {
  const { limiter, running } = createLimiter({ maxCalls: 1 });
  const call = new TestCall();
  for (let repeat = 0; repeat < 3; repeat++) {
    assert.equal(limiter.run(call, () => 1), 1);
    assert.throws(() => limiter.run(call, () => assert.fail("thrown")), /thrown/);
    assert.equal(await limiter.run(call, () => Promise.resolve(2)), 2);
    await assert.rejects(async () =>
      await limiter.run(call, () => Promise.reject(new Error("rejected")))
    );
  }
  assert.equal(running.calls.first, undefined);
});

Deno.test("CallLimiter refuses a call without a place, and says that nothing ran", async () => {
  const { run, fail } = createLimiter();
  const [one, two, three] = [new TestCall(), new TestCall(), new TestCall()];
  const first = run(one);
  const second = run(two);
  const refused = await fail(three);
  assert.deepEqual([refused.code, refused.isExecuted], ["overloaded", false]);
  assert.match(refused.message, /Cannot call run of IAny: too many calls are running/);
  one.result.resolve("done");
  assert.equal(await first, "done");
  three.result.resolve("later");
  assert.equal(await run(three), "later");
  two.result.resolve("");
  await second;
});

Deno.test("CallLimiter frees the place of a call once, also if its method ends after its time", async () => {
  const { run, fail, clock } = createLimiter({ maxCalls: 1 });
  const [late, running, refused] = [new TestCall(300), new TestCall(), new TestCall()];
  const ended = fail(late);
  await clock.advance(300);
  assert.equal((await ended).code, "timeout");
  const answer = run(running);
  late.result.resolve("too late");
  await late.result.promise;
  assert.equal((await fail(refused)).code, "overloaded");
  running.result.resolve("done");
  assert.equal(await answer, "done");
});

Deno.test("CallLimiter watches no call that has ended", async () => {
  const { run, clock } = createLimiter();
  const [short, long] = [new TestCall(), new TestCall()];
  const first = run(short);
  const second = run(long);
  short.result.resolve("done");
  assert.equal(await first, "done");
  await clock.advance(250);
  assert.equal(clock.timerCount, 1, "the time of the other one");
  long.result.resolve("done");
  assert.equal(await second, "done");
  assert.equal(clock.timerCount, 0);
  long.caller.abort();
  assert.deepEqual([...short.stopped, ...long.stopped], []);
});

Deno.test("CallLimiter ends a call when its time is over and frees its place", async () => {
  const { clock, fail } = createLimiter({ maxCalls: 1 });
  for (const timeoutMs of [100, 5000]) {
    const call = new TestCall(timeoutMs);
    const outcome = fail(call);
    await clock.advance(timeoutMs - 1);
    assert.deepEqual(call.stopped, []);
    await clock.advance(1);
    const error = await outcome;
    assert.deepEqual([error.code, error.isExecuted], ["timeout", "unknown"]);
    assert.match(error.message, new RegExp(`no answer within ${timeoutMs} ms`));
    assert.deepEqual(call.stopped, [error]);
    call.result.resolve("too late");
  }
});

Deno.test("CallLimiter frees the place of a caller that left", async () => {
  const { clock, run, fail } = createLimiter({ maxCalls: 1 });
  for (const leavesFirst of [true, false]) {
    const call = new TestCall();
    const outcome = fail(call);
    if (leavesFirst) call.caller.abort();
    await clock.advance(250);
    if (!leavesFirst) call.caller.abort();
    const error = await outcome;
    assert.equal(error.code, "interrupted");
    assert.deepEqual(call.stopped, [error]);
    call.result.resolve("");
  }
  const next = new TestCall();
  next.result.resolve("free");
  assert.equal(await run(next), "free");
});

Deno.test("CallLimiter counts abandoned methods, and refuses calls beyond their limit", async () => {
  const { clock, run, fail } = createLimiter({ maxCalls: 5, maxAbandoned: 2 });
  const calls = [new TestCall(100), new TestCall(100), new TestCall(100)];
  const outcomes = calls.map(fail);
  await clock.advance(100);
  await Promise.all(outcomes);
  const refused = await fail(new TestCall());
  assert.equal(refused.code, "overloaded");
  assert.match(refused.message, /too many of its calls go on although their callers left/);
  calls[0]?.result.resolve("");
  calls[1]?.result.reject(new Error("its caller has left"));
  await clock.advance(0);
  const next = new TestCall();
  next.result.resolve("free");
  assert.equal(await run(next), "free");
  calls[2]?.result.resolve("");
});

Deno.test("CallLimiter ends its calls when the running calls of the server are closed", async () => {
  const { running, fail } = createLimiter();
  const call = new TestCall();
  const outcome = fail(call);
  const error = new RemoteCallError("closed", "closed");
  running.close(() => error);
  assert.equal(await outcome, error);
  assert.equal(running.calls.first, undefined);
  call.result.resolve("");
});
