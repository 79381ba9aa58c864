/** Retries per call, and retries per second that are allowed besides. */
const SHARE = 0.2;
const PER_SECOND = 10;
/** Most retries that can be saved up. */
const CAPACITY = 100;

/**
 * Limits the retries of calls that may have run: a fifth of the calls, and ten a second. A
 * retry storm can't multiply the load of servers that are in trouble.
 */
export class RetryBudget {
  #balance = PER_SECOND;
  #updatedAtMs: number;

  /** Creates a budget with the retries of one second. */
  constructor(nowMs: number) {
    this.#updatedAtMs = nowMs;
  }

  /** Records a call, which pays for a part of a retry. */
  deposit(): void {
    this.#balance = Math.min(CAPACITY, this.#balance + SHARE);
  }

  /** Takes one retry out of the budget; returns whether there was one. */
  withdraw(nowMs: number): boolean {
    const earned = (nowMs - this.#updatedAtMs) / 1000 * PER_SECOND;
    this.#balance = Math.min(CAPACITY, this.#balance + earned);
    this.#updatedAtMs = nowMs;
    if (this.#balance < 1) return false;
    this.#balance--;
    return true;
  }
}
