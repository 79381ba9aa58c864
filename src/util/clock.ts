// The only file that calls the timers, clocks and random numbers of the runtime.

/** Longest delay that a runtime's timer can wait, in milliseconds. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1;

/** A timer that has not fired yet. */
export interface Timer {
  /** Stops the timer; does nothing once it has fired. */
  cancel(): void;
}

/** Settings of {@link Clock.startTimer}. */
export interface TimerOptions {
  /** Whether the process stays alive until the timer fires. @default true */
  readonly keepsProcess?: boolean;
}

/**
 * Source of time and randomness. Everything in the library that waits, or needs the time or a
 * random number, takes a clock, so that a test can drive it.
 */
export interface Clock {
  /** Returns milliseconds on a clock that never goes back. */
  now(): number;
  /** Returns milliseconds since 1970, as the system's clock has them. */
  epochMs(): number;
  /** Returns a random number of at least 0 and below 1. */
  random(): number;
  /** Returns a random UUID (RFC 9562, version 4). */
  uuid(): string;
  /**
   * Calls a function once after a delay.
   *
   * @param delayMs any non-negative number; `Infinity` never fires
   */
  startTimer(delayMs: number, onTimeout: () => void, options?: TimerOptions): Timer;
}

const NEVER: Timer = { cancel() {} };

/** A timer of the runtime; delays beyond {@link MAX_TIMER_MS} are waited for in steps. */
class SystemTimer implements Timer {
  readonly #onTimeout: () => void;
  readonly #keepsProcess: boolean;
  #leftMs: number;
  #handle: ReturnType<typeof setTimeout> | undefined;

  constructor(delayMs: number, onTimeout: () => void, keepsProcess: boolean) {
    this.#leftMs = delayMs;
    this.#onTimeout = onTimeout;
    this.#keepsProcess = keepsProcess;
    this.#step();
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }

  #step(): void {
    const stepMs = Math.min(this.#leftMs, MAX_TIMER_MS);
    this.#leftMs -= stepMs;
    this.#handle = setTimeout(() => {
      if (this.#leftMs > 0) this.#step();
      else this.#onTimeout();
    }, stepMs);
    if (!this.#keepsProcess) unref(this.#handle);
  }
}

/** Lets the process end before a timer fires: Deno has numbers as timers, Node and Bun objects. */
function unref(handle: unknown): void {
  if (typeof handle === "number") globalThis.Deno?.unrefTimer(handle);
  else if (handle instanceof Object && "unref" in handle && handle.unref instanceof Function) {
    handle.unref();
  }
}

/** The clock of the machine. */
export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  epochMs: () => Date.now(),
  random: () => Math.random(),
  uuid: () => crypto.randomUUID(),
  startTimer: (delayMs, onTimeout, { keepsProcess = true } = {}) =>
    delayMs === Infinity ? NEVER : new SystemTimer(delayMs, onTimeout, keepsProcess),
};
