import { Bundle, type BundleDefinition, type BundleEvent } from "./bundle.ts";
import { type Logger, messageOf, SILENT } from "../util/mod.ts";
import { ServiceRegistry } from "./registry.ts";
import { waitForService, type WaitOptions } from "./service_tracker.ts";

/** Settings of a {@link Framework}. */
export interface FrameworkOptions {
  /** The framework's id, a UUID. @default a random one */
  readonly uuid?: string;
  /** What it and its bundles are configured with. @default none */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** Hears of listeners and activators that fail. @default silent */
  readonly logger?: Logger;
}

/** Hears of bundles; what it throws is logged and harms nobody. */
export type BundleListener = (event: BundleEvent) => void;

/** One OSGi-like framework: an identity, properties, bundles and a service registry. */
export class Framework implements AsyncDisposable {
  /** `endpoint.framework.uuid` of what it exports. */
  readonly uuid: string;
  /** What it was configured with. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Its services. */
  readonly registry: ServiceRegistry;
  readonly #logger: Logger;
  readonly #bundles = new Map<number, Bundle>();
  readonly #listeners = new Set<BundleListener>();
  #nextId = 1;

  /** Makes a framework without bundles and services. */
  constructor(options: FrameworkOptions = {}) {
    this.uuid = options.uuid ?? crypto.randomUUID();
    this.properties = { ...options.properties };
    this.#logger = options.logger ?? SILENT;
    this.registry = new ServiceRegistry(this.#logger);
  }

  /** The bundles, in the order in which they were installed. */
  get bundles(): readonly Bundle[] {
    return [...this.#bundles.values()];
  }

  /**
   * Installs a module as a bundle, which does not start it.
   *
   * @throws {TypeError} when it has no name, or the name of one that is there.
   */
  installBundle(definition: BundleDefinition): Bundle {
    const { name } = definition;
    if (typeof name !== "string" || !/^\S+$/.test(name)) {
      throw new TypeError(`Cannot install a bundle as ${JSON.stringify(name)}: give it a name`);
    }
    if (this.bundles.some((bundle) => bundle.name === name)) {
      throw new TypeError(`Cannot install bundle ${name}: there is one of that name`);
    }
    const bundle = new Bundle(this.#nextId++, definition, this, (event) => this.#tell(event));
    this.#bundles.set(bundle.id, bundle);
    this.#tell({ type: "installed", bundle });
    return bundle;
  }

  /**
   * Starts every bundle in the order of installation. One that fails does not keep the
   * others from starting.
   *
   * @throws {AggregateError} of what activators threw, when all have been tried.
   */
  async start(): Promise<void> {
    await this.#each("start", this.bundles, (bundle) => bundle.start());
  }

  /**
   * Stops every bundle in reverse order, then takes out every service. One that fails
   * does not keep the others from stopping. May be repeated.
   *
   * @throws {AggregateError} of what activators threw, when all have been stopped.
   */
  async stop(): Promise<void> {
    try {
      await this.#each("stop", [...this.bundles].reverse(), (bundle) => bundle.stop());
    } finally {
      this.close();
    }
  }

  /** Same as {@link stop}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Adds a listener and gives the function that removes it. */
  addBundleListener(listener: BundleListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The best service of an interface, as soon as there is one.
   *
   * @throws {DOMException} `TimeoutError` when there is none in time; the signal's
   * `reason` as it is.
   */
  waitForService<T extends object>(interfaceName: string, options?: WaitOptions): Promise<T> {
    return waitForService<T>(this.registry, interfaceName, options);
  }

  /** Logs what failed where nobody can be told by an error. */
  report(failure: string): void {
    this.#logger.error(failure);
  }

  /** Takes out every service. May be repeated. */
  close(): void {
    this.registry.close();
  }

  async #each(
    verb: string,
    bundles: readonly Bundle[],
    step: (bundle: Bundle) => Promise<void>,
  ): Promise<void> {
    const errors: unknown[] = [];
    for (const bundle of bundles) {
      try {
        await step(bundle);
      } catch (error) {
        errors.push(new Error(`Bundle ${bundle.name} failed to ${verb}`, { cause: error }));
      }
    }
    if (errors.length > 0) {
      throw new AggregateError(errors, `${errors.length} bundles failed to ${verb}`);
    }
  }

  #tell(event: BundleEvent): void {
    const { type, bundle, error } = event;
    if (type === "uninstalled") this.#bundles.delete(bundle.id);
    if (type === "error") this.#logger.error(`Bundle ${bundle.name} failed: ${messageOf(error)}`);
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error(
          `A bundle listener failed on ${type} of ${bundle.name}: ${messageOf(error)}`,
        );
      }
    }
  }
}
