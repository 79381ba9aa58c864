import { type Linked, LinkedList } from "../../../util/mod.ts";

/** A request in the list. */
export interface RunningRequest<T> extends Linked<RunningRequest<T>> {
  readonly request: T;
  isRunning: boolean;
}

/** Requests that are not answered yet. */
export class RunningRequests<T> {
  readonly #requests = new LinkedList<RunningRequest<T>>();
  #size = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  /** Number of requests. */
  get size(): number {
    return this.#size;
  }

  /** Adds a request. */
  add(request: T): RunningRequest<T> {
    const running = { request, isRunning: true, previous: undefined, next: undefined };
    this.#requests.add(running);
    this.#size++;
    return running;
  }

  /** Removes a request; returns whether it was there. */
  delete(running: RunningRequest<T>): boolean {
    if (!running.isRunning) return false;
    running.isRunning = false;
    this.#requests.delete(running);
    if (--this.#size === 0) this.#idle?.resolve();
    return true;
  }

  /** Returns a copy of all requests. */
  list(): T[] {
    const requests = [];
    for (let next = this.#requests.first; next; next = next.next) requests.push(next.request);
    return requests;
  }

  /** Resolves the next time that there is no request. */
  async whenIdle(): Promise<void> {
    while (this.#size > 0) {
      this.#idle = Promise.withResolvers();
      await this.#idle.promise;
    }
  }
}
