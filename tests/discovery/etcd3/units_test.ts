import assert from "node:assert/strict";
import { HealthMonitor } from "../../../src/discovery/etcd3/health_monitor.ts";
import { HeldLease, renewalDelayMs } from "../../../src/discovery/etcd3/lease_clock.ts";
import { OwnKeys } from "../../../src/discovery/etcd3/own_keys.ts";
import type { KeyValue, WatchEvent } from "../../../src/etcd/mod.ts";
import { LogRecorder, Recorder } from "../../support/events.ts";

const encoder = new TextEncoder();

function put(value: string, revision: bigint, lease: bigint): WatchEvent {
  const kv: KeyValue = {
    ...{ key: encoder.encode("k"), value: encoder.encode(value), lease, modRevision: revision },
    ...{ createRevision: revision, version: 1n },
  };
  return { type: "put", kv, prevKv: undefined };
}

const deleted = (revision: bigint): WatchEvent => ({ ...put("", revision, 0n), type: "delete" });

Deno.test("a lease is counted from when its grant and its renewals were sent", () => {
  const askedAtMs = performance.now() - 500;
  const lease = new HeldLease(1n, 2, askedAtMs);
  assert.ok(lease.leftMs <= 1500 && lease.leftMs > 1400);
  assert.equal(lease.isYoung, true);
  lease.renewed(2, performance.now() - 1900);
  assert.ok(lease.leftMs <= 100);
});

Deno.test("a lease is renewed at most 34 times in ten TTLs, and at least 30 times", () => {
  const renewals = (random: () => number) =>
    Math.floor(10 * 30_000 / renewalDelayMs(30_000, random));
  assert.equal(renewals(() => 0), 30);
  assert.ok(renewals(() => 1) <= 34);
});

Deno.test("own keys: what is wanted is written until etcd has it under the lease", () => {
  const keys = new OwnKeys();
  keys.want("k", "v");
  assert.deepEqual(keys.toWrite(1n, 0), ["k"]);
  keys.writing("k");
  assert.equal(keys.isRight("k", 1n), false);
  keys.written("k", "v", 1n, 5n);
  assert.deepEqual(keys.toWrite(1n, 0), []);
  assert.deepEqual(keys.toWrite(2n, 0), ["k"], "under another lease");
  keys.want("k", undefined);
  assert.deepEqual(keys.toWrite(1n, 0), ["k"], "to be deleted");
  keys.written("k", undefined, 1n, 6n);
  assert.deepEqual(keys.toWrite(1n, 0), []);
});

Deno.test("own keys: late and foreign writes are found out, old reports are not believed", () => {
  const keys = new OwnKeys();
  keys.want("k", "v2");
  keys.written("k", "v2", 1n, 7n);
  assert.equal(keys.observe("k", put("v1", 6n, 1n), 1n), false, "an older write of ours");
  assert.equal(keys.observe("k", put("other", 8n, 1n), 1n), true);
  assert.deepEqual(keys.toWrite(1n, 0), ["k"]);
  keys.written("k", "v2", 1n, 9n);
  keys.want("k", undefined);
  keys.written("k", undefined, 1n, 10n);
  assert.equal(keys.observe("k", put("v2", 11n, 1n), 1n), true, "a put that was applied late");
  assert.deepEqual(keys.toWrite(1n, 0), ["k"]);
  // An answer that comes after the report of a later change does not hide it.
  keys.want("k", "v3");
  keys.observe("k", deleted(20n), 1n);
  keys.written("k", "v3", 1n, 19n);
  assert.deepEqual(keys.toWrite(1n, 0), ["k"]);
});

Deno.test("own keys: a listing counts unless something later is known, or the store is another", () => {
  const keys = new OwnKeys();
  keys.want("k", "v");
  keys.written("k", "v", 1n, 10n);
  keys.observeListing(new Map(), 9n, false);
  assert.deepEqual(keys.toWrite(1n, 0), []);
  keys.observeListing(new Map(), 9n, true);
  assert.deepEqual(keys.toWrite(1n, 0), ["k"]);
  keys.observeListing(new Map([["x", put("junk", 3n, 0n).kv]]), 9n, false);
  assert.deepEqual(keys.toWrite(1n, 0).sort(), ["k", "x"]);
});

Deno.test("own keys: five repairs within a minute are a conflict, for a minute", () => {
  const keys = new OwnKeys();
  keys.want("k", "v");
  let revision = 1n;
  const fight = (now: number) => {
    keys.observe("k", put("theirs", revision++, 9n), 1n);
    keys.written("k", "v", 1n, revision++);
    return keys.repaired("k", now);
  };
  assert.deepEqual([0, 1000, 2000, 3000].map(fight), [false, false, false, false]);
  assert.equal(fight(4000), true);
  keys.observe("k", put("theirs", revision++, 9n), 1n);
  assert.deepEqual(keys.toWrite(1n, 5000), []);
  assert.equal(keys.contestedUntil(5000), 64_000);
  assert.deepEqual(keys.toWrite(1n, 64_001), ["k"]);
  keys.want("k", "mine");
  assert.equal(keys.isContested("k", 5000), false, "wanting it anew is a new beginning");
  keys.refused("k");
  assert.deepEqual(keys.toWrite(1n, 70_000), []);
});

Deno.test("health: an incident is logged once, then once a minute with a count, and its end", () => {
  const log = new LogRecorder();
  let now = 0;
  const health = new HealthMonitor(log, () => now);
  const fail = (atMs: number) => {
    now = atMs;
    health.incident("Lost etcd", new Error("gone"));
  };
  [0, 1000, 59_999].forEach(fail);
  assert.deepEqual(log.all, ["warn Lost etcd: gone"]);
  health.incident("Conflict", new Error("another matter"));
  [60_000, 61_000].forEach(fail);
  assert.deepEqual(log.all.slice(1), [
    "warn Conflict: another matter",
    "warn Lost etcd: gone (3 times)",
  ]);
  health.set({ isSessionReady: true, isMirrorReady: true, endpoint: "host:1" });
  assert.equal(
    log.all.at(-1),
    'info Synced with etcd at host:1 again, after 1 more times "Lost etcd"',
  );
  assert.equal(health.snapshot.state, "synced");
  assert.equal(health.snapshot.lastError?.message, "gone");
});

Deno.test("health: the state follows from what is known, and every change is told", async () => {
  const health = new HealthMonitor(new LogRecorder());
  const told = new Recorder<string>();
  const follow = (async () => {
    for await (const { state } of health.changes()) told.add(state);
  })();
  const steps: [facts: Parameters<HealthMonitor["set"]>[0], state: string][] = [
    [{}, "connecting"],
    [{ isSessionReady: true, isMirrorReady: true }, "synced"],
    [{ isMirrorReady: false }, "stale"],
    [{ isLeaseSuspect: true }, "suspect"],
    [{ isLeaseSuspect: false, sessionDenied: new Error("denied") }, "denied"],
    [{ sessionDenied: undefined, isMirrorReady: true }, "synced"],
    [{ isClosed: true }, "closed"],
  ];
  for (const [facts, state] of steps) {
    told.all.length = 0;
    health.set(facts);
    await told.until(state, (found) => found === state);
  }
  await follow;
});
