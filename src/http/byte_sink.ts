/**
 * Collects the chunks of a body up to a limit. They are copied as they arrive: thousands of
 * one byte each would take far more memory than their bytes.
 */
export class ByteSink {
  readonly #maxBytes: number;
  #buffer = new ArrayBuffer(0);
  #length = 0;

  /** Creates an empty sink. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Number of bytes. */
  get length(): number {
    return this.#length;
  }

  /** Adds a chunk; returns whether it still fits. */
  add(chunk: Uint8Array): boolean {
    const total = this.#length + chunk.length;
    if (total > this.#maxBytes) return false;
    const size = this.#buffer.byteLength;
    // Frees the smaller buffer at once; a garbage collection may come many megabytes later.
    if (total > size) this.#buffer = this.#buffer.transfer(Math.max(total, 2 * size, 1024));
    new Uint8Array(this.#buffer).set(chunk, this.#length);
    this.#length = total;
    return true;
  }

  /** Returns what was collected; valid until the next call of {@link add}. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer, 0, this.#length);
  }

  /** Forgets what was collected and frees its memory. */
  clear(): void {
    this.#buffer = this.#buffer.transfer(0);
    this.#length = 0;
  }
}
