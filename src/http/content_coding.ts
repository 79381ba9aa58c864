import { loadBuiltin } from "../util/mod.ts";
import type { ZlibOptions } from "node:zlib";

/** Result of {@link inflateBody}: the bytes, or the reason of the failure. */
export type Inflated = Uint8Array | "unknown-coding" | "too-large" | "broken";

/** Inflates a whole body; throws if it is broken or exceeds `maxOutputLength`. */
type Inflate = (body: Uint8Array, options: ZlibOptions) => Uint8Array;

const CODINGS: ReadonlyMap<string, Inflate> = new Map<string, Inflate>([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  ["deflate", inflateDeflate],
  [
    "br",
    (body, { maxOutputLength }) =>
      loadBuiltin("node:zlib").brotliDecompressSync(body, { maxOutputLength }),
  ],
]);

/**
 * Undoes the content coding of a body: gzip, x-gzip, deflate or br. Neither memory nor time
 * exceed what `maxBytes` needs, however small the body is.
 *
 * @param coding value of the `content-encoding` header; empty for none
 */
export function inflateBody(body: Uint8Array, coding: string, maxBytes: number): Inflated {
  const name = coding.trim().toLowerCase();
  if (name === "" || name === "identity") return body;
  const inflate = CODINGS.get(name);
  if (inflate === undefined) return "unknown-coding";
  try {
    return inflate(body, { maxOutputLength: Math.min(maxBytes, 2 ** 31 - 1) });
  } catch (error) {
    const isTooLarge = error instanceof RangeError ||
      (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE");
    return isTooLarge ? "too-large" : "broken";
  }
}

/** Returns whether {@link inflateBody} knows a content coding. */
export function isKnownCoding(coding: string): boolean {
  const name = coding.trim().toLowerCase();
  return name === "" || name === "identity" || CODINGS.has(name);
}

function gunzip(body: Uint8Array, options: ZlibOptions): Uint8Array {
  return loadBuiltin("node:zlib").gunzipSync(body, options);
}

/** Inflates `deflate`, which some senders write without the header of zlib (RFC 9110, 8.4.1.2). */
function inflateDeflate(body: Uint8Array, options: ZlibOptions): Uint8Array {
  const { inflateRawSync, inflateSync } = loadBuiltin("node:zlib");
  const [first = 0, second = 0] = body;
  const hasHeader = (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
  return hasHeader ? inflateSync(body, options) : inflateRawSync(body, options);
}
