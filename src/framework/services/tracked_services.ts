import { compareReferences, readRanking, type ServiceReference } from "./service.ts";

/** A tracked service with the ranking by which it was sorted. */
interface Tracked<T> {
  readonly reference: ServiceReference;
  readonly service: T;
  ranking: number;
}

/**
 * Services of a tracker, best first. A new service usually comes last and one that ends is
 * cut out, so that the list is sorted again only if a ranking changes: with 10,000 services
 * a sort for each event takes 15 s in total.
 */
export class TrackedServices<T> {
  readonly #byReference = new Map<ServiceReference, Tracked<T>>();
  readonly #sorted: Tracked<T>[] = [];
  #isSorted = true;

  /** Returns the object of a service; `undefined` if it is not tracked. */
  get(reference: ServiceReference): T | undefined {
    return this.#byReference.get(reference)?.service;
  }

  /** Adds a service. */
  add(reference: ServiceReference, service: T): void {
    const tracked = { reference, service, ranking: readRanking(reference.properties) };
    const last = this.#sorted.at(-1);
    if (last !== undefined && compareReferences(last.reference, reference) > 0) {
      this.#isSorted = false;
    }
    this.#byReference.set(reference, tracked);
    this.#sorted.push(tracked);
  }

  /** Records that the properties of a service have changed. */
  update(reference: ServiceReference): void {
    const tracked = this.#byReference.get(reference);
    const ranking = readRanking(reference.properties);
    if (tracked === undefined || tracked.ranking === ranking) return;
    tracked.ranking = ranking;
    this.#isSorted = false;
  }

  /** Removes a service. */
  delete(reference: ServiceReference): void {
    const tracked = this.#byReference.get(reference);
    if (tracked === undefined) return;
    this.#byReference.delete(reference);
    this.#sorted.splice(this.#sorted.indexOf(tracked), 1);
  }

  /** The best service; `undefined` if none is tracked. */
  get best(): T | undefined {
    return this.#sort()[0]?.service;
  }

  /** References, best first. */
  get references(): readonly ServiceReference[] {
    return this.#sort().map(({ reference }) => reference);
  }

  /** Objects, best first. */
  get services(): readonly T[] {
    return this.#sort().map(({ service }) => service);
  }

  #sort(): readonly Tracked<T>[] {
    if (!this.#isSorted) {
      this.#sorted.sort((a, b) => compareReferences(a.reference, b.reference));
    }
    this.#isSorted = true;
    return this.#sorted;
  }
}
