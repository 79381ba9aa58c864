import { checkOptionNames } from "../../util/mod.ts";
import type { ServiceOwner } from "./service.ts";

/** Settings of a {@link ServiceFactory}. */
export interface ServiceFactoryOptions<T extends object> {
  /**
   * `bundle`: one object for each bundle; `prototype`: also one for each call of
   * `getServiceObjects`. @default "bundle"
   */
  readonly scope?: "bundle" | "prototype";
  /** Creates the object for a user. */
  readonly getService: (user: ServiceOwner) => T;
  /** Ends an object that its user no longer uses. May be async; errors are logged. */
  readonly ungetService?: (user: ServiceOwner, service: T) => void;
}

/** An object that a factory created, with the function that ends it. */
export interface CreatedService {
  /** The object. */
  readonly service: object;
  /** Ends the object; returns what the user's function returns. */
  readonly end: () => unknown;
}

/**
 * Registered in place of a service, creates one object for each bundle that uses it (OSGi
 * Core, 5.9 and 5.10). Users get the objects, never the factory.
 *
 * @example
 * ```ts
 * import { Framework, ServiceFactory } from "@remote-services/etcd3/framework";
 * import assert from "node:assert/strict";
 *
 * const { registry } = new Framework();
 * const { reference } = registry.register(
 *   "com.example.Session",
 *   new ServiceFactory({ getService: (user) => ({ owner: user.name }) }),
 * );
 * assert.deepEqual(registry.getService(reference, { id: 7, name: "shop" }), { owner: "shop" });
 * ```
 */
export class ServiceFactory<T extends object = object> {
  /** `service.scope` of the service. */
  readonly scope: "bundle" | "prototype";
  readonly #options: ServiceFactoryOptions<T>;

  /**
   * Creates a factory; it creates no object yet.
   *
   * @throws {TypeError} on an option that does not exist
   */
  constructor(options: ServiceFactoryOptions<T>) {
    checkOptionNames(options, { path: "", known: ["scope", "getService", "ungetService"] });
    this.scope = options.scope ?? "bundle";
    this.#options = options;
  }

  /**
   * Creates the object for a user.
   *
   * @throws {TypeError} if the user's function returns no object, or a promise
   */
  create(user: ServiceOwner): CreatedService {
    const service = this.#options.getService(user);
    checkService(service, "the factory returned");
    return { service, end: () => this.#options.ungetService?.(user, service) };
  }
}

/**
 * Checks that a value can be a service.
 *
 * @throws {TypeError} if it is no object, or a promise
 */
export function checkService(service: unknown, label: string): asserts service is object {
  if (service instanceof Promise) {
    throw new TypeError(`${label} a promise; await it and give the object that it resolves to`);
  }
  if ((typeof service !== "object" && typeof service !== "function") || service === null) {
    throw new TypeError(`${label} ${String(service)}; give an object`);
  }
}
