import {
  callUser,
  checkOptionNames,
  type Clock,
  type Subscription,
  waitFor,
} from "../../util/mod.ts";
import type { ServiceRegistry } from "./registry.ts";
import {
  compileFilter,
  type ServiceEvent,
  type ServiceFilter,
  type ServiceOwner,
  type ServiceProperties,
  type ServiceReference,
  SYSTEM_BUNDLE,
} from "./service.ts";
import { TrackedServices } from "./tracked_services.ts";

/** Callbacks and settings of a {@link ServiceTracker}. Callbacks may be async. */
export interface TrackerOptions<T extends object = object> {
  /** Filter of the interface's services. @default all */
  readonly filter?: ServiceFilter | undefined;
  /** Bundle that uses the services while they are tracked. @default none */
  readonly user?: ServiceOwner | undefined;
  /** Called when a service comes. */
  readonly onAdded?: (service: T, reference: ServiceReference) => void;
  /** Called when the properties of a tracked service change. */
  readonly onModified?: (service: T, reference: ServiceReference) => void;
  /** Called when a service ends or no longer matches; it can still be used. */
  readonly onRemoved?: (service: T, reference: ServiceReference) => void;
}

/**
 * Tracks the services of an interface (OSGi Compendium, chapter 701). The errors of its
 * callbacks are logged by the registry.
 *
 * @example
 * ```ts
 * import { Framework, ServiceTracker } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * const { registry } = new Framework();
 * using tracker = ServiceTracker.open<{ name: string }>(registry, "com.example.Printer");
 * registry.register("com.example.Printer", { name: "laser" });
 * assert.equal(tracker.service?.name, "laser");
 * ```
 */
export class ServiceTracker<T extends object = object> implements Disposable {
  readonly #registry: ServiceRegistry;
  readonly #interfaceName: string;
  readonly #options: TrackerOptions<T>;
  readonly #matches: (properties: ServiceProperties) => boolean;
  readonly #tracked = new TrackedServices<T>();
  #subscription: Subscription | undefined;

  private constructor(
    registry: ServiceRegistry,
    interfaceName: string,
    options: TrackerOptions<T>,
  ) {
    this.#registry = registry;
    this.#interfaceName = interfaceName;
    this.#options = options;
    this.#matches = compileFilter(options.filter ?? (() => true));
  }

  /**
   * Tracks the services of an interface from now on, beginning with those that exist.
   *
   * @throws {FilterSyntaxError} if the filter is an invalid string
   * @throws {TypeError} on an option that does not exist
   */
  static open<T extends object = object>(
    registry: ServiceRegistry,
    interfaceName: string,
    options: TrackerOptions<T> = {},
  ): ServiceTracker<T> {
    checkOptionNames(options, {
      path: "",
      known: ["filter", "user", "onAdded", "onModified", "onRemoved"],
    });
    const tracker = new ServiceTracker(registry, interfaceName, options);
    tracker.#subscription = registry.addServiceListener((event) => tracker.#onEvent(event));
    for (const reference of registry.getReferences(interfaceName, options.filter)) {
      tracker.#add(reference);
    }
    return tracker;
  }

  /** Tracked services, best first. */
  get references(): readonly ServiceReference[] {
    return this.#tracked.references;
  }

  /** Objects of the tracked services, best first. */
  get services(): readonly T[] {
    return this.#tracked.services;
  }

  /** Object of the best service; `undefined` if none exists. */
  get service(): T | undefined {
    return this.#tracked.best;
  }

  /** Stops tracking; calls `onRemoved` for each tracked service. May be called more than once. */
  close(): void {
    this.#subscription?.close();
    for (const reference of this.references) this.#remove(reference);
  }

  /** Same as {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  #onEvent({ type, reference }: ServiceEvent): void {
    const isWanted = type !== "unregistering" &&
      reference.interfaces.includes(this.#interfaceName) && this.#matches(reference.properties);
    const service = this.#tracked.get(reference);
    if (!isWanted) return this.#remove(reference);
    if (service === undefined) return this.#add(reference);
    this.#tracked.update(reference);
    this.#call("onModified", service, reference);
  }

  #add(reference: ServiceReference): void {
    if (this.#tracked.get(reference) !== undefined) return;
    const service = this.#registry.getService(reference, this.#options.user);
    if (service === undefined) return;
    // The registry stores objects by interface name; the caller of `open` knows the type.
    const tracked = service as T;
    this.#tracked.add(reference, tracked);
    this.#call("onAdded", tracked, reference);
  }

  #remove(reference: ServiceReference): void {
    const service = this.#tracked.get(reference);
    if (service === undefined) return;
    this.#tracked.delete(reference);
    this.#call("onRemoved", service, reference);
    this.#registry.ungetService(reference, this.#options.user ?? SYSTEM_BUNDLE);
  }

  #call(
    name: "onAdded" | "onModified" | "onRemoved",
    service: T,
    reference: ServiceReference,
  ): void {
    const label = `${name} of the tracker for ${this.#interfaceName}`;
    void callUser(label, this.#registry.logger, () => this.#options[name]?.(service, reference));
  }
}

/** Limits and filter of {@link waitForService}. */
export interface WaitOptions {
  /** Filter of the interface's services. @default any */
  readonly filter?: ServiceFilter | undefined;
  /** Longest wait in milliseconds. @default Infinity */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait; its `reason` is thrown unchanged. */
  readonly signal?: AbortSignal | undefined;
  /** Clock to wait by. @default the clock of the machine */
  readonly clock?: Clock | undefined;
}

/**
 * Returns the best service of an interface as soon as there is one.
 *
 * @throws {DOMException} `TimeoutError` if none comes in time; the signal's `reason`
 * unchanged
 * @throws {FilterSyntaxError} if the filter is an invalid string
 * @example
 * ```ts
 * import { Framework, waitForService } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * const { registry } = new Framework();
 * const waiting = waitForService<{ name: string }>(registry, "com.example.Printer", {
 *   filter: "(colour=true)",
 *   timeoutMs: 1000,
 * });
 * registry.register("com.example.Printer", { name: "photo" }, { colour: true });
 * assert.equal((await waiting).name, "photo");
 * ```
 */
export async function waitForService<T extends object>(
  registry: ServiceRegistry,
  interfaceName: string,
  options: WaitOptions = {},
): Promise<T> {
  checkOptionNames(options, { path: "", known: ["filter", "timeoutMs", "signal", "clock"] });
  const { filter, timeoutMs = Infinity, signal, clock } = options;
  signal?.throwIfAborted();
  const { promise, resolve } = Promise.withResolvers<T>();
  using _tracker = ServiceTracker.open<T>(registry, interfaceName, { filter, onAdded: resolve });
  const message = `No service ${interfaceName} within ${timeoutMs} ms`;
  const createTimeoutError = () => new DOMException(message, "TimeoutError");
  return await waitFor(promise, { timeoutMs, signal, clock, createTimeoutError });
}
