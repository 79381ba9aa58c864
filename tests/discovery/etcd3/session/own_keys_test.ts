import assert from "node:assert/strict";
import { OwnKeys } from "../../../../src/discovery/etcd3/session/own_keys.ts";
import { EtcdError, type KeyValue, type WatchEvent } from "../../../../src/etcd/mod.ts";

const encoder = new TextEncoder();

function put(value: string, revision: bigint, lease: bigint): WatchEvent {
  const kv: KeyValue = {
    key: encoder.encode("k"),
    value: encoder.encode(value),
    lease,
    modRevision: revision,
    createRevision: revision,
    version: 1n,
  };
  return { type: "put", kv, prevKv: undefined };
}

const deleted = (revision: bigint): WatchEvent => ({ ...put("", revision, 0n), type: "delete" });

Deno.test("OwnKeys lists a key until etcd has the desired value under the lease", () => {
  const keys = new OwnKeys();
  keys.setDesired("k", "v");
  assert.deepEqual(keys.findUnsettled(1n, 0), ["k"]);
  keys.recordSent("k");
  assert.equal(keys.isSettled("k", 1n), false);
  keys.recordWritten("k", "v", 1n, 5n);
  assert.deepEqual(keys.findUnsettled(1n, 0), []);
  assert.deepEqual(keys.findUnsettled(2n, 0), ["k"], "under another lease");
  keys.setDesired("k", undefined);
  assert.deepEqual(keys.findUnsettled(1n, 0), ["k"], "to be deleted");
  keys.recordWritten("k", undefined, 1n, 6n);
  assert.deepEqual(keys.findUnsettled(1n, 0), []);
});

Deno.test("OwnKeys finds late and foreign writes, and ignores older events", () => {
  const keys = new OwnKeys();
  keys.setDesired("k", "v2");
  keys.recordWritten("k", "v2", 1n, 7n);
  assert.equal(keys.observe("k", put("v1", 6n, 1n), 1n), false, "an older write of ours");
  assert.equal(keys.observe("k", put("other", 8n, 1n), 1n), true);
  assert.deepEqual(keys.findUnsettled(1n, 0), ["k"]);
  keys.recordWritten("k", "v2", 1n, 9n);
  keys.setDesired("k", undefined);
  keys.recordWritten("k", undefined, 1n, 10n);
  assert.equal(keys.observe("k", put("v2", 11n, 1n), 1n), true, "a put that was applied late");
  assert.deepEqual(keys.findUnsettled(1n, 0), ["k"]);
  // An answer that comes after the report of a later change does not hide it.
  keys.setDesired("k", "v3");
  keys.observe("k", deleted(20n), 1n);
  keys.recordWritten("k", "v3", 1n, 19n);
  assert.deepEqual(keys.findUnsettled(1n, 0), ["k"]);
});

Deno.test("OwnKeys applies a listing except where a later content of the same store is known", () => {
  const keys = new OwnKeys();
  keys.setDesired("k", "v");
  keys.recordWritten("k", "v", 1n, 10n);
  keys.observeListing(new Map(), 9n, false);
  assert.deepEqual(keys.findUnsettled(1n, 0), []);
  keys.observeListing(new Map(), 9n, true);
  assert.deepEqual(keys.findUnsettled(1n, 0), ["k"]);
  keys.observeListing(new Map([["x", put("junk", 3n, 0n).kv]]), 9n, false);
  assert.deepEqual(keys.findUnsettled(1n, 0).sort(), ["k", "x"]);
});

Deno.test("OwnKeys leaves a key alone for a minute after five repairs within a minute", () => {
  const keys = new OwnKeys();
  keys.setDesired("k", "v");
  let revision = 1n;
  const fight = (now: number) => {
    keys.observe("k", put("theirs", revision++, 9n), 1n);
    keys.recordWritten("k", "v", 1n, revision++);
    return keys.recordRepair("k", now);
  };
  assert.deepEqual([0, 1000, 2000, 3000].map(fight), [false, false, false, false]);
  assert.equal(fight(4000), true);
  keys.observe("k", put("theirs", revision++, 9n), 1n);
  assert.deepEqual(keys.findUnsettled(1n, 5000), []);
  assert.equal(keys.findConflictEnd(5000), 64_000);
  assert.deepEqual(keys.findUnsettled(1n, 64_001), ["k"]);
  keys.setDesired("k", "mine");
  assert.equal(keys.isContested("k", 5000), false, "a new desired value ends the conflict");
  keys.refuse("k", new EtcdError("too-large", "refused"));
  assert.deepEqual(keys.findUnsettled(1n, 70_000), []);
});
