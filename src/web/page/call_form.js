import { createElement, setText } from "./elements.js";
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
    const took = outcome.tookMs === undefined ? "" : ` after ${formatMs(outcome.tookMs)}`;
    if (outcome.kind === "result") {
      setText(this.#note, `Result${took}`);
      setText(this.#outcome, outcome.result);
      return;
    }
    const { name, code, isExecuted, message } = outcome;
    const details = [code, explainExecution(isExecuted)].filter(Boolean).join("; ");
    setText(this.#note, `${name}${details === "" ? "" : ` (${details})`}${took}`);
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
      body: `{${JSON.stringify({ endpointId, method }).slice(1, -1)},"arguments":${parameters}}`,
    });
    if (response.ok) return await response.json();
    return { kind: "error", name: `Status ${response.status}`, message: await response.text() };
  } catch {
    return { kind: "error", name: "Error", message: "The server of this page does not answer." };
  }
}
