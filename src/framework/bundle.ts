import type { Framework } from "./framework.ts";
import type {
  ServiceFilter,
  ServiceListener,
  ServiceObjects,
  ServiceOwner,
  ServiceProperties,
  ServiceReference,
  ServiceRegistration,
} from "./service.ts";

/** Where a bundle stands in its life (OSGi Core, 4.4.2). */
export type BundleState = "installed" | "starting" | "active" | "stopping" | "uninstalled";

/**
 * What a bundle does when it is started and stopped (OSGi Core, 4.4.6). One start or stop
 * comes after the other: an activator that waits for its own bundle's waits for ever.
 */
export interface BundleActivator {
  /** Registers services and begins to work; what it throws leaves the bundle stopped. */
  start?(context: BundleContext): void | Promise<void>;
  /** Ends what `start` began. Services, listeners and components go by themselves afterwards. */
  stop?(context: BundleContext): void | Promise<void>;
}

/** A module as a framework installs it. */
export interface BundleDefinition extends BundleActivator {
  /** Its symbolic name. */
  readonly name: string;
  /** Its version. @default "0.0.0" */
  readonly version?: string;
}

/** A change in the life of a bundle. */
export interface BundleEvent {
  /** What happened; `error` when an activator failed. */
  readonly type: "installed" | "started" | "stopped" | "uninstalled" | "error";
  /** The bundle. */
  readonly bundle: Bundle;
  /** What the activator threw. */
  readonly error?: unknown;
}

/** What a bundle, or a component in it, works with. What it registers and uses is its own. */
export class BundleContext {
  /** The bundle. */
  readonly bundle: ServiceOwner;
  /** The framework that the bundle is in. */
  readonly framework: Framework;
  readonly #cleanups = new Set<() => void>();

  /** Use {@link Framework.installBundle}, which makes one. */
  constructor(framework: Framework, bundle: ServiceOwner) {
    this.framework = framework;
    this.bundle = bundle;
  }

  /** Registers a service, which goes at the latest when the bundle stops. */
  registerService(
    interfaces: string | readonly string[],
    service: object,
    properties: ServiceProperties = {},
  ): ServiceRegistration {
    return this.framework.registry.register(interfaces, service, properties, this.bundle);
  }

  /** The best service of an interface, undefined when there is none. */
  getReference(interfaceName: string, filter?: ServiceFilter): ServiceReference | undefined {
    return this.framework.registry.getReferences(interfaceName, filter)[0];
  }

  /** The services of an interface, or all, best first. */
  getReferences(interfaceName?: string, filter?: ServiceFilter): ServiceReference[] {
    return this.framework.registry.getReferences(interfaceName, filter);
  }

  /** Gets a service for use, until it is given back or the bundle stops. */
  getService(reference: ServiceReference): object | undefined {
    return this.framework.registry.getService(reference, this.bundle);
  }

  /** Makes objects of a service of scope `prototype`. */
  getServiceObjects(reference: ServiceReference): ServiceObjects {
    return this.framework.registry.getServiceObjects(reference, this.bundle);
  }

  /** Gives a service back, and tells whether it was in use. */
  ungetService(reference: ServiceReference): boolean {
    return this.framework.registry.ungetService(reference, this.bundle);
  }

  /** Adds a listener, which goes with the bundle, and gives the function that removes it. */
  addServiceListener(listener: ServiceListener, filter?: ServiceFilter): () => void {
    const remove = this.framework.registry.addServiceListener(listener, filter);
    const forget = this.onStop(remove);
    return () => {
      forget();
      remove();
    };
  }

  /**
   * Adds what is to be done when the bundle has stopped, the last first, and gives the
   * function that takes it back.
   */
  onStop(cleanup: () => void): () => void {
    this.#cleanups.add(cleanup);
    return () => void this.#cleanups.delete(cleanup);
  }

  /** Ends what the bundle began, and releases its services. */
  release(): void {
    const cleanups = [...this.#cleanups].reverse();
    this.#cleanups.clear();
    for (const cleanup of cleanups) cleanup();
    this.framework.registry.release(this.bundle);
  }
}

/** A module in a framework. Made by {@link Framework.installBundle}. */
export class Bundle implements ServiceOwner {
  /** Its id; 0 is the framework. */
  readonly id: number;
  /** Its symbolic name. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  readonly #definition: BundleDefinition;
  readonly #context: BundleContext;
  readonly #tell: (event: BundleEvent) => void;
  #state: BundleState = "installed";
  #work: Promise<void> = Promise.resolve();

  /** Use {@link Framework.installBundle}. */
  constructor(
    id: number,
    definition: BundleDefinition,
    framework: Framework,
    tell: (event: BundleEvent) => void,
  ) {
    this.id = id;
    this.name = definition.name;
    this.version = definition.version ?? "0.0.0";
    this.#definition = definition;
    this.#context = new BundleContext(framework, this);
    this.#tell = tell;
  }

  /** Where it stands. */
  get state(): BundleState {
    return this.#state;
  }

  /**
   * Starts it; does nothing when it is active.
   *
   * @throws {Error} when it was uninstalled; whatever its activator throws, and then
   * nothing is left of it.
   */
  start(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#state === "active") return;
      if (this.#state === "uninstalled") {
        throw new Error(`Cannot start bundle ${this.name}: it was uninstalled`);
      }
      this.#state = "starting";
      try {
        await this.#definition.start?.(this.#context);
        this.#state = "active";
        this.#tell({ type: "started", bundle: this });
      } catch (error) {
        this.#release();
        this.#tell({ type: "error", bundle: this, error });
        throw error;
      }
    });
  }

  /**
   * Stops it and releases its services; does nothing when it is not active.
   *
   * @throws whatever its activator throws; it is stopped all the same.
   */
  stop(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#state !== "active") return;
      this.#state = "stopping";
      try {
        await this.#definition.stop?.(this.#context);
      } catch (error) {
        this.#tell({ type: "error", bundle: this, error });
        throw error;
      } finally {
        this.#release();
        this.#tell({ type: "stopped", bundle: this });
      }
    });
  }

  /** Stops it for good. May be repeated. */
  async uninstall(): Promise<void> {
    try {
      await this.stop();
    } finally {
      if (this.#state !== "uninstalled") {
        this.#state = "uninstalled";
        this.#tell({ type: "uninstalled", bundle: this });
      }
    }
  }

  #release(): void {
    this.#context.release();
    this.#state = "installed";
  }

  /** One start or stop after the other. */
  #inOrder(step: () => Promise<void>): Promise<void> {
    const work = this.#work.then(step);
    this.#work = work.catch(() => {}); // its caller has the error
    return work;
  }
}
