/** Something that several hold and that ends when the last lets go (OSGi's linked registrations). */
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

  /** Whether the last has let go, so that nobody can take hold again. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Takes hold, and gives the function that lets go; that may be called again. */
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
