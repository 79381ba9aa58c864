import {
  EtcdError,
  type KeyValue,
  type RangeReply,
  type ReplyHeader,
  type WatchEvent,
} from "../../src/etcd/mod.ts";
import type { Clock, Timer } from "../../src/util/mod.ts";

const encoder = new TextEncoder();

interface Lease {
  readonly ttlMs: number;
  readonly keys: Set<string>;
  timer: Timer | undefined;
}

/** One change of one key. */
interface Version {
  readonly revision: bigint;
  /** `undefined` for a deletion. */
  readonly kv: KeyValue | undefined;
}

/** State of a store, to go back to. */
export interface StoreSnapshot {
  readonly revision: bigint;
  readonly compacted: bigint;
  readonly versions: ReadonlyMap<string, readonly Version[]>;
  readonly history: readonly WatchEvent[];
  readonly leases: ReadonlyMap<bigint, { ttlMs: number; keys: ReadonlySet<string> }>;
}

/** Keys, revisions, history, compaction and leases of an etcd, without any network. */
export class EtcdStoreModel {
  readonly #clock: Clock;
  readonly #onEvents: (events: readonly WatchEvent[]) => void;
  readonly #versions = new Map<string, Version[]>();
  readonly #leases = new Map<bigint, Lease>();
  #history: WatchEvent[] = [];
  #revision = 1n;
  #compacted = 0n;
  #term = 2n;
  #nextLease = 0x7000_0000_0000_0001n;

  constructor(clock: Clock, onEvents: (events: readonly WatchEvent[]) => void) {
    this.#clock = clock;
    this.#onEvents = onEvents;
  }

  get header(): ReplyHeader {
    return { clusterId: 7n, memberId: 8n, revision: this.#revision, raftTerm: this.#term };
  }

  get compacted(): bigint {
    return this.#compacted;
  }

  /** Ids of the leases that live, and their keys. */
  get leases(): ReadonlyMap<bigint, { readonly keys: ReadonlySet<string> }> {
    return this.#leases;
  }

  /** The keys that exist, in order. */
  get entries(): ReadonlyMap<string, KeyValue> {
    const { kvs } = this.range("", "\uffff", 0n, 0);
    return new Map(kvs.map((kv) => [new TextDecoder().decode(kv.key), kv]));
  }

  /** Events from a revision on. */
  since(revision: bigint): readonly WatchEvent[] {
    return this.#history.filter(({ kv }) => kv.modRevision >= revision);
  }

  range(from: string, end: string | undefined, revision: bigint, limit: number): RangeReply {
    if (revision > this.#revision) {
      throw new EtcdError("future-revision", "required revision is a future revision");
    }
    const at = revision === 0n ? this.#revision : revision;
    if (at < this.#compacted) {
      throw new EtcdError("compacted", "required revision has been compacted");
    }
    const isInside = (key: string) => end === undefined ? key === from : key >= from && key < end;
    const kvs = [...this.#versions.keys()].filter(isInside).sort().flatMap((key) => {
      const kv = this.#versions.get(key)?.findLast((version) => version.revision <= at)?.kv;
      return kv === undefined ? [] : [kv];
    });
    const page = limit === 0 ? kvs : kvs.slice(0, limit);
    const more = page.length < kvs.length;
    return { header: this.header, kvs: page, more, count: BigInt(kvs.length) };
  }

  put(key: string, value: Uint8Array, lease: bigint): ReplyHeader {
    if (lease !== 0n && !this.#leases.has(lease)) throw createLeaseError();
    const before = this.#latest(key);
    if (before !== undefined) this.#leases.get(before.lease)?.keys.delete(key);
    this.#leases.get(lease)?.keys.add(key);
    const modRevision = this.#revision + 1n;
    this.#commit([{
      type: "put",
      kv: {
        key: encoder.encode(key),
        value,
        lease,
        modRevision,
        createRevision: before?.createRevision ?? modRevision,
        version: (before?.version ?? 0n) + 1n,
      },
      prevKv: undefined,
    }]);
    return this.header;
  }

  delete(keys: readonly string[]): bigint {
    const events = keys.flatMap((key): WatchEvent[] => {
      const before = this.#latest(key);
      if (before === undefined) return [];
      this.#leases.get(before.lease)?.keys.delete(key);
      const gone = { value: new Uint8Array(), createRevision: 0n, version: 0n, lease: 0n };
      const kv = { ...gone, key: before.key, modRevision: this.#revision + 1n };
      return [{ type: "delete", kv, prevKv: undefined }];
    });
    if (events.length > 0) this.#commit(events);
    return BigInt(events.length);
  }

  compact(revision: bigint): void {
    if (revision > this.#revision) {
      throw new EtcdError("future-revision", "required revision is a future revision");
    }
    if (revision <= this.#compacted) {
      throw new EtcdError("compacted", "required revision has been compacted");
    }
    this.#compacted = revision;
    this.#history = this.#history.filter(({ kv }) => kv.modRevision >= revision);
    for (const [key, versions] of this.#versions) {
      const first = versions.findLastIndex((version) => version.revision <= revision);
      if (first > 0) versions.splice(0, first);
      if (versions.length === 1 && versions[0]?.kv === undefined) this.#versions.delete(key);
    }
  }

  grant(ttlSeconds: number): { id: bigint; ttlSeconds: number } {
    const id = this.#nextLease++;
    this.#leases.set(id, { ttlMs: ttlSeconds * 1000, keys: new Set(), timer: undefined });
    this.#restart(id);
    return { id, ttlSeconds };
  }

  /** Renews a lease and returns its TTL, 0 if it does not exist. */
  renew(id: bigint): number {
    const lease = this.#leases.get(id);
    if (lease === undefined) return 0;
    this.#restart(id);
    return lease.ttlMs / 1000;
  }

  revoke(id: bigint): void {
    const lease = this.#leases.get(id);
    if (lease === undefined) throw createLeaseError();
    lease.timer?.cancel();
    this.#leases.delete(id);
    this.delete([...lease.keys]);
  }

  /** Stops the time of the leases, as when the server is down. */
  pause(): void {
    for (const lease of this.#leases.values()) lease.timer?.cancel();
  }

  /** Starts the time of the leases anew, as a new leader does. */
  resume(): void {
    this.#term++;
    for (const id of this.#leases.keys()) this.#restart(id);
  }

  /** Loses everything; the ids stay, as when a member starts with an empty folder. */
  wipe(): void {
    this.restore({
      revision: 1n,
      compacted: 0n,
      versions: new Map(),
      history: [],
      leases: new Map(),
    });
  }

  snapshot(): StoreSnapshot {
    return {
      revision: this.#revision,
      compacted: this.#compacted,
      versions: new Map([...this.#versions].map(([key, versions]) => [key, [...versions]])),
      history: [...this.#history],
      leases: new Map(
        [...this.#leases].map(([id, { ttlMs, keys }]) => [id, { ttlMs, keys: new Set(keys) }]),
      ),
    };
  }

  /** Goes back to an earlier state. Called while the time of the leases is stopped. */
  restore(snapshot: StoreSnapshot): void {
    this.pause();
    this.#revision = snapshot.revision;
    this.#compacted = snapshot.compacted;
    this.#history = [...snapshot.history];
    this.#versions.clear();
    for (const [key, versions] of snapshot.versions) this.#versions.set(key, [...versions]);
    this.#leases.clear();
    for (const [id, { ttlMs, keys }] of snapshot.leases) {
      this.#leases.set(id, { ttlMs, keys: new Set(keys), timer: undefined });
    }
  }

  #latest(key: string): KeyValue | undefined {
    return this.#versions.get(key)?.at(-1)?.kv;
  }

  #commit(events: readonly WatchEvent[]): void {
    this.#revision++;
    for (const event of events) {
      const key = new TextDecoder().decode(event.kv.key);
      const versions = this.#versions.get(key) ?? [];
      this.#versions.set(key, versions);
      const kv = event.type === "put" ? event.kv : undefined;
      versions.push({ revision: this.#revision, kv });
      this.#history.push(event);
    }
    this.#onEvents(events);
  }

  #restart(id: bigint): void {
    const lease = this.#leases.get(id);
    if (lease === undefined) return;
    lease.timer?.cancel();
    lease.timer = this.#clock.startTimer(lease.ttlMs, () => this.revoke(id));
  }
}

function createLeaseError(): EtcdError {
  return new EtcdError("lease-not-found", "etcdserver: requested lease not found");
}
