import assert from "node:assert/strict";
import { HealthMonitor } from "../../../../src/discovery/etcd3/health/health_monitor.ts";
import { HeldLease } from "../../../../src/discovery/etcd3/lease/held_lease.ts";
import { LogRecorder } from "../../../support/events.ts";
import { VirtualClock } from "../../../support/virtual_clock.ts";

type Facts = Parameters<HealthMonitor["set"]>[0];

const NOTHING_IGNORED = {
  keys: 0,
  properties: 0,
  exampleKey: undefined,
  exampleProperty: undefined,
};

function createMonitor() {
  const clock = new VirtualClock();
  const log = new LogRecorder();
  const health = new HealthMonitor({
    logger: log,
    clock,
    hasSession: true,
    getIgnored: () => NOTHING_IGNORED,
  });
  return { clock, log, health };
}

Deno.test("HealthMonitor logs an incident once, then once a minute with a count, and its end", async () => {
  const { clock, log, health } = createMonitor();
  const fail = () => health.incident("Lost etcd", new Error("gone"));
  fail();
  await clock.advance(1000);
  fail();
  await clock.advance(58_999);
  fail();
  assert.deepEqual(log.all, ["warn Lost etcd: gone"]);
  health.incident("Conflict", new Error("another matter"));
  await clock.advance(1);
  fail();
  await clock.advance(1000);
  fail();
  assert.deepEqual(log.all.slice(1), [
    "warn Conflict: another matter",
    "warn Lost etcd: gone (3 times)",
  ]);
  health.set({
    connection: { kind: "connected", endpoint: "host:1" },
    session: { kind: "ready" },
    mirror: { kind: "ready" },
  });
  assert.equal(
    log.all.at(-1),
    'info Synced with etcd at host:1, after 1 more times "Lost etcd"',
    "it was never in sync before",
  );
  assert.equal(health.snapshot.state, "synced");
  assert.equal(health.snapshot.lastError?.message, "gone");
  health.disconnect();
  fail();
  health.set({
    connection: { kind: "connected", endpoint: "host:1" },
    session: { kind: "ready" },
    mirror: { kind: "ready" },
  });
  assert.equal(log.all.at(-1), "info Synced with etcd at host:1 again");
});

Deno.test("HealthMonitor derives the state from all facts, and reports every change", async () => {
  const { clock, health } = createMonitor();
  const lease = new HeldLease(255n, 30, 0, clock);
  const reported: string[] = [];
  const followed = (async () => {
    for await (const { state } of health.changes()) reported.push(state);
  })();
  const ready = { kind: "ready" } as const;
  const pending = { kind: "pending" } as const;
  const denied = { kind: "denied", error: new Error("denied") } as const;
  const steps: [facts: Facts, state: string][] = [
    [{}, "connecting"],
    [{ session: ready, mirror: ready, lease: { kind: "active", lease } }, "synced"],
    [{ mirror: pending, lease: { kind: "interrupted", lease } }, "stale"],
    [{ lease: { kind: "overdue", lease } }, "suspect"],
    [{ lease: { kind: "lost" } }, "suspect"],
    [{ lease: { kind: "active", lease }, session: denied }, "denied"],
    [{ session: ready, connection: denied }, "denied"],
    [{ connection: { kind: "connected", endpoint: "host:1" }, mirror: ready }, "synced"],
    [{ connection: { kind: "closed" } }, "closed"],
  ];
  for (const [facts, state] of steps) {
    health.set(facts);
    await clock.settle();
    assert.equal(reported.at(-1), state);
  }
  await followed;
});

Deno.test("HealthMonitor shows lease and member, and the time of the last sync", async () => {
  const { clock, health } = createMonitor();
  const lease = new HeldLease(255n, 30, 0, clock);
  health.set({
    connection: { kind: "connected", endpoint: "host:1" },
    session: { kind: "ready" },
    mirror: { kind: "ready" },
    lease: { kind: "active", lease },
  });
  assert.equal(health.snapshot.endpoint, "host:1");
  assert.equal(health.snapshot.leaseIdHex, "ff");
  assert.equal(JSON.parse(JSON.stringify(health.snapshot)).leaseId, "ff");
  await clock.advance(5000);
  const syncedAt = new Date(clock.epochMs());
  health.disconnect();
  await clock.advance(5000);
  assert.deepEqual(health.snapshot.lastSync, syncedAt);
  assert.equal(health.snapshot.endpoint, undefined);
});
