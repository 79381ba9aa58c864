import type { ServiceOwner } from "./service.ts";

/** How a {@link ServiceFactory} makes services. */
export interface ServiceFactoryOptions<T extends object> {
  /**
   * `bundle`: one object for each bundle; `prototype`: besides, one for each call of
   * `getServiceObjects`. @default "bundle"
   */
  readonly scope?: "bundle" | "prototype";
  /** Makes the object for a user. */
  readonly getService: (user: ServiceOwner) => T;
  /** Ends an object that its user has given back. */
  readonly ungetService?: (user: ServiceOwner, service: T) => void;
}

/**
 * Registered in place of a service, it makes one for each bundle that uses it (OSGi
 * Core, 5.9 and 5.10). Others see the objects only.
 */
export class ServiceFactory<T extends object = object> {
  /** `service.scope` of what is registered. */
  readonly scope: "bundle" | "prototype";
  readonly #options: ServiceFactoryOptions<T>;

  /** Makes a factory; nothing is made yet. */
  constructor(options: ServiceFactoryOptions<T>) {
    this.scope = options.scope ?? "bundle";
    this.#options = options;
  }

  /** Makes the object for a user. */
  getService(user: ServiceOwner): object {
    return this.#options.getService(user);
  }

  /** Ends an object that its user has given back. */
  ungetService(user: ServiceOwner, service: object): void {
    this.#options.ungetService?.(user, service as T);
  }
}
