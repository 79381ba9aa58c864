import type { Transform } from "node:stream";
import type { ZlibOptions } from "node:zlib";
import { loadBuiltin, yieldTurn } from "../util/mod.ts";
import { free } from "./byte_sink.ts";

/** Result of {@link inflateBody}: the bytes, or the reason of the failure. */
export type Inflated = Uint8Array | "unknown-coding" | "too-large" | "broken";

/** Functions that inflate a body of one coding. */
interface Inflater {
  /** Inflates a whole body; throws if it is broken or exceeds `maxOutputLength`. */
  readonly inflateAtOnce?: (body: Uint8Array, options: ZlibOptions) => Uint8Array;
  /** Creates a stream that inflates. */
  readonly createStream: (body: Uint8Array, options: ZlibOptions) => Transform;
}

const zlib = () => loadBuiltin("node:zlib");

const GZIP: Inflater = {
  inflateAtOnce: (body, options) => zlib().gunzipSync(body, options),
  createStream: (_, options) => zlib().createGunzip(options),
};
/** `deflate`, which some senders write without the header of zlib (RFC 9110, 8.4.1.2). */
const DEFLATE: Inflater = {
  inflateAtOnce: (body, options) =>
    hasZlibHeader(body) ? zlib().inflateSync(body, options) : zlib().inflateRawSync(body, options),
  createStream: (body, options) =>
    hasZlibHeader(body) ? zlib().createInflate(options) : zlib().createInflateRaw(options),
};
/** Deno's `brotliDecompressSync` inflates everything before it looks at `maxOutputLength`. */
const BROTLI: Inflater = {
  createStream: (_, { chunkSize }) => zlib().createBrotliDecompress({ chunkSize }),
};
const INFLATERS: ReadonlyMap<string, Inflater> = new Map([
  ["gzip", GZIP],
  ["x-gzip", GZIP],
  ["deflate", DEFLATE],
  ["br", BROTLI],
]);

/** Input and output up to which a body is inflated at once, which takes some 0.2 ms. */
const AT_ONCE_BYTES = { input: 16 * 1024, output: 128 * 1024 };
/** Input and output after which other work goes on. */
const TURN_BYTES = { input: 16 * 1024, output: 64 * 1024 };

/** One piece at a time is given to the stream; Node would queue four. */
const STREAM_OPTIONS = { chunkSize: TURN_BYTES.output, writableHighWaterMark: 1 };

/** Reports that a body exceeds its limit. */
class TooLargeError extends Error {}

/** Resolves when the longer bodies that came before are inflated. */
let before: Promise<unknown> = Promise.resolve();

/** Whether a body has a content coding other than `identity`. */
export function isCoded(coding: string | undefined): coding is string {
  return coding !== undefined && !["", "identity"].includes(toName(coding));
}

/**
 * Undoes the content coding of a body: gzip, x-gzip, deflate or br. However a body is made, and
 * however many there are, other work goes on after a fraction of a millisecond, and those that
 * exceed the limit take next to no memory.
 *
 * @param coding value of the `content-encoding` header; empty for none
 */
export async function inflateBody(
  body: Uint8Array,
  coding: string,
  maxBytes: number,
): Promise<Inflated> {
  return isCoded(coding) ? await inflateParts([body], coding, maxBytes) : body;
}

/** Undoes the content coding of a body that is in parts, as {@link inflateBody} does. */
export async function inflateParts(
  parts: readonly Uint8Array[],
  coding: string,
  maxBytes: number,
): Promise<Inflated> {
  const inflater = INFLATERS.get(toName(coding));
  if (inflater === undefined) return "unknown-coding";
  const [first = new Uint8Array(0)] = parts;
  if (inflater === BROTLI && hasLargeWindow(first)) return "broken";
  const { inflateAtOnce } = inflater;
  const isShort = parts.length === 1 && first.length <= AT_ONCE_BYTES.input;
  if (inflateAtOnce !== undefined && isShort) {
    const maxOutputLength = Math.min(maxBytes, AT_ONCE_BYTES.output);
    const result = toResult(() => inflateAtOnce(first, { maxOutputLength }));
    if (result !== "too-large" || maxBytes <= AT_ONCE_BYTES.output) return result;
  }
  return await takeTurn(() => inflateInTurns(parts, inflater, maxBytes));
}

/**
 * Looks at the first parts of a body: returns whether what comes can't be inflated any more, or
 * exceeds the limit already.
 */
export async function checkStart(
  parts: readonly Uint8Array[],
  coding: string,
  maxBytes: number,
): Promise<"too-large" | "broken" | undefined> {
  const inflater = INFLATERS.get(toName(coding));
  if (inflater === undefined) return undefined;
  return await takeTurn(async () => {
    try {
      await readInflated(parts, inflater, maxBytes, () => {});
    } catch (error) {
      if (error instanceof TooLargeError) return "too-large";
      return Object(error).code === "Z_DATA_ERROR" ? "broken" : undefined; // its end is missing
    }
    return undefined;
  });
}

function toName(coding: string): string {
  return coding.trim().toLowerCase();
}

/** Runs tasks, which never reject, one after another: each needs time and memory. */
function takeTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = before.then(work);
  before = result;
  return result;
}

function toResult(inflate: () => Uint8Array): Inflated {
  try {
    return inflate();
  } catch (error) {
    const isTooLarge = error instanceof RangeError ||
      (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE");
    return isTooLarge ? "too-large" : "broken";
  }
}

/** Inflates a body piece by piece; never rejects. */
async function inflateInTurns(
  parts: readonly Uint8Array[],
  inflater: Inflater,
  maxBytes: number,
): Promise<Inflated> {
  try {
    // Counted first, and kept only if it fits: a bomb takes no memory.
    const bytes = new Uint8Array(await readInflated(parts, inflater, maxBytes, () => {}));
    let at = 0;
    await readInflated(parts, inflater, bytes.length, (chunk) => {
      bytes.set(chunk, at);
      at += chunk.length;
    });
    return bytes;
  } catch (error) {
    return error instanceof TooLargeError ? "too-large" : "broken";
  }
}

/**
 * Passes on the inflated chunks of a body up to a limit; returns the number of their bytes.
 *
 * @throws {TooLargeError} beyond the limit
 * @throws the error of the stream if the body is broken
 */
async function readInflated(
  parts: readonly Uint8Array[],
  inflater: Inflater,
  maxBytes: number,
  onChunk: (chunk: Uint8Array) => void,
): Promise<number> {
  let length = 0;
  const [first = new Uint8Array(0)] = parts;
  const stream = inflater.createStream(first, STREAM_OPTIONS);
  const isOver = () => length > maxBytes;
  const inflated = loadBuiltin("node:stream/promises").pipeline(
    inflater === BROTLI ? copy(slice(parts, isOver)) : slice(parts, isOver),
    stream,
    async (chunks) => {
      for await (const chunk of chunks) {
        length += chunk.length;
        if (!isOver()) onChunk(chunk);
        else if (inflater === BROTLI) throw new TooLargeError(); // a piece may have gigabytes
        freeLast(chunk);
        await yieldTurn();
      }
    },
  );
  try {
    await inflated;
  } catch (error) {
    throw isOver() ? new TooLargeError() : error;
  }
  if (isOver()) throw new TooLargeError();
  return length;
}

/**
 * Frees the memory of a chunk that was used, if it was the last one in its buffer. A garbage
 * collection may come only after many megabytes.
 */
function freeLast(chunk: Uint8Array): void {
  if (chunk.byteOffset + chunk.length === chunk.buffer.byteLength) free(chunk);
}

/**
 * Returns pieces of a body, each in a turn of its own: some take long and inflate to nothing. Where
 * the rest is not wanted any more it ends, so that the last piece is inflated to its end, up to 16
 * MB that are dropped: a thread of Node reads it, and its memory must not be freed before.
 */
async function* slice(
  parts: readonly Uint8Array[],
  isOver: () => boolean,
): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.length && !isOver(); at += TURN_BYTES.input) {
      yield part.subarray(at, at + TURN_BYTES.input);
      await yieldTurn();
    }
  }
}

/** Copies pieces, so that a stream that is given up may go on to read them. */
async function* copy(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield piece.slice();
}

/**
 * Whether a brotli stream has a window of more than 4 MB (RFC 7932, section 9.1). It is filled
 * before the first output, which takes up to 0.1 s and 27 MB for the largest one.
 */
function hasLargeWindow([first = 0]: Uint8Array): boolean {
  return (first & 1) === 1 && ((first >> 1) & 7) > 5;
}

function hasZlibHeader(body: Uint8Array): boolean {
  const [first = 0, second = 0] = body;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
