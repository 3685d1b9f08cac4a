// The lesson's data and where the learner stands in it: the scale, the step, what is hidden. Whoever
// shows something of this subscribes with `whenever`; nothing is shown from here.

/** @type {Lesson} */
const DATA = (() => {
  const bytes = (id) => Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
  const key = bytes("lesson-key");
  const mixed = bytes("lesson-data");
  for (let i = 0; i < mixed.length; i++) mixed[i] ^= key[i % key.length];
  return JSON.parse(new TextDecoder().decode(mixed));
})();

const state = { scale: DATA.opening, step: 0, changed: false, hidden: new Set(), chosen: "" };

// What practice asks and knows; on a page without it nothing asks.
/** @type {Practice} */
const PRACTICE = DATA.practice ?? { asked: null, slips: {}, sentences: [], places: [], problem: "", many: false };

/** @param {string} name @returns {Scale} */
function scaleOf(name) {
  return DATA.scales.find((scale) => scale.name === name) ?? DATA.scales[0];
}

// The scale that is shown: its steps, and which of the smallest steps each of them stands for.
function view() {
  return scaleOf(state.scale);
}

function last() {
  return view().steps.length;
}

function stepNow() {
  return view().steps[state.step - 1];
}

// What a step is called: while answers are open, without how it is found.
function titleOf(step) {
  if (!step) return DATA.words.start;
  return state.hidden.size && step.short ? step.short : step.title;
}

const listeners = { scale: [], step: [], numbers: [], hidden: [], chosen: [] };

function whenever(events, listener) {
  for (const event of events.split(" ")) listeners[event].push(listener);
}

function tell(event) {
  for (const listener of listeners[event]) listener();
}

function goTo(step) {
  const target = Math.max(0, Math.min(last(), step));
  if (target === state.step) return;
  state.step = target;
  tell("step");
}

// Another scale shows the same place: the step that holds what was found last.
const left = {};

function goToScale(name) {
  if (name === state.scale || !DATA.scales.some((scale) => scale.name === name)) return;
  const at = stepIn(name, state.scale, state.step);
  left[state.scale] = state.step;
  const back = left[name];
  const kept = back !== undefined && stepIn(state.scale, name, back) === state.step;
  state.scale = name;
  state.step = kept ? back : at;
  tell("scale");
  tell("step");
}

/** @param {Step} step */
function gatesOfStep(step) {
  return step.gates ?? [];
}

function stepIn(name, from, step) {
  const [one, other] = [from, name].map((each) => scaleOf(each).steps);
  if (step === 0) return 0;
  if (step === one.length) return other.length;
  let at = step;
  while (at && !gatesOfStep(one[at - 1]).length) at--;
  return at ? holding(name, Math.max(...gatesOfStep(one[at - 1]))) : 0;
}

// For each scale the step that holds a step of the smallest.
const HOLDING = Object.fromEntries(DATA.scales.map(({ name, steps }) => [
  name, new Map(steps.flatMap((step, i) => gatesOfStep(step).map((gate) => [gate, i + 1]))),
]));

function holding(name, gate) {
  return HOLDING[name].get(gate) ?? 0;
}

function choose(what) {
  state.chosen = state.chosen === what ? "" : what;
  tell("chosen");
}

function setHidden(quantities) {
  state.hidden = quantities;
  tell("hidden");
}

// Words, with {names} filled in.
function word(key, values = {}) {
  return agreed((DATA.words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole));
}

// Korean particles by the sound before them, as render/narration/agreement.py chooses them.
function agreed(text) {
  return text.replace(/([^\s]?["”’)|]*)(은\(는\)|을\(를\)|이\(가\)|와\(과\))/gu, (_, before, mark) => {
    const end = [...before.replace(/["”’)|]/g, "")].pop() ?? "";
    const code = end.charCodeAt(0) - 0xac00;
    const closed = code >= 0 && code < 11172 ? code % 28 !== 0 : "lmnrLMNR013678₀₁₃₆₇₈εουΕΟΥ".includes(end || " ");
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
  return /** @type {Element} */ (element.firstElementChild);
}

// A formula for the eye with a name for the ear.
function named(row, text) {
  const formula = math(row);
  formula.setAttribute("aria-hidden", "true");
  return [formula, make("span", { class: "unseen" }, text)];
}

const EQUALS = '<mo form="infix">=</mo>', TIMES = '<mo form="infix">×</mo>', PLUS = "<mo>+</mo>";
