// Practice over matrices: a grid of cells for a matrix, its shape alone, or one entry of it.

const PARTS = ["matrix", "shape", "entry"];
const MOST_CELLS = 48;
const sheet = {
  on: false, whole: false, part: "matrix", matrices: {}, shapes: {}, entries: {}, verdicts: {}, revealed: /** @type {string[]} */ ([]), hints: {},
  predict: true, predicted: {},
};

// What is asked: {quantity, part, flat, text}; of the usual ones in the part that the learner chose.
function allAsked() {
  const { asked, texts = {} } = PRACTICE;
  const cells = asked
    ? asked.map(([quantity, part, entry, text]) => ({ quantity, part: part || "matrix", flat: flatAt(quantity, entry), text }))
    : Object.keys(texts).filter((quantity) => sinceNow(quantity) > 0).map((quantity) => usualCell(quantity, texts[quantity]));
  return cells.map((cell) => ({ ...cell, key: `${cell.part} ${cell.quantity} ${cell.flat}` }))
    .sort((a, b) => sinceNow(a.quantity) - sinceNow(b.quantity));
}

function usualCell(quantity, text) {
  const { shape, size } = DATA.nodes[placeOf(quantity)];
  let part = shape.length ? sheet.part : "matrix";
  if (part === "matrix" && (size > MOST_CELLS || !DATA.whole)) part = "entry";
  if (part !== "entry") return { quantity, part, flat: 0, text: part === "shape" ? `shape(${text})` : text };
  const table = answerTable(quantity);
  const [row, column] = telling(table);
  return { quantity, part, flat: flatOf(table, row, column), text: text + indexText(table, row, column).replace(/ /g, "") };
}

function flatAt(quantity, entry) {
  const { shape } = DATA.nodes[placeOf(quantity)];
  return entry.reduce((flat, at, i) => flat * shape[i] + at, 0);
}

function answerTable(quantity) {
  const place = placeOf(quantity);
  const table = plainTable(place, quantity, quantity[0] === "v" ? "value" : "gradient");
  return { ...table, label: symbolText(quantity) };
}

function symbolText(quantity) {
  const { label } = DATA.nodes[placeOf(quantity)];
  return quantity[0] === "v" ? label : `∂${DATA.nodes[DATA.output].label}/∂${/[·+⊙−/ ]/.test(label) && !label.startsWith("(") ? `(${label})` : label}`;
}

function isSettled({ key, quantity }) {
  return isDone(sheet.verdicts[key]) || sheet.revealed.includes(key) || sheet.revealed.includes(`matrix ${quantity} 0`) || key in sheet.predicted;
}

function ownArrays(except) {
  const own = {};
  for (const { quantity, part, key } of allAsked()) {
    if (part !== "matrix" || quantity === except || quantity[0] === "d" || isSettled({ key, quantity })) continue;
    const texts = sheet.matrices[quantity] ?? [];
    const read = arrayOf(quantity).map((_, i) => ((texts[i] ?? "").trim() ? readEntry(texts[i]) : null));
    if (read.every((each) => each && !each.fault)) own[quantity] = read.map((each) => each.value);
  }
  return own;
}

function judgeCell({ quantity, part, flat, key }) {
  const verdict = part === "shape" ? judgeShape(quantity, sheet.shapes[quantity] ?? "")
    : part === "entry" ? judgeEntry(quantity, flat, sheet.entries[`${quantity} ${flat}`] ?? "")
    : judgeMatrix(quantity, sheet.matrices[quantity] ?? [], ownArrays(quantity));
  if (verdict) sheet.verdicts[key] = verdict;
  else delete sheet.verdicts[key];
}

function judgeAll() {
  for (const cell of allAsked()) judgeCell(cell);
}

function entriesText(quantity, wrong) {
  const table = answerTable(quantity);
  const names = wrong.slice(0, 8).map((flat) => indexText(table, ...rowOf(table, flat)) || "");
  return names.join(", ") + (wrong.length > 8 ? ", …" : "");
}

function verdictWords(cell) {
  const verdict = sheet.verdicts[cell.key];
  const { quantity } = cell;
  if (sheet.revealed.includes(cell.key) && !isDone(verdict)) return ["", word("revealed")];
  if (!verdict) return cell.key in sheet.predicted ? predictionWords(cell) : ["", ""];
  const { status, slips = [], wrong = [], given } = verdict;
  if (status === "right" || status === "rounded") return ["good", `✓ ${word(status)}`];
  if (status === "follows") return ["half", `≈ ${word("follows")}`];
  if (status === "open") return wrong.length ? ["bad", `✗ ${word("wrong-entries", { entries: entriesText(quantity, wrong) })}`] : ["", word("missing-entries", { count: verdict.empty })];
  if (status === "unreadable") return ["bad", `✗ ${word("not-a-number", { text: verdict.text })}`];
  if (status === "shape-unread") return ["bad", `✗ ${word("shape-read")}`];
  if (status === "transposed") return ["bad", `✗ ${word("transposed", { given, name: symbolText(quantity), shape: shapeText(DATA.nodes[placeOf(quantity)].shape) })}`];
  if (status === "wrong-shape") return ["bad", `✗ ${word("wrong-shape", { given })}`];
  if (status === "sign") return ["bad", `✗ ${word("sign")}`];
  const places = wrong.length && wrong.length < arrayOf(quantity).length ? word("wrong-entries", { entries: entriesText(quantity, wrong) }) : word("wrong");
  return ["bad", `✗ ${places}`, slips.map((slip, i) => (i ? slip : word("slip") + slip))];
}

// The ladder of hints: the rule, the numbers, one entry's sum, the answer.
function hintLines({ quantity }, level) {
  const part = view().steps.flatMap((step) => step.parts ?? []).find((each) => each.result && (each.q === quantity || each.result.q === quantity));
  const rungs = [];
  if (part) {
    const tables = (part.tables ?? []).filter(({ q }) => q[0] !== "s" && !isHidden(q));
    rungs.push(math(part.head), make("div", { class: "tables" }, tables.map((table, i) => tableOf(table, i))));
  }
  rungs.push(make("div", {}, make("p", { class: "quiet" }, word("answer-shown")), openTable(answerTable(quantity))));
  return rungs.slice(0, level);
}

function openTable(table) {
  const { hidden } = state;
  state.hidden = new Set();
  const element = tableOf(table, 0);
  state.hidden = hidden;
  return element;
}

function keepSheet() {
  const { verdicts, ...kept } = sheet;
  remember("practice", kept);
  setHidden(new Set(sheet.on ? allAsked().filter((cell) => cell.part !== "shape" && !isSettled(cell)).map(({ quantity }) => quantity) : []));
}

function hint(cell) {
  const most = hintLines(cell, 9).length;
  sheet.hints[cell.key] = Math.min(most, (sheet.hints[cell.key] ?? 0) + 1);
  if (sheet.hints[cell.key] === most && !sheet.revealed.includes(cell.key)) sheet.revealed.push(cell.key);
  keepSheet();
}

const cells = make("div", { id: "cells-of-arrays" });

function showPractice() {
  const list = allAsked().filter(({ quantity }) => sheet.whole || sinceNow(quantity) === state.step);
  const key = `${sheet.on} ${sheet.whole} ${list.map((cell) => cell.key).join("|")}`;
  showCells(list, key, cellRow, showRow);
  showScore(allAsked().map(({ key: own }) => sheet.verdicts[own]));
}

// The answers as a file that `backprop-tutor check` reads.
function exportAnswers() {
  const answers = [];
  for (const { quantity, part, flat, text } of allAsked()) {
    const typed = part === "shape" ? sheet.shapes[quantity] : part === "entry" ? sheet.entries[`${quantity} ${flat}`] : matrixText(quantity);
    if ((typed ?? "").trim()) answers.push([text, typed.trim()]);
  }
  saveSheet(answers);
}

function matrixText(quantity) {
  const texts = sheet.matrices[quantity] ?? [];
  const { shape, size } = DATA.nodes[placeOf(quantity)];
  if (new Array(size).fill(0).some((_, i) => !(texts[i] ?? "").trim())) return "";
  const nested = (depth, from, count) => {
    if (depth === shape.length) return texts[from].trim();
    const share = count / shape[depth];
    return `[${new Array(shape[depth]).fill(0).map((_, i) => nested(depth + 1, from + i * share, share)).join(", ")}]`;
  };
  return nested(0, 0, size);
}

function clearSheet() {
  Object.assign(sheet, { matrices: {}, shapes: {}, entries: {}, verdicts: {}, revealed: /** @type {string[]} */ ([]), hints: {}, predicted: {} });
  shownCells = "";
  keepSheet();
}
