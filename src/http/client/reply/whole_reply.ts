import type { RawReply } from "./reply_reader.ts";
import { parseReplyHead, readFraming, type ReplyHead } from "./reply_head.ts";

/** Longest head that is remembered, in bytes. */
const MAX_HEAD_BYTES = 1024;

/** Facts on which the length of a reply depends, besides its head. */
interface RequestKind {
  readonly method: string;
  readonly maxBytes: number;
}

/** A head that was received before: an equal string means the same. */
interface KnownHead {
  /** The head with the empty line that ends it, from Latin-1. */
  readonly text: string;
  readonly head: ReplyHead;
  /** Length of the body. */
  readonly length: number;
}

/**
 * Fast path of `ReplyReader` for the usual reply: it arrives in one piece, with a length, and
 * its head equals that of the reply before it. A server's replies differ in their body and, once
 * a second, in their date. Reading a head again takes 3 µs of the 17 µs that a call takes.
 */
export class WholeReplyReader {
  #known: KnownHead | undefined;

  /** Returns the reply that a chunk consists of; `undefined` to leave it to `ReplyReader`. */
  read(chunk: Uint8Array, { method, maxBytes }: RequestKind): RawReply | undefined {
    const known = this.#known;
    if (known === undefined || known.length > maxBytes || method === "HEAD") return undefined;
    const headLength = known.text.length;
    if (chunk.length !== headLength + known.length) return undefined;
    if (toLatin1(chunk, headLength) !== known.text) return undefined;
    const { status, headers, isKeptAlive } = known.head;
    return { status, headers, isKeptAlive, body: chunk.subarray(headLength) };
  }

  /** Remembers the head of a reply that was read from a chunk, if it was the whole of it. */
  learn(chunk: Uint8Array, { body }: RawReply, { method }: Pick<RequestKind, "method">): void {
    const headLength = chunk.length - body.length;
    if (method === "HEAD" || headLength > MAX_HEAD_BYTES || body.buffer !== chunk.buffer) return;
    const text = toLatin1(chunk, headLength);
    if (text.search(/\r\n\r\n/) !== headLength - 4) return; // an interim reply comes first
    const head = parseReplyHead(text.slice(0, -4));
    const length = readFraming(head, method);
    if (length === body.length && head.status === 200) this.#known = { text, head, length };
  }
}

function toLatin1(bytes: Uint8Array, length: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, 0, length);
}
