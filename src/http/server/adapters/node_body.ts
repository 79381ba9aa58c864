import type { IncomingMessage } from "node:http";
import { pollSockets, SYSTEM_CLOCK, yieldTurn } from "../../../util/mod.ts";
import { ByteSink, free } from "../../byte_sink.ts";

type BodyController =
  | ReadableByteStreamController
  | ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;

/** Length below which a body is handed over in the chunks of Node. */
const SMALL_BYTES = 65_536;
/** Bytes that are held for the reader before the connection is paused. */
const HELD_BYTES = 16_384;
/** Number of chunks, of all bodies, after which nothing more is read in a turn of the event loop. */
const TURN_CHUNKS = 256;
/** Bytes of a chunk whose memory is freed at once; garbage is collected after many megabytes. */
const FREED_BYTES = 128;
/** Bytes and time for which a body is read on and dropped after the answer. */
const DROPPED = { bytes: 16 * 1024 * 1024, ms: 2000 };

/**
 * Body of a request of `node:http`, which reads no more than its reader does.
 *
 * Its chunks are taken from the parser as they come, and copied together: as the contents of the
 * message thousands of small ones took 1 KB each, and 16 senders of them 250 MB. What comes in one
 * turn of the event loop is one piece. In a turn with many chunks nothing else is read, because Node
 * parses a packet at once, and needs some microseconds for each chunk.
 */
export class NodeBody {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #message: IncomingMessage;
  readonly #isChunked: boolean;
  readonly #onManyChunks: () => void;
  /** Takes what the reader wants; `undefined` once it wants no more. */
  #controller: BodyController | undefined;
  #sink = new ByteSink(Infinity);
  /** Bytes that come before those in the sink. */
  #first = new Uint8Array(0);
  #isWanted = false;
  #isPaused = true;
  #hasEnded = false;
  /** Whether this turn of the event loop brought chunks. */
  #isFilling = false;
  /** Turn that brought the last chunk. */
  #turn: { readonly chunks: number } = turn;
  /** Called at the end, once the body is dropped. */
  #onDropped: (() => void) | undefined;
  #droppedBytes = 0;

  /**
   * Takes the body of a message, before any of it was read.
   *
   * @param onManyChunks called if nothing else should be read in this turn of the event loop
   */
  constructor(message: IncomingMessage, onManyChunks: () => void) {
    this.#message = message;
    this.#onManyChunks = onManyChunks;
    this.#isChunked = message.headers["content-length"] === undefined;
    const source = {
      start: (controller: BodyController) => void (this.#controller = controller),
      pull: () => {
        this.#isWanted = true;
        this.#flush();
        this.#readOn();
      },
      cancel: () => void (this.#controller = undefined),
    };
    // A stream of bytes can be read into one buffer, but costs some microseconds.
    this.stream = Number(message.headers["content-length"]) < SMALL_BYTES
      ? new ReadableStream(source, { highWaterMark: 0 })
      : new ReadableStream({ ...source, type: "bytes" });
    this.#takeChunks();
    message.once("error", (error) => this.#end(error));
    message.once("close", () => {
      // The error costs 6 µs, and most messages have ended before.
      if (!this.#hasEnded) this.#end(new Error("the client left"));
    });
  }

  /**
   * Drops the rest, for a limited time: a client that is still sending, or that reads nothing before
   * it has sent everything, could not read the answer if the connection was closed at once.
   */
  async drop(): Promise<void> {
    this.#controller = undefined;
    this.#first = new Uint8Array(0);
    this.#sink.clear();
    if (this.#hasEnded) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = SYSTEM_CLOCK.startTimer(DROPPED.ms, resolve, { keepsProcess: false });
    this.#onDropped = resolve;
    this.#readOn();
    await promise;
    timer.cancel();
    this.#onDropped = undefined;
  }

  /** Puts itself in the place where the parser of Node, and of Deno and Bun, puts each chunk. */
  #takeChunks(): void {
    const message = this.#message;
    const push = message.push.bind(message);
    message.push = (chunk: Uint8Array<ArrayBuffer> | null) => {
      if (chunk !== null) return this.#add(chunk);
      this.#end();
      const result = push(null);
      message.resume(); // tells Node that the message was read
      return result;
    };
  }

  /** Adds a chunk; returns whether the connection should be read on. */
  #add(chunk: Uint8Array<ArrayBuffer>): boolean {
    this.#keep(chunk);
    if (!this.#isChunked) this.#flush();
    else if (!this.#isFilling) {
      this.#isFilling = true;
      yieldTurn().then(() => this.#endTurn());
    }
    if (this.#isChunked) {
      this.#turn = countChunk();
      if (this.#turn.chunks === TURN_CHUNKS) this.#onManyChunks();
    }
    this.#isPaused = this.#turn.chunks >= TURN_CHUNKS || this.#isFull();
    return !this.#isPaused;
  }

  #keep(chunk: Uint8Array<ArrayBuffer>): void {
    const { length, buffer } = chunk;
    const isOwner = length === buffer.byteLength;
    if (this.#controller === undefined) this.#droppedBytes += length;
    else if (isOwner && !this.#isChunked && this.#heldBytes === 0) {
      return void (this.#first = chunk);
    } else this.#sink.add(chunk);
    if (isOwner && length >= FREED_BYTES) free(chunk);
  }

  #isFull(): boolean {
    if (this.#controller !== undefined) return this.#heldBytes >= HELD_BYTES;
    if (this.#droppedBytes > DROPPED.bytes) this.#onDropped?.();
    return this.#onDropped === undefined || this.#droppedBytes > DROPPED.bytes;
  }

  #endTurn(): void {
    this.#isFilling = false;
    this.#flush();
    if (this.#onDropped !== undefined || this.#isWanted) this.#readOn();
  }

  get #heldBytes(): number {
    return this.#first.length + this.#sink.length;
  }

  /** Hands over what is there if the reader waits for it. */
  #flush(): void {
    const controller = this.#controller;
    if (controller === undefined) return;
    if (this.#isWanted && this.#heldBytes > 0) {
      this.#isWanted = false; // before the stream asks for more, which may be at once
      const request = "byobRequest" in controller ? controller.byobRequest : null;
      if (request?.view) request.respond(this.#fill(request.view));
      else controller.enqueue(this.#takeBytes(Infinity));
    }
    if (!this.#hasEnded || this.#heldBytes > 0 || this.#controller === undefined) return;
    this.#controller = undefined;
    controller.close();
    if ("byobRequest" in controller) controller.byobRequest?.respond(0);
  }

  #fill({ buffer, byteOffset, byteLength }: ArrayBufferView): number {
    const bytes = this.#takeBytes(byteLength);
    const { length } = bytes;
    new Uint8Array(buffer, byteOffset).set(bytes);
    if (this.#first.length === 0) free(bytes);
    return length;
  }

  #takeBytes(maxBytes: number): Uint8Array<ArrayBuffer> {
    if (this.#first.length === 0) {
      this.#first = this.#sink.toBytes();
      this.#sink = new ByteSink(Infinity);
    }
    const bytes = this.#first.subarray(0, maxBytes);
    this.#first = this.#first.subarray(bytes.length);
    return bytes;
  }

  #readOn(): void {
    if (!this.#isPaused || this.#hasEnded) return;
    this.#isPaused = false;
    const read = () => {
      if (!this.#hasEnded) this.#message._read(HELD_BYTES); // resumes the connection
    };
    if (this.#turn.chunks < TURN_CHUNKS) return read();
    before = before.then(() => pollSockets(() => this.#hasEnded)).then(read); // others come first
  }

  #end(error?: Error): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (error === undefined) this.#flush();
    else {
      this.#controller?.error(error);
      this.#controller = undefined;
    }
    this.#onDropped?.();
  }
}

/** Turn of the event loop. */
let turn = { chunks: 0 };

/** Counts a chunk of a body; returns the turn that it belongs to. */
function countChunk(): { readonly chunks: number } {
  if (turn.chunks++ === 0) yieldTurn().then(() => turn = { chunks: 0 });
  return turn;
}

/** Resolves once the bodies that waited before were read on. */
let before: Promise<void> = Promise.resolve();
