import type { EndpointStats } from "./endpoint_stats.ts";
import type { OutcomeCounts } from "./outcome_window.ts";

/** Fewest calls in the window before an endpoint is judged. */
const MIN_CALLS = 5;
/** Share of failures from which an endpoint is ejected. */
const MIN_SHARE = 0.5;
/** How far the share must be above that of the other endpoints. */
const MIN_DISTANCE = 0.3;

/**
 * Ejects an endpoint that fails far more often than the others: at least half of at least
 * five calls in 500 ms. At most half of the endpoints are ejected at a time.
 *
 * @param peers statistics of all endpoints among which calls are spread
 */
export function ejectOutlier(
  stats: EndpointStats,
  peers: readonly EndpointStats[],
  nowMs: number,
): void {
  if (peers.length < 2) return;
  const own = stats.countOutcomes(nowMs);
  if (own.total < MIN_CALLS || Math.max(own.failure, own.fault) < own.total * MIN_SHARE) return;
  if (countEjected(peers, nowMs) + 1 > peers.length / 2) return;
  const others = peers.filter((peer) => peer !== stats).map((peer) => peer.countOutcomes(nowMs));
  if (isFarAbove(own, others, "failure") || isFarAbove(own, others, "fault")) stats.eject(nowMs);
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
