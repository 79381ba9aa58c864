/**
 * What a host measures: statistics of its calls.
 *
 * @module
 */
export type { CallErrorType } from "./call_outcome.ts";
export type { CallOutcome, CallStatisticsLimits, MethodStatistics } from "./call_statistics.ts";
export { CallStatistics } from "./call_statistics.ts";
export { CallTelemetry } from "./call_telemetry.ts";
export { LatencyHistogram } from "./latency_histogram.ts";
