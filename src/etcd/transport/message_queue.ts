/** How a queue ended. */
type End = { readonly kind: "done" } | { readonly kind: "failed"; readonly error: unknown };

/**
 * Queue between one producer and one async iteration. The messages come out in order, then
 * the end. The first end counts; messages after it are dropped.
 *
 * @example
 * ```ts
 * const queue = new MessageQueue<string>();
 * queue.push("a");
 * queue.push("b");
 * queue.end();
 * console.log((await Array.fromAsync(queue)).join(" ")); // a b
 * ```
 */
export class MessageQueue<T> implements AsyncIterableIterator<T> {
  readonly #messages: T[] = [];
  #end: End | undefined;
  #wake: (() => void) | undefined;

  /** Number of messages that were not taken yet. */
  get length(): number {
    return this.#messages.length;
  }

  /** Whether the queue was ended. */
  get isEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Adds a message. */
  push(message: T): void {
    if (this.#end !== undefined) return;
    this.#messages.push(message);
    this.#wake?.();
  }

  /** Ends the queue; the iteration ends after the last message. */
  end(): void {
    this.#setEnd({ kind: "done" });
  }

  /** Ends the queue; the iteration throws the error after the last message. */
  fail(error: unknown): void {
    this.#setEnd({ kind: "failed", error });
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    while (true) {
      const message = this.#messages.shift();
      if (message !== undefined) return { done: false, value: message };
      if (this.#end?.kind === "failed") throw this.#end.error;
      if (this.#end?.kind === "done") return { done: true, value: undefined };
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#wake = undefined;
    }
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#messages.length = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #setEnd(end: End): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#wake?.();
  }
}
