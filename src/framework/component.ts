import type { BundleContext } from "./bundle.ts";
import { messageOf } from "../util/mod.ts";
import type { ServiceFilter, ServiceProperties, ServiceRegistration } from "./service.ts";
import { ServiceTracker } from "./service_tracker.ts";

/** A service that a component needs. */
export interface Requirement {
  /** The interface. */
  readonly interface: string;
  /** Which of its services. @default any */
  readonly filter?: ServiceFilter;
  /** Whether the component is valid without it. @default false */
  readonly optional?: boolean;
  /** Whether it gets all of them, best first, instead of the best. @default false */
  readonly aggregate?: boolean;
}

/** What a component is given: a service, or a list of them, for each requirement. */
export type Injected<R> = {
  readonly [Name in keyof R]: R[Name] extends { aggregate: true } ? readonly object[]
    : R[Name] extends { optional: true } ? object | undefined
    : object;
};

/**
 * A part of a program that lives while the services it needs are there: the
 * counterpart of iPOPO's components (OSGi Compendium, chapter 112 in spirit).
 */
export interface ComponentDefinition<
  R extends Readonly<Record<string, Requirement>> = Readonly<Record<string, Requirement>>,
> {
  /** Its name, for messages. */
  readonly name: string;
  /** What it needs, by the names under which it is given. @default nothing */
  readonly requires?: R;
  /** Interfaces under which the instance is registered while it is valid. @default none */
  readonly provides?: string | readonly string[];
  /** Properties of what it provides. */
  readonly properties?: ServiceProperties;
  /**
   * Called when everything mandatory is there; gives the instance, or nothing when
   * nothing is provided. What it throws is logged, and the component stays invalid
   * until its services change.
   */
  validate(services: Injected<R>): object | void;
  /** Called when something mandatory goes, or the component is closed. */
  invalidate?(instance: object | undefined): void;
  /**
   * Called when a valid component is given other services, such as a better one.
   * Without it the component is invalidated and validated anew.
   */
  rebind?(services: Injected<R>, instance: object | undefined): void;
}

/** A component at work. */
export interface Component extends Disposable {
  /** Its name. */
  readonly name: string;
  /** Whether all that it needs is there and `validate` went well. */
  readonly isValid: boolean;
  /** Invalidates it for good. May be repeated. */
  close(): void;
}

/**
 * Sets a component to work in a bundle: it is validated at once, or when the last of
 * its mandatory services comes. It ends with its bundle.
 *
 * @throws {FilterSyntaxError} when a requirement's filter is a text that is none.
 */
export function createComponent<R extends Readonly<Record<string, Requirement>>>(
  context: BundleContext,
  definition: ComponentDefinition<R>,
): Component {
  return new Instance(context, definition as unknown as ComponentDefinition);
}

/** So often a component follows its own changes before that is taken for a circle. */
const MAX_ROUNDS = 50;

class Instance implements Component {
  readonly name: string;
  readonly #context: BundleContext;
  readonly #definition: ComponentDefinition;
  readonly #trackers = new Map<string, ServiceTracker>();
  readonly #forget: () => void;
  #services: Readonly<Record<string, unknown>> = {};
  #object: object | undefined;
  #registration: ServiceRegistration | undefined;
  #isValid = false;
  #isClosed = false;
  #isUpdating = false;
  #isOutdated = false;
  #isReady = false;

  constructor(context: BundleContext, definition: ComponentDefinition) {
    this.name = definition.name;
    this.#context = context;
    this.#definition = definition;
    const { registry } = context.framework;
    for (const [name, { interface: wanted, filter }] of Object.entries(definition.requires ?? {})) {
      const onChange = () => this.#update();
      this.#trackers.set(
        name,
        new ServiceTracker(registry, wanted, {
          ...(filter === undefined ? {} : { filter }),
          user: context.bundle,
          ...{ onAdded: onChange, onModified: onChange, onRemoved: onChange },
        }),
      );
    }
    this.#isReady = true;
    this.#forget = context.onStop(() => this.close());
    this.#update();
  }

  get isValid(): boolean {
    return this.#isValid;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#forget();
    if (!this.#isUpdating) this.#invalidate();
    for (const tracker of this.#trackers.values()) tracker.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Brings the component in line with what is there, also with what that itself changes. */
  #update(): void {
    if (!this.#isReady) return;
    this.#isOutdated = true;
    if (this.#isUpdating) return; // the update that is under way goes on
    this.#isUpdating = true;
    try {
      this.#settle();
    } finally {
      this.#isUpdating = false;
    }
    if (this.#isClosed) this.#invalidate();
  }

  #settle(): void {
    for (let round = 0; this.#isOutdated && !this.#isClosed; round++) {
      this.#isOutdated = false;
      if (round < MAX_ROUNDS) this.#step();
      else {
        this.#invalidate();
        this.#context.framework.report(
          `Component ${this.name} stays invalid: it depends on itself in a circle; give it a rebind`,
        );
        return;
      }
    }
  }

  #step(): void {
    const services = this.#gather();
    if (services === undefined) return this.#invalidate();
    if (!this.#isValid) return this.#validate(services);
    if (isSame(services, this.#services)) return;
    this.#services = services;
    if (this.#definition.rebind !== undefined) {
      this.#attempt("rebind", () => this.#definition.rebind?.(services as never, this.#object));
    } else {
      this.#invalidate();
      this.#validate(services);
    }
  }

  /** What is there for each requirement; undefined when something mandatory is missing. */
  #gather(): Readonly<Record<string, unknown>> | undefined {
    const services: Record<string, unknown> = {};
    for (const [name, requirement] of Object.entries(this.#definition.requires ?? {})) {
      const tracked = this.#trackers.get(name)?.services ?? [];
      const found = tracked.filter((service) => service !== this.#object);
      if (found.length === 0 && !requirement.optional) return undefined;
      services[name] = requirement.aggregate ? found : found[0];
    }
    return services;
  }

  #validate(services: Readonly<Record<string, unknown>>): void {
    this.#services = services;
    const { provides, properties = {} } = this.#definition;
    this.#attempt("validate", () => {
      this.#object = this.#definition.validate(services as never) ?? undefined;
      if (provides !== undefined) {
        const service = this.#object ?? this.#definition;
        this.#registration = this.#context.registerService(provides, service, properties);
      }
      this.#isValid = true;
    });
    if (!this.#isValid) this.#object = undefined;
  }

  #invalidate(): void {
    if (!this.#isValid) return;
    this.#isValid = false;
    this.#registration?.unregister();
    this.#registration = undefined;
    const object = this.#object;
    this.#object = undefined;
    this.#attempt("invalidate", () => this.#definition.invalidate?.(object));
  }

  #attempt(what: string, step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#context.framework.report(
        `Component ${this.name} failed to ${what}: ${messageOf(error)}`,
      );
    }
  }
}

function isSame(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>) {
  return Object.entries(a).every(([name, value]) => {
    const other = b[name];
    if (!Array.isArray(value) || !Array.isArray(other)) return value === other;
    return value.length === other.length && value.every((item, index) => item === other[index]);
  });
}
