import assert from "node:assert/strict";
import { ConnectionLoop } from "../../../src/discovery/etcd3/connection_loop.ts";
import { type EtcdConnector, EtcdError, type EtcdErrorCode } from "../../../src/etcd/mod.ts";
import { pause } from "../../../src/util/mod.ts";
import { EtcdModel } from "../../support/etcd_model.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const REFUSED = new EtcdError("unavailable", "a refusal of the test");

/** A loop whose connections fail with a code; `failedAtMs` are the times of the failures. */
function createLoop(
  findCode: (attempt: number) => EtcdErrorCode,
  findLifeMs: (attempt: number) => number = () => 0,
  isReachable: () => boolean = () => true,
) {
  const clock = new VirtualClock();
  const model = new EtcdModel({ clock }).createConnector();
  let attempts = 0;
  const connector: EtcdConnector = {
    connect: (options) => isReachable() ? model.connect(options) : Promise.reject(REFUSED),
    drop: (link) => link.close(),
    close: () => model.close(),
  };
  const failedAtMs: number[] = [];
  const denied: boolean[] = [];
  const names: string[] = [];
  const loop = new ConnectionLoop({
    connector,
    clock,
    serve: async (link, signal) => {
      await pause(findLifeMs(++attempts), signal, clock);
      await connector.drop(link);
      throw new EtcdError(findCode(attempts), "a failure of the test");
    },
    onFailure: ({ what, isDenied }) => {
      failedAtMs.push(clock.now());
      denied.push(isDenied);
      names.push(what);
    },
  });
  const close = async () => {
    loop.stop();
    await connector.close();
    await loop.ended;
    assert.equal(clock.timerCount, 0);
  };
  return { clock, loop, failedAtMs, denied, names, close };
}

/** Returns the shortest, longest and mean time between failures, without the first ones. */
function findPauses(timesMs: readonly number[], from: number) {
  const pauses = timesMs.slice(from).map((at, index) => at - (timesMs[from + index - 1] ?? 0));
  const [shortest, longest] = [Math.min(...pauses), Math.max(...pauses)];
  return { shortest, longest, mean: pauses.reduce((a, b) => a + b, 0) / pauses.length };
}

Deno.test("ConnectionLoop connects again after 0 to 2.5 s, at first sooner", async () => {
  const { clock, loop, failedAtMs, denied, close } = createLoop(() => "unavailable");
  loop.start();
  await clock.advance(3_600_000);
  const [first = 0, second = 0, third = 0] = failedAtMs;
  assert.ok(second - first <= 250 && third - second <= 500, failedAtMs.slice(0, 3).join());
  const { longest, mean } = findPauses(failedAtMs, 6);
  assert.ok(longest <= 2500 && longest > 2400, `${longest} ms`);
  assert.ok(mean > 1150 && mean < 1350, `${mean} ms`);
  assert.equal(denied.includes(true), false);
  await close();
});

Deno.test("ConnectionLoop connects at most every 24 s while etcd denies the credentials", async () => {
  const { clock, loop, failedAtMs, denied, close } = createLoop(() => "authentication-failed");
  loop.start();
  await clock.advance(3_600_000);
  assert.deepEqual(denied.slice(0, 3), [false, true, true], "the first may be an old token");
  const [first = 0, second = 0, third = 0] = failedAtMs;
  assert.ok(second - first <= 250 && third - second >= 800 && third - second <= 1200);
  const { shortest, longest, mean } = findPauses(failedAtMs, 10);
  assert.ok(shortest >= 24_000, `${shortest} ms`);
  assert.ok(longest <= 36_000 && longest > 34_000, `${longest} ms`);
  assert.ok(mean > 28_000 && mean < 32_000, `${mean} ms`);
  await close();
});

Deno.test("ConnectionLoop names a failure: only a connection that was made can be lost", async () => {
  let isReachable = false;
  const codes: EtcdErrorCode[] = ["unavailable", "unauthenticated"];
  const { clock, loop, names, close } = createLoop(
    (attempt) => codes[attempt - 1] ?? "unavailable",
    () => 0,
    () => isReachable,
  );
  loop.start();
  await clock.advance(0);
  assert.deepEqual(names, ["Not connected to etcd yet"]);
  isReachable = true;
  while (names.length < 3) await clock.advance(100);
  isReachable = false;
  while (names.length < 4) await clock.advance(100);
  assert.deepEqual(names.slice(1), ["Lost etcd", "etcd denies access", "Lost etcd"]);
  await close();
});

Deno.test("ConnectionLoop begins with short pauses after a denial that is over", async () => {
  const codes: EtcdErrorCode[] = ["permission-denied", "unauthenticated", "unavailable"];
  const { clock, loop, denied, close } = createLoop((attempt) => codes[attempt - 1] ?? "timeout");
  loop.start();
  await clock.advanceUntil("the fourth failure", () => denied.length === 4);
  assert.deepEqual(denied, [false, true, false, false]);
  await close();
});

Deno.test("ConnectionLoop begins with short pauses after a connection of more than a minute", async () => {
  const lifeMs = (attempt: number) => attempt % 10 === 0 ? 60_001 : 0;
  const { clock, loop, failedAtMs, close } = createLoop(() => "unavailable", lifeMs);
  loop.start();
  await clock.advance(3_600_000);
  const afterHealth = failedAtMs.flatMap((at, index) =>
    index % 10 === 0 && index > 0 ? [at - (failedAtMs[index - 1] ?? 0)] : []
  );
  assert.ok(afterHealth.length > 30);
  assert.ok(Math.max(...afterHealth) <= 250, afterHealth.join());
  await close();
});

Deno.test("ConnectionLoop that is stopped ends in a pause, and has its link until then", async () => {
  const { clock, loop, failedAtMs, close } = createLoop(() => "unavailable", () => 1000);
  assert.equal(loop.link, undefined);
  loop.start();
  loop.start(); // changes nothing
  await clock.advance(500);
  assert.notEqual(loop.link, undefined);
  await clock.advanceUntil("the failure", () => failedAtMs.length === 1, { stepMs: 1 });
  assert.equal(loop.link, undefined);
  await close();
  await clock.advance(10_000);
  assert.equal(failedAtMs.length, 1);
});
