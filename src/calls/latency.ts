/** Time in which an old latency loses its weight, in milliseconds. */
const DECAY_MS = 10_000;

/**
 * Peak EWMA of latencies: a higher latency counts at once, a lower one gradually. A server
 * that becomes slow is noticed with its first slow answer, and one that was slow is trusted
 * again little by little.
 */
export class PeakEwma {
  #valueMs = 0;
  #updatedAtMs: number;

  /** Creates an average of 0. */
  constructor(nowMs: number) {
    this.#updatedAtMs = nowMs;
  }

  /** Records a latency. */
  record(latencyMs: number, nowMs: number): void {
    const weight = Math.exp((this.#updatedAtMs - nowMs) / DECAY_MS);
    this.#valueMs = latencyMs > this.#valueMs
      ? latencyMs
      : this.#valueMs * weight + latencyMs * (1 - weight);
    this.#updatedAtMs = nowMs;
  }

  /** Halves the average. */
  halve(): void {
    this.#valueMs /= 2;
  }

  /** Returns the average, decayed by the time since the last record. */
  read(nowMs: number): number {
    return this.#valueMs * Math.exp((this.#updatedAtMs - nowMs) / DECAY_MS);
  }
}
