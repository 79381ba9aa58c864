import type { Caller, CallOptions } from "./caller.ts";
import { type Duplex, METHODS } from "./transport/mod.ts";
import { type ReplyHeader, toHeader } from "./wire.ts";
import { EtcdError } from "./errors.ts";
import type { LeaseKeepAliveRequest } from "./transport/generated/etcdserverpb/LeaseKeepAliveRequest.ts";
import type { LeaseKeepAliveResponse__Output } from "./transport/generated/etcdserverpb/LeaseKeepAliveResponse.ts";

/** A lease as the server granted it. */
export interface GrantedLease {
  /** The id; {@link leaseIdToHex} gives it as `etcdctl` prints it. */
  readonly id: bigint;
  /** Seconds without a renewal after which it ends; the server raises small requests. */
  readonly ttlSeconds: number;
  /** What the reply says about the store. */
  readonly header: ReplyHeader;
}

/** The answer to one renewal. */
export interface Renewal {
  /** The lease. */
  readonly id: bigint;
  /** Seconds it lives from now on; 0 or less: it is gone. */
  readonly ttlSeconds: number;
}

/** What is left of a lease. */
export interface LeaseTimeToLive {
  /** Seconds left, -1 when the lease does not exist. */
  readonly ttlSeconds: number;
  /** Seconds it was granted for. */
  readonly grantedTtlSeconds: number;
  /** The keys that hang on it. */
  readonly keys: readonly Uint8Array[];
}

/** A lease id in the hexadecimal form that `etcdctl` prints and wants. */
export function leaseIdToHex(id: bigint): string {
  return BigInt.asUintN(64, id).toString(16);
}

/**
 * The Lease service. Every method rejects with an {@link EtcdError}, or with the
 * reason of its aborted signal.
 */
export class Leases {
  readonly #caller: Caller;

  /** Made by the client. */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Grants a lease of about `ttlSeconds`; nothing renews it by itself. */
  async grant(ttlSeconds: number, options: CallOptions = {}): Promise<GrantedLease> {
    if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1) {
      throw new RangeError(`Cannot grant a lease of ${ttlSeconds} s: give whole seconds from 1`);
    }
    const reply = await this.#caller.unary(METHODS.leaseGrant, { TTL: ttlSeconds }, options);
    if (reply.error !== "") throw new EtcdError("internal", `etcd refused a lease: ${reply.error}`);
    return { id: BigInt(reply.ID), ttlSeconds: Number(reply.TTL), header: toHeader(reply.header) };
  }

  /** Ends a lease; its keys are deleted at one revision. */
  async revoke(id: bigint, options: CallOptions = {}): Promise<void> {
    await this.#caller.unary(METHODS.leaseRevoke, { ID: String(id) }, options);
  }

  /** Asks how long a lease still lives and which keys hang on it. */
  async timeToLive(id: bigint, options: CallOptions = {}): Promise<LeaseTimeToLive> {
    const reply = await this.#caller.unary(
      METHODS.leaseTimeToLive,
      { ID: String(id), keys: true },
      options,
    );
    return {
      ttlSeconds: Number(reply.TTL),
      grantedTtlSeconds: Number(reply.grantedTTL),
      keys: reply.keys,
    };
  }

  /** Opens a stream of renewals; the caller decides when to renew. */
  async keepAlive(options: CallOptions = {}): Promise<KeepAliveStream> {
    return new KeepAliveStream(
      await this.#caller.duplex(METHODS.leaseKeepAlive, options),
    );
  }
}

/** Renewals of leases over one stream. Not restarted: an error ends it for good. */
export class KeepAliveStream {
  readonly #stream: Duplex<LeaseKeepAliveRequest, LeaseKeepAliveResponse__Output>;

  /** Made by {@link Leases.keepAlive}. */
  constructor(stream: Duplex<LeaseKeepAliveRequest, LeaseKeepAliveResponse__Output>) {
    this.#stream = stream;
  }

  /**
   * Renews a lease once; one call at a time.
   *
   * @throws {EtcdError} `timeout` when no answer comes within `timeoutMs`; the stream
   * is then of no more use.
   */
  async renew(id: bigint, timeoutMs: number): Promise<Renewal> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new EtcdError("timeout", `etcd did not renew the lease within ${timeoutMs} ms`));
      }, timeoutMs);
    });
    try {
      this.#stream.send({ ID: String(id) });
      const reply = await Promise.race([this.#stream.next(), late]);
      if (reply.done) throw new EtcdError("closed", "The lease keepalive stream is closed");
      return { id: BigInt(reply.value.ID), ttlSeconds: Number(reply.value.TTL) };
    } catch (error) {
      this.cancel();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the stream. May be repeated. */
  cancel(): void {
    this.#stream.cancel();
  }
}
