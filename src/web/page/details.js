import { CallForm } from "./call_form.js";
import { byId, createElement, createFacts, setText } from "./elements.js";
import { formatDate } from "./formats.js";

/** @import { Entry } from "./endpoint_store.js" */

/**
 * @typedef {{ name: string, value: string, isHidden: boolean, isProtocol: boolean }} Property
 *
 * @typedef {object} Description
 * @property {string} id
 * @property {Property[]} properties
 * @property {string[]} methods
 * @property {boolean} isCallable
 */

/** One endpoint with its properties and, where it is allowed, a form to call it. */
export class Details {
  #panel = byId("details");
  #heading = byId("details-heading");
  #body = byId("details-body");
  #onClose;
  /** @type {string | undefined} */
  #id;
  /** Last change that is shown. */
  #changedMs = 0;
  /** @type {CallForm | undefined} */
  #form;
  #isGone = false;

  /** @param {() => void} onClose */
  constructor(onClose) {
    this.#onClose = onClose;
    byId("details-close").addEventListener("click", () => this.close());
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  get id() {
    return this.#id;
  }

  /**
   * Shows an endpoint.
   *
   * @param {Entry} entry
   * @param {boolean} isFocused whether the focus moves to it
   */
  async show(entry, isFocused) {
    const isOther = entry.id !== this.#id;
    this.#id = entry.id;
    this.#changedMs = entry.changedMs;
    this.#panel.hidden = false;
    setText(this.#heading, entry.interfaces.join(", "));
    if (isFocused) this.#heading.focus();
    else if (isOther) this.#panel.scrollIntoView({ block: "nearest" });
    if (isOther) {
      this.#form = undefined;
      this.#body.replaceChildren(createElement("p", { class: "muted" }, "Loading…"));
    }
    this.#isGone = false;
    const description = await fetchDescription(entry.id);
    if (this.#id !== entry.id) return;
    if (description === undefined) return this.#markGone();
    this.#draw(entry, description);
  }

  /**
   * Follows the endpoint that is shown.
   *
   * @param {Entry | undefined} entry
   */
  refresh(entry) {
    if (this.#id === undefined) return;
    if (entry === undefined || entry.state === "gone") return this.#markGone();
    if (entry.changedMs !== this.#changedMs || this.#isGone) void this.show(entry, false);
  }

  close() {
    if (this.#id === undefined) return;
    this.#id = undefined;
    this.#form = undefined;
    this.#panel.hidden = true;
    this.#onClose();
  }

  #markGone() {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#form?.disable();
    const text = "This endpoint is gone. What follows is its last description.";
    this.#body.prepend(createElement("p", { class: "gone", role: "status" }, text));
  }

  /** @param {Entry} entry @param {Description} description */
  #draw(entry, { id, properties, methods, isCallable }) {
    const parts = [
      createFacts([
        ["Address", entry.address],
        ["Advertised", formatDate(entry.bornMs)],
        ["Last change", formatDate(entry.changedMs)],
      ]),
    ];
    if (isCallable) {
      this.#form ??= new CallForm(id, methods);
      parts.push(createElement("h3", {}, "Call a method"), this.#form.element);
    } else if (methods.length > 0) {
      const list = createElement("ul", { class: "methods" });
      for (const name of methods) list.append(createElement("li", { class: "tag mono" }, name));
      parts.push(createElement("h3", {}, "Methods"), list);
    }
    const own = properties.filter(({ isProtocol }) => !isProtocol);
    const others = properties.filter(({ isProtocol }) => isProtocol);
    if (own.length > 0) parts.push(createElement("h3", {}, "Properties"), createProperties(own));
    parts.push(createElement("h3", {}, "Protocol"), createProperties(others));
    this.#keepFocus(() => this.#body.replaceChildren(...parts));
  }

  /** Changes the panel; a field that has the focus keeps it. @param {() => void} change */
  #keepFocus(change) {
    const focused = document.activeElement;
    change();
    if (focused instanceof HTMLElement && this.#body.contains(focused)) focused.focus();
  }
}

/** @param {readonly Property[]} properties */
function createProperties(properties) {
  const list = createElement("dl", { class: "properties" });
  for (const { name, value, isHidden } of properties) {
    const item = createElement("div");
    item.append(
      createElement("dt", {}, name),
      createElement("dd", { class: isHidden ? "muted" : "mono" }, value),
    );
    list.append(item);
  }
  return list;
}

/**
 * @param {string} id
 * @returns {Promise<Description | undefined>}
 */
async function fetchDescription(id) {
  try {
    const response = await fetch(`endpoint?id=${encodeURIComponent(id)}`);
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined; // the banner says that the server does not answer
  }
}
