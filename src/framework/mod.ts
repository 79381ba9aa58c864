/**
 * The framework and service layers of OSGi, as far as remote services need them: bundles
 * with activators, a registry of services with properties, filters and listeners, trackers,
 * and components that get the services they need.
 *
 * @example
 * ```ts
 * import { Framework } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * const { registry } = new Framework();
 * registry.register("com.example.Printer", { name: "laser" }, { colour: false });
 * registry.register("com.example.Printer", { name: "photo" }, { colour: true, dpi: 1200 });
 * const [reference] = registry.getReferences("com.example.Printer", "(&(colour=true)(dpi>=600))");
 * assert.equal(reference?.properties.dpi, 1200);
 * ```
 *
 * @module
 */
export type {
  Bundle,
  BundleActivator,
  BundleDefinition,
  BundleEvent,
  BundleFramework,
  BundleListener,
  BundleState,
} from "./bundle_context.ts";
export { BundleContext } from "./bundle_context.ts";
export type {
  Component,
  ComponentBody,
  ComponentDefinition,
  ComponentState,
  RequirementStatus,
} from "./component.ts";
export { registerComponentFactory } from "./component_factory.ts";
export { createComponent } from "./component_instance.ts";
export type { ComponentFactory, ComponentRequest } from "./component_registry.ts";
export { ComponentRegistry } from "./component_registry.ts";
export { escapeFilterValue, Filter, FilterSyntaxError } from "./filter/mod.ts";
export type { FrameworkOptions } from "./framework.ts";
export { Framework } from "./framework.ts";
export {
  compareReferences,
  compileFilter,
  readRanking,
  ServiceFactory,
  ServiceRegistry,
  ServiceTracker,
  SYSTEM_BUNDLE,
  waitForService,
} from "./services/mod.ts";
export type { Injected, Requirement, RequirementOptions, Requirements } from "./requirement.ts";
export { requirement } from "./requirement.ts";
export type {
  CreatedService,
  ServiceEvent,
  ServiceFactoryOptions,
  ServiceFilter,
  ServiceListener,
  ServiceObjects,
  ServiceOwner,
  ServiceProperties,
  ServiceReference,
  ServiceRegistration,
  TrackerOptions,
  WaitOptions,
} from "./services/mod.ts";
export type { Clock, LogFields, Logger, Timer, TimerOptions } from "../util/mod.ts";
export { Subscription } from "../util/mod.ts";
