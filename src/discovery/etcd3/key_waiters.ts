interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

/** Who waits for what is to become of a key. */
export class Waiters {
  readonly #waiters = new Map<string, Waiter[]>();

  /** The keys that somebody waits for. */
  get keys(): string[] {
    return [...this.#waiters.keys()];
  }

  /** Waits for a key, with others perhaps. */
  wait(key: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiters.set(key, [...this.#waiters.get(key) ?? [], { resolve, reject }]);
    return promise;
  }

  resolve(key: string): void {
    for (const waiter of this.#take(key)) waiter.resolve();
  }

  reject(key: string, error: Error): void {
    for (const waiter of this.#take(key)) waiter.reject(error);
  }

  rejectAll(error: Error): void {
    for (const key of this.keys) this.reject(key, error);
  }

  #take(key: string): Waiter[] {
    const waiters = this.#waiters.get(key) ?? [];
    this.#waiters.delete(key);
    return waiters;
  }
}
