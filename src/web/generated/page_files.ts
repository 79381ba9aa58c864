// Generated from src/web/page/ by `deno task generate`; do not edit.

/** A file of the page. */
export interface PageFile {
  readonly name: string;
  readonly contentType: string;
  readonly text: string;
}

/** Files of the page. */
export const PAGE_FILES: readonly PageFile[] = [
  {
    name: "call_form.js",
    contentType: "text/javascript; charset=utf-8",
    text: `import { createElement, setText } from "./elements.js";
import { formatMs } from "./formats.js";

/**
 * @typedef {{ kind: "result", result: string, tookMs: number }
 *   | { kind: "error", name: string, code?: string, isExecuted?: boolean | "unknown",
 *       message: string, tookMs?: number }} Outcome
 */

/** A form that calls a method of an endpoint and shows its outcome. */
export class CallForm {
  element = createElement("div");
  #endpointId;
  #method;
  #parameters = /** @type {HTMLTextAreaElement} */ (createElement("textarea", {
    class: "mono",
    rows: "2",
    spellcheck: "false",
    name: "arguments",
  }));
  #button = /** @type {HTMLButtonElement} */ (createElement("button", { type: "submit" }, "Call"));
  #outcome = createElement("pre", { class: "outcome mono", hidden: "", tabindex: "0" });
  #note = createElement("p", { class: "outcome-note", role: "status" });

  /**
   * @param {string} endpointId
   * @param {readonly string[]} methods names that the endpoint advertises
   */
  constructor(endpointId, methods) {
    this.#endpointId = endpointId;
    this.#method = createMethodField(methods);
    this.#parameters.value = "[]";
    const form = createElement("form", { class: "call-form", "aria-label": "Call a method" });
    form.append(
      createField("Method", this.#method),
      createField("Arguments, as a JSON array", this.#parameters),
      this.#button,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#call();
    });
    this.#parameters.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void this.#call();
    });
    this.element.append(form, this.#note, this.#outcome);
  }

  /** Refuses further calls: the endpoint is gone. */
  disable() {
    this.#button.disabled = true;
  }

  async #call() {
    if (this.#button.disabled) return;
    const parameters = this.#parameters.value.trim() || "[]";
    if (!isArray(parameters)) {
      const message = 'The arguments are not a JSON array; give one such as ["a", 1]';
      return this.#show({ kind: "error", name: "TypeError", message });
    }
    this.#button.disabled = true;
    setText(this.#note, "Calling…");
    this.#outcome.hidden = true;
    const outcome = await send(this.#endpointId, this.#method.value, parameters);
    this.#button.disabled = false;
    this.#show(outcome);
  }

  /** @param {Outcome} outcome */
  #show(outcome) {
    this.#outcome.hidden = false;
    this.#outcome.classList.toggle("bad", outcome.kind === "error");
    const took = outcome.tookMs === undefined ? "" : \` after \${formatMs(outcome.tookMs)}\`;
    if (outcome.kind === "result") {
      setText(this.#note, \`Result\${took}\`);
      setText(this.#outcome, outcome.result);
      return;
    }
    const { name, code, isExecuted, message } = outcome;
    const details = [code, explainExecution(isExecuted)].filter(Boolean).join("; ");
    setText(this.#note, \`\${name}\${details === "" ? "" : \` (\${details})\`}\${took}\`);
    setText(this.#outcome, message);
  }
}

/** @param {boolean | "unknown" | undefined} isExecuted */
function explainExecution(isExecuted) {
  if (isExecuted === undefined) return "";
  if (isExecuted === "unknown") return "it is not known whether the method ran";
  return isExecuted ? "the method ran" : "the method did not run";
}

/** @param {readonly string[]} methods @returns {HTMLSelectElement | HTMLInputElement} */
function createMethodField(methods) {
  if (methods.length === 0) {
    const attributes = { required: "", class: "mono", name: "method", autocomplete: "off" };
    return /** @type {HTMLInputElement} */ (createElement("input", attributes));
  }
  const options = methods.map((name) => createElement("option", { value: name }, name));
  return /** @type {HTMLSelectElement} */ (
    createElement("select", { class: "mono", name: "method" }, ...options)
  );
}

/** @param {string} label @param {HTMLElement} control */
function createField(label, control) {
  return createElement("label", { class: "field" }, createElement("span", {}, label), control);
}

/** @param {string} text JSON */
function isArray(text) {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false; // the form says what is expected
  }
}

/**
 * @param {string} endpointId
 * @param {string} method
 * @param {string} parameters JSON, which the server reads: it keeps the digits of large numbers
 * @returns {Promise<Outcome>}
 */
async function send(endpointId, method, parameters) {
  try {
    const response = await fetch("call", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: \`{\${JSON.stringify({ endpointId, method }).slice(1, -1)},"arguments":\${parameters}}\`,
    });
    if (response.ok) return await response.json();
    return { kind: "error", name: \`Status \${response.status}\`, message: await response.text() };
  } catch {
    return { kind: "error", name: "Error", message: "The server of this page does not answer." };
  }
}
`,
  },
  {
    name: "calls_table.js",
    contentType: "text/javascript; charset=utf-8",
    text: `import { byId, createElement, setText } from "./elements.js";
import { formatCount, formatMs, formatRate } from "./formats.js";

/** @import { MethodStatistics } from "./messages.js" */

/** Number of seconds that the curve shows. */
const SECONDS = 60;
/** Most methods that are shown, the busiest ones. */
const MAX_ROWS = 100;
const SVG = "http://www.w3.org/2000/svg";
const DIRECTIONS = { outgoing: "→ outgoing", incoming: "← incoming" };

/**
 * @typedef {object} Series
 * @property {MethodStatistics} last
 * @property {number} atMs
 * @property {number[]} rates
 * @property {number} rate
 * @property {HTMLElement} row
 */

/** The calls of the host by method, with a curve of the last minute. */
export class CallsTable {
  #panel = byId("calls");
  #body = byId("calls-body");
  /** @type {Map<string, Series>} */
  #series = new Map();

  /** Sum of all calls per second. */
  get rate() {
    let sum = 0;
    for (const { rate } of this.#series.values()) sum += rate;
    return sum;
  }

  get isEmpty() {
    return this.#series.size === 0;
  }

  /**
   * @param {readonly MethodStatistics[]} methods
   * @param {number} nowMs time of the server
   */
  update(methods, nowMs) {
    const seen = new Set();
    for (const method of methods) {
      const key = \`\${method.direction} \${method.interfaceName} \${method.method}\`;
      seen.add(key);
      this.#measure(key, method, nowMs);
    }
    for (const [key, { row }] of this.#series) {
      if (seen.has(key)) continue;
      row.remove();
      this.#series.delete(key);
    }
    this.#panel.hidden = this.#series.size === 0;
    this.#draw();
  }

  /** @param {string} key @param {MethodStatistics} method @param {number} nowMs */
  #measure(key, method, nowMs) {
    const known = this.#series.get(key);
    if (known === undefined) {
      const row = createRow(method);
      this.#series.set(key, { last: method, atMs: nowMs, rates: [], rate: 0, row });
      return;
    }
    const seconds = (nowMs - known.atMs) / 1000;
    if (seconds < 0.5) return;
    known.rate = Math.max(0, method.calls - known.last.calls) / seconds;
    known.rates.push(known.rate);
    if (known.rates.length > SECONDS) known.rates.shift();
    known.last = method;
    known.atMs = nowMs;
  }

  #draw() {
    const sorted = [...this.#series.values()]
      .sort((a, b) => b.last.calls - a.last.calls).slice(0, MAX_ROWS);
    sorted.forEach(({ row }, index) => {
      if (this.#body.children[index] !== row) {
        this.#body.insertBefore(row, this.#body.children[index] ?? null);
      }
    });
    while (this.#body.children.length > sorted.length) this.#body.lastElementChild?.remove();
    for (const series of sorted) fillRow(series);
  }
}

/** @param {MethodStatistics} method */
function createRow({ direction, interfaceName, method }) {
  const name = createElement("td", { class: "method", title: \`\${interfaceName}.\${method}\` });
  const dotted = createElement("span", { class: "muted" }, \`\${interfaceName}.\`);
  name.append(createElement("div", {}, dotted, createElement("b", {}, method)));
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of [["viewBox", "0 0 120 20"], ["aria-hidden", "true"]]) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("fill", "none");
  path.setAttribute("stroke", "currentColor");
  path.setAttribute("stroke-width", "1.4");
  svg.append(path);
  const row = createElement("tr", {}, name);
  row.append(createElement("td", { class: "muted" }, DIRECTIONS[direction]));
  row.append(createElement("td", { class: "trend" }, svg));
  for (let index = 0; index < 4; index++) row.append(createElement("td", { class: "number" }));
  return row;
}

/** @param {Series} series */
function fillRow({ row, last, rate, rates }) {
  const [, , trend, perSecond, errors, p50, p95] = row.children;
  trend.querySelector("path")?.setAttribute("d", createCurve(rates));
  setText(perSecond, formatRate(rate));
  setText(errors, formatCount(last.errors));
  errors.classList.toggle("bad", last.errors > 0);
  setText(p50, formatMs(last.p50Ms));
  setText(p95, formatMs(last.p95Ms));
}

/**
 * Returns the path of a curve that ends at the right edge.
 *
 * @param {readonly number[]} rates
 */
function createCurve(rates) {
  const top = Math.max(...rates, 1);
  // A page that was just opened has few points: they are further apart.
  const step = 120 / Math.max(rates.length - 1, SECONDS / 3);
  const start = 120 - (rates.length - 1) * step;
  return rates.map((rate, index) => {
    const x = (start + index * step).toFixed(1);
    const y = (18.5 - (rate / top) * 17).toFixed(1);
    return \`\${index === 0 ? "M" : "L"}\${x} \${y}\`;
  }).join("");
}
`,
  },
  {
    name: "details.js",
    contentType: "text/javascript; charset=utf-8",
    text: `import { CallForm } from "./call_form.js";
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
    const response = await fetch(\`endpoint?id=\${encodeURIComponent(id)}\`);
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined; // the banner says that the server does not answer
  }
}
`,
  },
  {
    name: "elements.js",
    contentType: "text/javascript; charset=utf-8",
    text: `/**
 * Creates an element. Strings become text: nothing that was received is ever read as HTML.
 *
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function createElement(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * Returns the element with an id.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(\`there is no element \${id}\`);
  return element;
}

/**
 * Sets the text of an element, if it is another one.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Sets an attribute, or removes it.
 *
 * @param {Element} element
 * @param {string} name
 * @param {string | undefined} value
 */
export function setAttribute(element, name, value) {
  if (value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/**
 * Creates a list of names and values.
 *
 * @param {readonly (readonly [string, string])[]} entries
 */
export function createFacts(entries) {
  const list = createElement("dl", { class: "facts" });
  for (const [name, value] of entries) {
    list.append(createElement("dt", {}, name), createElement("dd", {}, value));
  }
  return list;
}
`,
  },
  {
    name: "endpoint_list.js",
    contentType: "text/javascript; charset=utf-8",
    text: `import { createElement, setAttribute, setText } from "./elements.js";
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
    const height = \`\${length * this.#rowHeight}px\`;
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
      const attributes = { role: "columnheader", class: \`cell column-\${name}\` };
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
      createElement("div", { role: "gridcell", class: \`cell \${names}\` }, ...children);
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
    row.style.transform = \`translateY(\${index * this.#rowHeight}px)\`;
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
    const label = entry.isOwn ? "this host" : others > 0 ? \`+\${formatCount(others)}\` : "";
    setText(more, label);
    more.hidden = label === "";
    setText(under, shorten(entry.address));
    name.title = entry.interfaces.join("\\n");
    setAttribute(
      name,
      "aria-label",
      [...entry.interfaces, entry.isOwn ? label : ""].join(" ").trim(),
    );
    setText(host.children[0], entry.host);
    setText(host.children[1], entry.process === "" ? "" : \` \${entry.process.slice(0, 6)}\`);
    host.title = entry.process === "" ? entry.host : \`\${entry.host}, process \${entry.process}\`;
    setText(address, shorten(entry.address));
    address.title = entry.address;
    setText(properties, entry.properties);
    properties.title = entry.properties;
    setText(age, formatAge(this.#nowMs - entry.bornMs));
    age.title = \`since \${formatDate(entry.bornMs)}\`;
    this.#fillChange(changed, entry);
  }

  /** @param {HTMLElement} cell @param {Entry} entry */
  #fillChange(cell, entry) {
    const ago = \`\${formatAge(this.#nowMs - entry.changedMs)} ago\`;
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
  return address.replace(/^http:\\/\\//, "");
}
`,
  },
  {
    name: "endpoint_store.js",
    contentType: "text/javascript; charset=utf-8",
    text: `/** @import { EndpointRow, PageMessage } from "./messages.js" */

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
`,
  },
  {
    name: "event_stream.js",
    contentType: "text/javascript; charset=utf-8",
    text: `/** @import { PageMessage } from "./messages.js" */

/** Silence after which the connection counts as lost: the server sends something each second. */
const SILENCE_MS = 6000;
/** First and longest wait before another attempt. */
const RETRY_MS = { first: 500, longest: 5000 };

/** The events of the server, on a connection that is opened again whenever it is lost. */
export class EventStream {
  #onMessage;
  #onStateChange;
  #filter = "";
  /** Id of the last message, from which the server continues. */
  #lastId = "";
  #failures = 0;
  #isConnected = false;
  /** @type {EventSource | undefined} */
  #source;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {(message: PageMessage, isOtherServer: boolean) => void} onMessage
   * @param {(isConnected: boolean) => void} onStateChange
   */
  constructor(onMessage, onStateChange) {
    this.#onMessage = onMessage;
    this.#onStateChange = onStateChange;
  }

  /**
   * Opens the stream with a filter; closes the one before.
   *
   * @param {string} filter
   */
  open(filter) {
    this.#filter = filter;
    this.#lastId = "";
    this.#connect();
  }

  #connect() {
    this.#source?.close();
    const query = new URLSearchParams({ filter: this.#filter, last: this.#lastId });
    const source = new EventSource(\`events?\${query}\`);
    this.#source = source;
    source.onmessage = (event) => this.#receive(event);
    source.onerror = () => this.#retry();
    this.#expectLife();
  }

  /** @param {MessageEvent<string>} event */
  #receive({ data, lastEventId }) {
    const isOtherServer = this.#lastId !== "" && lastEventId !== "" &&
      lastEventId.split(".")[0] !== this.#lastId.split(".")[0];
    if (lastEventId !== "") this.#lastId = lastEventId;
    this.#failures = 0;
    if (!this.#isConnected) {
      this.#isConnected = true;
      this.#onStateChange(true);
    }
    this.#expectLife();
    this.#onMessage(JSON.parse(data), isOtherServer);
  }

  #expectLife() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#retry(), SILENCE_MS);
  }

  #retry() {
    this.#source?.close();
    clearTimeout(this.#timer);
    if (this.#isConnected || this.#failures === 0) this.#onStateChange(false);
    this.#isConnected = false;
    const waitMs = Math.min(RETRY_MS.first * 2 ** this.#failures++, RETRY_MS.longest);
    this.#timer = setTimeout(() => this.#connect(), waitMs);
  }
}
`,
  },
  {
    name: "filter_field.js",
    contentType: "text/javascript; charset=utf-8",
    text: `import { byId, setAttribute, setText } from "./elements.js";
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
    const text = \`\${formatCount(matching)} of \${formatCount(total)}\`;
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
    history.replaceState(null, "", text === "" ? "#" : \`#filter=\${encodeURIComponent(text)}\`);
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
    const response = await fetch(\`filter?filter=\${encodeURIComponent(text)}\`);
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
`,
  },
  {
    name: "formats.js",
    contentType: "text/javascript; charset=utf-8",
    text: `const NUMBER = new Intl.NumberFormat("en");
const TIME = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** @param {number} count */
export function formatCount(count) {
  return NUMBER.format(count);
}

/**
 * Returns a number per second: with one decimal if it is small.
 *
 * @param {number} rate
 */
export function formatRate(rate) {
  if (rate === 0) return "0";
  return rate < 10 ? rate.toFixed(1) : NUMBER.format(Math.round(rate));
}

/**
 * Returns a duration of a call.
 *
 * @param {number | undefined} ms
 */
export function formatMs(ms) {
  if (ms === undefined) return "–";
  if (ms >= 10_000) return \`\${(ms / 1000).toFixed(1)} s\`;
  if (ms >= 100) return \`\${Math.round(ms)} ms\`;
  return \`\${ms.toFixed(ms < 10 ? 2 : 1)} ms\`;
}

/**
 * Returns the time that has passed, in its largest unit.
 *
 * @param {number} ms
 */
export function formatAge(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return \`\${seconds} s\`;
  if (seconds < 3600) return \`\${Math.floor(seconds / 60)} min\`;
  if (seconds < 48 * 3600) return \`\${Math.floor(seconds / 3600)} h\`;
  return \`\${NUMBER.format(Math.floor(seconds / 86_400))} d\`;
}

/**
 * Returns the time of day.
 *
 * @param {number} epochMs
 */
export function formatTime(epochMs) {
  return TIME.format(epochMs);
}

/**
 * Returns date and time.
 *
 * @param {number} epochMs
 */
export function formatDate(epochMs) {
  return new Date(epochMs).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}

/**
 * Divides the name of an interface into its package, with the last dot, and the rest.
 *
 * @param {string} name
 * @returns {[string, string]}
 */
export function splitInterface(name) {
  const at = name.lastIndexOf(".") + 1;
  return at === name.length ? ["", name] : [name.slice(0, at), name.slice(at)];
}
`,
  },
  {
    name: "health_pill.js",
    contentType: "text/javascript; charset=utf-8",
    text: `import { byId, createElement, createFacts, setText } from "./elements.js";
import { formatCount, formatDate } from "./formats.js";

/** @import { Health } from "./messages.js" */

/** Names of the states. @type {Record<string, string>} */
export const LABELS = {
  synced: "Synced",
  connecting: "Connecting",
  stale: "Out of reach",
  suspect: "Lease lost",
  denied: "Denied",
  closed: "Closed",
  lost: "No connection",
};
/** @type {Record<string, string>} */
const COUNTERS = {
  reconnects: "Reconnects",
  leaseLosses: "Lost leases",
  resyncs: "Listings again",
  readvertisedKeys: "Keys put again",
};

/** The state of the directories, with its reason. */
export class HealthPill {
  #pill = byId("health");
  #label = byId("health-label");
  #member = byId("health-member");
  #details = byId("health-details");
  /** @type {Health | undefined} */
  #health;
  #isLost = false;

  constructor() {
    document.addEventListener("click", (event) => {
      const isInside = event.target instanceof Node && this.#pill.contains(event.target);
      if (!isInside) this.#pill.removeAttribute("open");
    });
    this.#pill.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#pill.removeAttribute("open");
    });
  }

  /** @param {Health} health */
  set(health) {
    this.#health = health;
    this.#draw();
  }

  /** Shows whether the server of the page answers. @param {boolean} isLost */
  setLost(isLost) {
    if (isLost === this.#isLost) return;
    this.#isLost = isLost;
    this.#draw();
  }

  #draw() {
    const { state = "connecting", reason = "", directories = [] } = this.#health ?? {};
    const shown = this.#isLost ? "lost" : state;
    this.#pill.dataset.state = shown;
    const providers = directories.map(({ provider }) => provider).join(", ");
    const member = directories.length === 1 ? directories[0]?.member ?? providers : providers;
    setText(this.#label, LABELS[shown] ?? shown);
    setText(this.#member, member);
    const text = this.#isLost ? "The server of this page does not answer." : reason;
    this.#details.replaceChildren(
      createElement("p", {}, text),
      ...directories.map((directory) => createFacts(listFacts(directory))),
    );
  }
}

/**
 * @param {Health["directories"][number]} directory
 * @returns {[string, string][]}
 */
function listFacts({ provider, state, member, lastSyncMs, lastError, counters }) {
  /** @type {[string, string][]} */
  const facts = [["Directory", provider], ["State", state]];
  if (member !== undefined) facts.push(["Member", member]);
  if (lastSyncMs !== undefined) facts.push(["Last in sync", formatDate(lastSyncMs)]);
  if (lastError !== undefined) facts.push(["Last error", lastError]);
  for (const [name, title] of Object.entries(COUNTERS)) {
    if (counters[name]) facts.push([title, formatCount(counters[name])]);
  }
  return facts;
}
`,
  },
  {
    name: "icon.svg",
    contentType: "image/svg+xml",
    text: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="8" fill="#2b6a86" />
  <path d="M10 10.5 22 16M10 21.5 22 16M10 10.5v11" stroke="#fff" stroke-opacity=".55"
    stroke-width="1.8" />
  <circle cx="10" cy="10.5" r="3.2" fill="#fff" />
  <circle cx="10" cy="21.5" r="3.2" fill="#fff" />
  <circle cx="22" cy="16" r="3.2" fill="#9be0b5" />
</svg>
`,
  },
  {
    name: "main.js",
    contentType: "text/javascript; charset=utf-8",
    text: `import { CallsTable } from "./calls_table.js";
import { Details } from "./details.js";
import { byId, createElement, setAttribute, setText } from "./elements.js";
import { EndpointList } from "./endpoint_list.js";
import { EndpointStore } from "./endpoint_store.js";
import { EventStream } from "./event_stream.js";
import { FilterField } from "./filter_field.js";
import { formatCount, formatRate, formatTime } from "./formats.js";
import { HealthPill } from "./health_pill.js";
import { Timeline } from "./timeline.js";

/** @import { PageMessage } from "./messages.js" */

const store = new EndpointStore();
const grid = byId("grid");
const list = new EndpointList(
  { grid, head: byId("grid-head"), body: byId("grid-body") },
  store,
  (entry, isByKey) => {
    list.choose(entry.id);
    void details.show(entry, isByKey);
  },
);
const details = new Details(() => {
  list.choose(undefined);
  list.focus();
});
const timeline = new Timeline(byId("timeline"));
const health = new HealthPill();
const calls = new CallsTable();
const stream = new EventStream(receive, setConnected);
const filter = new FilterField((text) => {
  isOtherFilter = store.isReady;
  stream.open(text);
});

let isOtherFilter = false;
let total = 0;
let state = "connecting";
let reason = "";
let isLost = false;
/** Difference between the clock of the server and this one. */
let offsetMs = 0;
let lastMs = Date.now();

/** @param {PageMessage} message @param {boolean} isOtherServer */
function receive(message, isOtherServer) {
  offsetMs = message.nowMs - Date.now();
  lastMs = Date.now();
  total = message.total;
  if (isOtherServer) timeline.clear();
  if (isOtherFilter) {
    store.clear();
    grid.scrollTop = 0;
    isOtherFilter = false;
  }
  const nowMs = message.nowMs;
  if (message.rows ?? message.dropped ?? message.listing) {
    list.update(() => store.apply(message, nowMs), nowMs);
    details.refresh(store.get(details.id));
    drawCounts();
  }
  if (message.events) timeline.add(message.events);
  if (message.health) {
    ({ state, reason } = message.health);
    health.set(message.health);
    drawBanner();
  }
  if (message.methods) {
    calls.update(message.methods, nowMs);
    drawCalls();
  }
  drawEmpty();
}

/** @param {boolean} isConnected */
function setConnected(isConnected) {
  isLost = !isConnected;
  health.setLost(isLost);
  grid.classList.toggle("stale", isLost);
  drawBanner();
}

/** Says what is wrong, if anything is. */
function drawBanner() {
  const banner = byId("banner");
  const isWell = !isLost && (state === "synced" || state === "connecting");
  banner.hidden = isWell;
  banner.classList.toggle("bad", isLost || state === "denied" || state === "closed");
  const time = formatTime(lastMs);
  const lost = \`The server of this page does not answer; trying again. The list is of \${time}.\`;
  setText(banner, isWell ? "" : isLost ? lost : reason);
}

function drawCounts() {
  const interfaces = new Set();
  const hosts = new Set();
  for (const { state, interfaces: names, host } of store.rows) {
    if (state === "gone") continue;
    for (const name of names) interfaces.add(name);
    hosts.add(host);
  }
  setCount("endpoints", store.size);
  setCount("interfaces", interfaces.size);
  setCount("hosts", hosts.size);
  filter.showCount(store.size, total);
}

/** @param {"endpoints" | "interfaces" | "hosts"} name @param {number} count */
function setCount(name, count) {
  setText(byId(\`count-\${name}\`), formatCount(count));
  setText(byId(\`label-\${name}\`), count === 1 ? name.slice(0, -1) : name);
}

function drawCalls() {
  byId("count-calls-box").hidden = calls.isEmpty;
  setText(byId("count-calls"), formatRate(calls.rate));
}

function drawEmpty() {
  const empty = byId("empty");
  setAttribute(grid, "aria-busy", store.isReady ? undefined : "true");
  empty.hidden = !store.isReady || store.rows.length > 0;
  if (empty.hidden) return;
  const [title, text] = filter.text !== ""
    ? ["No endpoint matches", "Change the filter, or press Escape in its field to remove it."]
    : state === "synced"
    ? ["No endpoints yet", "As soon as a process exports a service, it appears here."]
    : ["No endpoints are known", "The directory cannot be read: see the state above."];
  if (empty.firstElementChild?.textContent === title) return;
  empty.replaceChildren(createElement("strong", {}, title), text);
}

setInterval(() => {
  const nowMs = Date.now() + offsetMs;
  let hasExpired = false;
  list.update(() => void (hasExpired = store.expire(nowMs)), nowMs);
  if (!hasExpired) return;
  drawCounts();
  drawEmpty();
}, 500);

async function showSettings() {
  const response = await fetch("settings");
  const { title } = await response.json();
  setText(byId("title"), title);
  document.title = title;
}

void showSettings().catch(() => {}); // the title stays, and the stream shows the failure
void filter.start();
`,
  },
  {
    name: "messages.js",
    contentType: "text/javascript; charset=utf-8",
    text: `/**
 * What the server sends; \`src/web/page_stream.ts\` has the same types.
 *
 * @typedef {"known" | "added" | "modified" | "removed"} Change
 *
 * @typedef {object} EndpointRow
 * @property {string} id
 * @property {string[]} interfaces
 * @property {string} address
 * @property {string} host
 * @property {string} process
 * @property {string} properties
 * @property {number} bornMs
 * @property {number} changedMs
 * @property {Change} change
 * @property {true} [isOwn]
 * @property {true} [isLeaving]
 *
 * @typedef {object} TimelineEntry
 * @property {number} key
 * @property {"added" | "modified" | "removed" | "health"} type
 * @property {number} atMs
 * @property {string} detail
 * @property {string[]} names
 * @property {number} count
 *
 * @typedef {object} DirectoryHealth
 * @property {string} provider
 * @property {string} state
 * @property {string} [member]
 * @property {number} [lastSyncMs]
 * @property {string} [lastError]
 * @property {Record<string, number>} counters
 *
 * @typedef {object} Health
 * @property {string} state
 * @property {string} reason
 * @property {DirectoryHealth[]} directories
 *
 * @typedef {object} MethodStatistics
 * @property {"outgoing" | "incoming"} direction
 * @property {string} interfaceName
 * @property {string} method
 * @property {number} calls
 * @property {number} errors
 * @property {number} [p50Ms]
 * @property {number} [p95Ms]
 *
 * @typedef {object} PageMessage
 * @property {number} nowMs
 * @property {number} total
 * @property {"begin" | "end" | "all"} [listing]
 * @property {EndpointRow[]} [rows]
 * @property {string[]} [dropped]
 * @property {TimelineEntry[]} [events]
 * @property {Health} [health]
 * @property {MethodStatistics[]} [methods]
 */

export {};
`,
  },
  {
    name: "page.html",
    contentType: "text/html; charset=utf-8",
    text: `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Remote services</title>
    <link rel="icon" href="icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="style.css">
    <link rel="stylesheet" href="panels.css">
    <script type="module" src="main.js"></script>
  </head>
  <body>
    <a class="skip" href="#filter">Skip to the filter</a>
    <a class="skip" href="#grid">Skip to the endpoints</a>
    <a class="skip" href="#log">Skip to the events</a>
    <header class="top">
      <h1><img src="icon.svg" alt="" width="22" height="22"> <span id="title">Remote services</span></h1>
      <dl class="counts" aria-label="Counts">
        <div>
          <dd id="count-endpoints">–</dd>
          <dt id="label-endpoints">endpoints</dt>
        </div>
        <div>
          <dd id="count-interfaces">–</dd>
          <dt id="label-interfaces">interfaces</dt>
        </div>
        <div>
          <dd id="count-hosts">–</dd>
          <dt id="label-hosts">hosts</dt>
        </div>
        <div id="count-calls-box" hidden>
          <dd id="count-calls">–</dd>
          <dt>calls/s</dt>
        </div>
      </dl>
      <details class="health" id="health" data-state="connecting">
        <summary><span class="dot" aria-hidden="true"></span><span id="health-label">Connecting</span><span id="health-member" class="muted"></span></summary>
        <div class="popover" id="health-details"></div>
      </details>
    </header>
    <p class="banner" id="banner" role="alert" hidden></p>
    <noscript><p class="banner">This page needs JavaScript.</p></noscript>
    <main>
      <section class="panel endpoints" aria-labelledby="endpoints-heading">
        <div class="bar">
          <h2 id="endpoints-heading">Endpoints</h2>
          <form class="filter" role="search" id="filter-form">
            <label class="hidden" for="filter">Filter</label>
            <input
              id="filter"
              type="search"
              spellcheck="false"
              autocomplete="off"
              placeholder="Filter: words, or (objectClass=com.example.*)"
              aria-describedby="filter-note"
            >
            <kbd aria-hidden="true">/</kbd>
          </form>
          <p id="filter-note" class="note" role="status"></p>
        </div>
        <div
          id="grid"
          class="grid"
          role="grid"
          tabindex="0"
          aria-labelledby="endpoints-heading"
          aria-describedby="grid-help"
          aria-busy="true"
        >
          <div id="grid-head" class="row head" role="row" aria-rowindex="1"></div>
          <div id="grid-body" class="body" role="rowgroup"></div>
        </div>
        <p id="grid-help" class="hidden">Arrow keys choose an endpoint, Enter shows it.</p>
        <div id="empty" class="empty" hidden></div>
      </section>
      <section class="panel calls" id="calls" aria-labelledby="calls-heading" hidden>
        <div class="bar">
          <h2 id="calls-heading">Calls of this host</h2>
        </div>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="calls-heading">
          <table>
            <thead>
              <tr>
                <th scope="col">Method</th>
                <th scope="col">Direction</th>
                <th scope="col" class="trend">Last minute</th>
                <th scope="col" class="number">Calls/s</th>
                <th scope="col" class="number">Errors</th>
                <th scope="col" class="number">p50</th>
                <th scope="col" class="number">p95</th>
              </tr>
            </thead>
            <tbody id="calls-body"></tbody>
          </table>
        </div>
      </section>
      <aside class="side">
        <section class="panel details" id="details" aria-labelledby="details-heading" hidden>
          <div class="bar">
            <h2 id="details-heading" tabindex="-1">Endpoint</h2>
            <button type="button" id="details-close" class="quiet"
              aria-label="Close the details">✕</button>
          </div>
          <div id="details-body" class="scroll"></div>
        </section>
        <section class="panel events" aria-labelledby="events-heading">
          <div class="bar">
            <h2 id="events-heading">Events</h2>
          </div>
          <div
            id="log"
            class="scroll"
            role="log"
            aria-live="polite"
            aria-relevant="additions"
            aria-labelledby="events-heading"
            tabindex="0"
          >
            <ol id="timeline" class="timeline"></ol>
          </div>
        </section>
      </aside>
    </main>
  </body>
</html>
`,
  },
  {
    name: "panels.css",
    contentType: "text/css; charset=utf-8",
    text: `.health {
  position: relative;
}

.health summary {
  display: flex;
  align-items: center;
  gap: 9px;
  padding: 6px 14px;
  border: 1px solid var(--line);
  border-radius: 999px;
  background: var(--surface);
  cursor: pointer;
  list-style: none;
  user-select: none;
}

.health summary::-webkit-details-marker {
  display: none;
}

.dot {
  width: 9px;
  height: 9px;
  border-radius: 50%;
  background: var(--muted);
}

.health[data-state="synced"] .dot {
  background: var(--good);
}

.health[data-state="connecting"] .dot,
.health[data-state="stale"] .dot,
.health[data-state="suspect"] .dot {
  background: var(--warn);
}

.health[data-state="denied"] .dot,
.health[data-state="closed"] .dot,
.health[data-state="lost"] .dot {
  background: var(--bad);
}

.popover {
  position: absolute;
  right: 0;
  top: calc(100% + 8px);
  z-index: 10;
  width: min(400px, calc(100vw - 28px));
  padding: 14px 16px;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--raised);
  box-shadow: var(--shadow);
}

.popover p {
  margin: 0 0 10px;
  overflow-wrap: anywhere;
}

.facts {
  display: grid;
  grid-template-columns: auto minmax(0, 1fr);
  gap: 4px 16px;
  margin: 0;
}

.facts dt {
  color: var(--muted);
}

.facts dd {
  margin: 0;
  overflow-wrap: anywhere;
}

.scroll {
  flex: 1;
  min-height: 0;
  overflow: auto;
}

.scroll:focus-visible {
  outline-offset: -2px;
}

.calls {
  grid-column: 1;
  max-height: 34vh;
}

.calls table {
  width: 100%;
  border-collapse: collapse;
}

.calls th {
  position: sticky;
  top: 0;
  padding: 0 12px 7px 0;
  background: var(--surface);
  color: var(--muted);
  font-size: 12.5px;
  font-weight: 550;
  text-align: left;
  border-bottom: 1px solid var(--line);
}

.calls td {
  padding: 6px 12px 6px 0;
  border-bottom: 1px solid color-mix(in srgb, var(--line) 65%, transparent);
  white-space: nowrap;
}

.calls tr:last-child td {
  border-bottom: 0;
}

.calls th:first-child,
.calls td:first-child {
  padding-left: 16px;
}

.calls th:last-child,
.calls td:last-child {
  padding-right: 16px;
}

.calls .number {
  width: 84px;
  text-align: right;
}

.calls td.method {
  max-width: 0;
  width: 45%;
  overflow: hidden;
  text-overflow: ellipsis;
}

.calls td.method div {
  display: flex;
}

.calls td.method span {
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
}

.calls td.method b {
  font-weight: 600;
}

.calls td.bad {
  color: var(--bad);
  font-weight: 600;
}

.calls svg {
  display: block;
  width: 120px;
  height: 20px;
  color: var(--accent);
}

.events {
  flex: 1 1 200px;
}

.timeline {
  margin: 0;
  padding: 0 0 8px;
  list-style: none;
}

#log {
  border-top: 1px solid var(--line);
}

.timeline li {
  display: grid;
  grid-template-columns: 62px 14px minmax(0, 1fr);
  gap: 0 8px;
  padding: 7px 16px;
}

.timeline time {
  color: var(--muted);
  font-size: 12.5px;
  line-height: 20px;
}

.timeline .mark {
  font-weight: 700;
  line-height: 20px;
  text-align: center;
}

.timeline [data-type="added"] .mark {
  color: var(--good);
}

.timeline [data-type="modified"] .mark,
.timeline [data-type="health"] .mark {
  color: var(--warn);
}

.timeline [data-type="removed"] .mark {
  color: var(--bad);
}

.timeline .what {
  overflow-wrap: anywhere;
}

.timeline .what b {
  font-weight: 600;
}

.timeline .where {
  display: block;
  color: var(--muted);
  font-size: 12.5px;
  overflow-wrap: anywhere;
}

.timeline .none {
  display: block;
  padding: 24px 16px;
  color: var(--muted);
  text-align: center;
}

.details {
  flex: 0 1 auto;
  max-height: 68%;
}

.details .bar {
  justify-content: space-between;
  padding-right: 8px;
  border-bottom: 1px solid var(--line);
}

.details h2 {
  min-width: 0;
  overflow-wrap: anywhere;
}

.details h2:focus {
  outline: none;
}

#details-body {
  padding: 12px 16px 16px;
}

.details h3 {
  margin: 16px 0 6px;
  color: var(--muted);
  font-size: 12.5px;
  font-weight: 550;
}

.details .gone {
  margin: 0 0 12px;
  padding: 6px 10px;
  border-radius: 8px;
  background: var(--bad-soft);
  color: var(--bad);
}

.properties {
  margin: 0;
}

.properties div {
  padding: 4px 0 5px;
  border-bottom: 1px solid color-mix(in srgb, var(--line) 65%, transparent);
}

.properties div:last-child {
  border-bottom: 0;
}

.properties dt {
  color: var(--muted);
  font-size: 12px;
  line-height: 16px;
  overflow-wrap: anywhere;
}

.properties dd {
  margin: 0;
  overflow-wrap: anywhere;
}

.methods {
  display: flex;
  flex-wrap: wrap;
  gap: 6px;
  margin: 0;
  padding: 0;
  list-style: none;
}

.methods .tag {
  margin: 0;
  padding: 1px 8px;
}

button,
select,
textarea,
.field input {
  font: inherit;
}

button.quiet {
  width: 32px;
  height: 32px;
  border: 0;
  border-radius: 8px;
  background: none;
  color: var(--muted);
  cursor: pointer;
}

button.quiet:hover {
  background: var(--hover);
  color: var(--text);
}

.call-form {
  display: grid;
  gap: 8px;
}

.field {
  display: grid;
  gap: 3px;
}

.field span {
  color: var(--muted);
  font-size: 12.5px;
}

.field input,
.field select,
.field textarea {
  width: 100%;
  padding: 6px 10px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--ground);
  color: inherit;
}

.field textarea {
  min-height: 62px;
  resize: vertical;
}

.call-form button {
  justify-self: start;
  padding: 6px 18px;
  border: 0;
  border-radius: 8px;
  background: var(--accent);
  color: var(--on-accent);
  font-weight: 600;
  cursor: pointer;
}

.call-form button:disabled {
  opacity: 0.5;
  cursor: default;
}

.outcome {
  margin: 10px 0 0;
  padding: 10px 12px;
  border-radius: 8px;
  background: var(--ground);
  max-height: 260px;
  overflow: auto;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}

.outcome.bad {
  background: var(--bad-soft);
  color: var(--bad);
}

.outcome-note {
  margin: 6px 0 0;
  color: var(--muted);
  font-size: 12.5px;
}

@media (max-width: 860px) {
  .calls th:nth-child(2),
  .calls td:nth-child(2),
  .calls .trend {
    display: none;
  }
  .calls .number {
    width: 66px;
  }
  .calls {
    max-height: none;
  }
}
`,
  },
  {
    name: "style.css",
    contentType: "text/css; charset=utf-8",
    text: `:root {
  color-scheme: light dark;
  --ground: #f4f5f6;
  --surface: #ffffff;
  --raised: #ffffff;
  --text: #1d2329;
  --muted: #5f6a75;
  --line: #e3e6e9;
  --hover: #f3f6f8;
  --chosen: #e4eff4;
  --accent: #2b6a86;
  --on-accent: #ffffff;
  --good: #2a7a4b;
  --warn: #8a5a00;
  --bad: #b23a31;
  --good-soft: #e3f3e9;
  --warn-soft: #fbf0da;
  --bad-soft: #fae6e4;
  --shadow: 0 1px 2px #1d232914, 0 8px 24px #1d23291a;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
  --row-height: 38px;
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", "Inter", "Noto Sans", "Liberation Sans",
    sans-serif;
  font-variant-numeric: tabular-nums;
}

@media (prefers-color-scheme: dark) {
  :root {
    --ground: #121517;
    --surface: #191d20;
    --raised: #21262a;
    --text: #e3e7ea;
    --muted: #98a3ad;
    --line: #2a3035;
    --hover: #1f2428;
    --chosen: #1d3440;
    --accent: #7cc0dd;
    --on-accent: #0e1a20;
    --good: #7dcf9c;
    --warn: #e3b566;
    --bad: #f0928a;
    --good-soft: #17301f;
    --warn-soft: #332712;
    --bad-soft: #3a1d1b;
    --shadow: 0 1px 2px #0006, 0 8px 24px #0008;
  }
}

* {
  box-sizing: border-box;
}

[hidden] {
  display: none !important;
}

html,
body {
  height: 100%;
  margin: 0;
}

body {
  display: flex;
  flex-direction: column;
  background: var(--ground);
  color: var(--text);
}

:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 1px;
}

.hidden {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

.skip {
  position: absolute;
  left: 12px;
  top: -60px;
  z-index: 20;
  padding: 8px 14px;
  border-radius: 8px;
  background: var(--accent);
  color: var(--on-accent);
}

.skip:focus {
  top: 10px;
}

.mono {
  font-family: var(--mono);
  font-size: 12.5px;
}

.muted {
  color: var(--muted);
}

.top {
  display: flex;
  align-items: center;
  gap: 12px 36px;
  flex-wrap: wrap;
  padding: 12px 20px;
}

.top h1 {
  display: flex;
  align-items: center;
  gap: 10px;
  margin: 0;
  font-size: 16px;
  font-weight: 650;
  letter-spacing: -0.01em;
}

.counts {
  display: flex;
  gap: 28px;
  margin: 0;
  flex: 1;
}

.counts div {
  display: flex;
  align-items: baseline;
  gap: 6px;
}

.counts dd {
  margin: 0;
  font-size: 16px;
  font-weight: 600;
}

.counts dt {
  color: var(--muted);
}

.banner {
  margin: 0 20px 12px;
  padding: 9px 16px;
  border-radius: 10px;
  background: var(--warn-soft);
  color: var(--warn);
  overflow-wrap: anywhere;
}

.banner.bad {
  background: var(--bad-soft);
  color: var(--bad);
}

main {
  display: grid;
  grid-template-columns: minmax(0, 1fr) 348px;
  grid-template-rows: minmax(0, 1fr) auto;
  gap: 14px;
  flex: 1;
  min-height: 0;
  padding: 0 20px 20px;
}

.panel {
  display: flex;
  flex-direction: column;
  min-height: 0;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--surface);
  overflow: hidden;
}

.endpoints {
  position: relative;
  grid-column: 1;
}

main:not(:has(.calls:not([hidden]))) .endpoints {
  grid-row: 1 / 3;
}

.side {
  display: flex;
  flex-direction: column;
  gap: 14px;
  grid-column: 2;
  grid-row: 1 / 3;
  min-height: 0;
}

.bar {
  position: relative;
  flex: none;
  display: flex;
  align-items: center;
  gap: 14px;
  min-height: 48px;
  padding: 7px 16px;
}

.bar h2 {
  margin: 0;
  font-size: 14px;
  font-weight: 650;
}

.filter {
  position: relative;
  flex: 1 0 200px;
  max-width: 460px;
}

.filter input {
  width: 100%;
  height: 32px;
  padding: 0 34px 0 12px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--ground);
  color: inherit;
  font: inherit;
}

.filter input[aria-invalid="true"] {
  border-color: var(--bad);
}

.filter kbd {
  position: absolute;
  right: 8px;
  top: 6px;
  padding: 0 7px;
  border: 1px solid var(--line);
  border-radius: 5px;
  background: var(--surface);
  color: var(--muted);
  font: 12px/18px var(--mono);
}

.filter input:focus + kbd,
.filter input:not(:placeholder-shown) + kbd {
  display: none;
}

.note {
  margin: 0;
  color: var(--muted);
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

/* Over the list: nothing moves while a filter is typed. */
.note.bad {
  position: absolute;
  left: 16px;
  top: calc(100% - 2px);
  z-index: 5;
  max-width: calc(100% - 32px);
  padding: 7px 12px;
  border-radius: 8px;
  background: var(--bad-soft);
  box-shadow: var(--shadow);
  color: var(--bad);
  overflow-wrap: anywhere;
  white-space: normal;
}

.grid {
  position: relative;
  flex: 1;
  min-height: 0;
  overflow: auto;
  overflow-anchor: none;
  border-top: 1px solid var(--line);
}

.grid:focus-visible {
  outline-offset: -2px;
}

.row {
  display: grid;
  grid-template-columns:
    minmax(180px, 1.8fr) minmax(150px, 0.9fr) minmax(178px, 1.2fr) minmax(90px, 1.2fr) 52px 96px;
  align-items: center;
  gap: 14px;
  padding: 0 16px;
}

.row.head {
  position: sticky;
  top: 0;
  z-index: 2;
  height: 34px;
  border-bottom: 1px solid var(--line);
  background: var(--surface);
}

.head button {
  all: unset;
  cursor: pointer;
  color: var(--muted);
  font-size: 12.5px;
  font-weight: 550;
  border-radius: 4px;
}

.head button:hover {
  color: var(--text);
}

.head button:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}

.head [aria-sort] button {
  color: var(--text);
}

.head [aria-sort="ascending"] button::after {
  content: " ↑";
}

.head [aria-sort="descending"] button::after {
  content: " ↓";
}

.body {
  position: relative;
}

.body .row {
  position: absolute;
  left: 0;
  right: 0;
  top: 0;
  height: var(--row-height);
  border-bottom: 1px solid color-mix(in srgb, var(--line) 65%, transparent);
  cursor: default;
  transition: background-color 600ms;
}

.body .row:hover {
  background: var(--hover);
}

.body .row[aria-selected="true"] {
  background: var(--chosen);
}

.grid:focus .row.active {
  box-shadow: inset 3px 0 0 var(--accent);
}

.cell {
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.number {
  text-align: right;
}

.interface {
  display: flex;
  align-items: baseline;
}

.interface .package {
  flex: 0 1 auto;
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  color: var(--muted);
}

.interface .name {
  flex: none;
  max-width: 100%;
  overflow: hidden;
  text-overflow: ellipsis;
  font-weight: 600;
}

.interface .more,
.tag {
  flex: none;
  margin-left: 8px;
  padding: 0 6px;
  border-radius: 5px;
  background: var(--hover);
  color: var(--muted);
  font-size: 12px;
}

.interface .under {
  display: none;
}

.row .state {
  color: var(--muted);
}

.row[data-state]:not([data-state=""]) .state {
  font-weight: 650;
}

.row[data-state="added"] {
  transition: none;
  background: var(--good-soft);
}

.row[data-state="added"] .state {
  color: var(--good);
}

.row[data-state="modified"] {
  transition: none;
  background: var(--warn-soft);
}

.row[data-state="modified"] .state,
.row[data-state="leaving"] .state {
  color: var(--warn);
}

.row[data-state="leaving"] {
  opacity: 0.7;
}

.row[data-state="gone"] {
  transition: none;
  background: var(--bad-soft);
}

.row[data-state="gone"] .state {
  color: var(--bad);
}

.row[data-state="gone"] .name {
  text-decoration: line-through;
}

.stale .body {
  opacity: 0.55;
}

.empty {
  position: absolute;
  inset: 120px 24px auto;
  max-width: 440px;
  margin: 0 auto;
  text-align: center;
  color: var(--muted);
}

.empty strong {
  display: block;
  margin-bottom: 6px;
  color: var(--text);
  font-size: 16px;
}

@media (max-width: 1260px) {
  main {
    grid-template-columns: minmax(0, 1fr) 300px;
  }
  .row {
    grid-template-columns:
      minmax(180px, 2.2fr) minmax(84px, 0.7fr) minmax(130px, 1.2fr) 52px 92px;
    gap: 12px;
  }
  .column-host .mono {
    display: none;
  }
  .column-properties {
    display: none;
  }
}

@media (max-width: 1000px) {
  .row {
    grid-template-columns: minmax(150px, 2.2fr) minmax(84px, 0.7fr) minmax(120px, 1.2fr) 84px;
  }
  .column-age {
    display: none;
  }
}

@media (max-width: 860px) {
  :root {
    --row-height: 56px;
  }
  body {
    height: auto;
  }
  main {
    display: flex;
    flex-direction: column;
    padding: 0 10px 10px;
  }
  .top {
    padding: 12px 14px;
  }
  .counts {
    order: 3;
    flex-basis: 100%;
    justify-content: space-between;
    gap: 14px;
  }
  .health {
    margin-left: auto;
  }
  #health-member {
    display: none;
  }
  .banner {
    margin: 0 10px 10px;
  }
  .side {
    display: contents;
  }
  .details {
    order: -1;
    max-height: 70vh;
  }
  .endpoints {
    height: 64vh;
    flex: none;
  }
  .bar {
    flex-wrap: wrap;
    gap: 6px 12px;
  }
  .row {
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 10px;
  }
  .column-host,
  .column-address,
  .column-age {
    display: none;
  }
  .interface {
    display: grid;
    grid-template-columns: auto auto 1fr;
    justify-content: start;
  }
  .interface .more {
    justify-self: start;
  }
  .interface .under {
    display: block;
    grid-column: 1 / -1;
    overflow: hidden;
    text-overflow: ellipsis;
    color: var(--muted);
    font-size: 12px;
  }
  .panel.events {
    max-height: 60vh;
  }
}

@media (prefers-reduced-motion: reduce) {
  * {
    transition: none !important;
    animation: none !important;
  }
}
`,
  },
  {
    name: "timeline.js",
    contentType: "text/javascript; charset=utf-8",
    text: `import { createElement } from "./elements.js";
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
  const packages = [...new Set(parts.map(([packageName]) => packageName.replace(/\\.$/, "")))];
  const label = type === "health"
    ? LABELS[names[0]] ?? names[0]
    : parts.map(([, name]) => name).join(", ");
  what.append(
    createElement("span", { class: "hidden" }, \`\${WORDS[type]}: \`),
    createElement("b", { title: names.join("\\n") }, label),
    others > 0 ? \` and \${formatCount(others)} more\` : "",
  );
  const where = [...packages.filter((name) => name !== ""), detail.replace(/^http:\\/\\//, "")];
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
`,
  },
];
