import type { RequirementStatus } from "./component.ts";
import type { Injected, Requirement, Requirements } from "./requirement.ts";
import { type ServiceOwner, type ServiceRegistry, ServiceTracker } from "./services/mod.ts";

/** Tracks the services for the requirements of a component. */
export class RequirementTracker<R extends Requirements> implements Disposable {
  readonly #requires: Requirements;
  readonly #trackers = new Map<string, ServiceTracker>();

  constructor(requires: R | undefined) {
    this.#requires = requires ?? {};
  }

  /**
   * Tracks the services from now on.
   *
   * @param onChange called when a service comes, changes or ends
   * @throws {FilterSyntaxError} if a filter is an invalid string
   */
  open(registry: ServiceRegistry, user: ServiceOwner, onChange: () => void): void {
    const callbacks = { onAdded: onChange, onModified: onChange, onRemoved: onChange };
    for (const [name, { interface: wanted, filter }] of this.#entries()) {
      const options = { filter, user, ...callbacks };
      this.#trackers.set(name, ServiceTracker.open(registry, wanted, options));
    }
  }

  /** Requirements with the services that meet them. */
  get statuses(): readonly RequirementStatus[] {
    return this.#entries().map(([name, requirement]) => ({
      name,
      requirement,
      references: this.#trackers.get(name)?.references ?? [],
    }));
  }

  /** Returns the names of the mandatory requirements that no service meets, except `own`. */
  findMissing(own: unknown): readonly string[] {
    return this.#entries()
      .filter(([name, { optional }]) => !optional && !this.#isMet(name, own))
      .map(([name]) => name);
  }

  /** Returns what to inject; `own` is left out, since a component does not use itself. */
  gather(own: unknown): Injected<R> {
    const entries = this.#entries().map(([name, requirement]) =>
      [name, requirement.select(this.#findServices(name, requirement, own))] as const
    );
    // Each value is what the requirement of that name selected, as `Injected` says.
    return Object.fromEntries(entries) as Injected<R>;
  }

  /** Stops tracking. */
  [Symbol.dispose](): void {
    for (const tracker of this.#trackers.values()) tracker.close();
  }

  #entries() {
    return Object.entries(this.#requires);
  }

  /** Returns all services of an aggregate, or the best one, without `own`. */
  #findServices(name: string, { aggregate }: Requirement, own: unknown): readonly object[] {
    const tracker = this.#trackers.get(name);
    const best = tracker?.service;
    if (tracker === undefined || best === undefined) return [];
    if (!aggregate && best !== own) return [best];
    const { services } = tracker;
    const all: readonly unknown[] = services;
    return all.includes(own) ? services.filter((service) => service !== own) : services;
  }

  #isMet(name: string, own: unknown): boolean {
    const tracker = this.#trackers.get(name);
    const best = tracker?.service;
    if (tracker === undefined || best === undefined) return false;
    return best !== own || tracker.services.length > 1;
  }
}
