/**
 * Metrics and targets as Prometheus reads them, and the servlets that serve them.
 *
 * @module
 */
export { createMetricsServlet, type MetricsSource } from "./metrics_servlet.ts";
export { createTargetGroups, type TargetGroup } from "./scrape_targets.ts";
export { scrapeTargets, type ScrapeTargetsOptions } from "./targets_servlet.ts";
