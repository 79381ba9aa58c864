import type { Caller, CallOptions } from "./caller.ts";
import { METHODS } from "./transport/mod.ts";
import {
  type Bytes,
  type KeyValue,
  type ReplyHeader,
  toBuffer,
  toHeader,
  toKeys,
  toKeyValue,
} from "./wire.ts";
import type { Compare } from "./transport/generated/etcdserverpb/Compare.ts";
import type { RangeRequest } from "./transport/generated/etcdserverpb/RangeRequest.ts";
import type { RequestOp } from "./transport/generated/etcdserverpb/RequestOp.ts";

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
 * The KV service: keys and values. Every method rejects with an {@link EtcdError},
 * or with the reason of its aborted signal.
 */
export class Kv {
  readonly #caller: Caller;

  /** Made by the client. */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Reads one key or a range of keys, linearizably unless told otherwise. */
  async range(key: Bytes, options: RangeOptions = {}): Promise<RangeReply> {
    const request: RangeRequest = {
      ...toKeys(key, options.rangeEnd),
      limit: options.limit ?? 0,
      revision: String(options.revision ?? 0n),
      serializable: options.serializable ?? false,
      keys_only: options.keysOnly ?? false,
    };
    const reply = await this.#caller.unary(METHODS.range, request, options);
    return {
      header: toHeader(reply.header),
      kvs: reply.kvs.map(toKeyValue),
      more: reply.more,
      count: BigInt(reply.count),
    };
  }

  /** Writes a key. */
  async put(key: Bytes, value: Bytes, options: PutOptions = {}): Promise<ReplyHeader> {
    const request = toPut(key, value, options.lease);
    const reply = await this.#caller.unary(METHODS.put, request, options);
    return toHeader(reply.header);
  }

  /** Deletes one key or a range of keys and says how many there were. */
  async delete(
    key: Bytes,
    options: DeleteOptions = {},
  ): Promise<{ readonly header: ReplyHeader; readonly deleted: bigint }> {
    const request = toKeys(key, options.rangeEnd);
    const reply = await this.#caller.unary(METHODS.deleteRange, request, options);
    return { header: toHeader(reply.header), deleted: BigInt(reply.deleted) };
  }

  /** Does `then` if every condition holds and `otherwise` if not, at one revision. */
  async txn(
    conditions: readonly Condition[],
    operations: { readonly then: readonly Operation[]; readonly otherwise?: readonly Operation[] },
    options: CallOptions = {},
  ): Promise<TxnReply> {
    const request = {
      compare: conditions.map(toCompare),
      success: operations.then.map(toRequestOp),
      failure: (operations.otherwise ?? []).map(toRequestOp),
    };
    const reply = await this.#caller.unary(METHODS.txn, request, options);
    return { header: toHeader(reply.header), succeeded: reply.succeeded };
  }

  /** Drops the history before `revision`. */
  async compact(revision: bigint, options: CallOptions = {}): Promise<ReplyHeader> {
    const request = { revision: String(revision), physical: false };
    const reply = await this.#caller.unary(METHODS.compact, request, options);
    return toHeader(reply.header);
  }
}

function toPut(key: Bytes, value: Bytes, lease = 0n) {
  return { key: toBuffer(key), value: toBuffer(value), lease: String(lease) };
}

function toRequestOp(operation: Operation): RequestOp {
  return "put" in operation
    ? { request_put: toPut(operation.put, operation.value, operation.lease) }
    : { request_delete_range: toKeys(operation.delete, operation.rangeEnd) };
}

function toCompare(condition: Condition): Compare {
  const key = toBuffer(condition.key);
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
  return { key, result, target: "VALUE", value: toBuffer(condition.value) };
}
