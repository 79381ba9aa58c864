import { type Clock, SYSTEM_CLOCK, type Timer } from "../util/mod.ts";

/** Bytes of a body that need no place. */
const SMALL_BYTES = 65_536;
/** Bytes that a body asks for at a time. */
const STEP_BYTES = 65_536;
/** Time after which the body that others wait for is given up, unless it takes another step. */
const STALL_MS = 1000;

/**
 * Bounds the memory of all bodies that are received at the same time. A body takes its place
 * as it arrives, and waits where none is left: it is not read on, so that its sender waits too.
 * Small bodies need no place. One body may always go on, if need be beyond the limit, so that
 * bodies never wait for each other; the others follow in the order in which they asked. If that
 * one stalls while others wait, it is given up, so that no sender can hold up all others.
 *
 * @example
 * ```ts
 * const budget = new BodyBudget(1_000_000);
 * const [first, second, third] = [budget.open(), budget.open(), budget.open()];
 * console.log(first.grow(900_000), second.grow(900_000)); // undefined undefined
 * console.log(third.grow(65_000), third.grow(66_000)); // undefined Promise { <pending> }
 * first.close();
 * console.log(third.isWaiting); // false
 * ```
 */
export class BodyBudget {
  readonly #clock: Clock;
  #freeBytes: number;
  /** The one body that may exceed the limit. */
  #exempt: BodyShare | undefined;
  /** Runs while bodies wait; ends the body that may exceed the limit if it stalls. */
  #stallTimer: Timer | undefined;
  /** Bodies that wait for a place, and what they ask for. */
  readonly #waiting = new Map<
    BodyShare,
    { readonly bytes: number; readonly resolve: () => void }
  >();

  /** Creates a budget of so many bytes. */
  constructor(maxBytes: number, clock: Clock = SYSTEM_CLOCK) {
    this.#freeBytes = maxBytes;
    this.#clock = clock;
  }

  /**
   * Opens the share of one body.
   *
   * @param onStall called if the body must be given up: others wait for it, and it does not arrive
   */
  open(onStall: () => void = () => {}): BodyShare {
    return new BodyShare(this, onStall);
  }

  /** Whether a body waits for a place. */
  isWaiting(share: BodyShare): boolean {
    return this.#waiting.has(share);
  }

  /** Takes bytes for a body, or returns a promise for when it has them. */
  take(share: BodyShare, bytes: number): Promise<void> | undefined {
    if ((this.#waiting.size === 0 || share === this.#exempt) && this.#tryTake(share, bytes)) return;
    this.#stallTimer ??= this.#startStallTimer();
    return new Promise((resolve) => this.#waiting.set(share, { bytes, resolve }));
  }

  /** Takes back what a body took and asked for. */
  release(share: BodyShare, bytes: number): void {
    const asked = this.#waiting.get(share);
    this.#waiting.delete(share);
    asked?.resolve();
    this.#freeBytes += bytes - (asked?.bytes ?? 0);
    if (this.#exempt === share) this.#exempt = undefined;
    for (const [next, { bytes, resolve }] of this.#waiting) {
      if (!this.#tryTake(next, bytes)) return;
      this.#waiting.delete(next);
      resolve();
    }
    this.#stallTimer?.cancel(); // none waits
    this.#stallTimer = undefined;
  }

  #startStallTimer(): Timer {
    const exempt = this.#exempt;
    const bytes = exempt?.bytes;
    return this.#clock.startTimer(STALL_MS, () => {
      this.#stallTimer = this.#startStallTimer();
      if (this.#exempt === exempt && exempt?.bytes === bytes) exempt?.stall();
    }, { keepsProcess: false });
  }

  #tryTake(share: BodyShare, bytes: number): boolean {
    if (bytes > this.#freeBytes) {
      this.#exempt ??= share;
      if (this.#exempt !== share) return false;
    }
    this.#freeBytes -= bytes;
    return true;
  }
}

/** Place of one body in a {@link BodyBudget}; {@link close} releases it. */
export class BodyShare {
  readonly #budget: BodyBudget;
  readonly #onStall: () => void;
  #bytes = 0;
  #isWhole = false;

  /** Creates an empty share. */
  constructor(budget: BodyBudget, onStall: () => void) {
    this.#budget = budget;
    this.#onStall = onStall;
  }

  /** Bytes that it took or asked for. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the body waits for a place. */
  get isWaiting(): boolean {
    return this.#budget.isWaiting(this);
  }

  /**
   * Makes room for a body of so many bytes in all. Returns a promise if it has to wait, which
   * also resolves when the share ends.
   */
  grow(bytes: number): Promise<void> | undefined {
    const missing = bytes - SMALL_BYTES - this.#bytes;
    if (missing <= 0) return undefined;
    const step = Math.ceil(missing / STEP_BYTES) * STEP_BYTES;
    this.#bytes += step;
    return this.#budget.take(this, step);
  }

  /** Records that the whole body has arrived, so that it can't stall any more. */
  complete(): void {
    this.#isWhole = true;
  }

  /** Gives up the body while others wait, if nothing more has arrived and it is not whole. */
  stall(): void {
    if (!this.#isWhole) this.#onStall();
  }

  /** Releases the place. */
  close(): void {
    this.#budget.release(this, this.#bytes);
    this.#bytes = 0;
  }
}
