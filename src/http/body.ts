import { yieldTurn } from "../util/mod.ts";
import type { BodyShare } from "./body_budget.ts";
import { ByteSink } from "./byte_sink.ts";
import { checkStart, type Inflated, inflateParts, isCoded } from "./content_coding.ts";

/** Bytes that are read at a time. */
const PIECE_BYTES = 16_384;
/** Number of pieces, of all bodies, after which other work runs: some senders cut thousands. */
const TURN_PIECES = 64;
/** Bytes of a compressed body after which it is checked for a bomb, and how often that grows. */
const CHECKED_BYTES = { first: 65_536, factor: 4 };

/** A body that is being read. */
export interface OpenBody {
  /** Resolves with the bytes, inflated if a coding is given, or why there are none. */
  readonly bytes: Promise<Inflated>;
  /** Stops reading: `bytes` resolves with anything. */
  readonly cancel: () => void;
}

/** Settings of {@link openBody}. */
export interface BodyReadOptions {
  /** Largest body in bytes, before and after it is inflated. */
  readonly maxBytes: number;
  /** Value of the `content-encoding` header. @default not inflated */
  readonly coding?: string | undefined;
  /** Place for the body among those that are received. @default as much as it needs */
  readonly share?: BodyShare | undefined;
}

/** Begins to read a body up to a limit. */
export function openBody(body: Request["body"], options: BodyReadOptions): OpenBody {
  if (body === null) return { bytes: Promise.resolve(new Uint8Array(0)), cancel() {} };
  return new BodyReading(openReader(body), options);
}

/** Returns the charset that a content type names. */
export function readCharset(contentType: string): string | undefined {
  if (!contentType.includes(";")) return undefined;
  return /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1];
}

/** The two methods of a reader that are used here. */
interface PieceReader {
  /** Reads the next piece, which is valid until the next call; `undefined` at the end. */
  readonly read: () => Promise<Uint8Array | undefined>;
  readonly cancel: () => Promise<void>;
}

/**
 * Opens a reader that uses one buffer for all pieces. Without it Deno takes a buffer of 64 KB for
 * each piece that arrives, and a megabyte in pieces of 10 bytes took 230 MB.
 */
function openReader(body: NonNullable<Request["body"]>): PieceReader {
  try {
    const reader = body.getReader({ mode: "byob" });
    let buffer = new ArrayBuffer(PIECE_BYTES);
    return {
      async read() {
        const { value, done } = await reader.read(new Uint8Array(buffer));
        if (value !== undefined) buffer = value.buffer;
        return done ? undefined : value;
      },
      cancel: () => reader.cancel(),
    };
  } catch {
    // Not a stream of bytes, for example one that the caller made.
    const reader = body.getReader();
    return { read: async () => (await reader.read()).value, cancel: () => reader.cancel() };
  }
}

class BodyReading implements OpenBody {
  readonly bytes: Promise<Inflated>;
  readonly #reader: PieceReader;
  readonly #options: BodyReadOptions;
  readonly #sink: ByteSink;
  #isCancelled = false;

  constructor(reader: PieceReader, options: BodyReadOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#sink = new ByteSink(options.maxBytes);
    this.bytes = this.#run();
  }

  readonly cancel = () => {
    this.#isCancelled = true;
    this.#reader.cancel().catch(() => {}); // a body that fails needs no end
  };

  async #run(): Promise<Inflated> {
    const { coding = "", maxBytes } = this.#options;
    const sink = this.#sink;
    let isKept = false;
    try {
      const failure = await this.#receive();
      if (failure !== undefined) return failure;
      isKept = !isCoded(coding);
      if (isKept) return sink.toBytes();
      const parts = sink.length < CHECKED_BYTES.first ? [sink.toBytes()] : sink.toParts();
      return await inflateParts(parts, coding, maxBytes);
    } finally {
      if (!isKept) sink.clear();
    }
  }

  /** Receives the body; returns why that failed. */
  async #receive(): Promise<"too-large" | "broken" | undefined> {
    const { coding = "", maxBytes, share } = this.#options;
    const reader = this.#reader;
    const sink = this.#sink;
    let checkedBytes = isCoded(coding) ? CHECKED_BYTES.first : Infinity;
    for (let piece = await reader.read(); piece !== undefined; piece = await reader.read()) {
      if (--piecesLeft < 0) await nextTurn();
      let failure: "too-large" | "broken" | undefined = sink.add(piece) ? undefined : "too-large";
      if (sink.length >= checkedBytes) {
        failure ??= await checkStart(sink.toParts(), coding, maxBytes);
        checkedBytes *= CHECKED_BYTES.factor;
      }
      if (failure !== undefined) {
        this.cancel(); // the rest is not wanted
        return failure;
      }
      const place = share?.grow(sink.length);
      if (place !== undefined) await place;
    }
    return this.#isCancelled ? "broken" : undefined;
  }
}

/** Pieces that all bodies together may still read in this turn of the event loop. */
let piecesLeft = TURN_PIECES;
let next: Promise<void> | undefined;

/** Waits for the next turn, in which all bodies go on. */
function nextTurn(): Promise<void> {
  return next ??= yieldTurn().then(() => {
    next = undefined;
    piecesLeft = TURN_PIECES;
  });
}
