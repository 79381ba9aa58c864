import type { EndpointDescription } from "../../endpoint/mod.ts";

/** Most changes that are kept for clients that are behind; older ones need a whole listing. */
const MAX_CHANGES = 20_000;

/** Last change of an endpoint; `known` if it was there when the page began to watch. */
export type EndpointChange = "known" | "added" | "modified" | "removed";

/** State of an endpoint after a change. */
export interface EndpointRecord {
  readonly endpoint: EndpointDescription;
  /** Last change. */
  readonly change: EndpointChange;
  /** Whether this host exports it. */
  readonly isOwn: boolean;
  /** Whether the directory no longer lists it, and it is kept for a grace time. */
  readonly isLeaving: boolean;
  /** Time since which it is advertised, in milliseconds since 1970. */
  readonly bornMs: number;
  /** Time of the last change, in milliseconds since 1970. */
  readonly changedMs: number;
  /** Number of the change. */
  readonly sequence: number;
}

/** Change to record. */
export type NewRecord = Omit<EndpointRecord, "sequence">;

/**
 * Records of all endpoints, and the changes in their order. A client that knows the state at a
 * number asks for later changes, so that no client needs a queue.
 */
export class EndpointJournal {
  readonly #records = new Map<string, EndpointRecord>();
  /** Last changes; their numbers have no gap. `undefined` for one of something else. */
  #changes: (EndpointRecord | undefined)[] = [];
  #sequence = 0;

  /** Number of the last change. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Number of endpoints. */
  get size(): number {
    return this.#records.size;
  }

  /** Returns the endpoint with an id, if it is known. */
  get(endpointId: string): EndpointRecord | undefined {
    return this.#records.get(endpointId);
  }

  /** Returns all endpoints. */
  list(): EndpointRecord[] {
    return [...this.#records.values()];
  }

  /** Records a change and returns it with its number. */
  add(record: NewRecord): EndpointRecord {
    const numbered = { ...record, sequence: this.#sequence + 1 };
    const { id } = record.endpoint;
    if (record.change === "removed") this.#records.delete(id);
    else this.#records.set(id, numbered);
    this.#push(numbered);
    return numbered;
  }

  /** Returns the next number, for a change that is not of an endpoint. */
  advance(): number {
    return this.#push(undefined);
  }

  /**
   * Returns the last change of each endpoint that changed after a number; `undefined` if some
   * of the changes are forgotten, or the number is of another journal.
   */
  listSince(sequence: number): EndpointRecord[] | undefined {
    const behind = this.#sequence - sequence;
    if (behind < 0 || behind > this.#changes.length) return undefined;
    if (behind === 0) return [];
    const latest = new Map<string, EndpointRecord>();
    for (const record of this.#changes.slice(-behind)) {
      if (record !== undefined) latest.set(record.endpoint.id, record);
    }
    return [...latest.values()];
  }

  #push(record: EndpointRecord | undefined): number {
    this.#changes.push(record);
    // Halved at once: to shift a long list for each change would be slow.
    if (this.#changes.length > 2 * MAX_CHANGES) this.#changes = this.#changes.slice(-MAX_CHANGES);
    return ++this.#sequence;
  }
}
