import { byId, setAttribute, setText } from "./elements.js";
import { formatCount } from "./formats.js";

/** Time without a key after which the filter is applied. */
const PAUSE_MS = 180;

/** The field of the filter, which the server checks and applies. */
export class FilterField {
  #input = /** @type {HTMLInputElement} */ (byId("filter"));
  #note = byId("filter-note");
  #onFilter;
  /** @type {number | undefined} */
  #timer;
  #applied = "";
  #isInvalid = false;

  /** @param {(filter: string) => void} onFilter */
  constructor(onFilter) {
    this.#onFilter = onFilter;
    const { hash } = location;
    if (hash.startsWith("#filter=")) this.#input.value = decodeHash(hash.slice("#filter=".length));
    this.#input.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#apply(), PAUSE_MS);
    });
    byId("filter-form").addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(this.#timer);
      void this.#apply();
    });
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Filter that is applied. */
  get text() {
    return this.#applied;
  }

  /** Applies what the address of the page says. */
  async start() {
    if (this.#input.value.trim() === "") this.#onFilter("");
    else await this.#apply();
    if (this.#isInvalid) this.#onFilter("");
  }

  /** @param {number} matching @param {number} total */
  showCount(matching, total) {
    if (this.#isInvalid) return;
    const text = `${formatCount(matching)} of ${formatCount(total)}`;
    setText(this.#note, this.#applied === "" ? "" : text);
  }

  async #apply() {
    const text = this.#input.value.trim();
    const problem = await check(text);
    if (text !== this.#input.value.trim()) return; // more was typed meanwhile
    this.#isInvalid = problem !== undefined;
    setAttribute(this.#input, "aria-invalid", this.#isInvalid ? "true" : undefined);
    this.#note.classList.toggle("bad", this.#isInvalid);
    this.#note.title = problem ?? "";
    if (problem !== undefined) return setText(this.#note, problem);
    if (text === this.#applied) return setText(this.#note, "");
    this.#applied = text;
    history.replaceState(null, "", text === "" ? "#" : `#filter=${encodeURIComponent(text)}`);
    this.#onFilter(text);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const isTyping = event.target instanceof HTMLElement &&
      event.target.closest("input, textarea, select") !== null;
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.#input.focus();
      this.#input.select();
    } else if (event.key === "Escape" && event.target === this.#input) {
      this.#input.value = "";
      void this.#apply();
    }
  }
}

/** Returns what is wrong with a filter. @param {string} text */
async function check(text) {
  if (!text.startsWith("(")) return undefined;
  try {
    const response = await fetch(`filter?filter=${encodeURIComponent(text)}`);
    const { isValid, message } = await response.json();
    return isValid ? undefined : message;
  } catch {
    return "The server of this page does not answer.";
  }
}

/** @param {string} text */
function decodeHash(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return ""; // somebody changed the address
  }
}
