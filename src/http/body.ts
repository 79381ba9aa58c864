import { ByteSink } from "./byte_sink.ts";

/** Reads a whole body; returns `undefined` if it exceeds the limit. */
export async function readBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const sink = new ByteSink(maxBytes);
  for await (const chunk of body ?? []) {
    if (!sink.add(chunk)) return undefined; // leaving the loop cancels the stream
  }
  return sink.toBytes();
}

/** Returns the charset that a content type names. */
export function readCharset(contentType: string): string | undefined {
  if (!contentType.includes(";")) return undefined;
  return /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1];
}
