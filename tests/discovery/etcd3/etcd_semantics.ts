import assert from "node:assert/strict";
import type { EtcdConnector, EtcdLink, WatchBatch, WatchStream } from "../../../src/etcd/mod.ts";

/** An etcd of the test's own, real or a model. */
export interface EtcdWorld extends AsyncDisposable {
  readonly connector: EtcdConnector;
  /** Waits for a promise while time passes. */
  wait<T>(promise: Promise<T>): Promise<T>;
  kill(): Promise<void>;
  /** Starts it again, with its data or without any. */
  start(isWiped?: boolean): Promise<void>;
}

/** Tests the behaviour that the discovery relies on, on a real etcd and on its model. */
export function testEtcdSemantics(name: string, open: () => Promise<EtcdWorld>): void {
  for (const [claim, run] of CLAIMS) {
    Deno.test(`${name} ${claim}`, async () => {
      await using world = await open();
      await run(world, await world.connector.connect());
    });
  }
}

type Claim = (world: EtcdWorld, link: EtcdLink) => Promise<void>;

const CLAIMS: readonly [claim: string, run: Claim][] = [
  [
    "counts revisions and versions, and lists in order, in pages of one revision",
    async (_, link) => {
      const { kv } = link;
      const { revision } = await kv.put("k/b", "1");
      await kv.put("k/a", "1");
      const third = await kv.put("k/b", "2");
      assert.equal(third.revision, revision + 2n);
      const page = await kv.range("k/", { rangeEnd: "k0", limit: 1 });
      assert.deepEqual([page.more, page.count, names(page.kvs)], [true, 2n, ["k/a"]]);
      await kv.put("k/c", "1");
      const rest = await kv.range("k/a\0", { rangeEnd: "k0", revision: page.header.revision });
      assert.deepEqual([rest.more, names(rest.kvs)], [false, ["k/b"]]);
      const [entry] = rest.kvs;
      assert.deepEqual(
        [entry?.version, entry?.createRevision, entry?.modRevision, entry?.lease],
        [2n, revision, third.revision, 0n],
      );
      await kv.delete("k/b");
      assert.equal((await kv.delete("k/b")).deleted, 0n);
      assert.equal(
        (await kv.put("k/b", "3")).revision,
        third.revision + 3n,
        "no change, no revision",
      );
    },
  ],
  ["refuses a put under an unknown lease", async (_, { kv }) => {
    await assert.rejects(kv.put("k", "v", { lease: 12345n }), { code: "lease-not-found" });
  }],
  [
    "deletes the keys of a lease at one revision when it is revoked",
    async (_, link) => {
      const { id, ttlSeconds } = await link.lease.grant(60);
      assert.equal(ttlSeconds, 60);
      for (const key of ["k/a", "k/b"]) await link.kv.put(key, "v", { lease: id });
      const watch = await link.watch.range("k/", { rangeEnd: "k0" });
      await link.lease.revoke(id);
      const [batch] = await take(watch, 1);
      assert.deepEqual(describe(batch), ["delete k/a", "delete k/b"]);
      assert.equal(new Set(batch?.events.map(({ kv }) => kv.modRevision)).size, 1);
      assert.equal(batch?.events[0]?.kv.value.length, 0);
      await assert.rejects(link.lease.revoke(id), { code: "lease-not-found" });
    },
  ],
  ["moves a key to the lease of its last put", async (_, { kv, lease }) => {
    const [first, second] = [await lease.grant(60), await lease.grant(60)];
    await kv.put("k", "v", { lease: first.id });
    await kv.put("k", "v", { lease: second.id });
    await lease.revoke(first.id);
    assert.equal((await kv.range("k")).kvs[0]?.lease, second.id);
    await lease.revoke(second.id);
    assert.equal((await kv.range("k")).count, 0n);
  }],
  [
    "renews leases, answers 0 for an unknown one, and ends one that is not renewed",
    async (world, link) => {
      const { id } = await link.lease.grant(2);
      await link.kv.put("k", "v", { lease: id });
      const watch = await link.watch.range("k");
      const stream = await link.lease.keepAlive();
      assert.equal((await stream.renew(id, 1000)).ttlSeconds, 2);
      assert.equal((await stream.renew(12345n, 1000)).ttlSeconds, 0);
      stream.cancel();
      await assert.rejects(stream.renew(id, 1000));
      const [batch] = await world.wait(take(watch, 1));
      assert.deepEqual(describe(batch), ["delete k"]);
    },
  ],
  ["replays a watch from its start revision, then follows", async (_, link) => {
    const { revision } = await link.kv.put("k/a", "1");
    await link.kv.put("other", "1");
    await link.kv.delete("k/a");
    const watch = await link.watch.open();
    const header = await watch.create("k/", { rangeEnd: "k0", startRevision: revision });
    assert.equal(header.revision, revision + 2n);
    await link.kv.put("k/b", "1");
    const events: string[] = [];
    for await (const batch of watch) {
      events.push(...describe(batch));
      if (events.length === 3) break;
    }
    assert.deepEqual(events, ["put k/a", "delete k/a", "put k/b"]);
  }],
  ["accepts a watch from a future revision and reports nothing before it", async (_, link) => {
    const { revision } = await link.kv.put("k", "1");
    const watch = await link.watch.open();
    const header = await watch.create("k", { startRevision: revision + 3n });
    assert.equal(header.revision, revision);
    for (const value of ["2", "3", "4"]) await link.kv.put("k", value);
    const [batch] = await take(watch, 1);
    assert.equal(batch?.events[0]?.kv.modRevision, revision + 3n);
  }],
  ["answers a request for progress with an empty batch", async (_, link) => {
    const { revision } = await link.kv.put("k", "1");
    const watch = await link.watch.range("k");
    watch.requestProgress();
    const [batch] = await take(watch, 1);
    assert.deepEqual([batch?.events.length, batch?.header.revision], [0, revision]);
  }],
  [
    "refuses what was compacted, and accepts a watch of it before it cancels it",
    async (_, link) => {
      const { revision } = await link.kv.put("k", "1");
      for (const value of ["2", "3"]) await link.kv.put("k", value);
      await link.kv.compact(revision + 2n);
      await assert.rejects(link.kv.compact(revision + 1n), { code: "compacted" });
      await assert.rejects(link.kv.range("k", { revision }), { code: "compacted" });
      await assert.rejects(link.kv.range("k", { revision: revision + 9n }), {
        code: "future-revision",
      });
      assert.equal((await link.kv.range("k", { revision: revision + 2n })).count, 1n);
      const watch = await link.watch.open();
      await watch.create("k", { startRevision: revision });
      await assert.rejects(watch.next(), { code: "compacted", compactRevision: revision + 2n });
    },
  ],
  [
    "ends calls and streams when it dies, and has its keys and leases when it is back",
    async (world, link) => {
      const { id } = await link.lease.grant(60);
      const { revision } = await link.kv.put("k", "v", { lease: id });
      const [watch, stream] = [await link.watch.range("k"), await link.lease.keepAlive()];
      await stream.renew(id, 1000);
      const ended = assert.rejects(watch.next(), { code: "unavailable" });
      await world.kill();
      await ended;
      await assert.rejects(stream.renew(id, 1000));
      await world.connector.drop(link);
      await world.start();
      const again = await world.connector.connect();
      const { kvs, header } = await again.kv.range("k");
      assert.deepEqual([kvs[0]?.lease, header.revision], [id, revision]);
      assert.equal((await (await again.lease.keepAlive()).renew(id, 1000)).ttlSeconds, 60);
      await again.close();
    },
  ],
  ["begins at revision 1 with the same ids when its data are lost", async (world, link) => {
    const { id } = await link.lease.grant(60);
    const before = await link.kv.put("k", "v", { lease: id });
    await world.kill();
    await world.connector.drop(link);
    await world.start(true);
    const again = await world.connector.connect();
    const { header, count } = await again.kv.range("k");
    assert.deepEqual([header.revision, count], [1n, 0n]);
    assert.deepEqual([header.clusterId, header.memberId], [before.clusterId, before.memberId]);
    await assert.rejects(again.lease.revoke(id), { code: "lease-not-found" });
    await again.close();
  }],
];

function names(kvs: readonly { readonly key: Uint8Array }[]): string[] {
  return kvs.map(({ key }) => new TextDecoder().decode(key));
}

function describe(batch: WatchBatch | undefined): string[] {
  return batch?.events.map(({ type, kv }) => `${type} ${new TextDecoder().decode(kv.key)}`) ?? [];
}

async function take(watch: WatchStream, count: number): Promise<WatchBatch[]> {
  const batches: WatchBatch[] = [];
  for await (const batch of watch) {
    batches.push(batch);
    if (batches.length === count) break;
  }
  return batches;
}
