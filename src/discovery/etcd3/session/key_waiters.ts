interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

/** Pending promises of callers that wait until etcd has what is desired, by key. */
export class KeyWaiters {
  readonly #waiters = new Map<string, Waiter[]>();

  /** Keys that a caller waits for. */
  get keys(): string[] {
    return [...this.#waiters.keys()];
  }

  /** Returns a promise that {@link resolve} or {@link reject} of the key settles. */
  wait(key: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiters.set(key, [...this.#waiters.get(key) ?? [], { resolve, reject }]);
    return promise;
  }

  /** Resolves the promises of a key. */
  resolve(key: string): void {
    for (const waiter of this.#take(key)) waiter.resolve();
  }

  /** Rejects the promises of a key. */
  reject(key: string, error: Error): void {
    for (const waiter of this.#take(key)) waiter.reject(error);
  }

  /** Rejects all promises. */
  rejectAll(error: Error): void {
    for (const key of this.keys) this.reject(key, error);
  }

  #take(key: string): Waiter[] {
    const waiters = this.#waiters.get(key) ?? [];
    this.#waiters.delete(key);
    return waiters;
  }
}
