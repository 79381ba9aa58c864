import assert from "node:assert/strict";
import { HeldLease, renewalDelayMs } from "../../../../src/discovery/etcd3/lease/held_lease.ts";
import { VirtualClock } from "../../../support/virtual_clock.ts";

Deno.test("HeldLease counts its time from when the grant and the renewals were sent", async () => {
  const clock = new VirtualClock();
  await clock.advance(500);
  const lease = new HeldLease(1n, 2, 0, clock);
  assert.equal(lease.leftMs, 1500);
  await clock.advance(1000);
  const sentAtMs = clock.now();
  await clock.advance(400);
  lease.renew(3, sentAtMs);
  assert.equal(lease.leftMs, 2600);
  assert.equal(lease.ttlMs, 3000);
});

Deno.test("HeldLease is young for a second", async () => {
  const clock = new VirtualClock();
  const lease = new HeldLease(1n, 30, 0, clock);
  await clock.advance(999);
  assert.equal(lease.isYoung, true);
  await clock.advance(1);
  assert.equal(lease.isYoung, false);
});

Deno.test("HeldLease is over after the machine was suspended for longer than its time", () => {
  const clock = new VirtualClock();
  const lease = new HeldLease(1n, 30, 0, clock);
  clock.suspend(31_000);
  assert.equal(lease.leftMs, -1000);
});

Deno.test("renewalDelayMs renews at least 30 and at most 34 times in ten TTLs", () => {
  const renewals = (random: () => number) =>
    Math.floor(10 * 30_000 / renewalDelayMs(30_000, random));
  assert.equal(renewals(() => 0), 30);
  assert.ok(renewals(() => 1) <= 34);
});
