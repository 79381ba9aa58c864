/** Bytes that are read at a time. */
const PIECE_BYTES = 16_384;
/** Bytes that are first read of a body in chunks. */
const CHUNK_BYTES = 1024;
/** Microtasks after which a piece that had arrived was handed over; Deno needs 4. */
const TASKS = 8;
/** Number of pieces after which it is looked whether the next one has arrived. */
const LOOK_PIECES = 8;

/** Reads the pieces of a body. */
export interface PieceReader {
  /** Reads the next piece, which is valid until the next call; `undefined` at the end. */
  readonly read: () => Promise<Uint8Array | undefined>;
  readonly cancel: () => Promise<void>;
  /** Most bytes that the runtime may hold already of what comes next. */
  readonly aheadBytes: number;
}

/**
 * Opens a reader of a body.
 *
 * @param isChunked whether its sender chose the size of the pieces
 */
export function openReader(body: NonNullable<Request["body"]>, isChunked: boolean): PieceReader {
  try {
    return new BufferReader(body.getReader({ mode: "byob" }), isChunked);
  } catch {
    // Not a stream of bytes, for example one that the caller made.
    const reader = body.getReader();
    return {
      read: async () => (await reader.read()).value,
      cancel: () => reader.cancel(),
      aheadBytes: 0,
    };
  }
}

/**
 * Reader with one buffer for all pieces. Without it Deno takes a buffer of 64 KB for each piece
 * that arrives, and a megabyte in pieces of 10 bytes took 230 MB.
 *
 * At each read, Deno's server takes as many bytes from the socket as the buffer holds, but hands
 * over one HTTP chunk, and moves the rest, however long. So the buffer is small as long as the
 * chunks are, and what the server may hold is counted.
 */
class BufferReader implements PieceReader {
  readonly #reader: ReadableStreamBYOBReader;
  readonly #isChunked: boolean;
  #buffer: ArrayBuffer;
  #aheadBytes = 0;
  #pieces = 0;

  constructor(reader: ReadableStreamBYOBReader, isChunked: boolean) {
    this.#reader = reader;
    this.#isChunked = isChunked;
    this.#buffer = new ArrayBuffer(isChunked ? CHUNK_BYTES : PIECE_BYTES);
  }

  get aheadBytes(): number {
    return this.#aheadBytes;
  }

  async read(): Promise<Uint8Array | undefined> {
    const size = this.#buffer.byteLength;
    const result = this.#reader.read(new Uint8Array(this.#buffer));
    const looks = this.#isChunked && this.#pieces++ % LOOK_PIECES === 0;
    if (looks && await isPending(result)) this.#aheadBytes = 0; // the server held nothing
    const { value, done } = await result;
    if (value === undefined || done) return undefined;
    this.#buffer = value.buffer;
    if (this.#isChunked) {
      this.#aheadBytes += size - value.length;
      // Another buffer: the value is in this one.
      if (value.length === size && size < PIECE_BYTES) this.#buffer = new ArrayBuffer(2 * size);
    }
    return value;
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

/** Whether a piece has not arrived yet. */
async function isPending(result: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  const settle = () => void (isSettled = true);
  result.then(settle, settle);
  for (let task = 0; task < TASKS && !isSettled; task++) await undefined;
  return !isSettled;
}
