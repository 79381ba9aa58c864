import {
  BodyBudget,
  type BodyFailure,
  type BodyShare,
  createRefusal,
  inflateBody,
  type OpenBody,
  openBody,
} from "../../http/mod.ts";
import { type CoarseDeadline, CoarseDeadlines, onAbort } from "../../util/mod.ts";

/** Limits of request bodies. */
export interface BodyLimits {
  /** Largest request body, before and after decompression. @default 4194304 */
  readonly maxBytes?: number;
  /**
   * Time for a request body to arrive, in milliseconds; it is refused at the latest after a
   * quarter more. @default 30000
   */
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
  readonly #limits: ReadingLimits;
  readonly #budget: BodyBudget;

  /**
   * Creates a reader.
   *
   * @param closed aborted when nothing is read any more; without it, each idle moment costs a
   * timer
   */
  constructor(limits: BodyLimits, closed?: AbortSignal) {
    const { maxBytes = MAX_BYTES, bodyTimeoutMs = 30_000, maxBodyMemory = MAX_MEMORY } = limits;
    const keepsTimer = closed?.aborted === false;
    const deadlines = new CoarseDeadlines<Reading>(bodyTimeoutMs, { keepsTimer });
    onAbort(closed, () => deadlines.close());
    this.#limits = { maxBytes, timeoutMs: bodyTimeoutMs, deadlines };
    this.#budget = new BodyBudget(maxBodyMemory);
  }

  /**
   * Reads the body of a request. It is received by a function, at once or later, or the response
   * for one that can't be read.
   */
  read(request: Request, onRead: OnRead): void {
    const { headers } = request;
    const coding = headers.get("content-encoding") ?? undefined;
    const length = Number(headers.get("content-length") ?? NaN);
    const { maxBytes } = this.#limits;
    if (length > maxBytes) return onRead(toAnswer("too-large", maxBytes));
    if (coding !== undefined && !CODINGS.has(coding.trim().toLowerCase())) {
      const headers = { "accept-encoding": "gzip, x-gzip, deflate" };
      return onRead(createRefusal(415, "Unknown content encoding", headers));
    }
    const reading = new Reading(this.#limits, onRead);
    if (length <= Math.min(SMALL, maxBytes)) {
      reading.wait(
        coding === undefined
          ? request.bytes()
          : request.bytes().then((sent) => inflateBody(sent, coding, maxBytes)),
      );
      return;
    }
    try {
      const share = this.#budget.open(() => reading.giveUp(createStalled()));
      const isChunked = Number.isNaN(length);
      const open = openBody(request.body, { coding, isChunked, maxBytes, share });
      reading.wait(open.bytes, open, share);
    } catch {
      onRead(createUnreadable()); // something else reads it
    }
  }
}

/** Limits of a {@link Reading}. */
interface ReadingLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly deadlines: CoarseDeadlines<Reading>;
}

/** A body that is being read, until its end or its deadline. */
class Reading implements CoarseDeadline<Reading> {
  lateRound = 0;
  previous: Reading | undefined = undefined;
  next: Reading | undefined = undefined;
  readonly #limits: ReadingLimits;
  #onRead: OnRead | undefined;
  #body: OpenBody | undefined;
  #share: BodyShare | undefined;

  constructor(limits: ReadingLimits, onRead: OnRead) {
    this.#limits = limits;
    this.#onRead = onRead;
  }

  /** Waits for a body until its time is over. */
  wait(bytes: OpenBody["bytes"], body?: OpenBody, share?: BodyShare): void {
    this.#body = body;
    this.#share = share;
    this.#limits.deadlines.add(this);
    bytes.then(
      (read) => this.#settle(toAnswer(read, this.#limits.maxBytes)),
      () => this.#settle(createUnreadable()), // it broke off
    );
  }

  onLate(): void {
    this.giveUp(this.#share?.isWaiting ? createBusyRefusal() : createLate(this.#limits.timeoutMs));
  }

  /** Ends the wait with a response. */
  giveUp(answer: Response): void {
    this.#settle(answer);
    this.#body?.cancel();
  }

  #settle(answer: Uint8Array | Response): void {
    const onRead = this.#onRead;
    if (onRead === undefined) return;
    this.#onRead = undefined;
    this.#limits.deadlines.delete(this);
    onRead(answer);
  }
}

function toAnswer(body: Uint8Array | BodyFailure, maxBytes: number): Uint8Array | Response {
  if (typeof body !== "string") return body;
  if (body === "too-large") return createRefusal(413, `The body exceeds ${maxBytes} bytes`);
  if (body === "too-many-chunks") return createRefusal(413, "The body has too many small chunks");
  return createRefusal(400, "The body can't be inflated");
}

function createLate(timeoutMs: number): Response {
  const reason = `The body took more than ${timeoutMs} ms`;
  return createRefusal(408, reason, { connection: "close" });
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
