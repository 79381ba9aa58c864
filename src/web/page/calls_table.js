import { byId, createElement, setText } from "./elements.js";
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
      const key = `${method.direction} ${method.interfaceName} ${method.method}`;
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
  const name = createElement("td", { class: "method", title: `${interfaceName}.${method}` });
  const dotted = createElement("span", { class: "muted" }, `${interfaceName}.`);
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
    return `${index === 0 ? "M" : "L"}${x} ${y}`;
  }).join("");
}
