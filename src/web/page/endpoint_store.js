/** @import { EndpointRow, PageMessage } from "./messages.js" */

/** Time for which a change is marked, in milliseconds. */
const MARK_MS = 4000;
/** Number of changes from which sorting everything is faster than moving single rows. */
const MANY = 200;

/**
 * @typedef {"" | "added" | "modified" | "leaving" | "gone"} RowState
 * @typedef {EndpointRow & { state: RowState, untilMs: number, sortKey: string | number }} Entry
 * @typedef {"interface" | "host" | "address" | "properties" | "bornMs" | "changedMs"} SortColumn
 */

/** The endpoints that match the filter, in the order of the list. */
export class EndpointStore {
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  /** @type {Entry[]} */
  #order = [];
  /** Ids of a whole listing that is being received. @type {Set<string> | undefined} */
  #listed;
  /** @type {SortColumn} */
  #column = "interface";
  #direction = 1;
  #isReady = false;

  /** Rows in their order. */
  get rows() {
    return this.#order;
  }

  /** Whether a whole listing was received. */
  get isReady() {
    return this.#isReady;
  }

  get sort() {
    return { column: this.#column, isAscending: this.#direction > 0 };
  }

  /** Number of endpoints, without those that are gone. */
  get size() {
    let size = 0;
    for (const { state } of this.#order) if (state !== "gone") size++;
    return size;
  }

  /** @param {string | undefined} id */
  get(id) {
    return id === undefined ? undefined : this.#entries.get(id);
  }

  /**
   * Returns the place of an entry, or -1.
   *
   * @param {Entry | undefined} entry
   */
  indexOf(entry) {
    if (entry === undefined) return -1;
    const index = this.#findPlace(entry);
    return this.#order[index] === entry ? index : -1;
  }

  /**
   * Sorts by a column; by the same one again in the other direction.
   *
   * @param {SortColumn} column
   */
  sortBy(column) {
    this.#direction = column === this.#column ? -this.#direction : 1;
    this.#column = column;
    for (const entry of this.#order) entry.sortKey = this.#createKey(entry);
    this.#sortAll();
  }

  /**
   * Applies a message; returns whether a row changed.
   *
   * @param {PageMessage} message
   * @param {number} nowMs time of this page
   */
  apply({ listing, rows = [], dropped = [], nowMs: sentMs }, nowMs) {
    if (listing === "begin" || listing === "all") this.#listed = new Set();
    const isMany = rows.length > MANY;
    for (const row of rows) {
      this.#listed?.add(row.id);
      this.#put(row, sentMs, nowMs, isMany);
    }
    for (const id of dropped) this.#remove(id);
    if (isMany) this.#sortAll();
    if (listing === "end" || listing === "all") this.#endListing(nowMs);
    return rows.length + dropped.length > 0 || listing !== undefined;
  }

  /**
   * Ends the marks whose time is over; returns whether there were any.
   *
   * @param {number} nowMs
   */
  expire(nowMs) {
    let count = 0;
    /** @type {Set<Entry>} */
    const gone = new Set();
    for (const entry of this.#order) {
      if (entry.state === "" || entry.untilMs > nowMs) continue;
      if (entry.state === "gone") gone.add(entry);
      entry.state = entry.isLeaving ? "leaving" : "";
      if (entry.isLeaving) entry.untilMs = Infinity;
      count++;
    }
    if (gone.size > 0) {
      for (const { id } of gone) this.#entries.delete(id);
      this.#order = this.#order.filter((entry) => !gone.has(entry));
    }
    return count > 0;
  }

  /** @param {EndpointRow} row @param {number} sentMs @param {number} nowMs @param {boolean} isMany */
  #put(row, sentMs, nowMs, isMany) {
    const known = this.#entries.get(row.id);
    if (row.change === "removed") {
      if (known !== undefined) this.#markGone(known, nowMs, isMany);
      return;
    }
    const leftMs = MARK_MS - (sentMs - row.changedMs);
    const isNew = row.change !== "known" && leftMs > 0;
    /** @type {RowState} */
    const state = row.isLeaving ? "leaving" : isNew && row.change !== "known" ? row.change : "";
    const untilMs = row.isLeaving ? Infinity : nowMs + leftMs;
    const sortKey = this.#createKey(row);
    const isInPlace = known?.sortKey === sortKey && known.address === row.address;
    if (known !== undefined && (isInPlace || isMany)) {
      Object.assign(known, { isLeaving: undefined, isOwn: undefined }, row, {
        state,
        untilMs,
        sortKey,
      });
      return;
    }
    if (known !== undefined) this.#remove(row.id);
    const entry = { ...row, state, untilMs, sortKey };
    this.#entries.set(row.id, entry);
    if (isMany) this.#order.push(entry);
    else this.#order.splice(this.#findPlace(entry), 0, entry);
  }

  /** @param {string} id */
  #remove(id) {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    const index = this.indexOf(entry);
    if (index >= 0) this.#order.splice(index, 1);
    this.#entries.delete(id);
  }

  /** Marks what a whole listing does not have. @param {number} nowMs */
  #endListing(nowMs) {
    this.#isReady = true;
    const missing = this.#order.filter(({ id }) => !this.#listed?.has(id));
    for (const entry of missing) {
      if (entry.state !== "gone") this.#markGone(entry, nowMs, true);
    }
    if (missing.length > 0) this.#sortAll();
    this.#listed = undefined;
  }

  /** @param {Entry} entry @param {number} nowMs @param {boolean} isMany */
  #markGone(entry, nowMs, isMany) {
    const index = isMany ? -1 : this.indexOf(entry);
    if (index >= 0) this.#order.splice(index, 1);
    entry.state = "gone";
    entry.change = "removed";
    entry.changedMs = nowMs;
    entry.untilMs = nowMs + MARK_MS;
    entry.sortKey = this.#createKey(entry);
    if (index >= 0) this.#order.splice(this.#findPlace(entry), 0, entry);
  }

  /** Forgets everything at the next listing, without marks: another filter. */
  clear() {
    this.#entries.clear();
    this.#order = [];
    this.#listed = undefined;
    this.#isReady = false;
  }

  /** @param {EndpointRow} row @returns {string | number} */
  #createKey(row) {
    switch (this.#column) {
      case "bornMs":
      case "changedMs":
        return -row[this.#column];
      case "interface":
        return (row.interfaces[0] ?? "").toLowerCase();
      default:
        return row[this.#column].toLowerCase();
    }
  }

  #sortAll() {
    this.#order.sort((a, b) => this.#compare(a, b));
  }

  /** @param {Entry} a @param {Entry} b */
  #compare(a, b) {
    if (a.sortKey !== b.sortKey) return a.sortKey < b.sortKey ? -this.#direction : this.#direction;
    const [left, right] = [a.address, b.address];
    if (left !== right) return left < right ? -1 : 1;
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  }

  /** Returns the place at which an entry is or belongs. @param {Entry} entry */
  #findPlace(entry) {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.#order[middle], entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
