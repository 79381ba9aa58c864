import type { Clock } from "../util/mod.ts";
import type { Candidate } from "./candidate_index.ts";
import { EndpointStats } from "./endpoint_stats.ts";
import type { Outcome } from "./outcome_window.ts";
import { ejectOutlier, ejectUnreachable } from "./outlier_ejection.ts";

/**
 * How a proxy chooses among several endpoints:
 *
 * - `balanced`: of the endpoints with the highest `service.ranking`, the less loaded of two
 *   that are drawn at random; load is latency times calls under way.
 * - `round-robin`: one after the other, whatever their ranking.
 * - `best`: the highest `service.ranking`, then the one that was imported first.
 * - `all`: every endpoint; a call resolves with the outcome at each.
 *
 * All but `all` pass over endpoints that fail.
 */
export type ServicePolicy = "balanced" | "round-robin" | "best" | "all";

/** Load from which calls leave the zone, in milliseconds, and how far it is above the others'. */
const SPILL_OVER_MS = 100;
const SPILL_OVER_RATIO = 4;

/** Statistics of the endpoints that a host calls, shared by its proxies. */
export class EndpointStatsTable {
  readonly #stats = new Map<string, EndpointStats>();
  readonly #clock: Clock;

  /** Creates an empty table. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the statistics of an endpoint. */
  get({ id }: Candidate): EndpointStats {
    let stats = this.#stats.get(id);
    if (stats === undefined) {
      stats = new EndpointStats(this.#clock.now());
      this.#stats.set(id, stats);
    }
    return stats;
  }

  /** Drops the statistics of an endpoint. */
  delete(id: string): void {
    this.#stats.delete(id);
  }
}

/** Settings of an {@link EndpointChooser}. */
export interface EndpointChooserOptions {
  /** Policy, other than `all`. */
  readonly policy: Exclude<ServicePolicy, "all">;
  /** Zone of this process; endpoints of the same zone come first. */
  readonly zone: string | undefined;
  /** Statistics of the endpoints. */
  readonly table: EndpointStatsTable;
  /** Source of time and randomness. */
  readonly clock: Clock;
}

/** Chooses the endpoint of each call, and records what became of it. */
export class EndpointChooser {
  readonly #options: EndpointChooserOptions;
  #turn = 0;

  /** Creates a chooser. */
  constructor(options: EndpointChooserOptions) {
    this.#options = options;
  }

  /**
   * Returns the endpoint to call; `undefined` if no candidate is given.
   *
   * @param candidates endpoints that may be called, best first
   */
  choose(candidates: readonly Candidate[]): Candidate | undefined {
    if (candidates.length <= 1) return candidates[0];
    const usable = this.#findUsable(candidates);
    switch (this.#options.policy) {
      case "best":
        return usable[0];
      case "round-robin":
        return usable[this.#turn++ % usable.length];
      case "balanced":
        return this.#chooseBalanced(usable);
    }
  }

  /** Records the outcome of a call, and ejects the endpoint if it fails far more than others. */
  record(
    candidate: Candidate,
    candidates: readonly Candidate[],
    outcome: Outcome,
    latencyMs: number,
  ): void {
    const nowMs = this.#options.clock.now();
    const stats = this.#options.table.get(candidate);
    stats.end(outcome, latencyMs, nowMs);
    if (outcome === "success") return;
    const peers = candidates.map((peer) => this.#options.table.get(peer));
    ejectOutlier(stats, peers, nowMs);
  }

  /**
   * Ejects an endpoint that could not be reached, if another one may be called.
   *
   * @param lostMs time that the call lost
   */
  passOver(candidate: Candidate, candidates: readonly Candidate[], lostMs: number): void {
    const { table, clock } = this.#options;
    const peers = candidates.map((peer) => table.get(peer));
    ejectUnreachable(table.get(candidate), peers, { nowMs: clock.now(), lostMs });
  }

  /** Returns those that are neither gone nor ejected; those not gone if all are; or all. */
  #findUsable(candidates: readonly Candidate[]): readonly Candidate[] {
    const { table, clock } = this.#options;
    const nowMs = clock.now();
    const present = candidates.filter((one) => !table.get(one).isGone(one.timestampMs));
    if (present.length === 0) return candidates;
    const admitted = present.filter((one) => !table.get(one).isEjected(nowMs));
    return admitted.length === 0 ? present : admitted;
  }

  #chooseBalanced(usable: readonly Candidate[]): Candidate | undefined {
    const ranking = usable[0]?.ranking;
    const best = usable.filter((one) => one.ranking === ranking);
    const { zone } = this.#options;
    if (zone === undefined) return this.#chooseLessLoaded(best);
    const near = this.#chooseLessLoaded(best.filter((one) => one.zone === zone));
    const far = this.#chooseLessLoaded(best.filter((one) => one.zone !== zone));
    return near === undefined || this.#isOverloaded(near, far) ? far : near;
  }

  /** Whether the wait at an endpoint of the same zone is long, also beside that of another. */
  #isOverloaded(near: Candidate, far: Candidate | undefined): boolean {
    if (far === undefined) return false;
    const { clock, table } = this.#options;
    const nowMs = clock.now();
    const stats = table.get(near);
    if (!stats.isMeasured) return false;
    const nearMs = stats.computeLoad(nowMs);
    return nearMs > SPILL_OVER_MS && nearMs > SPILL_OVER_RATIO * table.get(far).computeLoad(nowMs);
  }

  /** Returns the less loaded of two different ones that are drawn at random. */
  #chooseLessLoaded(candidates: readonly Candidate[]): Candidate | undefined {
    const { clock, table } = this.#options;
    const { length } = candidates;
    if (length <= 1) return candidates[0];
    const first = Math.floor(clock.random() * length);
    const second = (first + 1 + Math.floor(clock.random() * (length - 1))) % length;
    const [a, b] = [candidates[first], candidates[second]];
    if (a === undefined || b === undefined) return a ?? b;
    const nowMs = clock.now();
    return table.get(a).computeLoad(nowMs) <= table.get(b).computeLoad(nowMs) ? a : b;
  }
}
