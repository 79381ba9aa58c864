import process from "node:process";

/**
 * Measures how long the event loop is blocked by work of this process: the longest time between
 * two turns, but no more than the processor time that passed. On a machine that is busy
 * otherwise a process also waits for its turn.
 */
export class LoopWatch implements Disposable {
  #longestMs = 0;
  #lastMs = performance.now();
  #lastCpuMs = readCpuMs();
  readonly #timer = setInterval(() => this.#tick(), 1);

  /** Returns the longest time since the last call. */
  take(): number {
    this.#tick();
    const longestMs = this.#longestMs;
    this.#longestMs = 0;
    return longestMs;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const nowMs = performance.now();
    const cpuMs = readCpuMs();
    const blockedMs = Math.min(nowMs - this.#lastMs, cpuMs - this.#lastCpuMs);
    this.#longestMs = Math.max(this.#longestMs, blockedMs);
    this.#lastMs = nowMs;
    this.#lastCpuMs = cpuMs;
  }
}

function readCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
