/**
 * The service registry: services, their references, factories and trackers.
 *
 * @module
 */
export { ServiceRegistry } from "./registry.ts";
export {
  compareReferences,
  compileFilter,
  readRanking,
  type ServiceEvent,
  type ServiceFilter,
  type ServiceListener,
  type ServiceObjects,
  type ServiceOwner,
  type ServiceProperties,
  type ServiceReference,
  type ServiceRegistration,
  SYSTEM_BUNDLE,
} from "./service.ts";
export {
  type CreatedService,
  ServiceFactory,
  type ServiceFactoryOptions,
} from "./service_factory.ts";
export {
  ServiceTracker,
  type TrackerOptions,
  waitForService,
  type WaitOptions,
} from "./service_tracker.ts";
