/**
 * The service layer of OSGi as far as remote services need it: a framework with an
 * identity, and a registry of services with properties and listeners.
 *
 * @module
 */
export type { FrameworkOptions } from "./framework.ts";
export { Framework } from "./framework.ts";
export type { Logger } from "./logger.ts";
export { messageOf, SILENT } from "./logger.ts";
export type {
  ServiceEvent,
  ServiceFilter,
  ServiceListener,
  ServiceProperties,
  ServiceReference,
  ServiceRegistration,
} from "./registry.ts";
export { ServiceRegistry } from "./registry.ts";
