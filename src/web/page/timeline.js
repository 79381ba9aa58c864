import { createElement } from "./elements.js";
import { LABELS } from "./health_pill.js";
import { formatCount, formatDate, formatTime, splitInterface } from "./formats.js";

/** @import { TimelineEntry } from "./messages.js" */

/** Most entries in the document. */
const MAX_ENTRIES = 200;
/** Time for which the first events are not read aloud. */
const QUIET_MS = 500;
const MARKS = { added: "+", modified: "~", removed: "−", health: "!" };
const WORDS = { added: "added", modified: "modified", removed: "gone", health: "connection" };

/** The events, the latest first. */
export class Timeline {
  #list;
  /** @type {Map<number, HTMLElement>} */
  #items = new Map();

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
    this.#drawNone();
  }

  /**
   * Adds entries, or replaces those that have grown.
   *
   * @param {readonly TimelineEntry[]} entries
   */
  add(entries) {
    if (this.#items.size === 0 && entries.length > 0) {
      this.#list.replaceChildren();
      this.#keepQuiet();
    }
    for (const entry of entries) {
      const known = this.#items.get(entry.key);
      if (known?.dataset.count === String(entry.count)) continue; // sent again with a listing
      const item = createItem(entry);
      if (known === undefined) this.#list.prepend(item);
      else known.replaceWith(item);
      this.#items.set(entry.key, item);
    }
    for (const [key, item] of this.#items) {
      if (this.#items.size <= MAX_ENTRIES) break;
      item.remove();
      this.#items.delete(key);
    }
  }

  /** Keeps screen readers from reading what happened before the page was opened. */
  #keepQuiet() {
    const log = this.#list.parentElement;
    log?.setAttribute("aria-busy", "true");
    setTimeout(() => log?.removeAttribute("aria-busy"), QUIET_MS);
  }

  /** Forgets the events: those of another server follow. */
  clear() {
    this.#items.clear();
    this.#drawNone();
  }

  #drawNone() {
    const text = "Nothing has changed since this page began to watch.";
    this.#list.replaceChildren(createElement("li", { class: "none" }, text));
  }
}

/** @param {TimelineEntry} entry */
function createItem({ type, atMs, names, count, detail }) {
  const time = createElement("time", { title: formatDate(atMs) }, formatTime(atMs));
  const mark = createElement("span", { class: "mark", "aria-hidden": "true" }, MARKS[type]);
  const what = createElement("span", { class: "what" });
  const others = count - names.length;
  const parts = names.map(splitInterface);
  const packages = [...new Set(parts.map(([packageName]) => packageName.replace(/\.$/, "")))];
  const label = type === "health"
    ? LABELS[names[0]] ?? names[0]
    : parts.map(([, name]) => name).join(", ");
  what.append(
    createElement("span", { class: "hidden" }, `${WORDS[type]}: `),
    createElement("b", { title: names.join("\n") }, label),
    others > 0 ? ` and ${formatCount(others)} more` : "",
  );
  const where = [...packages.filter((name) => name !== ""), detail.replace(/^http:\/\//, "")];
  for (const text of where) what.append(createElement("span", { class: "where" }, text));
  const item = createElement(
    "li",
    { "data-type": type, "data-count": String(count) },
    time,
    mark,
    what,
  );
  return item;
}
