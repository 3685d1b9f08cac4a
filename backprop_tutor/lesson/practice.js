// Practice: quantities are hidden, the learner finds them, and is told what a wrong answer looks like.

const KINDS = { value: "v", gradient: "g", local: "l", down: "d" };
const sheet = {
  on: false, whole: false, kinds: ["value", "gradient"], answers: {}, verdicts: {}, revealed: /** @type {string[]} */ ([]), hints: {},
  predict: true, predicted: {}, reasons: {}, fading: "whole", pass: 3, reviews: /** @type {{ kind: string, key: string, rest: number, times: number }[]} */ ([]), turn: 0,
};
const NAMES = new Set(DATA.nodes.filter((node) => node.kind !== "constant").map((node) => node.name));

function isAsked(quantity) {
  if (PRACTICE.asked) return PRACTICE.asked.includes(quantity);
  const [kind, rest] = [quantity[0], quantity.slice(1)];
  if (kind === "v") return sheet.kinds.includes("value") && DATA.nodes[rest].kind === "operation";
  if (kind === "g") return sheet.kinds.includes("gradient") && Number(rest) !== DATA.output && DATA.nodes[rest].relevant;
  if (kind === "l") return sheet.kinds.includes("local");
  return sheet.kinds.includes("down");
}

const CELLS = Object.keys(DATA.since).filter((quantity) => DATA.since[quantity] > 0)
  .sort((a, b) => DATA.since[a] - DATA.since[b] || "vldg".indexOf(a[0]) - "vldg".indexOf(b[0]));

function asked() {
  return faded(CELLS.filter(isAsked));
}

// Where the learner stands in the step that is shown: what it asks and is still open.
function openNow() {
  return DATA.practice && sheet.on ? asked().filter((quantity) => sinceNow(quantity) === state.step && !isSettled(quantity)) : [];
}

function isSettled(quantity) {
  return isDone(sheet.verdicts[quantity]) || sheet.revealed.includes(quantity) || quantity in sheet.predicted;
}

function nameOf(quantity) {
  const rest = quantity.slice(1);
  if (quantity[0] === "v") return DATA.nodes[rest].name;
  if (quantity[0] === "g") return DATA.nodes[rest].asked;
  return DATA.edges[rest].asked[quantity[0] === "l" ? 0 : 1];
}

function symbolOf(quantity) {
  const rest = quantity.slice(1);
  if (quantity[0] === "v") return math(DATA.nodes[rest].term);
  if (quantity[0] === "g") return math(DATA.nodes[rest].slope);
  const edge = DATA.edges[rest];
  if (quantity[0] === "l") return math(edge.slope);
  return math(edge.target === DATA.output ? edge.slope : DATA.nodes[edge.target].slope + "<mo>·</mo>" + edge.slope);
}

function spokenName(quantity) {
  const rest = quantity.slice(1);
  const words_ = { v: "value", g: "gradient", l: "local", d: "downstream" }[quantity[0]];
  return quantity[0] === "v" || quantity[0] === "g"
    ? `${word(words_)} ${DATA.nodes[rest].label}`
    : `${word(words_)} ${DATA.nodes[DATA.edges[rest].source].label} → ${DATA.nodes[DATA.edges[rest].target].label}`;
}

function judgeCell(quantity) {
  const text = (sheet.answers[quantity] ?? "").trim();
  if (!text) return void delete sheet.verdicts[quantity];
  const env = environment(DATA, state.found);
  const own = {}, decimals = [];
  let sound = true;
  for (const other of asked()) {
    const given = (sheet.answers[other] ?? "").trim();
    if (!given) continue;
    const read = readAnswer(given, NAMES, env);
    if (read.precision) decimals.push(read.precision.decimals);
    if (other === quantity || read.fault) continue;
    own[other] = read.value;
    if (!isDone(sheet.verdicts[other])) sound = false;
  }
  const most = Math.max(0, ...decimals);
  const even = decimals.filter((count) => count === most).length >= 3 ? most : 0;
  const rows = state.changed ? null : (PRACTICE.slips[quantity] ?? [])
    .map(([number, rank, says, where]) => [number, rank, PRACTICE.sentences[says], PRACTICE.places[where]]);
  sheet.verdicts[quantity] = judge({
    program: DATA, rules: RULES, quantity, leaves: state.leaves, found: state.found,
    typed: readAnswer(text, NAMES, env), own, sound, rows, decimals: even,
  });
}

function judgeAll() {
  for (const quantity of asked()) judgeCell(quantity);
  for (const quantity of asked()) judgeCell(quantity);
}

function verdictWords(quantity) {
  const verdict = sheet.verdicts[quantity];
  if (sheet.revealed.includes(quantity) && !isDone(verdict)) return ["", word("revealed")];
  if (quantity in sheet.predicted && !verdict) return predictionWords(quantity);
  if (!verdict) return ["", ""];
  const { status } = verdict;
  if (status === "right") return ["good", `✓ ${word(verdict.formula ? "equal-formula" : "right")}`];
  if (status === "rounded") return ["good", `✓ ${word("rounded")}`];
  if (status === "follows") return ["half", `≈ ${word("follows")}`];
  if (status === "slip") return ["bad", `✗ ${word("slip")}`, verdict.slips.map(slipWords)];
  if (status === "number") return ["half", `≈ ${word("number-of-formula")}`];
  if (status === "here") return ["bad", `✗ ${word("formula-here-only")}`];
  if (status === "sign") return ["bad", `✗ ${word("sign")}`];
  if (status === "unreadable") return ["bad", `✗ ${word("unreadable", { why: word(verdict.fault.kind, { what: verdict.fault.what, name: sheet.answers[quantity] }) })}`];
  return ["bad", `✗ ${word("wrong")}`];
}

function slipWords({ sentence, places }) {
  return places.length ? `${sentence} (${places.join(", ")})` : sentence;
}

function cellRow(quantity) {
  const field = answerField(`${word("answer")}: ${spokenName(quantity)}`, sheet.answers[quantity], (text) => answer(quantity, text), onToNextCell,
    { "data-cell": quantity, placeholder: word("number-or-formula") });
  const row = make("div", { class: "cell-row", "data-row": quantity },
    make("span", { class: "cell-name", "aria-hidden": "true" }, symbolOf(quantity), " ="),
    field,
    make("button", { type: "button", class: "hint-button", on: { click: () => hint(quantity) } }),
    make("div", { class: "verdict", role: "status" }),
    make("div", { class: "hints" }));
  showRow(row, quantity);
  return row;
}

function showRow(row, quantity) {
  const kind = sayVerdict(row, verdictWords(quantity));
  row.querySelector(".answer").setAttribute("aria-invalid", String(kind === "bad"));
  const hinting = row.querySelector(".hint-button");
  hinting.textContent = hintLabel(quantity);
  hinting.setAttribute("aria-label", `${hinting.textContent}: ${spokenName(quantity)}`);
  const hints = row.querySelector(".hints");
  hints.replaceChildren(...hintLines(quantity, sheet.hints[quantity] ?? 0));
  fill(hints);
}

function answer(quantity, text) {
  if ((sheet.answers[quantity] ?? "") === text && sheet.verdicts[quantity]) return;
  sheet.answers[quantity] = text;
  judgeCell(quantity);
  keepSheet();
}

// Enter goes to the next open field once this one is right.
function onToNextCell(field) {
  if (!isSettled(field.dataset.cell)) return;
  const fields = [...cells.querySelectorAll("[data-cell]")];
  fields.slice(fields.indexOf(field) + 1).find((next) => !isSettled(next.dataset.cell))?.focus();
}

function hint(quantity) {
  const level = Math.min(RUNGS, (sheet.hints[quantity] ?? 0) + 1);
  sheet.hints[quantity] = level;
  if (level === RUNGS && !sheet.revealed.includes(quantity)) sheet.revealed.push(quantity);
  keepSheet();
}

function keepSheet() {
  const { verdicts, ...kept } = sheet;
  remember("practice", kept);
  setHidden(new Set(sheet.on ? asked().filter((quantity) => !isSettled(quantity)) : []));
}

const cells = make("div", { id: "cells" });
const points = make("p", { id: "points", class: "quiet" });

function showPractice() {
  const list = sheet.whole ? asked() : asked().filter((quantity) => sinceNow(quantity) === state.step);
  const key = `${sheet.on} ${sheet.whole} ${state.scale} ${list.join(" ")}`;
  showCells(list, key, cellRow, (row) => showRow(row, row.dataset.row));
  const all = asked();
  showScore(all.map((quantity) => sheet.verdicts[quantity]));
  points.textContent = pointsWords(all);
  showReview();
  showPass();
}

// Where nothing else is asked for, a sheet has the nodes that the program names, as "all values" does.
function isWritten(quantity) {
  if (PRACTICE.asked || !"vg".includes(quantity[0])) return true;
  return DATA.nodes[quantity.slice(1)].named;
}

// The answers as a file that `backprop-tutor check` reads.
function exportAnswers() {
  const answers = [];
  for (const quantity of asked()) {
    const text = (sheet.answers[quantity] ?? "").trim();
    if (text && isWritten(quantity)) answers.push([nameOf(quantity), text]);
  }
  saveSheet(answers);
}

function startPractice() {
  if (!DATA.practice) return;
  Object.assign(sheet, remembered("practice", {}));
  const kindBox = (kind) => checkbox(`ask-${kind}`, word(`ask-${kind}`), sheet.kinds.includes(kind), (on) => {
    sheet.kinds = Object.keys(KINDS).filter((one) => (one === kind ? on : sheet.kinds.includes(one)));
    keepSheet();
  });
  practice.append(
    make("div", { class: "options" },
      firstChoices(),
      PRACTICE.asked ? "" : make("span", { class: "group" }, Object.keys(KINDS).map(kindBox))),
    make("div", { class: "options" },
      checkbox("predict-on", word("predict-on"), sheet.predict, (on) => { sheet.predict = on; keepSheet(); }), fadingChoice()),
    ...introduction(),
    cells, score, points, review, nextPass,
    handIn(make("button", { type: "button", id: "other-numbers", on: { click: otherNumbers } }, word("other-numbers"))));
  judgeAll();
  whenever("step hidden numbers", showPractice);
  whenever("step hidden numbers scale", showAsking);
  whenever("numbers", judgeAll);
  keepSheet();
}

function clearSheet() {
  Object.assign(sheet, { answers: {}, verdicts: {}, revealed: [], hints: {}, predicted: {}, reasons: {} });
  shownCells = "";
  keepSheet();
}
