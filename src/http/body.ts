import { yieldTurn } from "../util/mod.ts";
import { ByteSink } from "./byte_sink.ts";
import { isTooLarge } from "./content_coding.ts";

/** Bytes that are read at a time. */
const PIECE_BYTES = 16_384;
/** Number of pieces after which other work runs: some senders cut a body into thousands. */
const TURN_PIECES = 64;
/** Bytes of a compressed body after which it is checked for a bomb. */
const CHECKED_BYTES = 65_536;

/** A body that is being read. */
export interface OpenBody {
  /** Resolves with the bytes, or `undefined` if they exceed the limit. */
  readonly bytes: Promise<Uint8Array | undefined>;
  /** Stops reading: the rest is dropped, and `bytes` resolves with the bytes received so far. */
  readonly cancel: () => void;
}

/** Settings of {@link openBody}. */
export interface BodyReadOptions {
  /** Largest body in bytes. */
  readonly maxBytes: number;
  /** Value of the `content-encoding` header; a body that inflates beyond the limit is given up. */
  readonly coding?: string | undefined;
}

/** Begins to read a body up to a limit. The bytes are not inflated. */
export function openBody(body: Request["body"], options: BodyReadOptions): OpenBody {
  if (body === null) return { bytes: Promise.resolve(new Uint8Array(0)), cancel() {} };
  const reader = openReader(body);
  return {
    bytes: readAll(reader, options),
    cancel: () => void reader.cancel().catch(() => {}), // a body that fails needs no end
  };
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

async function readAll(
  reader: PieceReader,
  { maxBytes, coding }: BodyReadOptions,
): Promise<Uint8Array | undefined> {
  const sink = new ByteSink(maxBytes);
  let isChecked = coding === undefined;
  let pieces = 0;
  for (let piece = await reader.read(); piece !== undefined; piece = await reader.read()) {
    if (++pieces % TURN_PIECES === 0) await yieldTurn();
    let fits = sink.add(piece);
    if (fits && !isChecked && sink.length >= CHECKED_BYTES) {
      isChecked = true;
      fits = !await isTooLarge(sink.toBytes(), coding ?? "", maxBytes);
    }
    if (fits) continue;
    sink.clear();
    reader.cancel().catch(() => {}); // the rest is not wanted, whatever becomes of it
    return undefined;
  }
  return sink.toBytes();
}
