import { ByteSink } from "../../byte_sink.ts";
import { parseReplyHead, readFraming, type ReplyHead } from "./reply_head.ts";

/** Largest head of a reply with the interim ones before it, and largest trailer, in bytes. */
const MAX_HEAD_BYTES = 65_536;
/** Longest line that announces a chunk, with its extensions. */
const MAX_CHUNK_LINE = 1024;

const NOTHING = new Uint8Array(0);

/** A reply as it came, its body not inflated. */
export interface RawReply extends ReplyHead {
  /** Bytes of the body. */
  readonly body: Uint8Array;
}

/** Part of a reply that is read next. */
type Stage =
  | { readonly kind: "head" }
  | { readonly kind: "body"; readonly left: number }
  | { readonly kind: "chunk-line" }
  | { readonly kind: "chunk"; readonly left: number }
  | { readonly kind: "chunk-end" }
  | { readonly kind: "trailer" }
  | { readonly kind: "until-close" }
  | { readonly kind: "done" };

/** Reports that a body exceeds its limit. */
export class BodyTooLargeError extends Error {}

/**
 * Reads one HTTP/1.1 reply out of the chunks of a connection. Interim replies (status 1xx)
 * are skipped; a server that sends nothing else is given up.
 */
export class ReplyReader {
  readonly #method: string;
  readonly #maxBytes: number;
  /** Body that did not arrive in one piece. */
  #sink: ByteSink | undefined;
  #stage: Stage = { kind: "head" };
  #head: ReplyHead | undefined;
  #body: Uint8Array | undefined;
  #interimBytes = 0;
  #trailerBytes = 0;
  /** Bytes that came and were not used yet. */
  #rest: Uint8Array = NOTHING;

  /** Creates a reader for the reply to a request. */
  constructor(method: string, maxBytes: number) {
    this.#method = method;
    this.#maxBytes = maxBytes;
  }

  /** Whether a byte of a reply was read. */
  get hasBegun(): boolean {
    return this.#head !== undefined || this.#rest.length > 0;
  }

  /** Whether bytes follow the end of the reply; the connection can't be used again. */
  get hasSurplus(): boolean {
    return this.#stage.kind === "done" && this.#rest.length > 0;
  }

  /**
   * Reads a chunk; returns the reply once it is complete.
   *
   * @throws {SyntaxError} if it is not HTTP/1.1
   * @throws {BodyTooLargeError} if the body exceeds the limit
   */
  push(chunk: Uint8Array): RawReply | undefined {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#step());
    return this.#complete();
  }

  /** Returns the reply if the end of the connection completes it. */
  end(): RawReply | undefined {
    if (this.#stage.kind === "until-close") this.#stage = { kind: "done" };
    return this.#complete();
  }

  #complete(): RawReply | undefined {
    if (this.#stage.kind !== "done" || this.#head === undefined) return undefined;
    return { ...this.#head, body: this.#body ?? this.#sink?.toBytes() ?? NOTHING };
  }

  /** Reads what it can of one stage; returns whether another one follows at once. */
  #step(): boolean {
    switch (this.#stage.kind) {
      case "head":
        return this.#readHead();
      case "body":
        return this.#readBody(this.#stage.left);
      case "chunk-line":
        return this.#readChunkLine();
      case "chunk":
        return this.#readChunk(this.#stage.left);
      case "chunk-end":
        return this.#readChunkEnd();
      case "trailer":
        return this.#readTrailer();
      case "until-close":
        this.#collect(this.#rest.length);
        return false;
      case "done":
        return false;
    }
  }

  #readHead(): boolean {
    const [end, next] = findHeadEnd(this.#rest);
    if (this.#interimBytes + (end < 0 ? this.#rest.length : end) > MAX_HEAD_BYTES) {
      throw new SyntaxError(`the head of the reply exceeds ${MAX_HEAD_BYTES} bytes`);
    }
    if (end < 0) return false;
    const head = parseReplyHead(decodeLatin1(this.#rest.subarray(0, end)));
    this.#rest = this.#rest.subarray(next);
    if (head.status === 101) throw new SyntaxError("the reply switches to another protocol");
    if (head.status < 200) {
      this.#interimBytes += next;
      return true;
    }
    this.#head = head;
    this.#begin(head);
    return true;
  }

  #begin(head: ReplyHead): void {
    const framing = readFraming(head, this.#method);
    if (framing === "chunked") this.#stage = { kind: "chunk-line" };
    else if (framing === "until-close") this.#stage = { kind: "until-close" };
    else if (framing > this.#maxBytes) throw new BodyTooLargeError();
    else if (this.#rest.length >= framing) {
      // Most replies arrive in one piece, which then needs no copy.
      this.#body = this.#rest.subarray(0, framing);
      this.#rest = this.#rest.subarray(framing);
      this.#stage = { kind: "done" };
    } else this.#stage = { kind: "body", left: framing };
  }

  #readBody(left: number): boolean {
    const taken = this.#collect(left);
    this.#stage = taken === left ? { kind: "done" } : { kind: "body", left: left - taken };
    return false;
  }

  #readChunkLine(): boolean {
    const line = this.#takeLine(MAX_CHUNK_LINE);
    if (line === undefined) return false;
    const found = /^([\da-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line);
    if (found?.[1] === undefined) throw new SyntaxError("the reply has a malformed chunk");
    const left = parseInt(found[1], 16);
    this.#stage = left === 0 ? { kind: "trailer" } : { kind: "chunk", left };
    return true;
  }

  #readChunk(left: number): boolean {
    const taken = this.#collect(left);
    this.#stage = taken === left ? { kind: "chunk-end" } : { kind: "chunk", left: left - taken };
    return this.#rest.length > 0;
  }

  #readChunkEnd(): boolean {
    const line = this.#takeLine(2);
    if (line === undefined) return false;
    if (line !== "") throw new SyntaxError("the reply has a chunk of another length");
    this.#stage = { kind: "chunk-line" };
    return true;
  }

  #readTrailer(): boolean {
    const line = this.#takeLine(MAX_HEAD_BYTES - this.#trailerBytes);
    if (line === undefined) return false;
    this.#trailerBytes += line.length + 2;
    if (line === "") this.#stage = { kind: "done" };
    return line !== "";
  }

  /** Moves up to so many bytes to the body; returns their number. */
  #collect(count: number): number {
    const chunk = this.#rest.subarray(0, count);
    this.#sink ??= new ByteSink(this.#maxBytes);
    if (!this.#sink.add(chunk)) throw new BodyTooLargeError();
    this.#rest = this.#rest.subarray(chunk.length);
    return chunk.length;
  }

  /** Takes a line without its end, once it is complete. */
  #takeLine(maxLength: number): string | undefined {
    const end = this.#rest.indexOf(0x0a);
    if ((end < 0 ? this.#rest.length : end) > maxLength) {
      throw new SyntaxError("the reply has a line that is too long");
    }
    if (end < 0) return undefined;
    const line = decodeLatin1(this.#rest.subarray(0, end));
    this.#rest = this.#rest.subarray(end + 1);
    return line.replace(/\r$/, "");
  }
}

/** Finds the empty line after a head: where it begins, and where the body does. */
function findHeadEnd(bytes: Uint8Array): [end: number, next: number] {
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    const end = bytes[at - 1] === 0x0d ? at - 1 : at;
    if (bytes[at + 1] === 0x0a) return [end, at + 2];
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return [end, at + 3];
  }
  return [-1, -1];
}

function decodeLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
