// A matrix as a table: every entry can be pointed at and reached with the arrow keys.

const MOST_ROWS = 12;

// Of a program too large to be whole in the page, arrays have their first rows and columns alone.
function storedColumns(table) {
  const columns = table.transposed ? table.rows : table.columns;
  return DATA.whole ? columns : Math.min(columns, MOST_ROWS);
}

function flatOf(table, row, column) {
  const across = storedColumns(table);
  return table.transposed ? column * across + row : row * across + column;
}

function rowOf(table, flat) {
  const across = storedColumns(table);
  const [first, second] = [Math.floor(flat / across), flat % across];
  return table.transposed ? [second, first] : [first, second];
}

// An entry's place by the array's own axes: `[0, 2]`; nothing for a single number.
function indexText(table, row, column) {
  const { length } = table.shape;
  if (!length) return "";
  const [first, second] = table.transposed ? [column, row] : [row, column];
  if (length === 1) return `[${Math.max(first, second)}]`;
  if (length === 2) return `[${first}, ${second}]`;
  const places = [];
  let rest = first;
  for (const size of table.shape.slice(0, -1).reverse()) {
    places.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `[${[...places, second].join(", ")}]`;
}

function entryName(table, row, column) {
  const index = indexText(table, row, column);
  const compound = /[·+⊙−/ ]/.test(table.label) && !/^[∂(]/.test(table.label);
  return index && compound ? `(${table.label})${index}` : table.label + index;
}

function shapeText(shape) {
  return shape.length ? shape.join("×") : "";
}

function tableOf(table, number) {
  const [rows, columns] = [Math.min(table.rows, MOST_ROWS), Math.min(table.columns, MOST_ROWS)];
  const { label, transposed, shape } = table;
  const sizes = shape.length === 2 && transposed ? [...shape].reverse() : shape;
  const body = make("tbody", {});
  for (let r = 0; r < rows; r++) {
    const line = make("tr", { role: "row" });
    for (let c = 0; c < columns; c++) {
      line.append(make("td", { role: "gridcell", tabindex: r || c ? "-1" : "0", "data-row": r, "data-column": c }));
    }
    body.append(line);
  }
  const named = make("caption", {}, make("i", {}, label + (transposed ? "ᵀ" : "")), sizes.length ? make("span", { class: "shape" }, shapeText(sizes)) : "");
  const element = make("table", { class: `matrix ${table.role}`, role: "grid", "aria-label": `${label} ${shapeText(sizes)}`, "data-table": number }, named, body);
  element.record = table;
  element.addEventListener("keydown", moveInTable);
  fillTable(element);
  if (rows === table.rows && columns === table.columns) return element;
  return make("div", {}, element, make("p", { class: "quiet" }, word("more-rows", { rows: table.rows, columns: table.columns })));
}

function fillTable(element) {
  const { record } = element;
  const array = arrayOf(record.q) ?? [];
  const hidden = isHidden(record.q), known = isKnown(record.q);
  const [decimals, power] = decimalsOf(array);
  for (const cell of element.querySelectorAll("td")) {
    const flat = flatOf(record, Number(cell.dataset.row), Number(cell.dataset.column));
    const value = array[flat];
    const text = hidden ? "?" : !known || value === undefined ? "·" : power ? shown(value, DATA.figures) : fixed(value, decimals);
    cell.textContent = text;
    cell.classList.toggle("blank", hidden);
    cell.setAttribute("aria-label", `${entryName(record, Number(cell.dataset.row), Number(cell.dataset.column))}: ${text}`);
  }
}

const MOVES = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

/** @this {HTMLElement} @param {KeyboardEvent & { target: HTMLElement }} event */
function moveInTable(event) {
  const cell = event.target.closest("td");
  if (!cell) return;
  const [row, column] = [Number(cell.dataset.row), Number(cell.dataset.column)];
  const line = cell.parentNode;
  let goal;
  if (event.key in MOVES) {
    const [down, right] = MOVES[event.key];
    goal = this.querySelector(`td[data-row="${row + down}"][data-column="${column + right}"]`);
  } else if (event.key === "Home") goal = line?.firstElementChild;
  else if (event.key === "End") goal = line?.lastElementChild;
  else return;
  event.preventDefault();
  event.stopPropagation();
  if (!goal) return;
  cell.tabIndex = -1;
  goal.tabIndex = 0;
  goal.focus();
}

function cellAt(element, row, column) {
  return element.querySelector(`td[data-row="${row}"][data-column="${column}"]`);
}
