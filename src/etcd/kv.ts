import type { Caller, CallOptions } from "./caller.ts";
import type { RpcRequest, WireCompare, WireOperation } from "./transport/mod.ts";
import {
  type Bytes,
  type KeyValue,
  type ReplyHeader,
  toBytes,
  toHeader,
  toKeys,
  toKeyValue,
} from "./wire.ts";

/** Which keys to read and how. */
export interface RangeOptions extends CallOptions {
  /** First key after the range; without it only the one key is read. */
  readonly rangeEnd?: Bytes;
  /** Most keys to return, 0 for all. @default 0 */
  readonly limit?: number;
  /** Revision to read at; 0 for the newest. @default 0n */
  readonly revision?: bigint;
  /** Read from the member without asking the quorum: faster, perhaps old. @default false */
  readonly serializable?: boolean;
  /** Leave the values out. @default false */
  readonly keysOnly?: boolean;
}

/** Keys that were read. */
export interface RangeReply {
  /** What the reply says about the store; page on at `header.revision`. */
  readonly header: ReplyHeader;
  /** The keys, in byte order. */
  readonly kvs: readonly KeyValue[];
  /** Whether `limit` cut the list short. */
  readonly more: boolean;
  /** How many keys the range holds, whatever the limit. */
  readonly count: bigint;
}

/** How to write a key. */
export interface PutOptions extends CallOptions {
  /** Lease whose end deletes the key; 0 for none. @default 0n */
  readonly lease?: bigint;
}

/** Which keys to delete. */
export interface DeleteOptions extends CallOptions {
  /** First key after the range; without it only the one key is deleted. */
  readonly rangeEnd?: Bytes;
}

/** Result of {@link Kv.delete}. */
export interface DeleteReply {
  /** State of the store after the call. */
  readonly header: ReplyHeader;
  /** Number of keys that were deleted. */
  readonly deleted: bigint;
}

/** A condition of {@link Kv.txn} on one key. */
export type Condition =
  & { readonly key: Bytes }
  & (
    | { readonly modRevision: bigint }
    | { readonly createRevision: bigint }
    | { readonly version: bigint }
    | { readonly lease: bigint }
    | { readonly value: Bytes }
  );

/** A write of {@link Kv.txn}. */
export type Operation =
  | { readonly put: Bytes; readonly value: Bytes; readonly lease?: bigint }
  | { readonly delete: Bytes; readonly rangeEnd?: Bytes };

/** What {@link Kv.txn} did. */
export interface TxnReply {
  /** What the reply says about the store. */
  readonly header: ReplyHeader;
  /** Whether every condition held, so that `then` was done and not `otherwise`. */
  readonly succeeded: boolean;
}

/**
 * The KV service: keys and values. Every method rejects with an {@link EtcdError}, or with
 * the reason of its aborted signal.
 */
export interface Kv {
  /**
   * Reads one key or a range of keys, linearizably unless `serializable` is set.
   *
   * @throws {EtcdError} `compacted` or `future-revision` if the store no longer has, or does
   * not have yet, `options.revision`
   */
  range(key: Bytes, options?: RangeOptions): Promise<RangeReply>;
  /**
   * Writes a key.
   *
   * @throws {EtcdError} `lease-not-found` if `options.lease` has ended, `no-space` if the
   * store is full
   */
  put(key: Bytes, value: Bytes, options?: PutOptions): Promise<ReplyHeader>;
  /** Deletes one key or a range of keys and returns their number. */
  delete(key: Bytes, options?: DeleteOptions): Promise<DeleteReply>;
  /** Does `then` if every condition holds and `otherwise` if not, at one revision. */
  txn(
    conditions: readonly Condition[],
    operations: { readonly then: readonly Operation[]; readonly otherwise?: readonly Operation[] },
    options?: CallOptions,
  ): Promise<TxnReply>;
  /** Drops the history before `revision`. */
  compact(revision: bigint, options?: CallOptions): Promise<ReplyHeader>;
}

/** The KV service over RPCs. */
export class RpcKv implements Kv {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async range(key: Bytes, options: RangeOptions = {}): Promise<RangeReply> {
    const request: RpcRequest<"range"> = {
      ...toKeys(key, options.rangeEnd),
      limit: options.limit ?? 0,
      revision: String(options.revision ?? 0n),
      serializable: options.serializable ?? false,
      keys_only: options.keysOnly ?? false,
    };
    const reply = await this.#caller.unary("range", request, options);
    return {
      header: toHeader(reply.header),
      kvs: reply.kvs.map(toKeyValue),
      more: reply.more,
      count: BigInt(reply.count),
    };
  }

  async put(key: Bytes, value: Bytes, options: PutOptions = {}): Promise<ReplyHeader> {
    const reply = await this.#caller.unary("put", toPut(key, value, options.lease), options);
    return toHeader(reply.header);
  }

  async delete(key: Bytes, options: DeleteOptions = {}): Promise<DeleteReply> {
    const request = toKeys(key, options.rangeEnd);
    const reply = await this.#caller.unary("deleteRange", request, options);
    return { header: toHeader(reply.header), deleted: BigInt(reply.deleted) };
  }

  async txn(
    conditions: readonly Condition[],
    operations: { readonly then: readonly Operation[]; readonly otherwise?: readonly Operation[] },
    options: CallOptions = {},
  ): Promise<TxnReply> {
    const request = {
      compare: conditions.map(toCompare),
      success: operations.then.map(toOperation),
      failure: (operations.otherwise ?? []).map(toOperation),
    };
    const reply = await this.#caller.unary("txn", request, options);
    return { header: toHeader(reply.header), succeeded: reply.succeeded };
  }

  async compact(revision: bigint, options: CallOptions = {}): Promise<ReplyHeader> {
    const request = { revision: String(revision), physical: false };
    const reply = await this.#caller.unary("compact", request, options);
    return toHeader(reply.header);
  }
}

function toPut(key: Bytes, value: Bytes, lease = 0n) {
  return { key: toBytes(key), value: toBytes(value), lease: String(lease) };
}

function toOperation(operation: Operation): WireOperation {
  return "put" in operation
    ? { request_put: toPut(operation.put, operation.value, operation.lease) }
    : { request_delete_range: toKeys(operation.delete, operation.rangeEnd) };
}

function toCompare(condition: Condition): WireCompare {
  const key = toBytes(condition.key);
  const result = "EQUAL";
  if ("modRevision" in condition) {
    return { key, result, target: "MOD", mod_revision: String(condition.modRevision) };
  }
  if ("createRevision" in condition) {
    return { key, result, target: "CREATE", create_revision: String(condition.createRevision) };
  }
  if ("version" in condition) {
    return { key, result, target: "VERSION", version: String(condition.version) };
  }
  if ("lease" in condition) return { key, result, target: "LEASE", lease: String(condition.lease) };
  return { key, result, target: "VALUE", value: toBytes(condition.value) };
}
