/**
 * Statistics and traces of a host's calls, and its metrics.
 *
 * @module
 */
export type { CallErrorType } from "./call_outcome.ts";
export type {
  CallOutcome,
  CallStatisticsLimits,
  CountedMethod,
  MethodStatistics,
} from "./call_statistics.ts";
export { CallStatistics } from "./call_statistics.ts";
export { CallTelemetry } from "./call_telemetry.ts";
export type { HostState } from "./host_metrics.ts";
export { LatencyHistogram } from "./latency_histogram.ts";
export type { MetricsSource, ScrapeTargetsOptions, TargetGroup } from "./prometheus/mod.ts";
export { createMetricsServlet, createTargetGroups, scrapeTargets } from "./prometheus/mod.ts";
export { runOutsideSpan } from "./root_context.ts";
