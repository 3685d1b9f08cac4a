// The cells of practice over matrices: fields, verdicts and hints, and the choices above them.

function cellRow(cell) {
  const { quantity, part, flat, key } = cell;
  const row = make("div", { class: "matrix-cell", "data-row": key },
    make("div", { class: "row" }, fieldsOf(cell),
      make("button", { type: "button", class: "hint-button", "aria-label": word("hint-of", { name: symbolText(quantity) }), on: { click: () => hint(cell) } }, word("hint"))),
    make("div", { class: "verdict", role: "status" }), make("div", { class: "hints" }));
  row.cell = { quantity, part, flat, key };
  showRow(row);
  return row;
}

function fieldsOf(cell) {
  const { quantity, part, flat } = cell;
  const table = answerTable(quantity);
  if (part === "shape") {
    const field = answerField(word("shape-of", { name: symbolText(quantity) }), sheet.shapes[quantity], (text) => { sheet.shapes[quantity] = text; answered(); }, onToNextField);
    field.placeholder = word("shape-asked");
    return [make("span", { class: "cell-name", "aria-hidden": "true" }, word("shape"), " ", math(slopeOrTerm(quantity)), " ="), field];
  }
  if (part === "entry") {
    const name = entryName(table, ...rowOf(table, flat));
    const own = `${quantity} ${flat}`;
    return [make("span", { class: "cell-name", "aria-hidden": "true" }, `${name} =`), answerField(`${word("answer")}: ${name}`, sheet.entries[own], (text) => { sheet.entries[own] = text; answered(); }, onToNextField)];
  }
  const body = make("tbody", {});
  for (let r = 0; r < table.rows; r++) {
    const line = make("tr", {});
    for (let c = 0; c < table.columns; c++) {
      const at = flatOf(table, r, c);
      const field = answerField(`${word("answer")}: ${entryName(table, r, c)}`, sheet.matrices[quantity]?.[at], (text) => {
        const texts = [...(sheet.matrices[quantity] ?? new Array(DATA.nodes[placeOf(quantity)].size).fill(""))];
        texts[at] = text;
        sheet.matrices[quantity] = texts;
        answered();
      }, onToNextField);
      field.dataset.entry = at;
      line.append(make("td", {}, field));
    }
    body.append(line);
  }
  return make("table", { class: `matrix grid-answer ${table.role}` }, make("caption", {}, math(slopeOrTerm(quantity)), make("span", { class: "shape" }, shapeText(table.shape))), body);
}

function slopeOrTerm(quantity) {
  const node = DATA.nodes[placeOf(quantity)];
  return quantity[0] === "v" ? node.term : node.slope;
}

// Enter goes to the next field.
function onToNextField(field) {
  const fields = [...cells.querySelectorAll("input")];
  fields[fields.indexOf(field) + 1]?.focus();
}

function answered() {
  judgeAll();
  keepSheet();
}

function showRow(row) {
  const { cell } = row;
  const kind = sayVerdict(row, verdictWords(cell));
  const each = sheet.verdicts[cell.key]?.each;
  for (const field of row.querySelectorAll("input.answer")) {
    const own = each ? each[Number(field.dataset.entry)] : null;
    field.setAttribute("aria-invalid", String(each ? own === "wrong" : kind === "bad" && cell.key in sheet.verdicts));
    field.classList.toggle("good", own === "right" || own === "rounded");
  }
  row.querySelector(".hints").replaceChildren(...hintLines(cell, sheet.hints[cell.key] ?? 0));
}

function startPractice() {
  if (!DATA.practice) return;
  Object.assign(sheet, remembered("practice", {}));
  const part = (name) => radio("practice-part", `ask-${name}`, word(`ask-${name}`), sheet.part === name, () => { sheet.part = name; judgeAll(); keepSheet(); });
  practice.append(
    make("div", { class: "options" }, firstChoices(),
      checkbox("predict-on", word("predict-on"), sheet.predict, (on) => { sheet.predict = on; keepSheet(); })),
    DATA.practice.asked ? "" : make("div", { class: "options", role: "group", "aria-label": word("ask") }, PARTS.map(part)),
    ...introduction(), cells, score, handIn());
  judgeAll();
  whenever("step hidden numbers", showPractice);
  whenever("numbers", judgeAll);
  keepSheet();
}
