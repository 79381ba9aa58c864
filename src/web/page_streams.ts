import type { Clock, Timer } from "../util/mod.ts";
import { PageStream, type PageStreamContext } from "./page_stream.ts";

/** Most clients at a time. */
const MAX_STREAMS = 100;
/**
 * Shortest time between two messages of changes: a burst becomes a few messages, a single event
 * does not wait.
 */
const PACE_MS = 40;
/** Time between two messages of calls, which are also the sign of life. */
const TICK_MS = 1000;

/** The clients that follow the page: wakes them for changes, not too often, and each second. */
export class PageStreams {
  readonly #clock: Clock;
  readonly #onTick: () => void;
  readonly #streams = new Set<PageStream>();
  #pace: Timer | undefined;
  #tick: Timer | undefined;
  #lastMs = -Infinity;
  #isClosed = false;

  /** Creates an empty set; `onTick` is called each second while there are clients. */
  constructor(clock: Clock, onTick: () => void) {
    this.#clock = clock;
    this.#onTick = onTick;
  }

  /** Whether no further client is taken. */
  get isFull(): boolean {
    return this.#isClosed || this.#streams.size >= MAX_STREAMS;
  }

  /** Opens a stream for a client. */
  open(context: Omit<PageStreamContext, "onEnd">): PageStream {
    const stream = new PageStream({
      ...context,
      onEnd: (ended) => {
        this.#streams.delete(ended);
        if (this.#streams.size === 0) this.#stopTimers();
      },
    });
    this.#streams.add(stream);
    if (this.#tick === undefined) this.#startTick();
    return stream;
  }

  /** Notifies the clients of a change, at once if the last one was a while ago. */
  notify(): void {
    if (this.#pace !== undefined || this.#streams.size === 0) return;
    const waitMs = this.#lastMs + PACE_MS - this.#clock.now();
    if (waitMs <= 0) return this.#flush();
    this.#pace = this.#clock.startTimer(waitMs, () => this.#flush(), { keepsProcess: false });
  }

  /** Ends all streams; further ones are refused. */
  close(): void {
    this.#isClosed = true;
    for (const stream of [...this.#streams]) stream.end();
    this.#stopTimers();
  }

  #flush(): void {
    this.#pace?.cancel();
    this.#pace = undefined;
    this.#lastMs = this.#clock.now();
    for (const stream of this.#streams) stream.notify();
  }

  #startTick(): void {
    this.#tick = this.#clock.startTimer(TICK_MS, () => {
      this.#onTick();
      for (const stream of this.#streams) stream.tick();
      this.#startTick();
    }, { keepsProcess: false });
  }

  #stopTimers(): void {
    this.#pace?.cancel();
    this.#tick?.cancel();
    this.#pace = this.#tick = undefined;
  }
}
