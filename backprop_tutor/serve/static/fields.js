// The fields of the values: one for each input, kept while the program goes on needing it. A number is
// typed, stepped with the arrow keys, or dragged by its name; its gradient stands below, old beside new.

import { byId, make, word } from "./making.js";
import { faultRow } from "./faults.js";

/** @type {Map<string, FieldRow>} */
const rows = new Map();
/** @type {Map<string, string | undefined>} */
let before = new Map();
let changed = () => {};

/** @param {() => void} action */
export function whenChanged(action) {
  changed = action;
}

// What stands in the fields; `typed` leaves out what was drawn: a drawn number is nobody's wish.
export function valuesNow(typed = false) {
  const held = [...rows].filter(([, row]) => !typed || !row.drawn);
  return Object.fromEntries(held.map(([name, { input }]) => [name, input.value]));
}

/** @param {Record<string, string>} values */
export function setValues(values) {
  for (const [name, value] of Object.entries(values)) {
    const row = rows.get(name);
    if (!row) continue;
    row.input.value = value;
    row.drawn = false;
  }
}

// Begin again: what is compared with is what is found next.
/** @param {Record<string, string>} values */
export function startAnew(values) {
  rows.clear();
  before = new Map();
  byId("fields").replaceChildren();
  for (const [name, value] of Object.entries(values)) rows.set(name, newRow({ name, label: name, value }));
}

/** @param {FieldFound[]} fields @param {FaultFound[]} faults */
export function showFields(fields, faults) {
  const holder = byId("fields");
  const wanted = fields.map((field) => field.name);
  for (const name of [...rows.keys()]) if (!wanted.includes(name)) rows.delete(name);
  const elements = fields.map((field) => {
    const row = rows.get(field.name) ?? newRow(field);
    rows.set(field.name, row);
    if (row.label.textContent !== field.label) row.label.textContent = field.label;
    // Without a value nobody has typed one: what was drawn before a fault stays drawn.
    row.drawn = Boolean(field.drawn) || (row.drawn && field.value === "");
    if (field.drawn) showDrawn(row, field.value);
    row.element.classList.toggle("drawn", row.drawn);
    row.input.title = row.drawn ? word("drawn") : "";
    const array = /[[;]|[\d.)]\s+[-\d]/.test(row.input.value);
    row.element.classList.toggle("of-array", array);
    showSlope(field, row);
    const own = faults.filter((fault) => fault.field === field.name);
    row.input.setAttribute("aria-invalid", String(own.length > 0));
    row.faults.replaceChildren(...own.map(faultRow));
    return row.element;
  });
  holder.classList.toggle("wide", elements.some((element) => element.classList.contains("of-array")));
  const same = holder.children.length === elements.length && elements.every((element, i) => holder.children[i] === element);
  if (!same) {
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    holder.replaceChildren(...(elements.length ? elements : [make("p", { class: "quiet" }, word("no-values"))]));
    if (holder.contains(focused)) focused.focus();
  }
}

// A number is not put where somebody has just emptied the field to type one: it waits behind it.
/** @param {FieldRow} row @param {string} value */
function showDrawn(row, value) {
  row.input.placeholder = value;
  if (document.activeElement !== row.input || row.input.value !== "") row.input.value = value;
}

/** @param {FieldFound} field @param {FieldRow} row */
function showSlope(field, row) {
  row.gradient = field.gradient || row.gradient;
  if (!field.gradient) return row.slope.replaceChildren();
  const old = before.get(field.name);
  row.slope.replaceChildren(
    ...(old !== undefined && old !== field.gradient ? [make("span", { class: "old" }, `${old} → `)] : []),
    field.gradient);
  row.slope.title = `${word("gradient-of")} ${field.gradient}${old !== undefined && old !== field.gradient ? `, ${word("was", { old })}` : ""}`;
}

// From now on gradients are compared with those that stand there now.
export function compareFromNow() {
  before = new Map([...rows].map(([name, row]) => [name, row.gradient]));
}

/** @param {FieldFound} field @returns {FieldRow} */
function newRow({ name, label, value }) {
  const id = `value-${name}`;
  const input = make("input", {
    type: "text", id, "data-name": name, autocomplete: "off", spellcheck: "false", inputmode: "text",
    on: { input: () => own(name), focus: compareFromNow, keydown: (/** @type {any} */ event) => onArrow(event, name), blur: () => fill(name) },
  });
  input.value = value;
  const text = make("label", { for: id }, label);
  const slope = make("span", { class: "slope" });
  const faults = make("div", {});
  drag(text, input, name);
  return { element: make("div", { class: "field" }, text, input, slope, faults), input, label: text, slope, faults, gradient: undefined, drawn: false };
}

const NUMBER = /^\s*[-−+]?(\d+(?:\.\d*)?|\.\d+)\s*$/;

// A step of the last digit typed, at least a tenth; ten with Shift.
/** @param {string} text @param {number} count */
function stepped(text, count) {
  if (!NUMBER.test(text)) return null;
  const bare = text.trim().replace("−", "-");
  const digits = Math.max(1, bare.split(".")[1]?.length ?? 0);
  const moved = Number(bare) + count * 10 ** -Math.min(digits, 12);
  return String(Number(moved.toFixed(Math.min(digits, 12))));
}

// A field that is left empty holds what was drawn for it.
/** @param {string} name */
function fill(name) {
  const input = rows.get(name)?.input;
  if (input?.value === "") input.value = input.placeholder;
}

// A field was changed by hand: its number is not a drawn one any more.
/** @param {string} name @param {string} [text] */
function own(name, text) {
  const row = rows.get(name);
  if (!row) return;
  if (text !== undefined) row.input.value = text;
  row.drawn = row.input.value === "";
  changed();
}

/** @param {KeyboardEvent & { target: Found }} event @param {string} name */
function onArrow(event, name) {
  const input = event.target;
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  const next = stepped(input.value || input.placeholder, (event.key === "ArrowUp" ? 1 : -1) * (event.shiftKey ? 10 : 1));
  if (next === null) return;
  event.preventDefault();
  own(name, next);
}

/** @param {HTMLElement} label @param {Found} input @param {string} name */
function drag(label, input, name) {
  /** @type {{ x: number, text: string, moved: boolean } | null} */
  let from = null;
  label.addEventListener("pointerdown", (event) => {
    if (!NUMBER.test(input.value)) return;
    from = { x: event.clientX, text: input.value, moved: false };
    label.setPointerCapture(event.pointerId);
    compareFromNow();
  });
  label.addEventListener("pointermove", (event) => {
    if (!from) return;
    const count = Math.trunc((event.clientX - from.x) / 6);
    if (!count && !from.moved) return;
    from.moved = true;
    const next = stepped(from.text, count);
    if (next !== null && next !== input.value) own(name, next);
  });
  const end = (/** @type {Event} */ event) => {
    if (from?.moved) event.preventDefault();
    from = null;
  };
  label.addEventListener("pointerup", end);
  label.addEventListener("pointercancel", end);
}
