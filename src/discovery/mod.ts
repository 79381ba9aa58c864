/**
 * The discovery contract (OSGi Compendium, 122.6) and the health of discoveries. The
 * providers are in folders of their own: `etcd3/` and `memory/`.
 *
 * @module
 */
export type {
  DiscoveryContext,
  DiscoveryFactory,
  DiscoveryProvider,
  EndpointAdvertiser,
  EndpointDiscovery,
} from "./discovery_provider.ts";
export type { DiscoveryErrorCode } from "./errors.ts";
export { DiscoveryError } from "./errors.ts";
export type { EndpointEvent, EndpointEventListener, EndpointSource } from "./endpoint_listener.ts";
export type {
  CombinedHealth,
  Health,
  HealthCounters,
  HealthSource,
  HealthState,
} from "./health.ts";
export { combineHealth } from "./health.ts";
export { combineHealthChanges } from "./health_changes.ts";
