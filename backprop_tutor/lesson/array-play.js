// Playing with the numbers: any entry of an input to change, the gradient before and now, gradient descent.

const numbers = make("div", {});
let chosenInput = (inputsOf.find(([, i]) => DATA.moves.includes(i)) ?? inputsOf[0] ?? [null, -1])[1];

function startNumbers() {
  if (!COMPUTES) {
    numbers.append(make("p", { class: "quiet" }, word("too-large")));
    return;
  }
  const select = make("select", { id: "input-array", on: { change: () => { chosenInput = Number(select.value); showInput(); } } },
    inputsOf.map(([, i]) => make("option", { value: i }, labelOf(i))));
  select.value = chosenInput;
  numbers.append(
    make("p", {}, make("label", {}, word("array"), " ", select)),
    make("div", { id: "input-grid" }),
    make("p", { class: "output-line", id: "output-now" }),
    make("p", { id: "undefined", role: "status", class: "fault" }),
    make("div", { class: "descent" },
      make("label", {}, word("rate"), " ", make("input", { type: "text", inputmode: "decimal", id: "rate", value: "0.1", autocomplete: "off" })),
      make("button", { type: "button", id: "descend", class: "main", on: { click: () => descend(1) } }, word("descend")),
      make("button", { type: "button", id: "descend-ten", on: { click: () => descend(10) } }, word("descend-ten")),
      make("button", { type: "button", id: "reset", on: { click: reset } }, word("reset"))),
    make("p", { id: "course", role: "status" }),
    make("div", { id: "before-and-now", class: "tables" }),
    make("div", { id: "curve" }));
  showInput();
  whenever("numbers hidden", showNumbers);
}

function showInput() {
  const node = DATA.nodes[chosenInput];
  const holder = numbers.querySelector("#input-grid");
  if (node.labels) holder.replaceChildren(make("p", { class: "quiet" }, word("fixed", { name: node.label })), tableOf(plainTable(chosenInput, "v" + chosenInput, "value"), 0));
  else holder.replaceChildren(inputGrid(plainTable(chosenInput, "v" + chosenInput, "value")));
  showNumbers();
}

function inputGrid(table) {
  const body = make("tbody", {});
  for (let r = 0; r < Math.min(table.rows, MOST_ROWS); r++) {
    const line = make("tr", {});
    for (let c = 0; c < Math.min(table.columns, MOST_ROWS); c++) {
      const flat = flatOf(table, r, c);
      const field = make("input", {
        type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", "data-entry": flat,
        "aria-label": entryName(table, r, c),
        on: { input: () => typed(field, flat), keydown: (event) => nudge(event, field, flat) },
      });
      line.append(make("td", {}, field));
    }
    body.append(line);
  }
  return make("table", { class: "matrix value grid-answer" }, make("caption", {}, make("i", {}, table.label), make("span", { class: "shape" }, shapeText(table.shape))), body);
}

function typed(field, flat) {
  const value = asNumber(field.value);
  field.setAttribute("aria-invalid", String(Number.isNaN(value)));
  if (Number.isNaN(value)) return;
  forgetCourse();
  field.dataset.own = "yes";
  const leaves = [...state.leaves];
  leaves[chosenInput] = leaves[chosenInput].map((each, n) => (n === flat ? value : each));
  setLeaves(leaves);
  delete field.dataset.own;
}

// The arrow keys up and down change an entry by a tenth.
function nudge(event, field, flat) {
  const turn = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!turn) return;
  event.preventDefault();
  event.stopPropagation();
  const value = asNumber(field.value);
  if (Number.isNaN(value)) return;
  field.value = String(Number((value + turn * 0.1).toPrecision(10)));
  typed(field, flat);
}

function showNumbers() {
  for (const field of numbers.querySelectorAll("[data-entry]")) {
    if (field.dataset.own) continue;
    field.value = String(Number(state.leaves[chosenInput][Number(field.dataset.entry)].toPrecision(8)));
    field.setAttribute("aria-invalid", "false");
  }
  const { output } = DATA;
  numbers.querySelector("#output-now").replaceChildren(math(DATA.nodes[output].term, EQUALS, `<mn class="number value">${entryText("v" + output, 0)}</mn>`));
  const bad = DATA.nodes.findIndex((_, i) => state.found["v" + i].some((each) => !Number.isFinite(each)));
  numbers.querySelector("#undefined").textContent = bad < 0 ? "" : word("undefined-here", { name: DATA.nodes[bad].label });
  numbers.querySelector("#reset").setAttribute("aria-disabled", String(!state.changed));
  numbers.querySelector("#curve").replaceChildren(...curveOf(history_, courseAt, goBack));
  numbers.querySelector("#before-and-now").replaceChildren(...beforeAndNow());
}

// The gradient of the chosen input as it was at first, and as it is.
function beforeAndNow() {
  const node = DATA.nodes[chosenInput];
  if (!state.changed || !node.varies || isHidden("g" + chosenInput)) return [];
  const name = `∂${DATA.nodes[DATA.output].label}/∂${node.label}`;
  const table = plainTable(chosenInput, "g" + chosenInput, "gradient");
  const now = tableOf({ ...table, label: word("new-gradient", { name }) }, 1);
  const { found } = state;
  state.found = DATA.numbers;
  const before = tableOf({ ...table, label: word("old-gradient", { name }) }, 0);
  state.found = found;
  return [before, now];
}

function keepAlong(loss) {
  history_.push(loss);
  along.push(state.leaves);
  courseAt = along.length - 1;
}

function descend(count) {
  const rateField = document.getElementById("rate");
  const rate = asNumber(rateField.value);
  rateField.setAttribute("aria-invalid", String(!(rate > 0)));
  if (!(rate > 0)) return;
  const output = "v" + DATA.output;
  const old = state.found[output][0];
  if (!history_.length) keepAlong(old);
  history_.length = along.length = courseAt + 1;
  for (let n = 0; n < count; n++) {
    const leaves = state.leaves.map((array, i) => (DATA.moves.includes(i) ? array.map((value, k) => value - rate * state.found["g" + i][k]) : array));
    if (leaves.some((array) => array?.some((value) => !Number.isFinite(value)))) break;
    state.leaves = leaves;
    state.found = runArrays(DATA, RULES, leaves);
    keepAlong(state.found[output][0]);
  }
  setLeaves(state.leaves);
  numbers.querySelector("#course").textContent = word("curve-now", {
    name: DATA.nodes[DATA.output].label, old: shown(old, DATA.precision), new: shown(state.found[output][0], DATA.precision),
  });
}

function reset() {
  forgetCourse();
  numbers.querySelector("#course").textContent = "";
  setLeaves([...FIRST_LEAVES]);
}
