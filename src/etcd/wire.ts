import { EtcdError } from "./errors.ts";
import type { WireHeader, WireKeyValue } from "./transport/mod.ts";

/** A key or a value: text is sent as UTF-8. */
export type Bytes = string | Uint8Array;

/** What every reply of etcd says about the store. */
export interface ReplyHeader {
  /** Id of the cluster that answered. */
  readonly clusterId: bigint;
  /** Id of the member that answered. */
  readonly memberId: bigint;
  /** Revision of the store when the reply was made. */
  readonly revision: bigint;
  /** Raft term of the member. */
  readonly raftTerm: bigint;
}

/** A key with what is stored under it. */
export interface KeyValue {
  /** The key. */
  readonly key: Uint8Array;
  /** The value; empty in a delete event. */
  readonly value: Uint8Array;
  /** Revision of the key's creation. */
  readonly createRevision: bigint;
  /** Revision of its last change. */
  readonly modRevision: bigint;
  /** Number of changes since its creation; 0 when deleted. */
  readonly version: bigint;
  /** Lease that it hangs on, 0 for none. */
  readonly lease: bigint;
}

const UTF8 = new TextEncoder();

/** Returns the bytes of a key or a value. */
export function toBytes(bytes: Bytes): Uint8Array {
  return typeof bytes === "string" ? UTF8.encode(bytes) : bytes;
}

/**
 * The keys of a request. An end that is there but empty would mean "all that follow" to
 * etcd, so without an end the field is left out.
 */
export function toKeys(
  key: Bytes,
  rangeEnd: Bytes | undefined,
): { key: Uint8Array; range_end?: Uint8Array } {
  const isRange = rangeEnd !== undefined && rangeEnd.length > 0;
  return isRange ? { key: toBytes(key), range_end: toBytes(rangeEnd) } : { key: toBytes(key) };
}

export function toHeader(header: WireHeader | null): ReplyHeader {
  if (header === null) throw new EtcdError("protocol", "etcd sent a reply without a header");
  return {
    clusterId: BigInt(header.cluster_id),
    memberId: BigInt(header.member_id),
    revision: BigInt(header.revision),
    raftTerm: BigInt(header.raft_term),
  };
}

export function toKeyValue(kv: WireKeyValue): KeyValue {
  return {
    key: kv.key,
    value: kv.value,
    createRevision: BigInt(kv.create_revision),
    modRevision: BigInt(kv.mod_revision),
    version: BigInt(kv.version),
    lease: BigInt(kv.lease),
  };
}

/**
 * The end of the range of all keys that start with `prefix`: the prefix with its
 * last byte below 0xff raised by one. All keys are from `"\\0"` to `Uint8Array.of(0)`.
 */
export function prefixEnd(prefix: Bytes): Uint8Array {
  const end = Uint8Array.from(toBytes(prefix));
  for (let last = end.length - 1; last >= 0; last--) {
    const byte = end[last] ?? 0xff;
    if (byte < 0xff) {
      end[last] = byte + 1;
      return end.slice(0, last + 1);
    }
  }
  return Uint8Array.of(0);
}
