// The products of a step of layers, of a network typed in numbers: tables whose entries are the numbers of gates.
// An entry of the result lights up its row and its column, and its sum is written out.

function numberAt(table, row, column) {
  const quantity = table.cells[row][column];
  return quantity ? state.found[quantity] : undefined;
}

function termsAt([left, right], row, column) {
  return left.cells[row].map((_, k) => [numberAt(left, row, k), numberAt(right, k, column)]);
}

// What stands in a cell: its gate's number; a sum that no gate holds is added up here.
function entryOf(tables, number, row, column) {
  const own = numberAt(tables[number], row, column);
  if (own !== undefined || number < 2) return own;
  return termsAt(tables, row, column).reduce((sum, [a, b]) => sum + a * b, 0);
}

// An entry's name by the array's own axes: `∂E/∂W₁[0, 1]`, `(W₁·i)[0]`.
function entryLabel({ label, axes }, row, column) {
  const name = /[·+⊙ ]/.test(label) && !/^[∂(]/.test(label) ? `(${label})` : label;
  return axes === 0 ? name : `${name}[${axes === 1 ? Math.max(row, column) : `${row}, ${column}`}]`;
}

function productOf({ tables, at }) {
  const sum = make("p", { class: "sum", "aria-live": "polite" });
  const made = tables.map((table, number) => productTable(tables, number));
  const holder = make("div", { class: "layer-product" }, make("div", { class: "tables" }, made[0], make("span", { class: "sign", "aria-hidden": "true" }, "·"),
    made[1], make("span", { class: "sign", "aria-hidden": "true" }, "="), made[2]), sum);
  const follow = (row, column) => {
    made.forEach((table, number) => {
      for (const cell of table.querySelectorAll("td")) {
        const [r, c] = [Number(cell.dataset.row), Number(cell.dataset.column)];
        cell.classList.toggle("lit", number === 0 ? r === row : number === 1 && c === column);
        cell.classList.toggle("ring", number === 2 && r === row && c === column);
      }
    });
    const bracketed = (value) => (value < 0 ? `(${shown(value)})` : shown(value));
    const terms = termsAt(tables, row, column).map(([a, b], i) => `${i ? bracketed(a) : shown(a)}·${bracketed(b)}`);
    sum.replaceChildren(`${entryLabel(tables[2], row, column)} = ${terms.join(" + ")} = `,
      make("span", { class: `result ${tables[2].role}` }, shown(entryOf(tables, 2, row, column))));
  };
  for (const kind of ["pointerover", "focusin"]) {
    made[2].addEventListener(kind, (event) => {
      const cell = event.target.closest("td");
      if (cell) follow(Number(cell.dataset.row), Number(cell.dataset.column));
    });
  }
  follow(...at);
  return holder;
}

function productTable(tables, number) {
  const { label, role, cells } = tables[number];
  const rows = cells.map((line, r) => make("tr", {}, line.map((_, c) => make("td", {
    "data-row": r, "data-column": c, ...(number === 2 ? { tabindex: "0" } : {}),
  }, shown(entryOf(tables, number, r, c))))));
  return make("table", { class: `matrix ${role}`, "aria-label": `${label} ${cells.length}×${cells[0].length}` },
    make("caption", {}, make("i", {}, label), make("span", { class: "shape" }, `${cells.length}×${cells[0].length}`)), make("tbody", {}, rows));
}
