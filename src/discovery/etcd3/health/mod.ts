/**
 * Health of the discovery, made of what connection, session and mirror report, and the logs of
 * what fails and what is ignored.
 *
 * @module
 */
export type { Etcd3Health, Etcd3HealthCounters, IgnoredItems } from "./etcd3_health.ts";
export { HealthMonitor } from "./health_monitor.ts";
export { IgnoredLog } from "./ignored_log.ts";
