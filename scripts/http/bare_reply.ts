/** Longest head that is read. */
const MAX_HEAD_BYTES = 8192;

/** A reply at the beginning of what a connection has sent. */
export interface BareReply {
  /** Body, from UTF-8. */
  readonly body: string;
  /** Number of bytes of head and body. */
  readonly end: number;
  /** Whether the server keeps the connection. */
  readonly isKept: boolean;
}

/**
 * Returns the reply that begins a connection's bytes; `undefined` if it is not complete yet. Each
 * byte more reads it again from its beginning: replies of the benchmarks come in one piece.
 *
 * @throws {Error} if it has neither a length nor chunks
 */
export function findReply(bytes: Buffer): BareReply | undefined {
  const text = bytes.toString("latin1", 0, MAX_HEAD_BYTES); // much faster to search than bytes
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = text.slice(0, headEnd);
  const isKept = head.startsWith("HTTP/1.1 ") && !/\r\nconnection: *close/i.test(head);
  const start = headEnd + 4;
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return findChunked(bytes, start, isKept);
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? NaN);
  if (!(length >= 0)) throw new Error("the reply has no length");
  const end = start + length;
  if (bytes.length < end) return undefined;
  return { body: bytes.toString("utf8", start, end), end, isKept };
}

function findChunked(bytes: Buffer, start: number, isKept: boolean): BareReply | undefined {
  const chunks: Buffer[] = [];
  for (let at = start;;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const length = parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (!(length >= 0)) throw new Error("the reply has a malformed chunk");
    at = lineEnd + 2 + length + 2;
    if (bytes.length < at) return undefined;
    if (length === 0) return { body: Buffer.concat(chunks).toString(), end: at, isKept };
    chunks.push(bytes.subarray(lineEnd + 2, at - 2));
  }
}
