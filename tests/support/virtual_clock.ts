import { setImmediate } from "node:timers";
import type { Clock, Timer } from "../../src/util/mod.ts";
import { createRandom } from "../../scripts/random.ts";

interface PendingTimer {
  readonly atMs: number;
  readonly onTimeout: () => void;
}

/**
 * A clock that stands still until a test moves it. Whatever waits by it is driven in the
 * order of its timers, and its randomness follows from a seed.
 */
export class VirtualClock implements Clock {
  readonly #timers = new Set<PendingTimer>();
  readonly #random: () => number;
  #nowMs = 0;
  #epochMs = Date.UTC(2026, 0, 1);

  constructor(seed = 1) {
    this.#random = createRandom(seed);
  }

  /** Number of timers that have not fired. */
  get timerCount(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#nowMs;
  }

  epochMs(): number {
    return this.#epochMs;
  }

  random(): number {
    return this.#random();
  }

  uuid(): string {
    const digits = Array.from({ length: 32 }, () => Math.floor(this.#random() * 16).toString(16));
    digits[12] = "4";
    digits[16] = "8";
    return digits.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  startTimer(delayMs: number, onTimeout: () => void): Timer {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), onTimeout };
    if (delayMs !== Infinity) this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** Moves the time on, fires what is due, and runs what follows from it. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.#nowMs + byMs;
    await this.settle();
    for (let next = this.#earliest(); next !== undefined && next.atMs <= endMs;) {
      this.#moveTo(Math.max(next.atMs, this.#nowMs));
      this.#timers.delete(next);
      next.onTimeout();
      await this.settle();
      next = this.#earliest();
    }
    this.#moveTo(endMs);
  }

  /** Moves only the clock of the day, as after a suspended machine wakes up. */
  suspend(forMs: number): void {
    this.#epochMs += forMs;
  }

  /** Runs everything that waits for no timer. */
  async settle(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  /** Moves the time on in steps until a condition holds. */
  async advanceUntil(
    what: string,
    isDone: () => boolean,
    { limitMs = 600_000, stepMs = 100 } = {},
  ): Promise<void> {
    const endMs = this.#nowMs + limitMs;
    await this.settle();
    while (!isDone()) {
      if (this.#nowMs >= endMs) throw new Error(`${what} did not come within ${limitMs} ms`);
      await this.advance(stepMs);
    }
  }

  #earliest(): PendingTimer | undefined {
    let earliest: PendingTimer | undefined;
    for (const timer of this.#timers) {
      if (earliest === undefined || timer.atMs < earliest.atMs) earliest = timer;
    }
    return earliest;
  }

  #moveTo(atMs: number): void {
    this.#epochMs += atMs - this.#nowMs;
    this.#nowMs = atMs;
  }
}
