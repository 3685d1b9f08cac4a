// A student's page: the problems with blanks, each answer sent as it is given and kept until it is saved.

import { DATA, byId, make, word } from "./making.js";

const KEPT = "backprop-tutor:class";
const PAUSE = 700;
const AGAIN = 1500;
let token = decodeURIComponent(location.hash.slice(1));

/** @param {string} key */
function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string | null} value */
function store(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Without storage the address alone brings a student back.
  }
}

/** @param {string} path @param {object} data */
async function post(path, data) {
  const theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const response = await fetch(path, {
    method: "POST", headers: { "content-type": "application/json" }, cache: "no-store",
    body: JSON.stringify({ ...data, lang: DATA.lang, theme }),
  });
  const found = await response.json();
  return { status: response.status, ...found };
}

const waiting = new Map();

function begin() {
  token ||= stored(KEPT) ?? "";
  if (token) enter();
  else byId("joining").hidden = false;
}

byId("join").addEventListener("submit", async (event) => {
  event.preventDefault();
  const found = await post("/class/join", { name: byId("name").value }).catch(() => ({ error: word("no-answer") }));
  byId("join-fault").textContent = found.error ?? "";
  if (!found.ok) return;
  token = found.token;
  enter();
});

async function enter() {
  const found = await post("/class/sheet", { token }).catch(() => null);
  if (found === null || found.status === 429 || found.status >= 500) {
    byId("progress").textContent = word("no-answer");
    setTimeout(enter, AGAIN);
    return;
  }
  if (!found.ok) {
    token = "";
    store(KEPT, null);
    byId("joining").hidden = false;
    byId("join-fault").textContent = found.error;
    return;
  }
  store(KEPT, token);
  history.replaceState(null, "", `#${token}`);
  byId("joining").hidden = true;
  byId("come-back").hidden = false;
  byId("leave").textContent = word("leave", { name: found.name });
  if (found.title) byId("sheet-title").textContent = found.title;
  const given = new Map(found.answers.map((/** @type {{ problem: string, quantity: string, answer: string }} */ each) => [`${each.problem}\n${each.quantity}`, each.answer]));
  byId("problems").replaceChildren(...found.problems.map((/** @type {ProblemAsked} */ problem) => section(problem, given)));
  showProgress();
}

/** @param {ProblemAsked} problem @param {Map<string, string>} given */
function section(problem, given) {
  const picture = make("img", { class: "blank-picture", alt: problem.lines.join("; ") });
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(problem.svg)}`;
  return make("section", { class: "card problem", "aria-labelledby": `title-${problem.id}` },
    make("h2", { id: `title-${problem.id}` }, problem.title),
    make("div", { class: "program-of" }, problem.lines.map((line) => make("div", {}, line))),
    make("p", { class: "quiet" }, word("at", { values: problem.at })),
    problem.svg ? make("div", { class: "sideways", tabindex: "0", role: "region", "aria-label": `${word("picture")}: ${problem.title}` }, picture) : "",
    make("div", { class: "cells" }, problem.cells.map((cell) => row(problem, cell, given.get(`${problem.id}\n${cell.quantity}`) ?? ""))));
}

/** @param {ProblemAsked} problem @param {CellAsked} cell @param {string} answer */
function row(problem, cell, answer) {
  const id = `cell-${problem.id}-${cell.quantity}`;
  const key = `${problem.id}\n${cell.quantity}`;
  const state = make("span", { class: "state", role: "status" });
  const input = make("input", {
    type: "text", id, autocomplete: "off", spellcheck: "false", placeholder: word(cell.want),
    on: {
      input: () => later(key, () => save(problem.id, cell.quantity, input, state), PAUSE),
      change: () => later(key, () => save(problem.id, cell.quantity, input, state), 0),
    },
  });
  input.value = answer;
  state.dataset.saved = answer;
  if (answer) state.textContent = `✓ ${word("answer-saved")}`;
  const kept = stored(`${KEPT}:${token}:${key}`);
  if (kept !== null && kept !== answer) {
    input.value = kept;
    later(key, () => save(problem.id, cell.quantity, input, state), 0);
  }
  return make("div", { class: "cell-of" }, make("label", { for: id }, cell.label), input, state);
}

/** @param {string} key @param {() => void} action @param {number} pause */
function later(key, action, pause) {
  clearTimeout(waiting.get(key));
  waiting.set(key, setTimeout(action, pause));
}

// Kept in the browser until the server has it on disk; sent again until it has.
/** @param {string} problem @param {string} quantity @param {Found} input @param {HTMLElement} state */
async function save(problem, quantity, input, state) {
  const answer = input.value;
  const key = `${problem}\n${quantity}`;
  if (state.dataset.saved === answer) return;
  store(`${KEPT}:${token}:${key}`, answer);
  state.textContent = word("answer-saving");
  let found;
  try {
    found = await post("/class/answer", { token, problem, quantity, answer });
  } catch {
    found = null;
  }
  if (input.value !== answer) return;
  if (found?.ok) {
    state.dataset.saved = answer;
    state.textContent = answer.trim() ? `✓ ${word("answer-saved")}` : "";
    state.classList.remove("late");
    store(`${KEPT}:${token}:${key}`, null);
    showProgress();
  } else if (found && found.status < 429) {
    state.textContent = found.error;
    state.classList.add("late");
  } else {
    state.textContent = word("answer-waits");
    state.classList.add("late");
    later(key, () => save(problem, quantity, input, state), AGAIN);
  }
}

function showProgress() {
  const states = [...document.querySelectorAll(".state")];
  const done = states.filter((state) => state.dataset.saved?.trim()).length;
  byId("progress").textContent = word("answered-so-far", { done, all: states.length });
}

byId("leave").addEventListener("click", () => {
  store(KEPT, null);
  token = "";
  history.replaceState(null, "", location.pathname + location.search);
  byId("problems").replaceChildren();
  byId("come-back").hidden = true;
  byId("progress").textContent = "";
  byId("joining").hidden = false;
});

begin();
