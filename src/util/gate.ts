/** Lets in so many at a time and no more. */
export class Gate {
  readonly #limit: number;
  #inside = 0;

  constructor(limit: number) {
    if (!(limit >= 1)) throw new RangeError(`Cannot use the limit ${limit}: give 1 or more`);
    this.#limit = limit;
  }

  /** Goes in, and tells whether there was room; who is in must leave once. */
  enter(): boolean {
    if (this.#inside >= this.#limit) return false;
    this.#inside++;
    return true;
  }

  /** Goes out. */
  leave(): void {
    this.#inside--;
  }

  /** Counts what goes on after its caller was answered, until it ends. */
  async linger(work: Promise<unknown>): Promise<void> {
    this.#inside++;
    try {
      await work;
    } catch {
      // The caller was told that time ran out, and has gone.
    } finally {
      this.#inside--;
    }
  }

  /** The answer to who does not get in. */
  refusal(): Response {
    return new Response("The server is busy\n", { status: 503, headers: { "retry-after": "1" } });
  }
}
