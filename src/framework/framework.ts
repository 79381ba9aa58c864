import {
  callUser,
  checkOptionNames,
  type Clock,
  createSafeLogger,
  type Logger,
  SILENT,
  Subscription,
  SYSTEM_CLOCK,
  toMessage,
} from "../util/mod.ts";
import { InstalledBundle } from "./bundle.ts";
import type {
  Bundle,
  BundleDefinition,
  BundleEvent,
  BundleFramework,
  BundleListener,
} from "./bundle_context.ts";
import { ComponentRegistry } from "./component_registry.ts";
import { ServiceRegistry, waitForService, type WaitOptions } from "./services/mod.ts";

/** Settings of a {@link Framework}. */
export interface FrameworkOptions {
  /** Id of the framework, a UUID. @default a random one */
  readonly uuid?: string;
  /** Configuration of the framework and its bundles. @default none */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** Receives log records about listeners, components and activators that fail. @default silent */
  readonly logger?: Logger;
  /** Time and randomness. @default the clock of the machine */
  readonly clock?: Clock;
}

/**
 * An OSGi-like framework: an identity, properties, bundles and a service registry.
 *
 * @priority 60
 * @example
 * ```ts
 * import { Framework } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * await using framework = new Framework();
 * framework.installBundle({
 *   name: "com.example.clock",
 *   start: (context) => void context.registerService("com.example.Clock", { now: () => 12 }),
 * });
 * await framework.start();
 * const clock = await framework.waitForService<{ now(): number }>("com.example.Clock");
 * assert.equal(clock.now(), 12);
 * ```
 */
export class Framework implements BundleFramework, AsyncDisposable {
  /** `endpoint.framework.uuid` of exported services. */
  readonly uuid: string;
  /** Configuration of the framework and its bundles. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Services of the framework. */
  readonly registry: ServiceRegistry;
  /** Components and component factories of the framework. */
  readonly components: ComponentRegistry;
  /** The logger of the options, made safe: it never throws. */
  readonly logger: Logger;
  /** Time and randomness. */
  readonly clock: Clock;
  readonly #bundles = new Map<number, Bundle>();
  readonly #listeners = new Set<BundleListener>();
  #nextId = 1;

  /**
   * Creates a framework without bundles and services.
   *
   * @throws {TypeError} on an option that does not exist
   */
  constructor(options: FrameworkOptions = {}) {
    checkOptionNames(options, { path: "", known: ["uuid", "properties", "logger", "clock"] });
    this.clock = options.clock ?? SYSTEM_CLOCK;
    this.uuid = options.uuid ?? this.clock.uuid();
    this.properties = { ...options.properties };
    this.logger = createSafeLogger(options.logger ?? SILENT);
    this.registry = new ServiceRegistry(this.logger, this.uuid);
    this.components = new ComponentRegistry(this.logger);
  }

  /** Installed bundles, in the order of installation. */
  get bundles(): readonly Bundle[] {
    return [...this.#bundles.values()];
  }

  /**
   * Installs a module as a bundle, without starting it.
   *
   * @throws {TypeError} if the name is missing, has spaces or is taken
   */
  installBundle(definition: BundleDefinition): Bundle {
    const { name } = definition;
    if (typeof name !== "string" || !/^\S+$/.test(name)) {
      const given = JSON.stringify(name);
      throw new TypeError(`Cannot install bundle ${given}: give it a name without spaces`);
    }
    if (this.bundles.some((bundle) => bundle.name === name)) {
      throw new TypeError(`Cannot install bundle ${name}: the name is taken; give another one`);
    }
    const emit = (event: BundleEvent) => this.#emit(event);
    const bundle = new InstalledBundle(this.#nextId++, definition, this, emit);
    this.#bundles.set(bundle.id, bundle);
    this.#emit({ type: "installed", bundle });
    return bundle;
  }

  /**
   * Starts every bundle in the order of installation, also after one of them fails.
   *
   * @throws {AggregateError} with the errors of the activators, after the last bundle
   */
  async start(): Promise<void> {
    await this.#forEach("start", this.bundles, (bundle) => bundle.start());
  }

  /**
   * Stops every bundle in reverse order, also after one of them fails, then unregisters
   * every service. May be called more than once.
   *
   * @throws {AggregateError} with the errors of the activators, after the last bundle
   */
  async stop(): Promise<void> {
    try {
      await this.#forEach("stop", [...this.bundles].reverse(), (bundle) => bundle.stop());
    } finally {
      this.registry.close();
    }
  }

  /** Same as {@link stop}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Adds a listener for changes of bundles. */
  addBundleListener(listener: BundleListener): Subscription {
    const own: BundleListener = (event) => listener(event);
    this.#listeners.add(own);
    return new Subscription(() => this.#listeners.delete(own));
  }

  /**
   * Returns the best service of an interface as soon as there is one.
   *
   * @throws {DOMException} `TimeoutError` if none comes in time; the signal's `reason`
   * unchanged
   * @throws {FilterSyntaxError} if the filter is an invalid string
   */
  waitForService<T extends object>(interfaceName: string, options?: WaitOptions): Promise<T> {
    return waitForService<T>(this.registry, interfaceName, { clock: this.clock, ...options });
  }

  async #forEach(
    verb: string,
    bundles: readonly Bundle[],
    step: (bundle: Bundle) => Promise<void>,
  ): Promise<void> {
    const errors: unknown[] = [];
    for (const bundle of bundles) {
      try {
        await step(bundle);
      } catch (cause) {
        const reason = toMessage(cause);
        errors.push(new Error(`Cannot ${verb} bundle ${bundle.name}: ${reason}`, { cause }));
      }
    }
    if (errors.length > 0) {
      throw new AggregateError(errors, errors.map(toMessage).join("; "));
    }
  }

  #emit(event: BundleEvent): void {
    const { type, bundle, error } = event;
    if (type === "uninstalled") this.#bundles.delete(bundle.id);
    if (type === "error") {
      this.logger.error(`Bundle ${bundle.name} failed: ${toMessage(error)}`, {
        bundle: bundle.name,
        error,
      });
    }
    const label = `A listener for "${type}" of bundle ${bundle.name}`;
    for (const listener of [...this.#listeners]) {
      void callUser(label, this.logger, () => listener(event));
    }
  }
}
