/**
 * Limits how many requests run at a time. Each successful {@link enter} needs one
 * {@link leave}.
 *
 * @example
 * ```ts
 * const gate = new Gate(1);
 * console.log(gate.enter(), gate.enter()); // true false
 * gate.leave();
 * ```
 */
export class Gate {
  readonly #limit: number;
  #running = 0;

  /**
   * Creates a gate.
   *
   * @throws {RangeError} if `limit` is below 1
   */
  constructor(limit: number) {
    if (!(limit >= 1)) throw new RangeError(`Cannot use the limit ${limit}: give 1 or more`);
    this.#limit = limit;
  }

  /** Takes a place; returns whether one was free. */
  enter(): boolean {
    if (this.#running >= this.#limit) return false;
    this.#running++;
    return true;
  }

  /** Frees a place. */
  leave(): void {
    this.#running--;
  }

  /** Holds a place for work that goes on after its caller was answered, until it ends. */
  async linger(work: Promise<unknown>): Promise<void> {
    this.#running++;
    try {
      await work;
    } catch {
      // The caller already has the error of its time-out.
    } finally {
      this.#running--;
    }
  }
}
