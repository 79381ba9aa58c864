import type { EndpointStats } from "./endpoint_stats.ts";
import type { OutcomeCounts } from "./outcome_window.ts";

/** Fewest calls before an endpoint is judged. */
const MIN_CALLS = 5;
/** Share of failures from which an endpoint is ejected. */
const MIN_SHARE = 0.5;
/** How far the share must be above that of the other endpoints. */
const MIN_DISTANCE = 0.3;
/** Time until an unreachable endpoint is tried again, as a multiple of the time that was lost. */
const WAIT_RATIO = 6;
const MAX_WAIT_MS = 30_000;

/**
 * Ejects an endpoint that fails far more often than the others: at least half of at least
 * five calls in 500 ms. If it is called less often, five failures in a row count, such as
 * calls that ended at their deadlines. At most half of the endpoints are ejected at a time.
 *
 * @param peers statistics of all endpoints among which calls are spread
 */
export function ejectOutlier(
  stats: EndpointStats,
  peers: readonly EndpointStats[],
  nowMs: number,
): void {
  // Calls that were under way at an ejection don't make it longer.
  if (peers.length < 2 || stats.isEjected(nowMs)) return;
  const others = peers.filter((peer) => peer !== stats);
  const own = stats.countOutcomes(nowMs);
  const isOutlier = own.total < MIN_CALLS
    ? failsInRow(stats, others)
    : failsOften(own, others.map((peer) => peer.countOutcomes(nowMs)));
  if (isOutlier && countEjected(peers, nowMs) + 1 <= peers.length / 2) stats.eject(nowMs);
}

/**
 * Ejects an endpoint that could not be reached: unlike a failing method, a host that is switched
 * off fails every call, and each one would wait for a connection first. The longer that took,
 * the later the next call tries it. Nothing is ejected while every other endpoint fails.
 *
 * @param peers statistics of all endpoints among which calls are spread
 */
export function ejectUnreachable(
  stats: EndpointStats,
  peers: readonly EndpointStats[],
  { nowMs, lostMs }: { readonly nowMs: number; readonly lostMs: number },
): void {
  const isBetter = (peer: EndpointStats) => peer.failuresInRow === 0 && !peer.isEjected(nowMs);
  if (peers.some(isBetter)) stats.eject(nowMs, Math.min(lostMs * WAIT_RATIO, MAX_WAIT_MS));
}

/** Returns whether an endpoint fails again and again while another one answers. */
function failsInRow(stats: EndpointStats, others: readonly EndpointStats[]): boolean {
  return stats.failuresInRow >= MIN_CALLS &&
    others.some((peer) => peer.isMeasured && peer.failuresInRow === 0);
}

function failsOften(own: OutcomeCounts, others: readonly OutcomeCounts[]): boolean {
  if (Math.max(own.failure, own.fault) < own.total * MIN_SHARE) return false;
  return isFarAbove(own, others, "failure") || isFarAbove(own, others, "fault");
}

function isFarAbove(
  own: OutcomeCounts,
  others: readonly OutcomeCounts[],
  outcome: "failure" | "fault",
): boolean {
  const total = others.reduce((sum, counts) => sum + counts.total, 0);
  const failed = others.reduce((sum, counts) => sum + counts[outcome], 0);
  const share = own[outcome] / own.total;
  return share >= MIN_SHARE && share >= (total === 0 ? 0 : failed / total) + MIN_DISTANCE;
}

function countEjected(peers: readonly EndpointStats[], nowMs: number): number {
  return peers.filter((peer) => peer.isEjected(nowMs)).length;
}
