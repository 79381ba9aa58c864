import { EtcdError, type EtcdLink, type KeepAliveStream } from "../../../etcd/mod.ts";
import { type Clock, pause, type Timer } from "../../../util/mod.ts";
import { HeldLease, renewalDelayMs } from "./held_lease.ts";

/** State of the lease that the keys of a session are attached to. */
export type LeaseState =
  /** No lease was granted yet. */
  | { readonly kind: "connecting" }
  /** Granted, and renewed over the present connection. */
  | { readonly kind: "active"; readonly lease: HeldLease }
  /** The connection is lost, the lease's time is not over. */
  | { readonly kind: "interrupted"; readonly lease: HeldLease }
  /** The lease's time is over without a renewal; etcd may have ended it. */
  | { readonly kind: "overdue"; readonly lease: HeldLease }
  /** Retired, and another one is not granted yet. */
  | { readonly kind: "lost" }
  /** Closed by its owner. */
  | { readonly kind: "closed" };

/** Parts that a {@link SessionLease} needs. */
export interface SessionLeaseOptions {
  /** Time to live to ask for. */
  readonly ttlSeconds: number;
  /** Source of time and randomness. */
  readonly clock: Clock;
  /** Called after each change of the state. */
  readonly onChange: (state: LeaseState, before: LeaseState) => void;
}

/** Bounds of the time that etcd may take to answer a renewal. */
const RENEWAL_TIMEOUT = { leastMs: 500, mostMs: 5000 };

/**
 * The lease of a session: granted, renewed, retired when etcd no longer knows it or its time
 * is over, and replaced. A late or failed renewal alone is not a lost lease.
 */
export class SessionLease {
  readonly #options: SessionLeaseOptions;
  /** Retired leases, to be revoked once the keys are attached to another one. */
  readonly #retired = new Set<bigint>();
  #state: LeaseState = { kind: "connecting" };
  #deadline: Timer | undefined;

  /** Creates the state machine; {@link ensure} grants the first lease. */
  constructor(options: SessionLeaseOptions) {
    this.#options = options;
  }

  /** Present state. */
  get state(): LeaseState {
    return this.#state;
  }

  /** Lease that is held, also when it may have ended. */
  get held(): HeldLease | undefined {
    return findLease(this.#state);
  }

  /** Id of the lease that is held; 0 if none is. */
  get id(): bigint {
    return this.held?.id ?? 0n;
  }

  /** Whether etcd may have a lease that a close should revoke. */
  get isRevocable(): boolean {
    return this.held !== undefined || this.#retired.size > 0;
  }

  /** Returns the held lease, or grants one. */
  async ensure(link: EtcdLink): Promise<HeldLease> {
    if (this.held !== undefined) return this.held;
    const { ttlSeconds, clock } = this.#options;
    const askedAtMs = clock.now();
    const granted = await link.lease.grant(ttlSeconds);
    const lease = new HeldLease(granted.id, granted.ttlSeconds, askedAtMs, clock);
    // After a close the lease has no keys and ends by itself.
    this.#setState({ kind: "active", lease });
    return lease;
  }

  /**
   * Renews the held lease on a new connection, or retires it.
   *
   * @returns whether a lease was lost
   */
  async resume(stream: KeepAliveStream): Promise<boolean> {
    const lease = this.held;
    if (lease === undefined) return false;
    if (lease.leftMs > 0 && await this.#renew(lease, stream)) return false;
    this.lose(lease);
    return true;
  }

  /** Renews until the signal is aborted; throws what the stream failed with. */
  async keepAlive(stream: KeepAliveStream, signal: AbortSignal): Promise<void> {
    const { clock, ttlSeconds } = this.#options;
    while (!signal.aborted) {
      const ttlMs = this.held?.ttlMs ?? ttlSeconds * 1000;
      await pause(renewalDelayMs(ttlMs, () => clock.random()), signal, clock);
      const lease = this.held;
      if (signal.aborted || lease === undefined) continue;
      // A late timer means that the process or the machine stood still.
      const isAlive = lease.leftMs > 0 && await this.#renew(lease, stream);
      if (!isAlive) this.lose(lease);
    }
  }

  /** Retires a lease that is still held; it is revoked after the next one is in use. */
  lose(lease: HeldLease): void {
    if (this.held !== lease) return;
    this.#retired.add(lease.id);
    this.#setState({ kind: "lost" });
  }

  /** Records that the connection is lost. */
  disconnect(): void {
    if (this.#state.kind !== "active") return;
    this.#setState({ kind: "interrupted", lease: this.#state.lease });
  }

  /** Revokes the retired leases. Called once the keys are attached to the held one. */
  async revokeRetired(link: EtcdLink): Promise<void> {
    for (const id of this.#retired) {
      try {
        await link.lease.revoke(id);
      } catch (error) {
        if (!(error instanceof EtcdError) || error.code !== "lease-not-found") throw error;
      }
      this.#retired.delete(id);
    }
  }

  /**
   * Stops the time of the lease; nothing is granted or renewed from now on.
   *
   * @returns the ids of the leases to revoke
   */
  close(): bigint[] {
    const held = this.held;
    this.#setState({ kind: "closed" });
    return held === undefined ? [...this.#retired] : [...this.#retired, held.id];
  }

  /** Renews once; returns false when etcd says that the lease is gone. */
  async #renew(lease: HeldLease, stream: KeepAliveStream): Promise<boolean> {
    const { leastMs, mostMs } = RENEWAL_TIMEOUT;
    const timeoutMs = Math.min(mostMs, Math.max(leastMs, lease.ttlMs / 6));
    for (let asked = 1;; asked++) {
      const sentAtMs = this.#options.clock.now();
      const { ttlSeconds } = await stream.renew(lease.id, timeoutMs);
      if (ttlSeconds > 0) {
        lease.renew(ttlSeconds, sentAtMs);
        if (this.held === lease) this.#setState({ kind: "active", lease });
        return true;
      }
      // Some servers call a lease unknown that they have just granted.
      if (!lease.isYoung || asked > 1) return false;
    }
  }

  #setState(state: LeaseState): void {
    const before = this.#state;
    if (before.kind === "closed") return;
    this.#state = state;
    this.#restartDeadline();
    this.#options.onChange(state, before);
  }

  /** Starts the timer of the lease's end, unless that is past or no lease is held. */
  #restartDeadline(): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
    const state = this.#state;
    switch (state.kind) {
      case "active":
      case "interrupted": {
        const { lease } = state;
        this.#deadline = this.#options.clock.startTimer(
          Math.max(0, lease.leftMs),
          () => this.#setState({ kind: "overdue", lease }),
        );
        return;
      }
      case "connecting":
      case "overdue":
      case "lost":
      case "closed":
        return;
    }
  }
}

function findLease(state: LeaseState): HeldLease | undefined {
  switch (state.kind) {
    case "active":
    case "interrupted":
    case "overdue":
      return state.lease;
    case "connecting":
    case "lost":
    case "closed":
      return undefined;
  }
}
