// A step over matrices: its formulas, its tables, and below them the sum behind the entry pointed at, which
// lights up with its row and its column in the tables and in the picture.

const explanation = make("section", { id: "explanation", "aria-labelledby": "step-title", tabindex: "-1" });

function explain() {
  const step = stepNow();
  explanation.replaceChildren(
    make("h2", { id: "step-title" }, titleOf(step)),
    make("div", { id: "step-body" }, step ? bodyOf(step) : [programLines(), make("p", { class: "quiet" }, word("entry-hint"))]));
  const first = explanation.querySelector(".step-part");
  if (first && first.record.result) light(first, ...(first.record.at ?? telling(first.record.result)));
  else lightPicture([]);
}

function programLines() {
  return make("div", { class: "program-lines" }, DATA.program.map((row) => make("div", {}, math(row))));
}

function bodyOf(step) {
  if (step.parts.some(({ q }) => isHidden(q))) {
    const open = predictsNow();
    return [make("p", { class: "quiet" }, word("answer-first")), open ? predictionForm(open) : "", ...predictionsTold()];
  }
  return [...predictionsTold(), ...step.parts.map(partOf), ...step.reasons.filter(Boolean).map((reason) => make("p", { class: "why" }, reason))];
}

function partOf(part) {
  const head = make("div", { class: "part-head" }, make("span", {}, math(part.head)), part.delta ? make("span", { class: "quiet" }, math(part.delta)) : "", sizesOf(part));
  const holder = make("div", { class: "step-part" }, head);
  holder.record = part;
  if (!part.result) return holder;
  const sum = make("p", { class: "sum", "aria-live": "polite" });
  holder.append(make("div", { class: "tables" }, tablesOf(part)), sum);
  const at = (event) => {
    const cell = event.target.closest?.("td[data-row]");
    if (cell) point(holder, cell);
  };
  holder.addEventListener("pointerover", at);
  holder.addEventListener("focusin", at);
  return holder;
}

// `(2×4)(4×3) → 2×3`, the sizes that have to agree in blue.
function sizesOf({ kind, tables, result }) {
  if (kind !== "product") return "";
  const [left, right] = tables;
  return make("span", { class: "shapes" }, `(${left.rows}×`, make("b", {}, String(left.columns)), ")(", make("b", {}, String(right.rows)), `×${right.columns}) → ${result.rows}×${result.columns}`);
}

function tablesOf({ kind, tables = [], result }) {
  const sign = { product: "·", slopes: "⊙", added: "+", handed: "→", formula: ",", mixes: "," }[kind];
  const ends = { handed: "→", formula: "→", mixes: "→" }[kind] ?? "=";
  const shownTables = tables.filter(({ q }) => q[0] !== "s" || COMPUTES);
  const out = [];
  shownTables.forEach((table, i) => {
    if (i) out.push(make("span", { class: "sign", "aria-hidden": "true" }, sign));
    out.push(tableOf(table, i));
  });
  if (out.length) out.push(make("span", { class: "sign", "aria-hidden": "true" }, ends));
  return [...out, tableOf(result, "result")];
}

// The entry that is followed at first: the last of the first row that is not 0.
function telling(table) {
  const array = arrayOf(table.q) ?? [];
  for (let r = 0; r < Math.min(table.rows, MOST_ROWS); r++) {
    for (let c = Math.min(table.columns, MOST_ROWS) - 1; c >= 0; c--) if (array[flatOf(table, r, c)]) return [r, c];
  }
  return [0, Math.min(table.columns, MOST_ROWS) - 1];
}

function point(holder, cell) {
  const element = cell.closest("table");
  const [row, column] = [Number(cell.dataset.row), Number(cell.dataset.column)];
  if (element.dataset.table === "result") return light(holder, row, column);
  lightOperand(holder, element, row, column);
}

// An entry of the result: its row, its column, its sum.
function light(holder, row, column) {
  const part = holder.record;
  const { used, line: texts } = sumOf(part, row, column);
  const result = [part.result.q, flatOf(part.result, row, column)];
  holder.querySelector(".sum").replaceChildren(...texts.filter((text) => text !== ""));
  mark(holder, used, result);
}

// An entry that is taken: where it is used.
function lightOperand(holder, element, row, column) {
  const part = holder.record;
  const own = [element.record.q, flatOf(element.record, row, column)];
  const { result } = part;
  const makes = [];
  for (let r = 0; r < Math.min(result.rows, MOST_ROWS); r++) {
    for (let c = 0; c < Math.min(result.columns, MOST_ROWS); c++) {
      const { terms, lit = [] } = termsOf(part, r, c);
      if ([...terms.flatMap((term) => term.lit), ...lit].some(([q, flat]) => q === own[0] && flat === own[1])) makes.push([r, c]);
    }
  }
  const names = makes.slice(0, MOST_TERMS).map(([r, c]) => entryName(result, r, c));
  if (makes.length > MOST_TERMS) names.push("…");
  const value = entryText(...own);
  holder.querySelector(".sum").replaceChildren(
    `${entryName(element.record, row, column)} = ${value}`, names.length ? `: ${word("used-in", { entries: names.join(", ") })}` : "");
  mark(holder, makes.map(([r, c]) => [result.q, flatOf(result, r, c)]), own);
}

// Light cells in the tables of a part and in the picture; one of them has a ring.
function mark(holder, used, ring) {
  for (const cell of explanation.querySelectorAll("td.lit, td.ring")) cell.classList.remove("lit", "ring");
  for (const element of holder.querySelectorAll("table")) {
    for (const [list, name] of [[used, "lit"], [[ring], "ring"]]) {
      for (const [quantity, flat] of list) {
        if (quantity === element.record.q) cellAt(element, ...rowOf(element.record, flat))?.classList.add(name);
      }
    }
  }
  lightPicture(used, ring);
}
