/**
 * The framework and service layers of OSGi as far as remote services need them: bundles
 * with activators, a registry of services with properties, filters and listeners,
 * trackers, and components that are given the services they need.
 *
 * @module
 */
export type { BundleActivator, BundleDefinition, BundleEvent, BundleState } from "./bundle.ts";
export { Bundle, BundleContext } from "./bundle.ts";
export type { Component, ComponentDefinition, Injected, Requirement } from "./component.ts";
export { createComponent } from "./component.ts";
export { escapeFilterValue, Filter, FilterSyntaxError } from "./filter.ts";
export type { BundleListener, FrameworkOptions } from "./framework.ts";
export { Framework } from "./framework.ts";
export type { Logger } from "../util/mod.ts";
export type {
  ServiceEvent,
  ServiceFilter,
  ServiceListener,
  ServiceObjects,
  ServiceOwner,
  ServiceProperties,
  ServiceReference,
  ServiceRegistration,
} from "./service.ts";
export { ServiceRegistry } from "./registry.ts";
export { compareReferences, matcherOf, SYSTEM_BUNDLE } from "./service.ts";
export type { ServiceFactoryOptions } from "./service_factory.ts";
export { ServiceFactory } from "./service_factory.ts";
export type { TrackerOptions, WaitOptions } from "./service_tracker.ts";
export { ServiceTracker, waitForService } from "./service_tracker.ts";
