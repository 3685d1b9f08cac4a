// What every sheet of practice is made of: the choices above it, fields, verdicts, the score, the line to hand it in.

const practice = make("div", {});
const score = make("p", { id: "score", role: "status" });
let shownCells = "";

function isDone(verdict) {
  return verdict?.status === "right" || verdict?.status === "rounded";
}

function checkbox(id, text, checked, change) {
  const box = make("input", { type: "checkbox", id, checked, on: { change: () => change(box.checked) } });
  return make("label", { class: "choice" }, box, " ", text);
}

function radio(group, id, text, checked, change) {
  return make("label", { class: "choice" }, make("input", { type: "radio", name: group, id, checked, on: { change } }), " ", text);
}

// Practice itself, and whether the step's cells or all of them are shown.
function firstChoices() {
  const mode = (whole, key) => radio("practice-mode", key, word(key), sheet.whole === whole, () => { sheet.whole = whole; keepSheet(); });
  return [checkbox("practice-on", word("practice-on"), sheet.on, (on) => { sheet.on = on; keepSheet(); }),
    make("span", { class: "group" }, mode(false, "practice-by-step"), mode(true, "practice-sheet"))];
}

// A field whose text is taken when it is left, and by Enter, which goes on.
function answerField(label, value, take, goOn, more = {}) {
  const field = make("input", {
    type: "text", class: "answer", autocomplete: "off", autocapitalize: "off", spellcheck: "false", "aria-label": label, ...more,
    on: { change: () => take(field.value), keydown: (event) => { if (event.key === "Enter") { event.preventDefault(); take(field.value); goOn(field); } } },
  });
  field.value = value ?? "";
  return field;
}

// The verdict below a field, its first reason open; said again only where it changed. Returns its kind.
/** @param {HTMLElement} row @param {any[]} told */
function sayVerdict(row, told) {
  const [kind, text, slips = []] = told;
  const verdict = /** @type {HTMLElement} */ (row.querySelector(".verdict"));
  verdict.className = `verdict ${kind}`;
  if (verdict.dataset.said !== text + slips.join()) {
    verdict.dataset.said = text + slips.join();
    verdict.replaceChildren(text, ...[reasonsOf(slips)].flat().filter(Boolean));
  }
  return kind;
}

// The cells of a list: made anew where other ones are shown, else brought up to date.
function showCells(list, key, make_, refresh) {
  if (key === shownCells) {
    if (list.length) for (const row of cells.children) refresh(row);
    return;
  }
  shownCells = key;
  cells.replaceChildren(...(list.length ? list.map(make_) : [make("p", { class: "quiet" }, word("practice-nothing"))]));
}

function showScore(verdicts) {
  score.textContent = word("score", { right: verdicts.filter(isDone).length, count: verdicts.length });
  practice.querySelector("#practice-note").textContent = state.changed ? word("practice-changed") : PRACTICE.many ? word("practice-many") : "";
}

function introduction() {
  return [make("p", { class: "quiet" }, word("practice-intro")), make("p", { id: "practice-note", class: "quiet" })];
}

function handIn(...more) {
  return make("div", { class: "options" },
    make("label", {}, word("student"), " ", make("input", { type: "text", id: "student", autocomplete: "off" })),
    make("button", { type: "button", id: "export", on: { click: exportAnswers } }, word("export")),
    make("button", { type: "button", id: "clear", on: { click: clearSheet } }, word("clear")), ...more);
}

function saveSheet(answers) {
  saveAnswers(practice.querySelector("#student").value, PRACTICE.problem, answers);
}
