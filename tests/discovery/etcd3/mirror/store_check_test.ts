import assert from "node:assert/strict";
import type { AppliedChange } from "../../../../src/discovery/etcd3/mirror/mirror_state.ts";
import {
  addChanges,
  checkStore,
  findLastChanges,
} from "../../../../src/discovery/etcd3/mirror/store_check.ts";
import type { KeyValue, WatchEvent } from "../../../../src/etcd/mod.ts";
import { createClient, testEtcd } from "../../../support/etcd.ts";

const encoder = new TextEncoder();

function aKeyValue(key: string, modRevision: bigint, value = "1"): KeyValue {
  const counts = { createRevision: 1n, version: 1n, lease: 0n };
  return { key: encoder.encode(key), value: encoder.encode(value), modRevision, ...counts };
}

Deno.test("checkStore() recognizes the store that has the last changes, and no other", async () => {
  await using etcd = await testEtcd();
  await using client = createClient(etcd);
  const { revision: createdAt } = await client.kv.put("a", "1");
  const { revision: changedAt } = await client.kv.put("a", "2");
  const { revision: deletedAt } = (await client.kv.delete("a")).header;
  const { revision: otherAt } = await client.kv.put("b", "1");
  const check = (...lastChanges: AppliedChange[]) =>
    checkStore(client, { nextRevision: 1n, clusterId: 1n, lastChanges });
  const put = (key: string, revision: bigint, value = "1"): AppliedChange => ({
    type: "put",
    kv: aKeyValue(key, revision, value),
  });
  const deletion = (key: string, revision: bigint): AppliedChange => ({
    type: "delete",
    kv: aKeyValue(key, revision, ""),
  });
  const history = [put("a", createdAt), put("a", changedAt, "2"), deletion("a", deletedAt)];
  const last = put("b", otherAt);
  assert.equal(await check(...history, last), "same");
  assert.equal(await check(...history), "same");
  for (
    const [change, reason] of [
      [put("a", createdAt, "2"), "another value"],
      [{ type: "put", kv: { ...aKeyValue("a", createdAt), lease: 1n } }, "another lease"],
      [put("a", deletedAt), "deleted then"],
      [put("a", otherAt), "absent then"],
      [put("b", changedAt), "put later"],
      [deletion("a", changedAt), "put then"],
      [deletion("a", otherAt), "deleted earlier"],
      [put("a", otherAt + 1n), "yet to come"],
    ] as const
  ) assert.equal(await check(change, last), "other", reason);
  await client.kv.compact(deletedAt);
  assert.equal(await check(...history, last), "same", "the last one decides");
  assert.equal(await check(...history), "unknown", "what was before it is compacted");
  assert.equal(await check(), "unknown", "nothing was applied");
});

Deno.test("addChanges() keeps the last eight changes, one of each revision", () => {
  const events = (...revisions: bigint[]): WatchEvent[] =>
    revisions.map((revision, index) => ({
      type: "put",
      kv: aKeyValue(`k${index}`, revision),
      prevKv: undefined,
    }));
  const toRevisions = (changes: readonly AppliedChange[]) =>
    changes.map(({ kv }) => Number(kv.modRevision));
  const first = addChanges([], events(1n, 2n, 2n, 2n, 5n));
  assert.deepEqual(toRevisions(first), [1, 2, 5]);
  assert.equal(new TextDecoder().decode(first[1]?.kv.key), "k3", "the last one of a revision");
  const more = addChanges(first, events(6n, 7n, 8n, 9n, 10n, 11n));
  assert.deepEqual(toRevisions(more), [2, 5, 6, 7, 8, 9, 10, 11]);
});

Deno.test("findLastChanges() returns the eight latest puts of a listing, the latest last", () => {
  const revisions = [5n, 12n, 3n, 11n, 4n, 1n, 9n, 8n, 2n, 10n, 7n, 6n];
  const changes = findLastChanges(revisions.map((revision) => aKeyValue(`k${revision}`, revision)));
  assert.deepEqual(changes.map(({ kv }) => Number(kv.modRevision)), [5, 6, 7, 8, 9, 10, 11, 12]);
  assert.deepEqual(findLastChanges([]), []);
});

Deno.test("Last changes keep no more of a reply than their keys and values", () => {
  const reply = new Uint8Array(1_000_000);
  const kv = { ...aKeyValue("a", 1n), key: reply.subarray(0, 5), value: reply.subarray(5, 12) };
  const kept = [
    ...addChanges([], [{ type: "put", kv, prevKv: undefined }]),
    ...findLastChanges([kv]),
  ];
  for (const { kv: { key, value } } of kept) {
    assert.deepEqual([key.buffer.byteLength, value.buffer.byteLength], [5, 7]);
  }
});
