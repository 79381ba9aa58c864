import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** Bytes of the header of an HTTP/2 frame: length (3), type (1), flags (1), stream (4). */
const HEADER_BYTES = 9;
/** Types of HTTP/2 frames (RFC 9113, section 6). */
const SETTINGS = 4;
const GOAWAY = 7;

/**
 * Finds the headers of HTTP/2 frames in a stream of bytes that is cut anywhere.
 *
 * @example
 * ```ts
 * const scanner = new FrameScanner();
 * const emptySettings = Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0);
 * console.log(scanner.scan(emptySettings).join(" ")); // 4
 * ```
 */
export class FrameScanner {
  /** Header bytes that were read so far. */
  readonly #header: number[] = [];
  #payloadLeft = 0;

  /** Returns the types of the frames whose header ends in the next bytes, in order. */
  scan(bytes: Uint8Array): number[] {
    const types = [];
    for (let at = 0; at < bytes.length;) {
      if (this.#payloadLeft > 0) {
        const skipped = Math.min(this.#payloadLeft, bytes.length - at);
        this.#payloadLeft -= skipped;
        at += skipped;
        continue;
      }
      this.#header.push(bytes[at++] ?? 0);
      if (this.#header.length < HEADER_BYTES) continue;
      const [high = 0, middle = 0, low = 0, type = 0] = this.#header;
      this.#header.length = 0;
      this.#payloadLeft = high << 16 | middle << 8 | low;
      types.push(type);
    }
    return types;
  }
}

/** Whether frames begin with SETTINGS, as those of every HTTP/2 server do. */
export function isServerPreface(types: readonly number[]): boolean {
  return types[0] === SETTINGS;
}

/** Whether one of the frames is a GOAWAY. */
export function hasGoAway(types: readonly number[]): boolean {
  return types.includes(GOAWAY);
}

/**
 * A socket that is destroyed when the server sends GOAWAY, before anything else sees it: a
 * GOAWAY on a session without an open stream ends the Deno process (denoland/deno#36788).
 * The link to that server is over with it anyway.
 */
export class GuardedSocket extends Duplex {
  readonly #socket: Socket;
  readonly #scanner = new FrameScanner();

  /**
   * Wraps a connected socket, whose only reader it becomes.
   *
   * @param onGoAway is called once, before the socket is destroyed
   */
  constructor(socket: Socket, onGoAway: () => void) {
    super();
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      if (hasGoAway(this.#scanner.scan(chunk))) {
        onGoAway();
        this.destroy();
      } else if (!this.push(chunk)) socket.pause();
    });
    socket.once("end", () => this.push(null));
    socket.once("close", () => this.destroy());
    socket.on("error", (error) => this.destroy(error));
    this.on("error", () => {}); // the session reports it too, if there is one
  }

  /** Keeps the process alive while the socket is open. */
  ref(): this {
    this.#socket.ref();
    return this;
  }

  /** Lets the process end although the socket is open. */
  unref(): this {
    this.#socket.unref();
    return this;
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
