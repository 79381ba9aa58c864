import type { ServiceRegistry } from "./registry.ts";
import {
  compareReferences,
  matcherOf,
  type ServiceEvent,
  type ServiceFilter,
  type ServiceOwner,
  type ServiceProperties,
  type ServiceReference,
  SYSTEM_BUNDLE,
} from "./service.ts";

/** What a {@link ServiceTracker} follows, and who hears of it. */
export interface TrackerOptions {
  /** Which of the interface's services. @default all */
  readonly filter?: ServiceFilter;
  /** Who uses the services while they are followed. @default nobody */
  readonly user?: ServiceOwner;
  /** Called when a service comes, with the object. */
  readonly onAdded?: (service: object, reference: ServiceReference) => void;
  /** Called when the properties of one have changed. */
  readonly onModified?: (service: object, reference: ServiceReference) => void;
  /** Called when one goes, or no longer matches; it can still be used. */
  readonly onRemoved?: (service: object, reference: ServiceReference) => void;
}

/** Follows the services of an interface (OSGi Compendium, chapter 701). */
export class ServiceTracker implements Disposable {
  readonly #registry: ServiceRegistry;
  readonly #interfaceName: string;
  readonly #options: TrackerOptions;
  readonly #matches: (properties: ServiceProperties) => boolean;
  readonly #tracked = new Map<ServiceReference, object>();
  readonly #stop: () => void;

  /**
   * Begins at once, with the services that are there, best first.
   *
   * @throws {FilterSyntaxError} when the filter is a text that is none.
   */
  constructor(registry: ServiceRegistry, interfaceName: string, options: TrackerOptions = {}) {
    this.#registry = registry;
    this.#interfaceName = interfaceName;
    this.#options = options;
    this.#matches = matcherOf(options.filter ?? (() => true));
    this.#stop = registry.addServiceListener((event) => this.#onEvent(event));
    for (const reference of registry.getReferences(interfaceName, options.filter)) {
      this.#add(reference);
    }
  }

  /** What is followed now, best first. */
  get references(): readonly ServiceReference[] {
    return [...this.#tracked.keys()].sort(compareReferences);
  }

  /** The objects, best first. */
  get services(): readonly object[] {
    return this.references.map((reference) => this.#tracked.get(reference) ?? reference);
  }

  /** The best one, undefined when there is none. */
  get service(): object | undefined {
    return this.services[0];
  }

  /** Stops to follow; `onRemoved` is called for what is there. May be repeated. */
  close(): void {
    this.#stop();
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
    if (!isWanted) this.#remove(reference);
    else if (service === undefined) this.#add(reference);
    else this.#options.onModified?.(service, reference);
  }

  #add(reference: ServiceReference): void {
    if (this.#tracked.has(reference)) return;
    const service = this.#registry.getService(reference, this.#options.user);
    if (service === undefined) return;
    this.#tracked.set(reference, service);
    this.#options.onAdded?.(service, reference);
  }

  #remove(reference: ServiceReference): void {
    const service = this.#tracked.get(reference);
    if (service === undefined) return;
    this.#tracked.delete(reference);
    this.#options.onRemoved?.(service, reference);
    this.#registry.ungetService(reference, this.#options.user ?? SYSTEM_BUNDLE);
  }
}

/** The longest time that a timer can wait; longer is for ever. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** How to wait for a service. */
export interface WaitOptions {
  /** Which of the interface's services. @default any */
  readonly filter?: ServiceFilter;
  /** Longest time to wait. @default Infinity */
  readonly timeoutMs?: number;
  /** Ends the waiting; its `reason` is thrown as it is. */
  readonly signal?: AbortSignal;
}

/**
 * The best service of an interface, as soon as there is one.
 *
 * @throws {DOMException} `TimeoutError` when there is none in time; the signal's
 * `reason` as it is.
 * @throws {FilterSyntaxError} when the filter is a text that is none.
 */
export async function waitForService<T extends object>(
  registry: ServiceRegistry,
  interfaceName: string,
  options: WaitOptions = {},
): Promise<T> {
  const { filter, timeoutMs = Infinity, signal } = options;
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<object>();
  using _tracker = new ServiceTracker(registry, interfaceName, {
    ...(filter === undefined ? {} : { filter }),
    onAdded: resolve,
  });
  const onAbort = () => reject(signal?.reason);
  const late = `No service ${interfaceName} within ${timeoutMs} ms`;
  const timer = timeoutMs > MAX_TIMER_MS
    ? undefined
    : setTimeout(() => reject(new DOMException(late, "TimeoutError")), timeoutMs);
  signal?.addEventListener("abort", onAbort);
  try {
    return await promise as T;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
