import { type Logger, messageOf, SILENT } from "./logger.ts";

/** Properties of a service by name. */
export type ServiceProperties = Readonly<Record<string, unknown>>;

/** Tells whether a service with these properties is meant. */
export type ServiceFilter = (properties: ServiceProperties) => boolean;

/** A registered service as others see it; valid until it is unregistered. */
export interface ServiceReference {
  /** `service.id`: unique in the registry, never used again. */
  readonly id: number;
  /** `objectClass`: the interfaces it was registered under. */
  readonly interfaces: readonly [string, ...string[]];
  /** The properties as they are now, `objectClass` and `service.id` among them. */
  readonly properties: ServiceProperties;
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
  /** `unregistering` is told while the service can still be used. */
  readonly type: "registered" | "modified" | "unregistering";
  /** The service. */
  readonly reference: ServiceReference;
}

/** Hears of changes; called at once, and what it throws is logged and harms nobody. */
export type ServiceListener = (event: ServiceEvent) => void;

class Entry implements ServiceReference {
  readonly id: number;
  readonly interfaces: readonly [string, ...string[]];
  readonly service: object;
  properties: ServiceProperties;
  isLeaving = false;

  constructor(
    id: number,
    interfaces: readonly [string, ...string[]],
    service: object,
    properties: ServiceProperties,
  ) {
    this.id = id;
    this.interfaces = interfaces;
    this.service = service;
    this.properties = this.complete(properties);
  }

  complete(properties: ServiceProperties): ServiceProperties {
    return Object.freeze({ ...properties, objectClass: this.interfaces, "service.id": this.id });
  }
}

/** The services of one process (OSGi Core, chapter 5), in one place. */
export class ServiceRegistry {
  readonly #entries = new Map<ServiceReference, Entry>();
  readonly #listeners = new Set<ServiceListener>();
  readonly #logger: Logger;
  readonly #events: ServiceEvent[] = [];
  #nextId = 1;

  /** Makes an empty registry. */
  constructor(logger: Logger = SILENT) {
    this.#logger = logger;
  }

  /**
   * Registers an object under one or more interface names.
   *
   * @throws {TypeError} when there is no interface name or the service is no object.
   */
  register(
    interfaces: string | readonly string[],
    service: object,
    properties: ServiceProperties = {},
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
    const entry = new Entry(this.#nextId++, [first, ...others], service, properties);
    this.#entries.set(entry, entry);
    this.#tell({ type: "registered", reference: entry });
    return {
      reference: entry,
      setProperties: (changed) => this.#setProperties(entry, changed),
      unregister: () => this.#unregister(entry),
    };
  }

  /** The object behind a reference; undefined once it is unregistered. */
  getService(reference: ServiceReference): object | undefined {
    return this.#entries.get(reference)?.service;
  }

  /**
   * The services of an interface, or all: highest `service.ranking` first, then
   * lowest `service.id`.
   */
  getReferences(interfaceName?: string, filter: ServiceFilter = () => true): ServiceReference[] {
    return [...this.#entries.values()]
      .filter((entry) => interfaceName === undefined || entry.interfaces.includes(interfaceName))
      .filter((entry) => filter(entry.properties))
      .sort((a, b) => rankingOf(b) - rankingOf(a) || a.id - b.id);
  }

  /** Adds a listener and gives the function that removes it. */
  addServiceListener(listener: ServiceListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Unregisters everything, newest first. */
  close(): void {
    for (const entry of [...this.#entries.values()].reverse()) this.#unregister(entry);
  }

  #setProperties(entry: Entry, properties: ServiceProperties): void {
    if (!this.#entries.has(entry) || entry.isLeaving) {
      throw new Error(`Cannot change service ${entry.id}: it is unregistered`);
    }
    entry.properties = entry.complete(properties);
    this.#tell({ type: "modified", reference: entry });
  }

  #unregister(entry: Entry): void {
    if (!this.#entries.has(entry) || entry.isLeaving) return;
    entry.isLeaving = true;
    this.#tell({ type: "unregistering", reference: entry });
  }

  /** Tells events in their order, also those that listeners themselves give rise to. */
  #tell(event: ServiceEvent): void {
    this.#events.push(event);
    if (this.#events.length > 1) return; // the call that tells the first one goes on
    for (let next = this.#events[0]; next !== undefined; next = this.#events[0]) {
      this.#tellListeners(next);
      if (next.type === "unregistering") this.#entries.delete(next.reference);
      this.#events.shift();
    }
  }

  #tellListeners(event: ServiceEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error(
          `A service listener failed on ${event.type} of service ${event.reference.id}: ${
            messageOf(error)
          }`,
        );
      }
    }
  }
}

function isInterfaceName(name: unknown): boolean {
  return typeof name === "string" && /^\S+$/.test(name);
}

function rankingOf({ properties }: ServiceReference): number {
  // Of a remote service it comes as text.
  const ranking = Number(properties["service.ranking"] ?? 0);
  return Number.isFinite(ranking) ? ranking : 0;
}
