import { Filter } from "./filter.ts";
import { type Logger, messageOf, SILENT } from "./logger.ts";

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

class Entry implements ServiceReference {
  readonly id: number;
  readonly owner: ServiceOwner;
  readonly useCounts = new Map<ServiceOwner, number>();
  readonly interfaces: readonly [string, ...string[]];
  readonly service: object;
  properties: ServiceProperties;
  isLeaving = false;

  constructor(
    id: number,
    owner: ServiceOwner,
    interfaces: readonly [string, ...string[]],
    service: object,
    properties: ServiceProperties,
  ) {
    this.id = id;
    this.owner = owner;
    this.interfaces = interfaces;
    this.service = service;
    this.properties = this.complete(properties);
  }

  complete(properties: ServiceProperties): ServiceProperties {
    return Object.freeze({
      ...properties,
      objectClass: this.interfaces,
      "service.id": this.id,
      "service.bundleid": this.owner.id,
      "service.scope": "singleton",
    });
  }

  get users(): readonly ServiceOwner[] {
    return [...this.useCounts.keys()];
  }
}

/** The services of one process (OSGi Core, chapter 5), in one place. */
export class ServiceRegistry {
  readonly #entries = new Map<ServiceReference, Entry>();
  readonly #listeners = new Map<object, FilteredListener>();
  readonly #logger: Logger;
  readonly #events: { event: ServiceEvent; before: ServiceProperties | undefined }[] = [];
  #nextId = 1;

  /** Makes an empty registry. */
  constructor(logger: Logger = SILENT) {
    this.#logger = logger;
  }

  /**
   * Registers an object under one or more interface names. `objectClass`, `service.id`,
   * `service.bundleid` and `service.scope` are the registry's own, whatever is given.
   *
   * @param owner who registers it; its services go when it stops
   * @throws {TypeError} when there is no interface name or the service is no object.
   */
  register(
    interfaces: string | readonly string[],
    service: object,
    properties: ServiceProperties = {},
    owner: ServiceOwner = SYSTEM_BUNDLE,
  ): ServiceRegistration {
    const [first, ...others] = typeof interfaces === "string" ? [interfaces] : interfaces;
    if (first === undefined || [first, ...others].some((name) => !isInterfaceName(name))) {
      throw new TypeError(
        `Cannot register a service as ${
          JSON.stringify(interfaces)
        }: give interface names without spaces`,
      );
    }
    if (typeof service !== "object" && typeof service !== "function" || service === null) {
      throw new TypeError(`Cannot register ${service} as ${first}: a service is an object`);
    }
    const entry = new Entry(this.#nextId++, owner, [first, ...others], service, properties);
    this.#entries.set(entry, entry);
    this.#tell({ type: "registered", reference: entry });
    return {
      reference: entry,
      setProperties: (changed) => this.#setProperties(entry, changed),
      unregister: () => this.#unregister(entry),
    };
  }

  /**
   * The object behind a reference; undefined once it is unregistered.
   *
   * @param user who uses it, until it gives it back as often as it got it
   */
  getService(reference: ServiceReference, user?: ServiceOwner): object | undefined {
    const entry = this.#entries.get(reference);
    if (entry === undefined) return undefined;
    if (user !== undefined) entry.useCounts.set(user, (entry.useCounts.get(user) ?? 0) + 1);
    return entry.service;
  }

  /** Gives a service back, and tells whether it was in use. */
  ungetService(reference: ServiceReference, user: ServiceOwner): boolean {
    const counts = this.#entries.get(reference)?.useCounts;
    const count = counts?.get(user);
    if (counts === undefined || count === undefined) return false;
    if (count > 1) counts.set(user, count - 1);
    else counts.delete(user);
    return true;
  }

  /** Takes out what an owner registered, newest first, and gives back what it uses. */
  release(owner: ServiceOwner): void {
    for (const entry of [...this.#entries.values()].reverse()) {
      entry.useCounts.delete(owner);
      if (entry.owner === owner) this.#unregister(entry);
    }
  }

  /**
   * The services of an interface, or all: highest `service.ranking` first, then
   * lowest `service.id` (OSGi Core, 5.2.6).
   *
   * @throws {FilterSyntaxError} when the filter is a text that is none.
   */
  getReferences(interfaceName?: string, filter: ServiceFilter = ANY): ServiceReference[] {
    const matches = matcherOf(filter);
    return [...this.#entries.values()]
      .filter((entry) => interfaceName === undefined || entry.interfaces.includes(interfaceName))
      .filter((entry) => matches(entry.properties))
      .sort(compareReferences);
  }

  /**
   * Adds a listener and gives the function that removes it.
   *
   * @param filter which services it hears of, by their properties
   * @throws {FilterSyntaxError} when the filter is a text that is none.
   */
  addServiceListener(listener: ServiceListener, filter: ServiceFilter = ANY): () => void {
    const key = {};
    this.#listeners.set(key, { listener, matches: matcherOf(filter) });
    return () => this.#listeners.delete(key);
  }

  /** Unregisters everything, newest first. */
  close(): void {
    for (const entry of [...this.#entries.values()].reverse()) this.#unregister(entry);
  }

  #setProperties(entry: Entry, properties: ServiceProperties): void {
    if (!this.#entries.has(entry) || entry.isLeaving) {
      throw new Error(`Cannot change service ${entry.id}: it is unregistered`);
    }
    const before = entry.properties;
    entry.properties = entry.complete(properties);
    this.#tell({ type: "modified", reference: entry }, before);
  }

  #unregister(entry: Entry): void {
    if (!this.#entries.has(entry) || entry.isLeaving) return;
    entry.isLeaving = true;
    this.#tell({ type: "unregistering", reference: entry });
  }

  /** Tells events in their order, also those that listeners themselves give rise to. */
  #tell(event: ServiceEvent, before?: ServiceProperties): void {
    this.#events.push({ event, before });
    if (this.#events.length > 1) return; // the call that tells the first one goes on
    for (let next = this.#events[0]; next !== undefined; next = this.#events[0]) {
      this.#tellListeners(next.event, next.before);
      if (next.event.type === "unregistering") this.#entries.delete(next.event.reference);
      this.#events.shift();
    }
  }

  #tellListeners(event: ServiceEvent, before: ServiceProperties | undefined): void {
    for (const { listener, matches } of [...this.#listeners.values()]) {
      try {
        if (matches(event.reference.properties)) listener(event);
        else if (before !== undefined && matches(before)) {
          listener({ ...event, type: "modified-endmatch" });
        }
      } catch (error) {
        const { id } = event.reference;
        const what = `A service listener failed on ${event.type} of service ${id}`;
        this.#logger.error(`${what}: ${messageOf(error)}`);
      }
    }
  }
}

interface FilteredListener {
  readonly listener: ServiceListener;
  readonly matches: (properties: ServiceProperties) => boolean;
}

const ANY = () => true;

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

function isInterfaceName(name: unknown): boolean {
  return typeof name === "string" && /^\S+$/.test(name);
}

function rankingOf({ properties }: ServiceReference): number {
  // Of a remote service it comes as text.
  const ranking = Number(properties["service.ranking"] ?? 0);
  return Number.isFinite(ranking) ? ranking : 0;
}
