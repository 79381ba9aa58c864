/** Longest head that is read. */
const MAX_HEAD_BYTES = 8192;

/** A reply at the beginning of what a connection has sent. */
export interface BareReply {
  /** Body, from UTF-8. */
  readonly body: string;
  /** Number of bytes of head and body. */
  readonly end: number;
  /** Time for which the server keeps the connection idle; 0 if it closes it. */
  readonly keptMs: number;
}

/** What the head of a reply says. */
interface BareHead {
  /** Length of the body; `undefined` if it comes in chunks. */
  readonly length: number | undefined;
  readonly keptMs: number;
}

/**
 * Reads the replies of an origin. The head that equals the one before it, up to a second of
 * replies, is not parsed again: that is the fastest way that was found.
 */
export class BareReplyReader {
  #usualHead = "";
  #usual: BareHead & { readonly length: number } = { length: 0, keptMs: 0 };

  /**
   * Returns the reply that begins a connection's bytes; `undefined` if it is not complete yet.
   *
   * @throws {Error} if it is not a reply with status 200 and one clear length
   */
  read(bytes: Buffer): BareReply | undefined {
    const { length, keptMs } = this.#usual;
    const start = this.#usualHead.length;
    if (bytes.length === start + length && toLatin1(bytes, start) === this.#usualHead) {
      const body = Buffer.prototype.utf8Slice.call(bytes, start, bytes.length);
      return { body, end: bytes.length, keptMs };
    }
    const reply = findReply(bytes);
    if (reply !== undefined && reply.end === bytes.length) this.#learn(bytes);
    return reply;
  }

  #learn(bytes: Buffer): void {
    const start = bytes.indexOf("\r\n\r\n") + 4;
    const head = toLatin1(bytes, start);
    const { length, keptMs } = parseHead(head.slice(0, -4));
    if (length === undefined) return;
    this.#usualHead = head;
    this.#usual = { length, keptMs };
  }
}

/**
 * Returns the reply that begins a connection's bytes; `undefined` if it is not complete yet. Each
 * byte more reads it again from its beginning: replies of the benchmarks come in one piece.
 *
 * @throws {Error} if it is not a reply with status 200 and one clear length
 */
export function findReply(bytes: Buffer): BareReply | undefined {
  const text = bytes.toString("latin1", 0, MAX_HEAD_BYTES); // much faster to search than bytes
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0 && bytes.length >= MAX_HEAD_BYTES) throw new Error("the head is too long");
  if (headEnd < 0) return undefined;
  const { length, keptMs } = parseHead(text.slice(0, headEnd));
  const start = headEnd + 4;
  if (length === undefined) return findChunked(bytes, start, keptMs);
  const end = start + length;
  if (bytes.length < end) return undefined;
  return { body: bytes.toString("utf8", start, end), end, keptMs };
}

function parseHead(head: string): BareHead {
  if (!/^HTTP\/1\.[01] 200[ \r]/.test(head)) {
    throw new Error("the reply is not HTTP with status 200");
  }
  const isKept = head.startsWith("HTTP/1.1 ") && !/\r\nconnection: *close/i.test(head);
  const seconds = Number(/\r\nkeep-alive: *timeout=(\d+)/i.exec(head)?.[1] ?? Infinity);
  const keptMs = isKept ? Math.max(0, seconds * 1000 - 1000) : 0;
  const lengths = [...head.matchAll(/\r\ncontent-length: *(\d*)/gi)];
  const encoding = /\r\ntransfer-encoding: *([^\r]*)/i.exec(head)?.[1];
  if (encoding === "chunked" && lengths.length === 0) return { length: undefined, keptMs };
  const length = parseInt(lengths[0]?.[1] ?? "", 10);
  if (encoding !== undefined || lengths.length !== 1 || !(length >= 0)) {
    throw new Error("the reply has no clear length");
  }
  return { length, keptMs };
}

function findChunked(bytes: Buffer, start: number, keptMs: number): BareReply | undefined {
  const chunks: Buffer[] = [];
  for (let at = start;;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const length = parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (!(length >= 0)) throw new Error("the reply has a malformed chunk");
    at = lineEnd + 2 + length + 2;
    if (bytes.length < at) return undefined;
    if (bytes.toString("latin1", at - 2, at) !== "\r\n") {
      throw new Error("the reply has a chunk of another length");
    }
    if (length === 0) return { body: Buffer.concat(chunks).toString(), end: at, keptMs };
    chunks.push(bytes.subarray(lineEnd + 2, at - 2));
  }
}

function toLatin1(bytes: Buffer, end: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, 0, end);
}
