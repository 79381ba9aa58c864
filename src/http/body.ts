import { type Clock, SYSTEM_CLOCK, yieldTurn } from "../util/mod.ts";
import type { BodyShare } from "./body_budget.ts";
import { ByteSink } from "./byte_sink.ts";
import { openReader, type PieceReader } from "./piece_reader.ts";
import { checkStart, type Inflated, inflateParts, isCoded } from "./content_coding.ts";

/** Number of pieces, of all bodies, after which other work runs: some senders cut thousands. */
const TURN_PIECES = 32;
/** Bytes of a compressed body after which it is checked for a bomb, and how often that grows. */
const CHECKED_BYTES = { first: 65_536, factor: 4 };

/** Bytes beyond the limit of a body that the runtime may hold of what comes next. */
const AHEAD_BYTES = 1024 * 1024;

/** Bytes that may be moved to skip the rest of a body, which takes some 10 ms. */
const MAX_SKIPPED_BYTES = 200_000_000;
/** Time for a client to read the answer to a body that is not read to its end. */
const LINGER_MS = 250;

/** Why there is no body. */
export type BodyFailure = Exclude<Inflated, Uint8Array> | "too-many-chunks";

/** A body that is being read. */
export interface OpenBody {
  /** Resolves with the bytes, inflated if a coding is given, or why there are none. */
  readonly bytes: Promise<Uint8Array | BodyFailure>;
  /** Stops reading: `bytes` resolves with anything. */
  readonly cancel: () => void;
}

/** Settings of {@link openBody}. */
export interface BodyReadOptions {
  /** Largest body in bytes, before and after it is inflated. */
  readonly maxBytes: number;
  /** Value of the `content-encoding` header. @default not inflated */
  readonly coding?: string | undefined;
  /**
   * Place for the body among those that are received; closed at its end.
   * @default as much as it needs
   */
  readonly share?: BodyShare | undefined;
  /** Whether its sender chose the size of the pieces that arrive. @default false */
  readonly isChunked?: boolean;
  /** Clock to wait by. @default the clock of the machine */
  readonly clock?: Clock;
}

/** Begins to read a body up to a limit. */
export function openBody(body: Request["body"], options: BodyReadOptions): OpenBody {
  if (body === null) return { bytes: Promise.resolve(new Uint8Array(0)), cancel() {} };
  return new BodyReading(openReader(body, options.isChunked ?? false), options);
}

/** Content type of most replies. */
const USUAL_TYPE = "text/xml; charset=utf-8";

/** Returns the charset that a content type names. */
export function readCharset(contentType: string): string | undefined {
  if (contentType === USUAL_TYPE) return "utf-8";
  if (!contentType.includes(";")) return undefined;
  return /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1];
}

class BodyReading implements OpenBody {
  readonly bytes: Promise<Uint8Array | BodyFailure>;
  readonly #reader: PieceReader;
  readonly #options: BodyReadOptions;
  readonly #sink: ByteSink;
  #isCancelled = false;
  #pieces = 0;
  /** Length at which it is checked again. */
  #checkedBytes = CHECKED_BYTES.first;

  constructor(reader: PieceReader, options: BodyReadOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#sink = new ByteSink(options.maxBytes);
    this.bytes = this.#run();
  }

  readonly cancel = () => {
    this.#isCancelled = true;
    const { share, clock = SYSTEM_CLOCK } = this.#options;
    if (share?.isWaiting) share.close(); // it stops waiting
    if (this.#countSkipped() < MAX_SKIPPED_BYTES) return this.#end();
    clock.startTimer(LINGER_MS, () => this.#end(), { keepsProcess: false });
  };

  /**
   * Deno's server skips what it holds of a body without a pause, and moves the rest for each
   * chunk. Returns how many bytes that are in all. Where it takes too long the connection is
   * closed instead, once the client had the time to read the answer.
   */
  #countSkipped(): number {
    const { aheadBytes } = this.#reader;
    const chunks = aheadBytes * this.#pieces / Math.max(1, this.#sink.length);
    return chunks * aheadBytes;
  }

  #end(): void {
    this.#reader.cancel().catch(() => {}); // a body that fails needs no end
    queueMicrotask(() => this.#options.share?.close()); // others that are late now have waited
  }

  async #run(): Promise<Uint8Array | BodyFailure> {
    const { coding = "", maxBytes } = this.#options;
    const sink = this.#sink;
    let isFree = true;
    try {
      const failure = await this.#receive();
      if (failure !== undefined) return failure;
      this.#options.share?.complete();
      isFree = isCoded(coding);
      if (!isFree) return sink.toBytes();
      const parts = sink.length < CHECKED_BYTES.first ? [sink.toBytes()] : sink.toParts();
      return await inflateParts(parts, coding, maxBytes);
    } finally {
      if (isFree) sink.clear();
      if (!this.#isCancelled) this.#options.share?.close();
    }
  }

  /** Receives the body; returns why that failed. */
  async #receive(): Promise<BodyFailure | undefined> {
    const { share } = this.#options;
    const reader = this.#reader;
    for (let piece = await reader.read(); piece !== undefined; piece = await reader.read()) {
      this.#pieces++;
      if (--piecesLeft < 0) await nextTurn();
      if (this.#isCancelled) return "broken";
      const failure = this.#sink.add(piece) ? await this.#check() : "too-large";
      if (failure !== undefined) {
        this.cancel(); // the rest is not wanted
        return failure;
      }
      const place = share?.grow(this.#sink.length + reader.aheadBytes);
      if (place !== undefined) await place;
    }
    return this.#isCancelled ? "broken" : undefined;
  }

  /** Looks at what was received; returns why it can't become a body. */
  #check(): BodyFailure | undefined | Promise<BodyFailure | undefined> {
    const { coding = "", maxBytes } = this.#options;
    if (this.#reader.aheadBytes > maxBytes + AHEAD_BYTES) return "too-many-chunks";
    if (this.#sink.length < this.#checkedBytes || !isCoded(coding)) return undefined;
    this.#checkedBytes *= CHECKED_BYTES.factor;
    return checkStart(this.#sink.toParts(), coding, maxBytes);
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
