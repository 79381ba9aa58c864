import { Deadlines, type DeadlinesOptions } from "./deadline_list.ts";

/** Most lengths for which lists are kept; one further gets a list that is not shared. */
const MAX_LISTS = 16;

/**
 * Lists of deadlines by their length, for owners whose deadlines mostly have one of a few
 * lengths.
 */
export class DeadlineLists implements Disposable {
  readonly #options: DeadlinesOptions;
  readonly #lists = new Map<number, Deadlines>();

  /** Creates an empty collection; the options are those of each list. */
  constructor(options: DeadlinesOptions = {}) {
    this.#options = options;
  }

  /** Returns the list of deadlines of a length. */
  get(timeoutMs: number): Deadlines {
    const known = this.#lists.get(timeoutMs);
    if (known !== undefined) return known;
    if (this.#lists.size >= MAX_LISTS) {
      return new Deadlines(timeoutMs, { ...this.#options, keepsTimer: false });
    }
    const list = new Deadlines(timeoutMs, this.#options);
    this.#lists.set(timeoutMs, list);
    return list;
  }

  /** Deletes all deadlines of the lists and stops their timers. */
  close(): void {
    for (const list of this.#lists.values()) list.close();
  }

  /** Same as {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}
