/**
 * Reads a whole body and counts its bytes on the way; undefined when there are too many.
 * Chunks are copied as they come: thousands of a byte each would cost far more than it.
 */
export async function readBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let bytes = new Uint8Array(0);
  let length = 0;
  for await (const chunk of body ?? []) {
    const total = length + chunk.length;
    if (total > maxBytes) return undefined; // leaving the loop cancels the stream
    if (total > bytes.length) {
      const larger = new Uint8Array(Math.max(total, 2 * bytes.length, 1024));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes.set(chunk, length);
    length = total;
  }
  return bytes.subarray(0, length);
}

/** The charset that a content type names. */
export function charsetOf(contentType: string): string | undefined {
  if (!contentType.includes(";")) return undefined;
  return /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1];
}
