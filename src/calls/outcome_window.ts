/** Length of the window in which outcomes count, in milliseconds. */
const WINDOW_MS = 500;
/** Parts of the window; the oldest part is dropped as time goes on. */
const PARTS = 5;
const PART_MS = WINDOW_MS / PARTS;

/** Outcome of a call: `failure` if there was no answer, `fault` if the method threw. */
export type Outcome = "success" | "failure" | "fault";

/** Numbers of calls by outcome. */
export type OutcomeCounts = Readonly<Record<Outcome | "total", number>>;

interface Part {
  readonly index: number;
  readonly counts: Record<Outcome, number>;
}

/** Counts the outcomes of the last 500 ms. */
export class OutcomeWindow {
  #parts: Part[] = [];

  /** Records the outcome of a call. */
  record(outcome: Outcome, nowMs: number): void {
    const index = Math.floor(nowMs / PART_MS);
    let part = this.#parts.at(-1);
    if (part?.index !== index) {
      part = { index, counts: { success: 0, failure: 0, fault: 0 } };
      this.#parts.push(part);
      this.#drop(index);
    }
    part.counts[outcome]++;
  }

  /** Returns the outcomes of the window that ends now. */
  count(nowMs: number): OutcomeCounts {
    this.#drop(Math.floor(nowMs / PART_MS));
    const sums = { success: 0, failure: 0, fault: 0, total: 0 };
    for (const { counts } of this.#parts) {
      for (const outcome of ["success", "failure", "fault"] as const) {
        sums[outcome] += counts[outcome];
        sums.total += counts[outcome];
      }
    }
    return sums;
  }

  /** Forgets every outcome. */
  clear(): void {
    this.#parts = [];
  }

  #drop(index: number): void {
    const isOld = this.#parts[0] !== undefined && this.#parts[0].index <= index - PARTS;
    if (isOld) this.#parts = this.#parts.filter((part) => part.index > index - PARTS);
  }
}
