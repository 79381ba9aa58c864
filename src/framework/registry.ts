import { Entry } from "./service_entry.ts";
import { type Logger, messageOf, SILENT } from "../util/mod.ts";
import {
  compareReferences,
  matcherOf,
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
   * The object behind a reference; undefined once it is unregistered, or when its
   * factory fails, which is logged.
   *
   * @param user who uses it, until it gives it back as often as it got it; a factory
   * makes one for the framework where nobody is named
   */
  getService(reference: ServiceReference, user?: ServiceOwner): object | undefined {
    const entry = this.#entries.get(reference);
    if (user === undefined) {
      const service = entry?.peek();
      if (service !== undefined) return service;
    }
    return this.#attempt(reference, () => entry?.get(user ?? SYSTEM_BUNDLE));
  }

  /** A new object of a factory of scope `prototype` for each call, undefined for all others. */
  getServiceObjects(reference: ServiceReference, user: ServiceOwner): ServiceObjects {
    return {
      getService: () => this.#attempt(reference, () => this.#entries.get(reference)?.getNew(user)),
      ungetService: (service) =>
        void this.#attempt(reference, () => this.#entries.get(reference)?.ungetNew(user, service)),
    };
  }

  /** Gives a service back, and tells whether it was in use. */
  ungetService(reference: ServiceReference, user: ServiceOwner): boolean {
    return this.#attempt(reference, () => this.#entries.get(reference)?.unget(user)) ?? false;
  }

  /** Takes out what an owner registered, newest first, and gives back what it uses. */
  release(owner: ServiceOwner): void {
    for (const entry of [...this.#entries.values()].reverse()) {
      this.#attempt(entry, () => entry.unget(owner, true));
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
      .filter((entry) => !entry.isLeaving)
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

  /** Runs what a factory does, whose failure is logged and gives nothing. */
  #attempt<T>({ id }: ServiceReference, step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      this.#logger.error(`The factory of service ${id} failed: ${messageOf(error)}`);
      return undefined;
    }
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
      try {
        this.#tellListeners(next.event, next.before);
      } finally {
        this.#events.shift();
        if (next.event.type === "unregistering") this.#remove(next.event.reference);
      }
    }
  }

  /** Forgets a service and ends what its factory made. */
  #remove(reference: ServiceReference): void {
    const entry = this.#entries.get(reference);
    this.#entries.delete(reference);
    for (const user of entry?.users ?? []) this.#attempt(reference, () => entry?.unget(user, true));
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

function isInterfaceName(name: unknown): boolean {
  return typeof name === "string" && /^\S+$/.test(name);
}
