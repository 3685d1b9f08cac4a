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
    const field = answerField(word("shape-of", { name: symbolText(quantity) }), sheet.shapes[quantity], (text) => { sheet.shapes[quantity] = text; answered(); });
    field.placeholder = word("shape-asked");
    return [make("span", { class: "cell-name", "aria-hidden": "true" }, word("shape"), " ", math(slopeOrTerm(quantity)), " ="), field];
  }
  if (part === "entry") {
    const name = entryName(table, ...rowOf(table, flat));
    const own = `${quantity} ${flat}`;
    return [make("span", { class: "cell-name", "aria-hidden": "true" }, `${name} =`), answerField(`${word("answer")}: ${name}`, sheet.entries[own], (text) => { sheet.entries[own] = text; answered(); })];
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
      });
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

function answerField(label, value, change) {
  const field = make("input", {
    type: "text", class: "answer", autocomplete: "off", autocapitalize: "off", spellcheck: "false", "aria-label": label,
    on: { change: () => change(field.value), keydown: (event) => { if (event.key === "Enter") { event.preventDefault(); change(field.value); goOn(field); } } },
  });
  field.value = value ?? "";
  return field;
}

// Enter goes to the next field.
function goOn(field) {
  const fields = [...cells.querySelectorAll("input")];
  fields[fields.indexOf(field) + 1]?.focus();
}

function answered() {
  judgeAll();
  keepSheet();
}

function showRow(row) {
  const { cell } = row;
  const [kind, text, slips = []] = verdictWords(cell);
  const verdict = row.querySelector(".verdict");
  verdict.className = `verdict ${kind}`;
  if (verdict.dataset.said !== text + slips.join()) {
    verdict.dataset.said = text + slips.join();
    verdict.replaceChildren(text, ...[reasonsOf(slips)].flat().filter(Boolean));
  }
  const each = sheet.verdicts[cell.key]?.each;
  for (const field of row.querySelectorAll("input.answer")) {
    const own = each ? each[Number(field.dataset.entry)] : null;
    field.setAttribute("aria-invalid", String(each ? own === "wrong" : kind === "bad" && cell.key in sheet.verdicts));
    field.classList.toggle("good", own === "right" || own === "rounded");
  }
  row.querySelector(".hints").replaceChildren(...hintLines(cell, sheet.hints[cell.key] ?? 0));
}

function checkbox(id, text, checked, change) {
  const box = make("input", { type: "checkbox", id, checked, on: { change: () => change(box.checked) } });
  return make("label", { class: "choice" }, box, " ", text);
}

function radio(group, id, text, checked, change) {
  return make("label", { class: "choice" }, make("input", { type: "radio", name: group, id, checked, on: { change } }), " ", text);
}

function startPractice() {
  if (!DATA.practice) return;
  Object.assign(sheet, remembered("practice", {}));
  const mode = (whole, key) => radio("practice-mode", key, word(key), sheet.whole === whole, () => { sheet.whole = whole; keepSheet(); });
  const part = (name) => radio("practice-part", `ask-${name}`, word(`ask-${name}`), sheet.part === name, () => { sheet.part = name; judgeAll(); keepSheet(); });
  practice.append(
    make("div", { class: "options" },
      checkbox("practice-on", word("practice-on"), sheet.on, (on) => { sheet.on = on; keepSheet(); }),
      make("span", { class: "group" }, mode(false, "practice-by-step"), mode(true, "practice-sheet")),
      checkbox("predict-on", word("predict-on"), sheet.predict, (on) => { sheet.predict = on; keepSheet(); })),
    DATA.practice.asked ? "" : make("div", { class: "options", role: "group", "aria-label": word("ask") }, PARTS.map(part)),
    make("p", { class: "quiet" }, word("practice-intro")),
    make("p", { id: "practice-note", class: "quiet" }),
    cells, score,
    make("div", { class: "options" },
      make("label", {}, word("student"), " ", make("input", { type: "text", id: "student", autocomplete: "off" })),
      make("button", { type: "button", id: "export", on: { click: exportAnswers } }, word("export")),
      make("button", { type: "button", id: "clear", on: { click: clearSheet } }, word("clear"))));
  judgeAll();
  whenever("step hidden numbers", showPractice);
  whenever("numbers", judgeAll);
  keepSheet();
}
