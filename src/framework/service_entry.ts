import type { ServiceOwner, ServiceProperties, ServiceReference } from "./service.ts";
import { ServiceFactory } from "./service_factory.ts";

/** A service that a user has got, and how often. */
interface Use {
  readonly service: object;
  count: number;
}

/** A registered service, as the registry holds it and others see it. */
export class Entry implements ServiceReference {
  readonly id: number;
  readonly owner: ServiceOwner;
  readonly interfaces: readonly [string, ...string[]];
  properties: ServiceProperties;
  isLeaving = false;
  readonly #service: object;
  readonly #uses = new Map<ServiceOwner, Use>();

  constructor(
    id: number,
    owner: ServiceOwner,
    interfaces: readonly [string, ...string[]],
    service: object,
    properties: ServiceProperties,
  ) {
    this.id = id;
    this.owner = owner;
    this.interfaces = interfaces;
    this.#service = service;
    this.properties = this.complete(properties);
  }

  /** The properties with those that are the registry's own. */
  complete(properties: ServiceProperties): ServiceProperties {
    return Object.freeze({
      ...properties,
      objectClass: this.interfaces,
      "service.id": this.id,
      "service.bundleid": this.owner.id,
      "service.scope": this.#service instanceof ServiceFactory ? this.#service.scope : "singleton",
    });
  }

  get users(): readonly ServiceOwner[] {
    return [...this.#uses.keys()];
  }

  /** The object for a user, who has it once more; a factory makes one for each. */
  get(user: ServiceOwner): object {
    const use = this.#uses.get(user) ?? { service: this.#make(user), count: 0 };
    use.count++;
    this.#uses.set(user, use);
    return use.service;
  }

  /** The object without a user; a factory has none to give. */
  peek(): object | undefined {
    return this.#service instanceof ServiceFactory ? undefined : this.#service;
  }

  /** Gives the object back, or all that a user has got; tells whether there was one. */
  unget(user: ServiceOwner, isAll = false): boolean {
    const use = this.#uses.get(user);
    if (use === undefined) return false;
    use.count--;
    if (use.count > 0 && !isAll) return true;
    this.#uses.delete(user);
    this.#dispose(user, use.service);
    return true;
  }

  /** A new object of a factory of scope `prototype`; undefined for all others. */
  getNew(user: ServiceOwner): object | undefined {
    const isPrototype = this.#service instanceof ServiceFactory &&
      this.#service.scope === "prototype";
    return isPrototype ? this.#make(user) : undefined;
  }

  /** Ends an object that {@link getNew} made. */
  ungetNew(user: ServiceOwner, service: object): void {
    this.#dispose(user, service);
  }

  #make(user: ServiceOwner): object {
    if (!(this.#service instanceof ServiceFactory)) return this.#service;
    const service: unknown = this.#service.getService(user);
    if (typeof service === "object" && service !== null) return service;
    throw new TypeError("it made no object");
  }

  #dispose(user: ServiceOwner, service: object): void {
    if (this.#service instanceof ServiceFactory) this.#service.ungetService(user, service);
  }
}
