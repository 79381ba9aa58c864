import {
  parseRanking,
  type ServiceOwner,
  type ServiceProperties,
  type ServiceReference,
} from "./service.ts";
import { type CreatedService, ServiceFactory } from "./service_factory.ts";

/** Use of a service by one bundle, with the number of times that it got the service. */
interface Use extends CreatedService {
  count: number;
}

/** A registered service as the registry stores it; its users see the reference. */
export class ServiceEntry implements ServiceReference {
  readonly id: number;
  readonly owner: ServiceOwner;
  readonly frameworkUuid: string | undefined;
  readonly interfaces: readonly [string, ...string[]];
  properties: ServiceProperties;
  /** Whether `unregistering` was emitted: the service is no longer found. */
  isLeaving = false;
  readonly #service: object;
  readonly #uses = new Map<ServiceOwner, Use>();
  readonly #prototypes = new Map<object, CreatedService>();

  constructor(
    id: number,
    owner: ServiceOwner,
    interfaces: readonly [string, ...string[]],
    service: object,
    properties: ServiceProperties,
    frameworkUuid: string | undefined,
  ) {
    this.id = id;
    this.frameworkUuid = frameworkUuid;
    this.owner = owner;
    this.interfaces = interfaces;
    this.#service = service;
    this.properties = this.complete(properties);
  }

  /**
   * Returns the properties together with those that the registry sets.
   *
   * @throws {TypeError} if two names differ only in letter case
   */
  complete(properties: ServiceProperties): ServiceProperties {
    return Object.freeze({
      ...normalizeProperties(properties),
      objectClass: this.interfaces,
      "service.id": this.id,
      "service.bundleid": this.owner.id,
      "service.scope": this.#service instanceof ServiceFactory ? this.#service.scope : "singleton",
    });
  }

  get users(): readonly ServiceOwner[] {
    return [...this.#uses.keys()];
  }

  /** Returns the object for a user and counts the use. */
  get(user: ServiceOwner): object {
    const use = this.#uses.get(user) ?? { ...this.#create(user), count: 0 };
    use.count++;
    this.#uses.set(user, use);
    return use.service;
  }

  /** Returns the object without counting a use; `undefined` for a factory. */
  peek(): object | undefined {
    return this.#service instanceof ServiceFactory ? undefined : this.#service;
  }

  /**
   * Takes back one use of a user. Returns what ends the object, which does nothing while
   * other uses remain; `undefined` if the user has none.
   */
  unget(user: ServiceOwner): (() => unknown) | undefined {
    const use = this.#uses.get(user);
    if (use === undefined) return undefined;
    use.count--;
    return use.count > 0 ? () => {} : this.ungetAll(user);
  }

  /** Takes back every use of a user; returns the function that ends the object. */
  ungetAll(user: ServiceOwner): (() => unknown) | undefined {
    const use = this.#uses.get(user);
    this.#uses.delete(user);
    return use?.end;
  }

  /** Returns a new object of a factory of scope `prototype`; `undefined` for all others. */
  getNew(user: ServiceOwner): object | undefined {
    if (!(this.#service instanceof ServiceFactory)) return undefined;
    if (this.#service.scope !== "prototype") return undefined;
    const created = this.#service.create(user);
    this.#prototypes.set(created.service, created);
    return created.service;
  }

  /** Ends an object that {@link getNew} returned. */
  ungetNew(service: object): unknown {
    const created = this.#prototypes.get(service);
    this.#prototypes.delete(service);
    return created?.end();
  }

  #create(user: ServiceOwner): CreatedService {
    if (this.#service instanceof ServiceFactory) return this.#service.create(user);
    return { service: this.#service, end: () => {} };
  }
}

/** Properties that the registry sets itself, in lower case. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  "objectclass",
  "service.id",
  "service.bundleid",
  "service.scope",
]);

/**
 * Copies properties without those that the registry sets itself, in whatever letter case they
 * are given. A ranking becomes a number under its usual name.
 */
function normalizeProperties(properties: ServiceProperties): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  const seen = new Map<string, string>();
  for (const [name, value] of Object.entries(properties)) {
    const lower = name.toLowerCase();
    const other = seen.get(lower);
    if (other !== undefined) {
      throw new TypeError(
        `Cannot use the properties ${other} and ${name}: they differ only in letter case; give one`,
      );
    }
    seen.set(lower, name);
    const ranking = lower === "service.ranking" ? parseRanking(value) : undefined;
    if (ranking !== undefined) copy["service.ranking"] = ranking;
    else if (!OWN_NAMES.has(lower)) setOwn(copy, name, value);
  }
  return copy;
}

/** Sets a property of an object, also one named `__proto__`. */
function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
