/**
 * A queue between one producer and one async iteration: messages come out in
 * order, then the end. The first `end` wins and what comes after it is dropped.
 */
export class MessageQueue<T> implements AsyncIterableIterator<T> {
  readonly #messages: T[] = [];
  #end: { readonly error: unknown } | { readonly error?: never } | undefined;
  #wake: (() => void) | undefined;

  /** Number of messages nobody has taken yet. */
  get length(): number {
    return this.#messages.length;
  }

  /** Whether `end` was called. */
  get isEnded(): boolean {
    return this.#end !== undefined;
  }

  push(message: T): void {
    if (this.#end !== undefined) return;
    this.#messages.push(message);
    this.#wake?.();
  }

  /** Ends the queue; with an error, the iteration throws it after the last message. */
  end(...error: [] | [unknown]): void {
    if (this.#end !== undefined) return;
    this.#end = error.length === 0 ? {} : { error: error[0] };
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    while (true) {
      const message = this.#messages.shift();
      if (message !== undefined) return { done: false, value: message };
      if (this.#end !== undefined) {
        if ("error" in this.#end) throw this.#end.error;
        return { done: true, value: undefined };
      }
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
}
