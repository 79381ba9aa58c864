import {
  createRow,
  type EndpointFeed,
  type EndpointRecord,
  type EndpointRow,
  type PageHealth,
  type TimelineEntry,
} from "./feed/mod.ts";
import type { EndpointPredicate } from "./page_filter.ts";
import type { MethodRow } from "./recent_calls.ts";

/** Most endpoints that are looked at for one message, so that other work goes on between two. */
const MAX_RECORDS = 1000;
/** Wait of the browser before it connects again, in milliseconds. */
const RETRY_MS = 1000;

/** A message to the page: the changes since the previous one. */
export interface PageMessage {
  /** Time of the sender in milliseconds since 1970. */
  readonly nowMs: number;
  /** Number of endpoints, whatever the filter. */
  readonly total: number;
  /** `begin` of a whole listing, which replaces all known endpoints at its `end`. */
  readonly listing?: "begin" | "end" | "all";
  readonly rows?: readonly EndpointRow[];
  /** Ids of endpoints that the filter does not match any more. */
  readonly dropped?: readonly string[];
  readonly events?: readonly TimelineEntry[];
  readonly health?: PageHealth;
  readonly methods?: readonly MethodRow[];
}

/** Parts that a {@link PageStream} needs. */
export interface PageStreamContext {
  readonly feed: EndpointFeed;
  /** Names the server in the ids of messages; another one has other numbers. */
  readonly epoch: string;
  readonly getNowMs: () => number;
  readonly getMethods: () => readonly MethodRow[];
  readonly matches: EndpointPredicate;
  /** Id of the last message that the client received. */
  readonly lastId: string | undefined;
  readonly onEnd: (stream: PageStream) => void;
}

/**
 * Server-sent events for one client. A message is made when the client can take it, from the
 * state at that moment: a slow client gets fewer messages, and nothing waits for it in memory.
 */
export class PageStream {
  readonly #context: PageStreamContext;
  readonly #encoder = new TextEncoder();
  /** Rest of a whole listing that is being sent. */
  #listing: readonly EndpointRecord[] = [];
  /** Number up to which the client knows the changes; `undefined` before a whole listing. */
  #sequence: number | undefined;
  #eventSequence: number;
  #healthVersion = 0;
  #isTicking = true;
  #isFirst = true;
  #isEnded = false;
  #wake = () => {};

  /** Creates a stream; {@link createBody} begins it. */
  constructor(context: PageStreamContext) {
    this.#context = context;
    const [epoch, sequence] = (context.lastId ?? "").split(".", 2);
    const isKnown = epoch === context.epoch && /^\d{1,15}$/.test(sequence ?? "");
    this.#sequence = isKnown ? Number(sequence) : undefined;
    this.#eventSequence = this.#sequence ?? 0;
  }

  /** Creates the body of the response. */
  createBody(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({
      pull: (controller) => this.#pull(controller),
      cancel: () => this.end(),
    }, { highWaterMark: 0 });
  }

  /** Sends the changes. */
  notify(): void {
    this.#wake();
  }

  /** Sends the time and the calls, also if nothing changed; so the client knows that it is connected. */
  tick(): void {
    this.#isTicking = true;
    this.#wake();
  }

  /** Ends the stream. May be called more than once. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#context.onEnd(this);
    this.#wake();
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    while (!this.#isEnded) {
      const message = this.#createMessage();
      if (message !== undefined) return controller.enqueue(this.#encode(message));
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    try {
      controller.close();
    } catch {
      // The client has left, which closed it.
    }
  }

  #encode(message: PageMessage): Uint8Array {
    const retry = this.#isFirst ? `retry: ${RETRY_MS}\n` : "";
    this.#isFirst = false;
    // The id of a listing that is not complete would make a client continue in its middle.
    const id = this.#listing.length > 0 || this.#sequence === undefined
      ? ""
      : `id: ${this.#context.epoch}.${this.#sequence}\n`;
    return this.#encoder.encode(`${retry}${id}data: ${JSON.stringify(message)}\n\n`);
  }

  /** Returns the next message, or `undefined` if there is nothing to say. */
  #createMessage(): PageMessage | undefined {
    const { feed, getNowMs, getMethods } = this.#context;
    const parts = this.#listing.length > 0 ? this.#continueListing() : this.#createChanges();
    const events = feed.timeline.listSince(this.#eventSequence);
    if (events.length > 0) this.#eventSequence = feed.journal.sequence;
    const hasHealth = this.#healthVersion !== feed.healthVersion;
    this.#healthVersion = feed.healthVersion;
    const isTicking = this.#isTicking;
    this.#isTicking = false;
    if (parts === undefined && events.length === 0 && !hasHealth && !isTicking) return undefined;
    return {
      nowMs: getNowMs(),
      total: feed.journal.size,
      ...parts,
      ...(events.length > 0 ? { events } : {}),
      ...(hasHealth ? { health: feed.health } : {}),
      ...(isTicking ? { methods: getMethods() } : {}),
    };
  }

  #createChanges(): Partial<PageMessage> | undefined {
    const { journal } = this.#context.feed;
    const changed = this.#sequence === undefined ? undefined : journal.listSince(this.#sequence);
    if (changed === undefined || changed.length > MAX_RECORDS) return this.#beginListing();
    this.#sequence = journal.sequence;
    if (changed.length === 0) return undefined;
    const dropped = changed.filter(({ endpoint }) => !this.#context.matches(endpoint))
      .map(({ endpoint }) => endpoint.id);
    return { ...this.#createRows(changed), ...(dropped.length > 0 ? { dropped } : {}) };
  }

  #beginListing(): Partial<PageMessage> {
    const { journal } = this.#context.feed;
    this.#sequence = journal.sequence;
    const all = journal.list();
    this.#listing = all.slice(MAX_RECORDS);
    const listing = this.#listing.length === 0 ? "all" : "begin";
    return { ...this.#createRows(all.slice(0, MAX_RECORDS)), listing };
  }

  #continueListing(): Partial<PageMessage> {
    const { journal } = this.#context.feed;
    const part = this.#listing.slice(0, MAX_RECORDS);
    this.#listing = this.#listing.slice(MAX_RECORDS);
    // Those that have changed meanwhile follow after the listing.
    const present = part.filter(({ endpoint }) => journal.get(endpoint.id) !== undefined);
    const parts = this.#createRows(present);
    return this.#listing.length === 0 ? { ...parts, listing: "end" } : parts;
  }

  #createRows(records: readonly EndpointRecord[]): Pick<PageMessage, "rows"> {
    const rows = records.filter(({ endpoint }) => this.#context.matches(endpoint)).map(createRow);
    return rows.length > 0 ? { rows } : {};
  }
}
