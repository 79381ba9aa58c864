import { callUser, type Clock, type Logger, Subscription } from "../util/mod.ts";
import type { ComponentRegistry } from "./component_registry.ts";
import type {
  ServiceFilter,
  ServiceListener,
  ServiceObjects,
  ServiceOwner,
  ServiceProperties,
  ServiceReference,
  ServiceRegistration,
  ServiceRegistry,
} from "./services/mod.ts";

/** State of a bundle (OSGi Core, 4.4.2). */
export type BundleState = "installed" | "starting" | "active" | "stopping" | "uninstalled";

/** A module in a framework, from {@link BundleFramework.installBundle}. */
export interface Bundle extends ServiceOwner {
  /** Id; 0 is the framework. */
  readonly id: number;
  /** Symbolic name. */
  readonly name: string;
  /** Version. */
  readonly version: string;
  /** Current state. */
  readonly state: BundleState;
  /**
   * Starts the bundle; does nothing if it is active.
   *
   * @throws {Error} if it was uninstalled; whatever its activator throws, and then
   * everything that the activator began is undone
   */
  start(): Promise<void>;
  /**
   * Stops the bundle and releases its services; does nothing if it is not active.
   *
   * @throws whatever its activator throws; the bundle is stopped all the same
   */
  stop(): Promise<void>;
  /** Stops the bundle and removes it from the framework. May be called more than once. */
  uninstall(): Promise<void>;
}

/** A change in the life of a bundle. */
export interface BundleEvent {
  /** Kind of the change; `error` if an activator failed. */
  readonly type: "installed" | "started" | "stopped" | "uninstalled" | "error";
  /** The bundle. */
  readonly bundle: Bundle;
  /** Error of the activator. */
  readonly error?: unknown;
}

/** Receives changes of bundles. May be async; errors and rejections are logged. */
export type BundleListener = (event: BundleEvent) => void;

/**
 * Code that runs when a bundle starts and stops (OSGi Core, 4.4.6). Starts and stops of one
 * bundle run one after the other: an activator that awaits its own bundle waits for ever.
 */
export interface BundleActivator {
  /** Registers services and begins to work. If it throws, the bundle stays stopped. */
  start?(context: BundleContext): void | Promise<void>;
  /** Ends what `start` began. Services, listeners and components end by themselves after it. */
  stop?(context: BundleContext): void | Promise<void>;
}

/** A module to install in a framework. */
export interface BundleDefinition extends BundleActivator {
  /** Symbolic name, without spaces. */
  readonly name: string;
  /** Version. @default "0.0.0" */
  readonly version?: string;
}

/** A framework as its bundles see it. */
export interface BundleFramework {
  /** `endpoint.framework.uuid` of exported services. */
  readonly uuid: string;
  /** Configuration of the framework and its bundles. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Services of the framework. */
  readonly registry: ServiceRegistry;
  /** Components and component factories of the framework. */
  readonly components: ComponentRegistry;
  /** Installed bundles, in the order of installation. */
  readonly bundles: readonly Bundle[];
  /** Receives failures that no caller can get as an error; never throws. */
  readonly logger: Logger;
  /** Time and randomness. */
  readonly clock: Clock;
  /**
   * Installs a module as a bundle, without starting it.
   *
   * @throws {TypeError} if the name is missing, has spaces or is taken
   */
  installBundle(definition: BundleDefinition): Bundle;
  /** Adds a listener for changes of bundles. */
  addBundleListener(listener: BundleListener): Subscription;
}

/**
 * The framework as one bundle uses it. Everything that the bundle registers and uses
 * through its context ends when the bundle stops.
 *
 * @example
 * ```ts
 * import { Framework } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * const framework = new Framework();
 * const bundle = framework.installBundle({
 *   name: "com.example.lamps",
 *   start(context) {
 *     context.registerService("com.example.Lamp", {});
 *     context.onStop(() => console.log("switched off"));
 *   },
 * });
 * await bundle.start();
 * await bundle.stop();
 * assert.deepEqual(framework.registry.getReferences(), []);
 * ```
 */
export class BundleContext {
  /** The bundle. */
  readonly bundle: ServiceOwner;
  /** Framework of the bundle. */
  readonly framework: BundleFramework;
  readonly #cleanups = new Set<() => unknown>();

  /** Called by {@link BundleFramework.installBundle}. */
  constructor(framework: BundleFramework, bundle: ServiceOwner) {
    this.framework = framework;
    this.bundle = bundle;
  }

  /** Registers a service, which ends at the latest when the bundle stops. */
  registerService(
    interfaces: string | readonly string[],
    service: object,
    properties: ServiceProperties = {},
  ): ServiceRegistration {
    return this.framework.registry.register(interfaces, service, properties, this.bundle);
  }

  /** Returns the best service of an interface; `undefined` if none exists. */
  getReference(interfaceName: string, filter?: ServiceFilter): ServiceReference | undefined {
    return this.framework.registry.getReferences(interfaceName, filter)[0];
  }

  /** Returns the services of an interface, or all, best first. */
  getReferences(interfaceName?: string, filter?: ServiceFilter): ServiceReference[] {
    return this.framework.registry.getReferences(interfaceName, filter);
  }

  /** Returns the object of a service, in use until the bundle ungets it or stops. */
  getService(reference: ServiceReference): object | undefined {
    return this.framework.registry.getService(reference, this.bundle);
  }

  /** Returns the source of new objects of a service of scope `prototype`. */
  getServiceObjects(reference: ServiceReference): ServiceObjects {
    return this.framework.registry.getServiceObjects(reference, this.bundle);
  }

  /** Takes back one use of a service; returns whether it was in use. */
  ungetService(reference: ServiceReference): boolean {
    return this.framework.registry.ungetService(reference, this.bundle);
  }

  /** Adds a listener for services, which ends at the latest when the bundle stops. */
  addServiceListener(listener: ServiceListener, filter?: ServiceFilter): Subscription {
    const subscription = this.framework.registry.addServiceListener(listener, filter);
    const cleanup = this.onStop(() => subscription.close());
    return new Subscription(() => {
      cleanup.close();
      subscription.close();
    });
  }

  /**
   * Adds a function to call after the bundle has stopped, the last added first. May be
   * async: the stop waits for it. Its errors are logged.
   */
  onStop(cleanup: () => void): Subscription {
    this.#cleanups.add(cleanup);
    return new Subscription(() => this.#cleanups.delete(cleanup));
  }

  /** Ends what the bundle began and releases its services. Called when the bundle stops. */
  async release(): Promise<void> {
    const cleanups = [...this.#cleanups].reverse();
    this.#cleanups.clear();
    const { logger, registry } = this.framework;
    for (const cleanup of cleanups) {
      await callUser(`A cleanup of bundle ${this.bundle.name}`, logger, cleanup);
    }
    registry.release(this.bundle);
  }
}
