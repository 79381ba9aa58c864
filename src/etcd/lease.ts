import type { Caller, CallOptions } from "./caller.ts";
import type { Duplex, RpcReply, RpcRequest } from "./transport/mod.ts";
import { type ReplyHeader, toHeader } from "./wire.ts";
import { EtcdError } from "./errors.ts";
import { waitFor } from "../util/mod.ts";

/** Result of {@link Leases.grant}. */
export interface GrantedLease {
  /** Id of the lease; {@link leaseIdToHex} converts it to the form of `etcdctl`. */
  readonly id: bigint;
  /** Time to live in seconds, which can be more than was requested. */
  readonly ttlSeconds: number;
  /** State of the store. */
  readonly header: ReplyHeader;
}

/** Result of {@link KeepAliveStream.renew}. */
export interface Renewal {
  /** Id of the lease. */
  readonly id: bigint;
  /** Time to live from now in seconds; 0 or less if the lease has ended. */
  readonly ttlSeconds: number;
}

/** Result of {@link Leases.timeToLive}. */
export interface LeaseTimeToLive {
  /** Remaining time in seconds; -1 if the lease does not exist. */
  readonly ttlSeconds: number;
  /** Time to live that was granted, in seconds. */
  readonly grantedTtlSeconds: number;
  /** Keys that are attached to the lease. */
  readonly keys: readonly Uint8Array[];
}

/**
 * Returns a lease id in the hexadecimal form of `etcdctl`.
 *
 * @example
 * ```ts
 * import { leaseIdToHex } from "@remote-services/etcd3/etcd";
 *
 * console.log(leaseIdToHex(7587870094582521357n)); // 694d87a615669e0d
 * ```
 */
export function leaseIdToHex(id: bigint): string {
  return BigInt.asUintN(64, id).toString(16);
}

/**
 * The Lease service. Every method rejects with an {@link EtcdError}, or with the reason of
 * its aborted signal.
 */
export interface Leases {
  /**
   * Grants a lease. Nothing renews it by itself.
   *
   * @example
   * ```ts
   * import { EtcdClient } from "@remote-services/etcd3/etcd";
   *
   * await using etcd = new EtcdClient({ endpoints: "localhost:2379" });
   * const lease = await etcd.lease.grant(60);
   * await etcd.kv.put("example/leased", "x", { lease: lease.id });
   * await etcd.lease.revoke(lease.id);
   * console.log((await etcd.kv.range("example/leased")).count); // 0n
   * ```
   * @param ttlSeconds whole seconds from 1; etcd raises values below its minimum (usually 2)
   * @throws {RangeError} if `ttlSeconds` is not a whole number of at least 1
   */
  grant(ttlSeconds: number, options?: CallOptions): Promise<GrantedLease>;
  /**
   * Ends a lease; its keys are deleted at one revision.
   *
   * @throws {EtcdError} `lease-not-found` if it has already ended
   */
  revoke(id: bigint, options?: CallOptions): Promise<void>;
  /** Reads the remaining time of a lease and its keys. */
  timeToLive(id: bigint, options?: CallOptions): Promise<LeaseTimeToLive>;
  /** Opens a stream of renewals; the caller decides when to renew. */
  keepAlive(options?: CallOptions): Promise<KeepAliveStream>;
}

/** Renewals of leases over one stream. It does not reopen: an error ends it. */
export interface KeepAliveStream {
  /**
   * Renews a lease once; one call at a time.
   *
   * @param timeoutMs longest time to wait for the reply, in milliseconds
   * @throws {EtcdError} `timeout` if no reply comes in time; the stream is then closed
   */
  renew(id: bigint, timeoutMs: number): Promise<Renewal>;
  /** Ends the stream. May be called more than once. */
  cancel(): void;
}

/** The Lease service over RPCs. */
export class RpcLeases implements Leases {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async grant(ttlSeconds: number, options: CallOptions = {}): Promise<GrantedLease> {
    if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1) {
      throw new RangeError(`Cannot grant a lease of ${ttlSeconds} s: give whole seconds from 1`);
    }
    const reply = await this.#caller.unary("leaseGrant", { TTL: ttlSeconds }, options);
    if (reply.error !== "") throw new EtcdError("internal", `etcd refused a lease: ${reply.error}`);
    return { id: BigInt(reply.ID), ttlSeconds: Number(reply.TTL), header: toHeader(reply.header) };
  }

  async revoke(id: bigint, options: CallOptions = {}): Promise<void> {
    await this.#caller.unary("leaseRevoke", { ID: String(id) }, options);
  }

  async timeToLive(id: bigint, options: CallOptions = {}): Promise<LeaseTimeToLive> {
    const request = { ID: String(id), keys: true };
    const reply = await this.#caller.unary("leaseTimeToLive", request, options);
    return {
      ttlSeconds: Number(reply.TTL),
      grantedTtlSeconds: Number(reply.grantedTTL),
      keys: reply.keys,
    };
  }

  async keepAlive(options: CallOptions = {}): Promise<KeepAliveStream> {
    const stream = await this.#caller.duplex("leaseKeepAlive", options);
    return new RpcKeepAliveStream(stream);
  }
}

/** A keepalive stream over an RPC. */
class RpcKeepAliveStream implements KeepAliveStream {
  readonly #stream: Duplex<RpcRequest<"leaseKeepAlive">, RpcReply<"leaseKeepAlive">>;

  constructor(stream: Duplex<RpcRequest<"leaseKeepAlive">, RpcReply<"leaseKeepAlive">>) {
    this.#stream = stream;
  }

  async renew(id: bigint, timeoutMs: number): Promise<Renewal> {
    const createTimeoutError = () =>
      new EtcdError("timeout", `etcd did not renew the lease within ${timeoutMs} ms`);
    try {
      this.#stream.send({ ID: String(id) });
      const reply = await waitFor(this.#stream.next(), { timeoutMs, createTimeoutError });
      if (reply.done) throw new EtcdError("closed", "The lease keepalive stream is closed");
      return { id: BigInt(reply.value.ID), ttlSeconds: Number(reply.value.TTL) };
    } catch (error) {
      this.cancel();
      throw error;
    }
  }

  cancel(): void {
    this.#stream.cancel();
  }
}
