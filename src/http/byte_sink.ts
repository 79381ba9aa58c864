/**
 * Collects the chunks of a body up to a limit. They are copied as they arrive: thousands of
 * one byte each would take far more memory than their bytes.
 */
export class ByteSink {
  readonly #maxBytes: number;
  #bytes = new Uint8Array(0);
  #length = 0;

  /** Creates an empty sink. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Adds a chunk; returns whether it still fits. */
  add(chunk: Uint8Array): boolean {
    const total = this.#length + chunk.length;
    if (total > this.#maxBytes) return false;
    if (total > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(total, 2 * this.#bytes.length, 1024));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = total;
    return true;
  }

  /** Returns what was collected. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }
}
