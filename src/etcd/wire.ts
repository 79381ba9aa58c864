import { EtcdError } from "./errors.ts";
import type { WireHeader, WireKeyValue } from "./transport/mod.ts";

/** Key or value; a string is sent as UTF-8. */
export type Bytes = string | Uint8Array;

/** State of the store when a reply was made. */
export interface ReplyHeader {
  /** Id of the cluster. */
  readonly clusterId: bigint;
  /** Id of the member that replied. */
  readonly memberId: bigint;
  /** Revision of the store. */
  readonly revision: bigint;
  /** Raft term of the member. */
  readonly raftTerm: bigint;
}

/** Key with its value and its history. */
export interface KeyValue {
  /** Key in bytes. */
  readonly key: Uint8Array;
  /** Value in bytes; empty in a delete event. */
  readonly value: Uint8Array;
  /** Revision at which the key was created. */
  readonly createRevision: bigint;
  /** Revision of the last change. */
  readonly modRevision: bigint;
  /** Number of changes since the creation; 0 in a delete event. */
  readonly version: bigint;
  /** Lease that the key is attached to; 0 for none. */
  readonly lease: bigint;
}

const UTF8 = new TextEncoder();

/** Returns the bytes of a key or a value. */
export function toBytes(bytes: Bytes): Uint8Array {
  return typeof bytes === "string" ? UTF8.encode(bytes) : bytes;
}

/**
 * Returns the fields of a request for a key or a range. An empty end would mean all keys
 * that follow, so the field is left out then.
 */
export function toKeys(
  key: Bytes,
  rangeEnd: Bytes | undefined,
): { key: Uint8Array; range_end?: Uint8Array } {
  const isRange = rangeEnd !== undefined && rangeEnd.length > 0;
  return isRange ? { key: toBytes(key), range_end: toBytes(rangeEnd) } : { key: toBytes(key) };
}

/**
 * Converts a header of the wire.
 *
 * @throws {EtcdError} `protocol` if the reply has none
 */
export function toHeader(header: WireHeader | null): ReplyHeader {
  if (header === null) throw new EtcdError("protocol", "etcd sent a reply without a header");
  return {
    clusterId: BigInt(header.cluster_id),
    memberId: BigInt(header.member_id),
    revision: BigInt(header.revision),
    raftTerm: BigInt(header.raft_term),
  };
}

/** Converts a key with its value of the wire. */
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
 * Returns the end of the range of all keys that start with a prefix: the prefix with its last
 * byte below 0xff raised by one. The range of all keys is from `"\0"` to `Uint8Array.of(0)`.
 *
 * @example
 * ```ts
 * import { prefixEnd } from "@remote-services/etcd3/etcd";
 *
 * console.log(new TextDecoder().decode(prefixEnd("services/"))); // services0
 * ```
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
