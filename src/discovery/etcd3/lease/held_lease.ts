import type { Clock } from "../../../util/mod.ts";

/** Age below which an answer that calls a lease unknown may be wrong. */
const YOUNG_MS = 1000;

/** A granted lease, with the time until which it certainly lives. */
export class HeldLease {
  /** Id that etcd gave it. */
  readonly id: bigint;
  readonly #clock: Clock;
  readonly #grantedAtMs: number;
  #ttlMs: number;
  #deadlineMs: number;
  #epochDeadlineMs: number;

  /**
   * Creates a lease that was just granted.
   *
   * @param askedAtMs `clock.now()` when the grant was sent: etcd may count from then
   */
  constructor(id: bigint, ttlSeconds: number, askedAtMs: number, clock: Clock) {
    this.id = id;
    this.#clock = clock;
    this.#grantedAtMs = clock.now();
    this.#ttlMs = ttlSeconds * 1000;
    this.#deadlineMs = askedAtMs + this.#ttlMs;
    this.#epochDeadlineMs = this.#findEpochDeadline();
  }

  /** Time to live that etcd granted, which may be more than was asked for. */
  get ttlMs(): number {
    return this.#ttlMs;
  }

  /** Time until etcd may have ended it; negative when that is past. */
  get leftMs(): number {
    // The monotonic clock stands still while a machine is suspended; etcd's does not.
    return Math.min(
      this.#deadlineMs - this.#clock.now(),
      this.#epochDeadlineMs - this.#clock.epochMs(),
    );
  }

  /** Whether an answer that calls the lease unknown may be wrong. */
  get isYoung(): boolean {
    return this.#clock.now() - this.#grantedAtMs < YOUNG_MS;
  }

  /** Records a renewal that was sent at `sentAtMs`. */
  renew(ttlSeconds: number, sentAtMs: number): void {
    this.#ttlMs = ttlSeconds * 1000;
    this.#deadlineMs = sentAtMs + this.#ttlMs;
    this.#epochDeadlineMs = this.#findEpochDeadline();
  }

  #findEpochDeadline(): number {
    return this.#clock.epochMs() + this.#deadlineMs - this.#clock.now();
  }
}

/**
 * Returns the time from one renewal to the next: three in a TTL, so that a lost one leaves
 * time for others, and a little earlier so that many clients fall out of step.
 */
export function renewalDelayMs(ttlMs: number, random: () => number): number {
  return ttlMs / 3 * (1 - 0.1 * random());
}
