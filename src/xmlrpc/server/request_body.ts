import {
  BodyBudget,
  type BodyFailure,
  type BodyReadOptions,
  type BodyShare,
  createRefusal,
  inflateBody,
  type OpenBody,
  openBody,
} from "../../http/mod.ts";
import { Deadlines, onAbort } from "../../util/mod.ts";

/** Limits of request bodies. */
export interface BodyLimits {
  /** Largest request body, before and after decompression. @default 4194304 */
  readonly maxBytes?: number;
  /** Longest time for a request body to arrive. @default 30000 */
  readonly bodyTimeoutMs?: number;
  /**
   * Memory for the request bodies that are being received, in bytes. The first 64 KB of each
   * don't count. Where the others need more they wait for each other, and one at a time may
   * exceed it; a body that waits until its time is over gets status 503, and one that stalls for
   * one second while others wait for it gets 408. @default 2097152
   */
  readonly maxBodyMemory?: number;
}

/** Largest request body, unless an option says otherwise. */
export const MAX_BYTES: number = 4 * 1024 * 1024;

/** Memory of the bodies that are received, unless an option says otherwise. */
const MAX_MEMORY = 2 * 1024 * 1024;

/** Length up to which a body is read at once: it can't be given up, but costs little. */
const SMALL = 16_384;

/** Content codings that a request may have. */
const CODINGS: ReadonlySet<string> = new Set(["", "identity", "gzip", "x-gzip", "deflate"]);

/** Receives a body, or the response for one that can't be read. Does not throw. */
export type OnRead = (read: Uint8Array | Response) => void;

/** Reads the bodies of requests within limits. */
export class BodyReader {
  readonly #maxBytes: number;
  readonly #timeoutMs: number;
  readonly #deadlines: Deadlines;
  readonly #budget: BodyBudget;

  /**
   * Creates a reader.
   *
   * @param closed aborted when nothing is read any more; without it, each idle moment costs a
   * timer
   */
  constructor(limits: BodyLimits, closed?: AbortSignal) {
    const { maxBytes = MAX_BYTES, bodyTimeoutMs = 30_000, maxBodyMemory = MAX_MEMORY } = limits;
    this.#maxBytes = maxBytes;
    this.#timeoutMs = bodyTimeoutMs;
    this.#budget = new BodyBudget(maxBodyMemory);
    const keepsTimer = closed?.aborted === false;
    this.#deadlines = new Deadlines(bodyTimeoutMs, { keepsTimer });
    onAbort(closed, () => this.#deadlines.close());
  }

  /**
   * Reads the body of a request. It is received by a function, at once or later, or the response
   * for one that can't be read.
   */
  read(request: Request, onRead: OnRead): void {
    const { headers } = request;
    const coding = headers.get("content-encoding") ?? undefined;
    const length = Number(headers.get("content-length") ?? NaN);
    const maxBytes = this.#maxBytes;
    if (length > maxBytes) return onRead(this.#toAnswer("too-large"));
    if (coding !== undefined && !CODINGS.has(coding.trim().toLowerCase())) {
      const headers = { "accept-encoding": "gzip, x-gzip, deflate" };
      return onRead(createRefusal(415, "Unknown content encoding", headers));
    }
    if (length <= Math.min(SMALL, maxBytes)) {
      const bytes = coding === undefined
        ? request.bytes()
        : request.bytes().then((sent) => inflateBody(sent, coding, maxBytes));
      this.#readInTime({ bytes, cancel() {} }, onRead);
      return;
    }
    try {
      this.#readLarge(request.body, { coding, isChunked: Number.isNaN(length) }, onRead);
    } catch {
      onRead(createUnreadable()); // something else reads it
    }
  }

  #readLarge(
    body: Request["body"],
    options: Pick<BodyReadOptions, "coding" | "isChunked">,
    onRead: OnRead,
  ): void {
    const share = this.#budget.open(() => giveUp(createStalled()));
    const open = openBody(body, { ...options, maxBytes: this.#maxBytes, share });
    const giveUp = this.#readInTime(open, onRead, share);
  }

  /** Waits for a body until its time is over; returns a function that ends the wait before. */
  #readInTime(
    { bytes, cancel }: OpenBody,
    onRead: OnRead,
    share?: BodyShare,
  ): (answer: Response) => void {
    let isSettled = false;
    const deadline = this.#deadlines.add(() => {
      giveUp(share?.isWaiting ? createBusyRefusal() : this.#createLate());
    });
    const settle = (answer: Uint8Array | Response) => {
      if (isSettled) return;
      isSettled = true;
      this.#deadlines.delete(deadline);
      onRead(answer);
    };
    const giveUp = (answer: Response) => {
      settle(answer);
      cancel();
    };
    bytes.then(
      (body) => settle(this.#toAnswer(body)),
      () => settle(createUnreadable()), // it broke off
    );
    return giveUp;
  }

  #toAnswer(body: Uint8Array | BodyFailure): Uint8Array | Response {
    if (body === "too-large") {
      return createRefusal(413, `The body exceeds ${this.#maxBytes} bytes`);
    }
    if (body === "too-many-chunks") return createRefusal(413, "The body has too many small chunks");
    return typeof body === "string" ? createRefusal(400, "The body can't be inflated") : body;
  }

  #createLate(): Response {
    const reason = `The body took more than ${this.#timeoutMs} ms`;
    return createRefusal(408, reason, { connection: "close" });
  }
}

/** Returns the response where the server can't take more at the moment. */
export function createBusyRefusal(): Response {
  return createRefusal(503, "The server is busy", { "retry-after": "1" });
}

function createStalled(): Response {
  const reason = "The body stopped arriving while others waited";
  return createRefusal(408, reason, { connection: "close" });
}

function createUnreadable(): Response {
  return createRefusal(400, "The body can't be read");
}
