/** First block, so that a small body takes little. */
const FIRST_BYTES = 1024;
/** Largest block. */
const BLOCK_BYTES = 65_536;

/**
 * Collects the chunks of a body up to a limit. They are copied as they arrive: thousands of
 * one byte each would take far more memory than their bytes. The copies are in blocks, which a
 * longer body adds to; one buffer that grows would take three times its bytes while it does.
 */
export class ByteSink {
  readonly #maxBytes: number;
  /** Full blocks; together with the filled part of the last one they are the body. */
  readonly #full: Uint8Array<ArrayBuffer>[] = [];
  #last: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** Number of bytes in the last block. */
  #filled = 0;
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
    if (this.#length + chunk.length > this.#maxBytes) return false;
    for (let at = 0; at < chunk.length;) {
      if (this.#filled === this.#last.length) this.#addBlock(chunk.length - at);
      const part = chunk.subarray(at, at + this.#last.length - this.#filled);
      this.#last.set(part, this.#filled);
      this.#filled += part.length;
      this.#length += part.length;
      at += part.length;
    }
    return true;
  }

  /** Returns what was collected in parts; valid until the next call of another method. */
  toParts(): readonly Uint8Array<ArrayBuffer>[] {
    return [...this.#full, this.#last.subarray(0, this.#filled)];
  }

  /** Returns what was collected; valid until the next call of another method. */
  toBytes(): Uint8Array<ArrayBuffer> {
    if (this.#full.length > 0) {
      const bytes = new Uint8Array(this.#length);
      let at = 0;
      for (const part of this.toParts()) {
        bytes.set(part, at);
        at += part.length;
        free(part); // at once; a garbage collection may come many megabytes later
      }
      this.#full.length = 0;
      this.#last = bytes;
      this.#filled = at;
    }
    return this.#last.subarray(0, this.#filled);
  }

  /** Forgets what was collected and frees its memory. */
  clear(): void {
    for (const part of this.toParts()) free(part);
    this.#full.length = 0;
    this.#last = new Uint8Array(0);
    this.#filled = this.#length = 0;
  }

  #addBlock(wanted: number): void {
    const { length } = this.#last;
    if (length > 0) this.#full.push(this.#last);
    const size = Math.max(FIRST_BYTES, 2 * length, wanted);
    this.#last = new Uint8Array(Math.min(size, BLOCK_BYTES));
    this.#filled = 0;
  }
}

/** Frees the memory of bytes that nothing uses any more. */
export function free({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/**
 * Frees the memory of a large body that was read, unless it is a part of something else. A garbage
 * collection may come only after many of them.
 */
export function freeLarge(body: Uint8Array): void {
  if (body.length > BLOCK_BYTES && body.length === body.buffer.byteLength) free(body);
}
