import { Filter } from "../filter/mod.ts";

/** Properties of a service by name. */
export type ServiceProperties = Readonly<Record<string, unknown>>;

/** Selects services by their properties: an LDAP filter, its string, or a function. */
export type ServiceFilter = string | Filter | ((properties: ServiceProperties) => boolean);

/** Owner or user of services: a bundle, or the framework itself. */
export interface ServiceOwner {
  /** `service.bundleid`. */
  readonly id: number;
  /** Symbolic name. */
  readonly name: string;
}

/** The framework as an owner: bundle 0. */
export const SYSTEM_BUNDLE: ServiceOwner = { id: 0, name: "framework" };

/** A registered service as its users see it; valid until it is unregistered. */
export interface ServiceReference {
  /** `service.id`: unique in the registry, never used again. */
  readonly id: number;
  /** `objectClass`: the interfaces that it is registered under. */
  readonly interfaces: readonly [string, ...string[]];
  /** Current properties, `objectClass` and `service.id` among them. */
  readonly properties: ServiceProperties;
  /** Bundle that registered it. */
  readonly owner: ServiceOwner;
  /** UUID of the framework; `undefined` in a registry without one. */
  readonly frameworkUuid?: string | undefined;
  /** Bundles that use it now. */
  readonly users: readonly ServiceOwner[];
}

/**
 * The owner's handle of a registered service. Ends with {@link close}, or by itself at the
 * end of a block that holds it with `using`.
 */
export interface ServiceRegistration extends Disposable {
  /** The service as its users see it. */
  readonly reference: ServiceReference;
  /**
   * Replaces the properties, except those that the registry sets. Emits `modified`.
   *
   * @throws {Error} if the service is unregistered
   */
  setProperties(properties: ServiceProperties): void;
  /** Unregisters the service; listeners get `unregistering` first. May be called more than once. */
  close(): void;
}

/** Creates objects of a service of scope `prototype` (OSGi Core, 5.3). */
export interface ServiceObjects {
  /** Returns a new object; `undefined` if the service is gone or not a prototype. */
  getService(): object | undefined;
  /** Ends an object that {@link getService} returned; ignores any other. */
  ungetService(service: object): void;
}

/** A change in the registry (OSGi Core, ServiceEvent). */
export interface ServiceEvent {
  /**
   * Kind of the change. During `unregistering` the service can still be used.
   * `modified-endmatch` goes to a listener whose filter matched only the old properties.
   */
  readonly type: "registered" | "modified" | "modified-endmatch" | "unregistering";
  /** The service. */
  readonly reference: ServiceReference;
}

/**
 * Receives changes of services, synchronously and in order. May be async: the registry does
 * not wait for it. Errors and rejections are logged.
 */
export type ServiceListener = (event: ServiceEvent) => void;

/**
 * Returns the function that tests properties against a filter.
 *
 * @throws {FilterSyntaxError} if the filter is an invalid string
 * @example
 * ```ts
 * import { compileFilter } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * const isRed = compileFilter("(colour=red)");
 * assert.equal(isRed({ colour: "red" }), true);
 * ```
 */
export function compileFilter(filter: ServiceFilter): (properties: ServiceProperties) => boolean {
  if (typeof filter === "function") return filter;
  const parsed = filter instanceof Filter ? filter : new Filter(filter);
  return (properties) => parsed.matches(properties);
}

/**
 * Compares services for sorting: highest `service.ranking` first, then lowest `service.id`
 * (OSGi Core, 5.2.6).
 *
 * @example
 * ```ts
 * import { compareReferences, Framework } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * const { registry } = new Framework();
 * const low = registry.register("A", {});
 * const high = registry.register("A", {}, { "service.ranking": 5 });
 * const sorted = [low.reference, high.reference].sort(compareReferences);
 * assert.equal(sorted[0], high.reference);
 * ```
 */
export function compareReferences(a: ServiceReference, b: ServiceReference): number {
  return readRanking(b.properties) - readRanking(a.properties) || a.id - b.id;
}

/**
 * Returns `service.ranking` as a number; 0 if it is missing or not a number.
 *
 * @example
 * ```ts
 * import { readRanking } from "@remote-services/etcd3/framework";
 *
 * console.log(readRanking({ "service.ranking": 5 }), readRanking({})); // 5 0
 * ```
 */
export function readRanking(properties: ServiceProperties): number {
  return parseRanking(properties["service.ranking"]) ?? 0;
}

/** Returns a ranking as a number, also one that came as a decimal string. */
export function parseRanking(value: unknown): number | undefined {
  const isDecimal = typeof value === "string" && /^[+-]?\d+$/.test(value.trim());
  if (typeof value !== "number" && typeof value !== "bigint" && !isDecimal) return undefined;
  const ranking = Number(value);
  return Number.isFinite(ranking) ? ranking : undefined;
}
