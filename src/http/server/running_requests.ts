/** Requests that are not answered yet. */
export class RunningRequests<T> {
  readonly #requests = new Set<T>();
  #idle: PromiseWithResolvers<void> | undefined;

  /** Number of requests. */
  get size(): number {
    return this.#requests.size;
  }

  /** Adds a request. */
  add(request: T): void {
    this.#requests.add(request);
  }

  /** Removes a request; returns whether it was there. */
  delete(request: T): boolean {
    if (!this.#requests.delete(request)) return false;
    if (this.#requests.size === 0) this.#idle?.resolve();
    return true;
  }

  /** Returns a copy of all requests. */
  list(): T[] {
    return [...this.#requests];
  }

  /** Resolves the next time that there is no request. */
  async whenIdle(): Promise<void> {
    while (this.#requests.size > 0) {
      this.#idle = Promise.withResolvers();
      await this.#idle.promise;
    }
  }
}
