// The lesson's data and where the learner stands in it: the step, the numbers, what is hidden. Whoever
// shows something of this subscribes with `whenever`; nothing is shown from here.

const DATA = (() => {
  const bytes = (id) => Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
  const key = bytes("lesson-key");
  const mixed = bytes("lesson-data");
  for (let i = 0; i < mixed.length; i++) mixed[i] ^= key[i % key.length];
  return JSON.parse(new TextDecoder().decode(mixed));
})();

const LAST = DATA.steps.length;
const FIRST_LEAVES = DATA.nodes.map((_, i) => DATA.leaves[i]);

const state = {
  step: 0,
  leaves: [...FIRST_LEAVES],
  changed: false,
  found: runPass(DATA, RULES, FIRST_LEAVES),
  hidden: new Set(),
  chosen: "",
};

const listeners = { step: [], numbers: [], hidden: [], chosen: [] };

function whenever(events, listener) {
  for (const event of events.split(" ")) listeners[event].push(listener);
}

function tell(event) {
  for (const listener of listeners[event]) listener();
}

function goTo(step) {
  const target = Math.max(0, Math.min(LAST, step));
  if (target === state.step) return;
  state.step = target;
  tell("step");
}

function setLeaves(leaves) {
  state.leaves = leaves;
  state.changed = leaves.some((value, i) => value !== FIRST_LEAVES[i]);
  state.found = runPass(DATA, RULES, leaves);
  tell("numbers");
}

function choose(what) {
  state.chosen = state.chosen === what ? "" : what;
  tell("chosen");
}

function setHidden(quantities) {
  state.hidden = quantities;
  tell("hidden");
}

// A quantity is `v3`, `g3`, `l5.0`, `d5.0`, or `n3`: what the output gains when node 3 is raised by 0.01.
function numberOf(quantity) {
  return quantity[0] === "n" ? 0.01 * state.found["g" + quantity.slice(1)] : state.found[quantity];
}

function isKnown(quantity) {
  const since = DATA.since[quantity];
  return since === undefined || since <= state.step;
}

// Hidden is what is asked for and not yet found, and whatever would give it away: a local gradient
// worked out from a hidden value, a contribution to a hidden gradient, or from one.
function isHidden(quantity) {
  const { hidden } = state;
  if (!hidden.size) return false;
  if (hidden.has(quantity)) return true;
  const [kind, rest] = [quantity[0], quantity.slice(1)];
  if (kind === "v") return false;
  if (kind === "n") return isHidden("g" + rest);
  if (kind === "g") return uses(Number(rest)).length === 1 && hidden.has("d" + uses(Number(rest))[0]);
  const { source, target, forms } = DATA.edges[rest];
  if (kind === "l") return forms.length > 0 && [target, ...DATA.nodes[target].operands].some((place_) => hidden.has("v" + place_));
  return hidden.has("g" + source) || hidden.has("g" + target) || isHidden("l" + rest);
}

function textOf(quantity) {
  if (isHidden(quantity)) return "?";
  if (!state.changed && quantity in DATA.texts) return DATA.texts[quantity];
  return shown(numberOf(quantity), DATA.precision);
}

const USES = DATA.nodes.map(() => []);
for (const [key, edge] of Object.entries(DATA.edges)) USES[edge.source].push(key);
for (const keys of USES) keys.sort((a, b) => DATA.edges[a].target - DATA.edges[b].target || DATA.edges[a].slot - DATA.edges[b].slot);

function uses(place) {
  return USES[place];
}

// Words, with {names} filled in.
function word(key, values = {}) {
  return agreed((DATA.words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole));
}

// Korean particles by the sound before them, as render/narration/agreement.py chooses them.
function agreed(text) {
  return text.replace(/([^\s]?["”’)|]*)(은\(는\)|을\(를\)|이\(가\)|와\(과\))/gu, (_, before, mark) => {
    const last = [...before.replace(/["”’)|]/g, "")].pop() ?? "";
    const code = last.charCodeAt(0) - 0xac00;
    const closed = code >= 0 && code < 11172 ? code % 28 !== 0 : "lmnrLMNR013678₀₁₃₆₇₈εουΕΟΥ".includes(last || " ");
    const [behindVowel, behindConsonant] = mark === "와(과)" ? ["와", "과"] : [mark[2], mark[0]];
    return before + (closed ? behindConsonant : behindVowel);
  });
}

// Elements. Text is set as text; only MathML that came with the lesson is set as markup.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, action] of Object.entries(value)) element.addEventListener(event, action);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== "" && child !== null && child !== undefined));
  return element;
}

function math(...rows) {
  const element = document.createElement("span");
  element.innerHTML = `<math>${rows.join("")}</math>`;
  return element.firstChild;
}

// A formula for the eye with a name for the ear.
function named(row, text) {
  const formula = math(row);
  formula.setAttribute("aria-hidden", "true");
  return [formula, make("span", { class: "unseen" }, text)];
}

const EQUALS = '<mo form="infix">=</mo>', TIMES = '<mo form="infix">×</mo>', PLUS = "<mo>+</mo>";

function place(quantity, wrapped = false) {
  return `<mn data-q="${quantity}"${wrapped ? ' data-wrap=""' : ""}></mn>`;
}

// Fill every number of a part of the page.
function fill(root) {
  for (const element of root.querySelectorAll("[data-q]")) {
    const text = textOf(element.dataset.q);
    element.textContent = element.hasAttribute("data-wrap") && text.startsWith("−") ? `(${text})` : text;
    element.setAttribute("class", `number ${kindOf(element.dataset.q)}${text === "?" ? " blank" : ""}`);
  }
  for (const remark of root.querySelectorAll("[data-agree]")) remark.hidden = agrees(remark);
}

function kindOf(quantity) {
  return { v: "value", g: "gradient", l: "local", d: "gradient", n: "" }[quantity[0]];
}

// Whether the numbers of a line, as shown, still multiply or add up to the result as shown.
function agrees(remark) {
  const texts = remark.dataset.parts.split(" ").map(textOf);
  const total = textOf(remark.dataset.total);
  if ([...texts, total].some((text) => text === "?" || text === "undefined")) return true;
  const numbers = texts.map(shownValue);
  const made = remark.dataset.agree === "sum"
    ? numbers.reduce((sum, n) => sum + n, 0)
    : numbers.reduce((product, n) => product * n, 1);
  return shown(Number(made.toPrecision(15)), DATA.precision) === shown(shownValue(total), DATA.precision);
}

function unrounded(kind, parts, total) {
  return make("span", { class: "remark", "data-agree": kind, "data-parts": parts.join(" "), "data-total": total, hidden: true }, ` (${word("unrounded")})`);
}
