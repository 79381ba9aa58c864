import { createElement, setAttribute, setText } from "./elements.js";
import { formatAge, formatCount, formatDate, splitInterface } from "./formats.js";

/** @import { EndpointStore, Entry, SortColumn } from "./endpoint_store.js" */

/** Rows that are kept above and below the visible ones. */
const MARGIN = 6;

/** @type {readonly (readonly [name: string, title: string, sort: SortColumn])[]} */
const COLUMNS = [
  ["interface", "Interface", "interface"],
  ["host", "Host", "host"],
  ["address", "Address", "address"],
  ["properties", "Properties", "properties"],
  ["age", "Age", "bornMs"],
  ["changed", "Last change", "changedMs"],
];

/** The table of endpoints: only the rows that can be seen are in the document. */
export class EndpointList {
  #grid;
  #body;
  #head;
  #store;
  #onChoose;
  /** @type {HTMLElement[]} */
  #pool = [];
  #rowHeight = 38;
  /** Id of the row that the keys move. @type {string | undefined} */
  #activeId;
  /** @type {string | undefined} */
  #chosenId;
  #nowMs = 0;
  #isDrawing = false;

  /**
   * @param {{ grid: HTMLElement, head: HTMLElement, body: HTMLElement }} elements
   * @param {EndpointStore} store
   * @param {(entry: Entry, isByKey: boolean) => void} onChoose
   */
  constructor({ grid, head, body }, store, onChoose) {
    this.#grid = grid;
    this.#head = head;
    this.#body = body;
    this.#store = store;
    this.#onChoose = onChoose;
    this.#createHead();
    grid.addEventListener("scroll", () => this.#drawLater(), { passive: true });
    grid.addEventListener("keydown", (event) => this.#onKey(event));
    body.addEventListener("click", (event) => this.#onClick(event));
    new ResizeObserver(() => this.#measure()).observe(grid);
    this.#measure();
  }

  /** @param {string | undefined} id */
  choose(id) {
    this.#chosenId = id;
    this.draw(this.#nowMs);
  }

  focus() {
    this.#grid.focus({ preventScroll: true });
  }

  /**
   * Changes the rows and keeps the first visible one where it is.
   *
   * @param {() => void} change
   * @param {number} nowMs
   */
  update(change, nowMs) {
    const top = this.#grid.scrollTop;
    const before = Math.floor(top / this.#rowHeight);
    const anchor = top > 0 ? this.#store.rows[before] : undefined;
    change();
    const after = this.#store.indexOf(anchor);
    if (after >= 0 && after !== before) {
      this.#resize();
      this.#grid.scrollTop = top + (after - before) * this.#rowHeight;
    }
    this.draw(nowMs);
  }

  /**
   * Draws the visible rows.
   *
   * @param {number} nowMs time of the server
   */
  draw(nowMs) {
    this.#nowMs = nowMs;
    const { rows } = this.#store;
    this.#resize();
    const first = Math.max(0, Math.floor(this.#grid.scrollTop / this.#rowHeight) - MARGIN);
    const visible = Math.ceil(this.#grid.clientHeight / this.#rowHeight) + 2 * MARGIN;
    const last = Math.min(rows.length, first + visible);
    while (this.#pool.length < last - first) this.#pool.push(this.#createRow());
    this.#pool.forEach((element, index) => {
      const entry = first + index < last ? rows[first + index] : undefined;
      element.hidden = entry === undefined;
      if (entry !== undefined) this.#fillRow(element, entry, first + index);
      else element.removeAttribute("id");
    });
    const isActiveVisible = rows.slice(first, last).some(({ id }) => id === this.#activeId);
    setAttribute(this.#grid, "aria-activedescendant", isActiveVisible ? "active-row" : undefined);
  }

  #drawLater() {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.draw(this.#nowMs);
    });
  }

  #measure() {
    const height = getComputedStyle(this.#grid).getPropertyValue("--row-height");
    this.#rowHeight = Number.parseFloat(height) || 38;
    this.draw(this.#nowMs);
  }

  #resize() {
    const { length } = this.#store.rows;
    const height = `${length * this.#rowHeight}px`;
    if (this.#body.style.height !== height) this.#body.style.height = height;
    setAttribute(this.#grid, "aria-rowcount", String(length + 1));
  }

  #createHead() {
    for (const [name, title, column] of COLUMNS) {
      const button = createElement("button", { type: "button" }, title);
      button.addEventListener("click", () => {
        this.#store.sortBy(column);
        this.#grid.scrollTop = 0;
        this.#markSort();
        this.draw(this.#nowMs);
      });
      const attributes = { role: "columnheader", class: `cell column-${name}` };
      this.#head.append(createElement("div", attributes, button));
    }
    this.#markSort();
  }

  #markSort() {
    const { column, isAscending } = this.#store.sort;
    [...this.#head.children].forEach((cell, index) => {
      const isSorted = COLUMNS[index]?.[2] === column;
      const direction = isAscending ? "ascending" : "descending";
      setAttribute(cell, "aria-sort", isSorted ? direction : undefined);
    });
  }

  #createRow() {
    const row = createElement("div", { class: "row", role: "row" });
    const name = createElement(
      "div",
      { role: "gridcell", class: "cell interface" },
      createElement("span", { class: "package" }),
      createElement("span", { class: "name" }),
      createElement("span", { class: "more" }),
      createElement("span", { class: "under mono", "aria-hidden": "true" }),
    );
    const cell = (/** @type {string} */ names, /** @type {Node[]} */ ...children) =>
      createElement("div", { role: "gridcell", class: `cell ${names}` }, ...children);
    row.append(
      name,
      cell("column-host", createElement("span"), createElement("span", { class: "mono muted" })),
      cell("column-address mono"),
      cell("column-properties mono muted"),
      cell("column-age muted"),
      cell("column-changed", createElement("span", { class: "state" })),
    );
    this.#body.append(row);
    return row;
  }

  /** @param {HTMLElement} row @param {Entry} entry @param {number} index */
  #fillRow(row, entry, index) {
    const isActive = entry.id === this.#activeId;
    row.style.transform = `translateY(${index * this.#rowHeight}px)`;
    row.dataset.endpoint = entry.id;
    row.dataset.state = entry.state;
    setAttribute(row, "id", isActive ? "active-row" : undefined);
    setAttribute(row, "aria-rowindex", String(index + 2));
    setAttribute(row, "aria-selected", String(entry.id === this.#chosenId));
    row.classList.toggle("active", isActive);
    const [name, host, address, properties, age, changed] = /** @type {any} */ (row.children);
    const [packageName, simpleName] = splitInterface(entry.interfaces[0] ?? "");
    const [packagePart, namePart, more, under] = name.children;
    setText(packagePart, packageName);
    setText(namePart, simpleName);
    const others = entry.interfaces.length - 1;
    const label = entry.isOwn ? "this host" : others > 0 ? `+${formatCount(others)}` : "";
    setText(more, label);
    more.hidden = label === "";
    setText(under, shorten(entry.address));
    name.title = entry.interfaces.join("\n");
    setAttribute(
      name,
      "aria-label",
      [...entry.interfaces, entry.isOwn ? label : ""].join(" ").trim(),
    );
    setText(host.children[0], entry.host);
    setText(host.children[1], entry.process === "" ? "" : ` ${entry.process.slice(0, 6)}`);
    host.title = entry.process === "" ? entry.host : `${entry.host}, process ${entry.process}`;
    setText(address, shorten(entry.address));
    address.title = entry.address;
    setText(properties, entry.properties);
    properties.title = entry.properties;
    setText(age, formatAge(this.#nowMs - entry.bornMs));
    age.title = `since ${formatDate(entry.bornMs)}`;
    this.#fillChange(changed, entry);
  }

  /** @param {HTMLElement} cell @param {Entry} entry */
  #fillChange(cell, entry) {
    const ago = `${formatAge(this.#nowMs - entry.changedMs)} ago`;
    setText(/** @type {Element} */ (cell.firstChild), entry.state === "" ? ago : entry.state);
    cell.title = formatDate(entry.changedMs);
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const row = event.target instanceof Element ? event.target.closest(".row") : null;
    if (!(row instanceof HTMLElement)) return;
    this.#activeId = row.dataset.endpoint;
    const entry = this.#store.get(this.#activeId);
    if (entry !== undefined) this.#onChoose(entry, false);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.target !== this.#grid || event.altKey || event.ctrlKey || event.metaKey) return;
    const { rows } = this.#store;
    const active = this.#store.get(this.#activeId);
    const index = this.#store.indexOf(active);
    if ((event.key === "Enter" || event.key === " ") && active !== undefined) {
      event.preventDefault();
      return this.#onChoose(active, true);
    }
    const page = Math.max(1, Math.floor(this.#grid.clientHeight / this.#rowHeight) - 2);
    /** @type {Record<string, number>} */
    const targets = {
      ArrowDown: index + 1,
      ArrowUp: Math.max(index - 1, 0),
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: rows.length - 1,
    };
    const target = targets[event.key];
    if (target === undefined || rows.length === 0) return;
    event.preventDefault();
    const next = Math.min(Math.max(target, 0), rows.length - 1);
    this.#activeId = rows[next]?.id;
    this.#reveal(next);
    this.draw(this.#nowMs);
  }

  /** Scrolls until a row is visible below the head. @param {number} index */
  #reveal(index) {
    const top = index * this.#rowHeight;
    const height = this.#grid.clientHeight - this.#head.offsetHeight - this.#rowHeight;
    if (top < this.#grid.scrollTop) this.#grid.scrollTop = top;
    else if (top > this.#grid.scrollTop + height) this.#grid.scrollTop = top - height;
  }
}

/** Leaves the usual scheme out. @param {string} address */
function shorten(address) {
  return address.replace(/^http:\/\//, "");
}
