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

/** Settings of {@link Kv.range}. */
export interface RangeOptions extends CallOptions {
  /** First key after the range. @default only the one key is read */
  readonly rangeEnd?: Bytes;
  /** Largest number of keys to return; 0 for all. @default 0 */
  readonly limit?: number;
  /** Revision to read at; 0 for the latest. @default 0n */
  readonly revision?: bigint;
  /** Whether one member answers without its quorum: faster, but perhaps outdated. @default false */
  readonly serializable?: boolean;
  /** Whether to leave out the values. @default false */
  readonly keysOnly?: boolean;
}

/** Result of {@link Kv.range}. */
export interface RangeReply {
  /** State of the store; read further pages at `header.revision`. */
  readonly header: ReplyHeader;
  /** Keys and values, in byte order. */
  readonly kvs: readonly KeyValue[];
  /** Whether there are more keys than `limit`. */
  readonly more: boolean;
  /** Number of keys in the range, without the limit. */
  readonly count: bigint;
}

/** Settings of {@link Kv.put}. */
export interface PutOptions extends CallOptions {
  /** Lease whose end deletes the key; 0 for none. @default 0n */
  readonly lease?: bigint;
}

/** Settings of {@link Kv.delete}. */
export interface DeleteOptions extends CallOptions {
  /** First key after the range. @default only the one key is deleted */
  readonly rangeEnd?: Bytes;
}

/** Result of {@link Kv.delete}. */
export interface DeleteReply {
  /** State of the store after the call. */
  readonly header: ReplyHeader;
  /** Number of keys that were deleted. */
  readonly deleted: bigint;
}

/** Condition of {@link Kv.txn} on one key. */
export type Condition =
  & { readonly key: Bytes }
  & (
    | { readonly modRevision: bigint }
    | { readonly createRevision: bigint }
    | { readonly version: bigint }
    | { readonly lease: bigint }
    | { readonly value: Bytes }
  );

/** Write of {@link Kv.txn}. */
export type Operation =
  | { readonly put: Bytes; readonly value: Bytes; readonly lease?: bigint }
  | { readonly delete: Bytes; readonly rangeEnd?: Bytes };

/** Result of {@link Kv.txn}. */
export interface TxnReply {
  /** State of the store after the call. */
  readonly header: ReplyHeader;
  /** Whether every condition was true, so that `then` was applied and not `otherwise`. */
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
   * @example
   * ```ts
   * import { EtcdClient, prefixEnd } from "@remote-services/etcd3/etcd";
   *
   * await using etcd = new EtcdClient({ endpoints: "localhost:2379" });
   * await etcd.kv.put("example/a", "1");
   * const { kvs } = await etcd.kv.range("example/", { rangeEnd: prefixEnd("example/") });
   * console.log(new TextDecoder().decode(kvs[0]?.value)); // 1
   * ```
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
  /**
   * Applies `then` if every condition is true, otherwise `otherwise`, at one revision.
   *
   * @example
   * ```ts
   * import { EtcdClient } from "@remote-services/etcd3/etcd";
   *
   * await using etcd = new EtcdClient({ endpoints: "localhost:2379" });
   * const created = await etcd.kv.txn([{ key: "example/lock", version: 0n }], {
   *   then: [{ put: "example/lock", value: "mine" }],
   * });
   * console.log(created.succeeded); // true
   * ```
   */
  txn(
    conditions: readonly Condition[],
    operations: { readonly then: readonly Operation[]; readonly otherwise?: readonly Operation[] },
    options?: CallOptions,
  ): Promise<TxnReply>;
  /** Deletes the history before `revision`. */
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
