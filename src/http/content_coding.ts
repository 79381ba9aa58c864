import type { Transform } from "node:stream";
import type { ZlibOptions } from "node:zlib";
import { loadBuiltin, yieldTurn } from "../util/mod.ts";
import { ByteSink } from "./byte_sink.ts";

/** Result of {@link inflateBody}: the bytes, or the reason of the failure. */
export type Inflated = Uint8Array | "unknown-coding" | "too-large" | "broken";

/** The two ways to inflate a body of one coding. */
interface Inflater {
  /** Inflates a whole body; throws if it is broken or exceeds `maxOutputLength`. */
  readonly inflateAtOnce: (body: Uint8Array, options: ZlibOptions) => Uint8Array;
  /** Creates a stream that inflates. */
  readonly createStream: (body: Uint8Array) => Transform;
}

const zlib = () => loadBuiltin("node:zlib");

const GZIP: Inflater = {
  inflateAtOnce: (body, options) => zlib().gunzipSync(body, options),
  createStream: () => zlib().createGunzip(),
};
/** `deflate`, which some senders write without the header of zlib (RFC 9110, 8.4.1.2). */
const DEFLATE: Inflater = {
  inflateAtOnce: (body, options) =>
    hasZlibHeader(body) ? zlib().inflateSync(body, options) : zlib().inflateRawSync(body, options),
  createStream: (body) => hasZlibHeader(body) ? zlib().createInflate() : zlib().createInflateRaw(),
};
const BROTLI: Inflater = {
  inflateAtOnce: (body, { maxOutputLength }) =>
    zlib().brotliDecompressSync(body, { maxOutputLength }),
  createStream: () => zlib().createBrotliDecompress(),
};
const INFLATERS: ReadonlyMap<string, Inflater> = new Map([
  ["gzip", GZIP],
  ["x-gzip", GZIP],
  ["deflate", DEFLATE],
  ["br", BROTLI],
]);

/** Output up to which a body is inflated at once; longer ones let other work go on between. */
const MAX_AT_ONCE = 1024 * 1024;
/** Output after which other work goes on. */
const TURN_BYTES = 256 * 1024;

/**
 * Undoes the content coding of a body: gzip, x-gzip, deflate or br. A body that exceeds the
 * limit takes no more memory than a few megabytes, and a long one does not block the process.
 *
 * @param coding value of the `content-encoding` header; empty for none
 */
export async function inflateBody(
  body: Uint8Array,
  coding: string,
  maxBytes: number,
): Promise<Inflated> {
  const name = coding.trim().toLowerCase();
  if (name === "" || name === "identity") return body;
  const inflater = INFLATERS.get(name);
  if (inflater === undefined) return "unknown-coding";
  const result = inflateAtOnce(body, inflater, Math.min(maxBytes, MAX_AT_ONCE));
  if (result !== "too-large" || maxBytes <= MAX_AT_ONCE) return result;
  // Counted first, and kept only if it fits: a bomb takes no memory.
  const length = await readInflated(body, inflater, maxBytes, () => {});
  if (typeof length === "string") return length;
  const sink = new ByteSink(maxBytes);
  const kept = await readInflated(body, inflater, maxBytes, (chunk) => sink.add(chunk));
  return typeof kept === "string" ? kept : sink.toBytes();
}

function inflateAtOnce(body: Uint8Array, inflater: Inflater, maxOutputLength: number): Inflated {
  try {
    return inflater.inflateAtOnce(body, { maxOutputLength });
  } catch (error) {
    const isTooLarge = error instanceof RangeError ||
      (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE");
    return isTooLarge ? "too-large" : "broken";
  }
}

/** Inflates in chunks up to a limit; returns the length, or the reason of the failure. */
async function readInflated(
  body: Uint8Array,
  inflater: Inflater,
  maxBytes: number,
  onChunk: (chunk: Uint8Array) => void,
): Promise<number | "too-large" | "broken"> {
  let length = 0;
  let turnAt = TURN_BYTES;
  const stream = inflater.createStream(body);
  stream.end(body);
  try {
    for await (const chunk of stream) {
      length += chunk.length;
      if (length > maxBytes) return "too-large"; // leaving the loop destroys the stream
      onChunk(chunk);
      if (length < turnAt) continue;
      turnAt += TURN_BYTES;
      await yieldTurn();
    }
    return length;
  } catch {
    return "broken";
  }
}

function hasZlibHeader(body: Uint8Array): boolean {
  const [first = 0, second = 0] = body;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
