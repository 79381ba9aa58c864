/**
 * The discovery contract (OSGi Compendium, 122.6), the health of discoveries, and parts that
 * providers share: a view of endpoints and the delivery of events. The providers are in
 * folders of their own: `etcd3/` and `memory/`.
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
export { combineHealth, healthToJson } from "./health.ts";
export { combineHealthChanges, HealthChanges } from "./health_changes.ts";
export type { EndpointEventsOptions } from "./endpoint_events.ts";
export { EndpointEvents } from "./endpoint_events.ts";
export type { EndpointViewOptions, StoredEndpoint } from "./endpoint_view.ts";
export { EndpointView } from "./endpoint_view.ts";
