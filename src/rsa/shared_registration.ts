/** Value with several holders that ends with the last one (OSGi's linked registrations). */
export class Shared<T> {
  readonly value: T;
  readonly #onLast: () => void | Promise<void>;
  #holders = 0;
  #isEnded = false;
  #ending: void | Promise<void> = undefined;

  /** @param onLast ends it; called once */
  constructor(value: T, onLast: () => void | Promise<void>) {
    this.value = value;
    this.#onLast = onLast;
  }

  /** Whether the last holder has released it; it can't be held again. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Holds it. Returns the function that releases it, which may be called more than once. */
  hold(): () => void | Promise<void> {
    this.#holders++;
    let isHeld = true;
    return () => {
      if (!isHeld) return this.#ending;
      isHeld = false;
      if (--this.#holders === 0) {
        this.#isEnded = true;
        this.#ending = this.#onLast();
      }
      return this.#ending;
    };
  }
}
