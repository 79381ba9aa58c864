import { Filter } from "./filter.ts";

/** Properties of a service by name. */
export type ServiceProperties = Readonly<Record<string, unknown>>;

/** Which services are meant: a function of their properties, a {@link Filter} or its text. */
export type ServiceFilter = string | Filter | ((properties: ServiceProperties) => boolean);

/** Who registers and uses services: a bundle, or the framework itself. */
export interface ServiceOwner {
  /** `service.bundleid`. */
  readonly id: number;
  /** What it is called. */
  readonly name: string;
}

/** The framework as an owner: bundle 0. */
export const SYSTEM_BUNDLE: ServiceOwner = { id: 0, name: "framework" };

/** A registered service as others see it; valid until it is unregistered. */
export interface ServiceReference {
  /** `service.id`: unique in the registry, never used again. */
  readonly id: number;
  /** `objectClass`: the interfaces it was registered under. */
  readonly interfaces: readonly [string, ...string[]];
  /** The properties as they are now, `objectClass` and `service.id` among them. */
  readonly properties: ServiceProperties;
  /** Who registered it. */
  readonly owner: ServiceOwner;
  /** Who has got it and not yet given it back. */
  readonly users: readonly ServiceOwner[];
}

/** What the owner of a service holds. */
export interface ServiceRegistration {
  /** The service as others see it. */
  readonly reference: ServiceReference;
  /** Replaces the properties; the registry's own ones stay. Listeners hear `modified`. */
  setProperties(properties: ServiceProperties): void;
  /** Takes the service out; listeners hear `unregistering` first. May be repeated. */
  unregister(): void;
}

/** Makes objects of a service of scope `prototype` (OSGi Core, 5.3). */
export interface ServiceObjects {
  /** A new object, undefined when there is none. */
  getService(): object | undefined;
  /** Gives one back. */
  ungetService(service: object): void;
}

/** A change in the registry (OSGi Core, ServiceEvent). */
export interface ServiceEvent {
  /**
   * `unregistering` is told while the service can still be used; `modified-endmatch` to a
   * listener with a filter that the service matched before and does no longer.
   */
  readonly type: "registered" | "modified" | "modified-endmatch" | "unregistering";
  /** The service. */
  readonly reference: ServiceReference;
}

/** Hears of changes; called at once, and what it throws is logged and harms nobody. */
export type ServiceListener = (event: ServiceEvent) => void;

/** The function that a filter stands for. */
export function matcherOf(filter: ServiceFilter): (properties: ServiceProperties) => boolean {
  if (typeof filter === "function") return filter;
  const parsed = typeof filter === "string" ? new Filter(filter) : filter;
  return (properties) => parsed.matches(properties);
}

/** The order of services, best first (OSGi Core, 5.2.6). */
export function compareReferences(a: ServiceReference, b: ServiceReference): number {
  return rankingOf(b) - rankingOf(a) || a.id - b.id;
}

function rankingOf({ properties }: ServiceReference): number {
  // Of a remote service it comes as text.
  const ranking = Number(properties["service.ranking"] ?? 0);
  return Number.isFinite(ranking) ? ranking : 0;
}
