import assert from "node:assert/strict";
import {
  combineHealth,
  combineHealthChanges,
  type Health,
  type HealthState,
} from "../../src/discovery/mod.ts";
import { healthToJson } from "../../src/discovery/health.ts";
import { HealthChanges } from "../../src/discovery/health_changes.ts";

function createHealth(provider: string, state: HealthState, members: Partial<Health> = {}): Health {
  return {
    provider,
    state,
    lastSync: new Date(1000),
    lastError: undefined,
    counters: { eventsDelivered: 1 },
    toJSON: healthToJson,
    ...members,
  };
}

Deno.test("combineHealth has the worst state; closed counts only if all are closed", () => {
  const combine = (...states: HealthState[]) =>
    combineHealth(states.map((state) => createHealth("x", state))).state;
  assert.equal(combine("synced", "connecting"), "connecting");
  assert.equal(combine("stale", "connecting"), "stale");
  assert.equal(combine("stale", "suspect", "synced"), "suspect");
  assert.equal(combine("denied", "suspect"), "denied");
  assert.equal(combine("closed", "synced"), "synced");
  assert.equal(combine("closed", "closed"), "closed");
  assert.equal(combine(), "synced");
});

Deno.test("combineHealth has the earliest sync, the worst one's error and the sums of the counters", () => {
  const error = new Error("down");
  const one = createHealth("etcd3", "synced", {
    lastError: new Error("long ago"),
    counters: { eventsDelivered: 2, reconnects: 3 },
  });
  const two = createHealth("memory", "stale", { lastSync: new Date(500), lastError: error });
  const combined = combineHealth([one, two]);
  assert.deepEqual(combined.lastSync, new Date(500));
  assert.equal(combined.lastError, error);
  assert.deepEqual(combined.counters, { eventsDelivered: 3, reconnects: 3 });
  assert.deepEqual(combined.providers, [one, two]);
  assert.equal(
    combineHealth([one, createHealth("x", "synced", { lastSync: undefined })]).lastSync,
    undefined,
  );
});

Deno.test("JSON.stringify writes a health with errors and lease ids as text", () => {
  const lastError = Object.assign(new TypeError("bad"), { code: "closed" });
  const health = { ...createHealth("etcd3", "stale", { lastError }), leaseId: -1n };
  assert.deepEqual(JSON.parse(JSON.stringify(combineHealth([health])).toString()).providers, [{
    provider: "etcd3",
    state: "stale",
    lastSync: "1970-01-01T00:00:01.000Z",
    lastError: { name: "TypeError", code: "closed", message: "bad" },
    counters: { eventsDelivered: 1 },
    leaseId: "ffffffffffffffff",
  }]);
});

Deno.test("combineHealthChanges reports the change of any discovery and ends when all are closed", async () => {
  const states: HealthState[] = ["synced", "synced"];
  const sources = states.map((_, index) => {
    const read = () => createHealth(String(index), states[index] ?? "closed");
    const changes = new HealthChanges(read);
    return {
      changes,
      get health() {
        return read();
      },
      healthChanges: (signal?: AbortSignal) => changes.iterate(signal),
    };
  });
  const set = (index: number, state: HealthState) => {
    states[index] = state;
    sources[index]?.changes.notify();
  };
  const seen: HealthState[] = [];
  for await (const { state } of combineHealthChanges(sources)) {
    if (state !== seen.at(-1)) seen.push(state);
    if (seen.length === 1) set(1, "stale");
    else if (state === "stale") set(1, "closed");
    else set(0, "closed");
  }
  assert.deepEqual(seen, ["synced", "stale", "synced", "closed"]);
});

Deno.test("combineHealthChanges has left every discovery when its loop is left", async () => {
  const left: string[] = [];
  const sources = ["one", "two"].map((name) => {
    const changes = new HealthChanges(() => createHealth(name, "synced"));
    return {
      health: createHealth(name, "synced"),
      async *healthChanges(signal?: AbortSignal) {
        yield* changes.iterate(signal);
        await Promise.resolve();
        left.push(name);
      },
    };
  });
  for await (const { state } of combineHealthChanges(sources)) {
    assert.equal(state, "synced");
    break;
  }
  assert.deepEqual(left.sort(), ["one", "two"]);
});
