// Elements: text is set as text, never as markup.

export const DATA = JSON.parse(document.getElementById("page-data").textContent);

/**
 * An element with its attributes, `on` for its events, and its children, lists of them too.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, any>} attributes any: texts, numbers, truths @param {any[]} children any: lists of lists
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, action] of Object.entries(value)) element.addEventListener(event, action);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== "" && child !== null && child !== undefined));
  return element;
}

// A sentence in which `names` stand between backticks, as elements.
/** @param {string} text */
export function told(text) {
  return text.split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part));
}

/** @param {string} id */
export function byId(id) {
  return document.getElementById(id);
}

/** @param {string} key @param {Record<string, any>} values any: numbers and texts */
export function word(key, values = {}) {
  return (DATA.words[key] ?? key).replace(/\{(\w+)\}/g, (/** @type {string} */ whole, /** @type {string} */ name) => values[name] ?? whole);
}
