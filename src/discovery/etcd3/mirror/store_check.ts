import {
  EtcdError,
  type EtcdLink,
  type KeyValue,
  type ReplyHeader,
  type WatchEvent,
} from "../../../etcd/mod.ts";
import type { AppliedChange, Position } from "./mirror_state.ts";

/** Changes that a position has. After a rollback, as many may happen to be the same again. */
const MAX_CHANGES = 8;

/** Whether a store is the one that a position belongs to, as far as can be told. */
export type StoreIdentity = "same" | "other" | "unknown";

/**
 * Returns whether a store is the one that a position belongs to. It is another one after its data
 * were lost or restored from an older snapshot: then the last changes before the position are not
 * in its history. Revision and cluster id alone do not show that: the id may be the same, and other
 * clients may have written as much meanwhile. A watch would be accepted and miss the difference.
 *
 * @returns `unknown` without a change to look for, or if the last one is compacted
 * @throws {EtcdError} what the connection failed with
 */
export async function checkStore(
  { kv }: Pick<EtcdLink, "kv">,
  position: Position | undefined,
): Promise<StoreIdentity> {
  const changes = position?.lastChanges ?? [];
  const found = await Promise.all(changes.map((change) => findChange(kv, change)));
  return found.includes("other") ? "other" : found.at(-1) ?? "unknown";
}

/** Returns whether a change is in the history of a store. */
async function findChange(kv: EtcdLink["kv"], change: AppliedChange): Promise<StoreIdentity> {
  const { type, kv: { key, modRevision } } = change;
  try {
    const { kvs: [found] } = await kv.range(key, { revision: modRevision });
    if (type === "put") return found !== undefined && isSame(found, change.kv) ? "same" : "other";
    const before = await kv.range(key, { revision: modRevision - 1n });
    return found === undefined && before.kvs.length > 0 ? "same" : "other";
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    if (error.code === "future-revision") return "other";
    if (error.code === "compacted") return "unknown";
    throw error;
  }
}

function isSame(one: KeyValue, other: KeyValue): boolean {
  return one.modRevision === other.modRevision && one.lease === other.lease &&
    Buffer.compare(one.value, other.value) === 0;
}

/** Returns whether a store has not reached a position, or is that of another cluster. */
export function isBehind(header: ReplyHeader, position: Position | undefined): boolean {
  if (position === undefined) return false;
  return header.revision < position.nextRevision - 1n || header.clusterId !== position.clusterId;
}

/** Returns the last changes after further events, one of each revision. */
export function addChanges(
  changes: readonly AppliedChange[],
  events: readonly WatchEvent[],
): readonly AppliedChange[] {
  const all = [...changes];
  for (const { type, kv } of events) {
    if (all.at(-1)?.kv.modRevision === kv.modRevision) all.pop();
    all.push({ type, kv: detach(kv) });
  }
  return all.slice(-MAX_CHANGES);
}

/** Returns the last changes that led to a listing. Deletions are not in it. */
export function findLastChanges(kvs: readonly KeyValue[]): readonly AppliedChange[] {
  const last: KeyValue[] = [];
  for (const kv of kvs) {
    const index = last.findLastIndex(({ modRevision }) => modRevision <= kv.modRevision);
    if (index < 0 && last.length >= MAX_CHANGES) continue;
    last.splice(index + 1, 0, kv);
    if (last.length > MAX_CHANGES) last.shift();
  }
  return last.map((kv) => ({ type: "put", kv: detach(kv) }));
}

/** Copies the bytes, which are views of a whole reply that would be kept with them. */
function detach(kv: KeyValue): KeyValue {
  return { ...kv, key: new Uint8Array(kv.key), value: new Uint8Array(kv.value) };
}
