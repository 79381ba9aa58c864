import {
  callUser,
  createSafeLogger,
  type Logger,
  SILENT,
  Subscription,
  toMessage,
  toPrintable,
} from "../../util/mod.ts";
import {
  compareReferences,
  compileFilter,
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
import { ServiceEntry } from "./service_entry.ts";
import { checkService } from "./service_factory.ts";

/** A listener with its compiled filter. */
interface FilteredListener {
  readonly listener: ServiceListener;
  readonly matches: (properties: ServiceProperties) => boolean;
}

/** An event that waits for delivery, with the properties before a change. */
interface QueuedEvent {
  readonly event: ServiceEvent;
  readonly before: ServiceProperties | undefined;
}

const MATCH_ALL = () => true;

/**
 * The services of one process (OSGi Core, chapter 5).
 *
 * @example
 * ```ts
 * import { ServiceRegistry } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * const registry = new ServiceRegistry();
 * using subscription = registry.addServiceListener(
 *   ({ type, reference }) => console.log(type, reference.properties.colour),
 *   "(colour=*)",
 * );
 * using registration = registry.register("com.example.Lamp", {}, { colour: "red" });
 * registration.setProperties({ colour: "green" });
 * assert.equal(registry.getReferences("com.example.Lamp", "(colour=green)").length, 1);
 * ```
 */
export class ServiceRegistry {
  readonly #entries = new Map<ServiceReference, ServiceEntry>();
  readonly #listeners = new Set<FilteredListener>();
  /** Receives the errors of listeners and factories; never throws. */
  readonly logger: Logger;
  readonly #events: QueuedEvent[] = [];
  readonly #frameworkUuid: string | undefined;
  #nextId = 1;

  /** Creates an empty registry; its references have the UUID of its framework. */
  constructor(logger?: Logger, frameworkUuid?: string) {
    this.#frameworkUuid = frameworkUuid;
    this.logger = createSafeLogger(logger ?? SILENT);
  }

  /**
   * Registers an object under one or more interface names. The registry itself sets
   * `objectClass`, `service.id`, `service.bundleid` and `service.scope`.
   *
   * @param owner bundle that the service belongs to; the service ends when it stops
   * @throws {TypeError} if there is no interface name, the service is no object, or two names
   * of properties differ only in letter case
   */
  register(
    interfaces: string | readonly string[],
    service: object,
    properties: ServiceProperties = {},
    owner: ServiceOwner = SYSTEM_BUNDLE,
  ): ServiceRegistration {
    const [first, ...others] = Array.isArray(interfaces) ? interfaces : [interfaces];
    if (first === undefined || [first, ...others].some((name) => !isInterfaceName(name))) {
      throw new TypeError(
        `Cannot register a service as ${describeNames(interfaces)}: give interface names ` +
          "without spaces",
      );
    }
    checkService(service, `Cannot register a service as ${toPrintable(first)}: it is`);
    const entry = new ServiceEntry(
      this.#nextId++,
      owner,
      [first, ...others],
      service,
      properties,
      this.#frameworkUuid,
    );
    this.#entries.set(entry, entry);
    this.#emit({ type: "registered", reference: entry });
    return this.#createRegistration(entry);
  }

  /**
   * Returns the object of a service; `undefined` once the service is unregistered, or if its
   * factory fails, which is logged.
   *
   * @param user bundle that uses the service until it calls {@link ungetService} as often.
   * Without a user a factory creates an object for the framework.
   */
  getService(reference: ServiceReference, user?: ServiceOwner): object | undefined {
    const entry = this.#entries.get(reference);
    if (user === undefined) {
      const service = entry?.peek();
      if (service !== undefined) return service;
    }
    return this.#callFactory(reference, () => entry?.get(user ?? SYSTEM_BUNDLE));
  }

  /** Returns the source of new objects of a service of scope `prototype`. */
  getServiceObjects(reference: ServiceReference, user: ServiceOwner): ServiceObjects {
    const find = () => this.#entries.get(reference);
    return {
      getService: () => this.#callFactory(reference, () => find()?.getNew(user)),
      ungetService: (service) => this.#end(reference, () => find()?.ungetNew(service)),
    };
  }

  /** Takes back one use of a service; returns whether the user had it in use. */
  ungetService(reference: ServiceReference, user: ServiceOwner): boolean {
    const end = this.#entries.get(reference)?.unget(user);
    this.#end(reference, end);
    return end !== undefined;
  }

  /** Unregisters the services of an owner, newest first, and takes back what it uses. */
  release(owner: ServiceOwner): void {
    for (const entry of [...this.#entries.values()].reverse()) {
      this.#end(entry, entry.ungetAll(owner));
      if (entry.owner === owner) this.#unregister(entry);
    }
  }

  /**
   * Returns the services of an interface, or all: highest `service.ranking` first, then
   * lowest `service.id` (OSGi Core, 5.2.6).
   *
   * @throws {FilterSyntaxError} if the filter is an invalid string
   */
  getReferences(interfaceName?: string, filter: ServiceFilter = MATCH_ALL): ServiceReference[] {
    const matches = compileFilter(filter);
    return [...this.#entries.values()]
      .filter((entry) => !entry.isLeaving)
      .filter((entry) => interfaceName === undefined || entry.interfaces.includes(interfaceName))
      .filter((entry) => matches(entry.properties))
      .sort(compareReferences);
  }

  /**
   * Adds a listener for the services that match a filter.
   *
   * @throws {FilterSyntaxError} if the filter is an invalid string
   */
  addServiceListener(listener: ServiceListener, filter: ServiceFilter = MATCH_ALL): Subscription {
    const filtered = { listener, matches: compileFilter(filter) };
    this.#listeners.add(filtered);
    return new Subscription(() => this.#listeners.delete(filtered));
  }

  /** Unregisters every service, newest first. */
  close(): void {
    for (const entry of [...this.#entries.values()].reverse()) this.#unregister(entry);
  }

  #createRegistration(entry: ServiceEntry): ServiceRegistration {
    const close = () => this.#unregister(entry);
    return {
      reference: entry,
      setProperties: (properties) => this.#setProperties(entry, properties),
      close,
      [Symbol.dispose]: close,
    };
  }

  /** Returns the object that a factory creates; logs its error and returns `undefined`. */
  #callFactory<T>({ id }: ServiceReference, create: () => T): T | undefined {
    try {
      return create();
    } catch (error) {
      this.logger.error(`The factory of service ${id} failed: ${toMessage(error)}`, {
        serviceId: id,
        error,
      });
      return undefined;
    }
  }

  /** Ends an object that a factory created; logs its error. */
  #end({ id }: ServiceReference, end: (() => unknown) | undefined): void {
    if (end !== undefined) void callUser(`The factory of service ${id}`, this.logger, end);
  }

  #setProperties(entry: ServiceEntry, properties: ServiceProperties): void {
    if (!this.#entries.has(entry) || entry.isLeaving) {
      throw new Error(`Cannot change service ${entry.id}: it is unregistered; register it again`);
    }
    const before = entry.properties;
    entry.properties = entry.complete(properties);
    this.#emit({ type: "modified", reference: entry }, before);
  }

  #unregister(entry: ServiceEntry): void {
    if (!this.#entries.has(entry) || entry.isLeaving) return;
    entry.isLeaving = true;
    this.#emit({ type: "unregistering", reference: entry });
  }

  /** Delivers events in order, also those that listeners cause during the delivery. */
  #emit(event: ServiceEvent, before?: ServiceProperties): void {
    this.#events.push({ event, before });
    if (this.#events.length > 1) return; // the call that delivers the first one goes on
    for (let next = this.#events[0]; next !== undefined; next = this.#events[0]) {
      for (const listener of [...this.#listeners]) this.#notify(listener, next);
      this.#events.shift();
      if (next.event.type === "unregistering") this.#remove(next.event.reference);
    }
  }

  #notify({ listener, matches }: FilteredListener, { event, before }: QueuedEvent): void {
    const { type, reference: { id, properties } } = event;
    void callUser(`A listener for "${type}" of service ${id}`, this.logger, () => {
      if (matches(properties)) return listener(event);
      if (before !== undefined && matches(before)) {
        return listener({ ...event, type: "modified-endmatch" });
      }
    });
  }

  /** Forgets a service and ends what its factory created. */
  #remove(reference: ServiceReference): void {
    const entry = this.#entries.get(reference);
    this.#entries.delete(reference);
    for (const user of entry?.users ?? []) this.#end(reference, entry?.ungetAll(user));
  }
}

function describeNames(interfaces: unknown): string {
  const isText = typeof interfaces === "string" || Array.isArray(interfaces);
  return toPrintable(isText ? JSON.stringify(interfaces) : String(interfaces));
}

function isInterfaceName(name: unknown): boolean {
  return typeof name === "string" && /^\S+$/.test(name);
}
