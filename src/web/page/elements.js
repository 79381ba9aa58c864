/**
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
  if (element === null) throw new Error(`there is no element ${id}`);
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
