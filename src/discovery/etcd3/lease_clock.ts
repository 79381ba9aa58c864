/** A lease with the time until which it certainly lives. */
export class HeldLease {
  readonly id: bigint;
  readonly #grantedAtMs: number;
  #ttlMs: number;
  #deadlineMs: number;
  #wallDeadlineMs: number;

  /** @param askedAtMs `performance.now()` when the grant was sent: the server may have begun to count then */
  constructor(id: bigint, ttlSeconds: number, askedAtMs: number) {
    this.id = id;
    this.#grantedAtMs = performance.now();
    this.#ttlMs = ttlSeconds * 1000;
    this.#deadlineMs = askedAtMs + this.#ttlMs;
    this.#wallDeadlineMs = this.#wallDeadline();
  }

  /** The TTL that the server granted, which may be more than was asked for. */
  get ttlMs(): number {
    return this.#ttlMs;
  }

  /** Time until it may have ended; negative when that is past. */
  get leftMs(): number {
    // The monotonic clock stands still while a machine is suspended; the server's does not.
    return Math.min(this.#deadlineMs - performance.now(), this.#wallDeadlineMs - Date.now());
  }

  /** Whether it is so young that an answer which calls it unknown may be wrong. */
  get isYoung(): boolean {
    return performance.now() - this.#grantedAtMs < 1000;
  }

  /** It was renewed by a request that was sent at `sentAtMs`. */
  renewed(ttlSeconds: number, sentAtMs: number): void {
    this.#ttlMs = ttlSeconds * 1000;
    this.#deadlineMs = sentAtMs + this.#ttlMs;
    this.#wallDeadlineMs = this.#wallDeadline();
  }

  #wallDeadline(): number {
    return Date.now() + (this.#deadlineMs - performance.now());
  }
}

/**
 * The time from one renewal to the next: three in a TTL, so that one that is lost leaves
 * time for others, and a little early so that many clients fall out of step.
 */
export function renewalDelayMs(ttlMs: number, random: () => number = Math.random): number {
  return ttlMs / 3 * (1 - 0.1 * random());
}
