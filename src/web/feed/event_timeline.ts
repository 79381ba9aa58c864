/** Most entries that are kept. */
const MAX_ENTRIES = 200;
/** Time for which events of one kind from one address are counted in one entry. */
const MERGE_MS = 500;
/** Most entries of one kind in this time; what follows is counted in one entry for all addresses. */
const MAX_AT_ONCE = 20;
const MANY_ADDRESSES = "many addresses";
/** Most names in an entry. */
const MAX_NAMES = 3;

/** Something that happened. */
export interface TimelineEvent {
  readonly type: "added" | "modified" | "removed" | "health";
  /** Time in milliseconds since 1970. */
  readonly atMs: number;
  /** Interface, or the change of the connection. */
  readonly name: string;
  /** Address of the endpoint, or the reason. */
  readonly detail: string;
}

/** Events of one kind, from one address, at about one time. */
export interface TimelineEntry {
  readonly key: number;
  readonly type: TimelineEvent["type"];
  readonly atMs: number;
  readonly detail: string;
  /** First names, without repetitions. */
  readonly names: readonly string[];
  /** Number of events. */
  readonly count: number;
}

/** An entry with the number of its last change. */
interface Numbered {
  entry: TimelineEntry;
  sequence: number;
}

/**
 * The last events. When a process with many endpoints ends, that is one entry; when very many
 * processes end, the ones after the first are one entry.
 */
export class EventTimeline {
  /** Entries, the latest change last. */
  readonly #entries: Numbered[] = [];
  #nextKey = 1;

  /** Adds an event. */
  add(event: TimelineEvent, sequence: number): void {
    const { type, atMs, name } = event;
    const isRecent = ({ entry }: Numbered) => entry.type === type && atMs - entry.atMs < MERGE_MS;
    const recent = this.#entries.filter(isRecent);
    const isKnown = recent.some(({ entry }) => entry.detail === event.detail);
    const isMany = type !== "health" && !isKnown && recent.length >= MAX_AT_ONCE;
    const detail = isMany ? MANY_ADDRESSES : event.detail;
    const index = this.#entries.findLastIndex((numbered) =>
      isRecent(numbered) && numbered.entry.detail === detail
    );
    const known = type === "health" ? undefined : this.#entries[index]?.entry;
    if (known === undefined) {
      const key = this.#nextKey++;
      const entry = { key, type, atMs, detail, names: [name], count: 1 };
      this.#entries.push({ entry, sequence });
      if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
      return;
    }
    const names = known.names.includes(name) || known.names.length >= MAX_NAMES
      ? known.names
      : [...known.names, name];
    this.#entries.splice(index, 1);
    this.#entries.push({ entry: { ...known, names, count: known.count + 1 }, sequence });
  }

  /** Returns the entries that changed after a number. */
  listSince(sequence: number): TimelineEntry[] {
    const first = this.#entries.findIndex((numbered) => numbered.sequence > sequence);
    return first < 0 ? [] : this.#entries.slice(first).map(({ entry }) => entry);
  }
}
