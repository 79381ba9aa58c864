import { PeakEwma } from "./latency.ts";
import { type Outcome, type OutcomeCounts, OutcomeWindow } from "./outcome_window.ts";

/** First ejection; each further one is twice as long. */
const EJECTION_MS = 1000;
const MAX_EJECTION_MS = 30_000;
/** Successes in a row after which an endpoint that was ejected counts as healthy. */
const PROBATION_SUCCESSES = 5;
/** Latency that is assumed after a failure, so that failing fast is not rewarded. */
const PENALTY_MS = 1000;
/** Load of an endpoint that has calls under way and no measured latency. */
const UNKNOWN_LATENCY_MS = 100;
/** Time without any answer to the calls under way from which it counts as their latency. */
const SILENCE_MS = 250;

type Admission =
  | { readonly kind: "healthy" }
  | { readonly kind: "ejected"; readonly untilMs: number; readonly times: number }
  | { readonly kind: "probation"; readonly times: number; readonly successes: number };

/** Statistics of one endpoint, from the calls of this process. */
export class EndpointStats {
  readonly #latency: PeakEwma;
  /** Assumed latency after failures; each success halves it, so that recovery is noticed. */
  readonly #penalty: PeakEwma;
  readonly #window = new OutcomeWindow();
  #outstanding = 0;
  #isMeasured = false;
  #failuresInRow = 0;
  /** Time of the last answer, or of the first call since none was under way. */
  #silentSinceMs = 0;
  #admission: Admission = { kind: "healthy" };
  #goneTimestampMs = -1;

  /** Creates the statistics of an endpoint that was not called yet. */
  constructor(nowMs: number) {
    this.#latency = new PeakEwma(nowMs);
    this.#penalty = new PeakEwma(nowMs);
  }

  /** Records that a call begins. */
  begin(nowMs: number): void {
    if (this.#outstanding++ === 0) this.#silentSinceMs = nowMs;
  }

  /** Records that a call was ended by its caller: it says nothing about the endpoint. */
  abandon(): void {
    this.#outstanding--;
  }

  /** Records the end of a call. */
  end(outcome: Outcome, latencyMs: number, nowMs: number): void {
    this.#outstanding--;
    this.#isMeasured = true;
    this.#silentSinceMs = nowMs;
    this.#latency.record(latencyMs, nowMs);
    if (outcome === "failure") this.#penalty.record(PENALTY_MS, nowMs);
    else this.#penalty.halve();
    this.#failuresInRow = outcome === "failure" ? this.#failuresInRow + 1 : 0;
    this.#window.record(outcome, nowMs);
    if (this.#admission.kind !== "probation") return;
    const { times, successes } = this.#admission;
    if (outcome !== "success") this.eject(nowMs);
    else if (successes + 1 < PROBATION_SUCCESSES) {
      this.#admission = { kind: "probation", times, successes: successes + 1 };
    } else this.#admission = { kind: "healthy" };
  }

  /** Whether a call has ended, so that the load follows from measured latencies. */
  get isMeasured(): boolean {
    return this.#isMeasured;
  }

  /** Number of failures since the last answer, however long ago. */
  get failuresInRow(): number {
    return this.#failuresInRow;
  }

  /** Returns the load: expected time until one more call would be answered. */
  computeLoad(nowMs: number): number {
    const latencyMs = Math.max(this.#latency.read(nowMs), this.#penalty.read(nowMs));
    if (this.#outstanding === 0) return latencyMs;
    const silenceMs = nowMs - this.#silentSinceMs;
    // A server that hangs is avoided long before the deadlines of its calls.
    const knownMs = silenceMs < SILENCE_MS ? latencyMs : Math.max(latencyMs, silenceMs);
    return (knownMs === 0 ? UNKNOWN_LATENCY_MS : knownMs) * (this.#outstanding + 1);
  }

  /** Returns the outcomes of the last 500 ms. */
  countOutcomes(nowMs: number): OutcomeCounts {
    return this.#window.count(nowMs);
  }

  /**
   * Stops using the endpoint for a while: 1 s, then twice as long each time, up to 30 s.
   *
   * @param leastMs shortest time, also from now on if it is ejected already
   */
  eject(nowMs: number, leastMs = 0): void {
    if (this.#admission.kind === "ejected" && nowMs < this.#admission.untilMs) {
      const untilMs = Math.max(this.#admission.untilMs, nowMs + leastMs);
      this.#admission = { ...this.#admission, untilMs };
      return;
    }
    const times = this.#admission.kind === "healthy" ? 0 : this.#admission.times;
    const ejectionMs = Math.max(Math.min(EJECTION_MS * 2 ** times, MAX_EJECTION_MS), leastMs);
    this.#window.clear();
    this.#admission = { kind: "ejected", untilMs: nowMs + ejectionMs, times: times + 1 };
  }

  /**
   * Returns whether the endpoint is ejected now. After an ejection it is on probation: one
   * more failure ejects it again.
   */
  isEjected(nowMs: number): boolean {
    switch (this.#admission.kind) {
      case "healthy":
        return false;
      case "probation":
        // One call at a time tries an endpoint that failed.
        return this.#outstanding > 0;
      case "ejected":
        if (nowMs < this.#admission.untilMs) return true;
        this.#admission = { kind: "probation", times: this.#admission.times, successes: 0 };
        return this.#outstanding > 0;
    }
  }

  /** Records that the exporter does not have the endpoint of this description any more. */
  markGone(timestampMs: number): void {
    this.#goneTimestampMs = timestampMs;
  }

  /** Returns whether the endpoint of a description was found gone; a later one is not. */
  isGone(timestampMs: number): boolean {
    return timestampMs <= this.#goneTimestampMs;
  }
}
