// Playing with the numbers: inputs and learning rate to change, gradient descent, the course of the loss.

const numbers = make("div", {});

function startNumbers() {
  const rows = inputsOf.map(([node, i]) => {
    const field = make("input", {
      type: "text", inputmode: "decimal", id: `input-${i}`, "data-input": i, autocomplete: "off", spellcheck: "false",
      on: { input: () => typed(field, i), change: () => typed(field, i) },
    });
    const range = make("input", {
      type: "range", min: -1, max: 1, step: "any", "data-range": i, "aria-label": node.label,
      on: { input: () => { field.value = String(Number(Number(range.value).toPrecision(3))); typed(field, i, false); } },
    });
    return make("tr", {},
      make("th", { scope: "row" }, make("label", { for: `input-${i}` }, named(node.term, node.label))),
      make("td", {}, field),
      make("td", { class: "ranged" }, make("span", { class: "end low" }), range, make("span", { class: "end high" })),
      make("td", { class: "gradient-cell" }, node.relevant ? make("span", { class: "chain" }, math(node.slope, EQUALS, place("g" + i))) : ""),
      make("td", { class: "quiet" }, DATA.moves.includes(i) ? word("moves") : ""));
  });
  numbers.append(
    make("table", { class: "inputs" }, make("caption", {}, word("input-values")), make("tbody", {}, rows)),
    make("p", { class: "output-line" }, math(DATA.nodes[DATA.output].term, EQUALS, place("v" + DATA.output))),
    make("p", { id: "undefined", role: "status", class: "fault" }),
    make("div", { class: "descent" },
      make("label", {}, word("rate"), " ", make("input", { type: "text", inputmode: "decimal", id: "rate", value: "0.1", autocomplete: "off" })),
      make("button", { type: "button", id: "descend", class: "main", on: { click: () => descend(1) } }, word("descend")),
      make("button", { type: "button", id: "descend-ten", on: { click: () => descend(10) } }, word("descend-ten")),
      make("button", { type: "button", id: "reset", on: { click: reset } }, word("reset"))),
    make("p", { id: "course", role: "status" }),
    make("div", { id: "curve" }));
  showInputs(true);
  whenever("numbers", () => { showInputs(false); fill(numbers); });
  whenever("hidden step", () => fill(numbers));
}

function typed(field, i, whole = true) {
  const value = asNumber(field.value);
  field.setAttribute("aria-invalid", String(Number.isNaN(value)));
  if (Number.isNaN(value)) return;
  forgetCourse();
  const leaves = [...state.leaves];
  leaves[i] = value;
  field.dataset.own = "yes";
  setLeaves(leaves);
  delete field.dataset.own;
  if (whole) fitRange(i);
}

function fitRange(i) {
  const range = numbers.querySelector(`[data-range="${i}"]`);
  const reach = Math.max(1, 2 * Math.abs(FIRST_LEAVES[i]), 2 * Math.abs(state.leaves[i]));
  if (Math.abs(state.leaves[i]) <= Number(range.max)) return;
  setEnds(range, reach);
}

// A slider and the numbers at its ends.
function setEnds(range, reach) {
  range.min = -reach;
  range.max = reach;
  range.previousSibling.textContent = shown(-reach, 3);
  range.nextSibling.textContent = shown(reach, 3);
}

function showInputs(first) {
  for (const [, i] of inputsOf) {
    const field = document.getElementById(`input-${i}`) ?? numbers.querySelector(`#input-${i}`);
    const range = numbers.querySelector(`[data-range="${i}"]`);
    if (first) {
      const reach = Math.max(1, 2 * Math.abs(FIRST_LEAVES[i]));
      setEnds(range, reach);
    }
    const untouched = state.leaves[i] === FIRST_LEAVES[i];
    if (!field.dataset.own) {
      field.value = untouched ? DATA.texts["v" + i].replace("−", "-") : String(Number(state.leaves[i].toPrecision(8)));
      field.setAttribute("aria-invalid", "false");
    }
    range.value = state.leaves[i];
    range.setAttribute("aria-valuetext", field.value);
  }
  const bad = firstUndefined(DATA, state.found);
  numbers.querySelector("#undefined").textContent = bad < 0 ? "" : word("undefined-here", { name: DATA.nodes[bad].label });
  numbers.querySelector("#reset").setAttribute("aria-disabled", String(!state.changed));
  numbers.querySelector("#curve").replaceChildren(...curveOf(history_, courseAt, goBack));
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
  if (!history_.length) keepAlong(state.found[output]);
  history_.length = along.length = courseAt + 1;
  const old = state.found[output];
  for (let n = 0; n < count; n++) {
    const leaves = state.leaves.map((value, i) => (DATA.moves.includes(i) ? value - rate * state.found["g" + i] : value));
    if (leaves.some((value) => value !== undefined && !Number.isFinite(value))) break;
    state.leaves = leaves;
    state.found = runPass(DATA, RULES, leaves);
    keepAlong(state.found[output]);
  }
  setLeaves(state.leaves);
  const name = DATA.nodes[DATA.output].label;
  numbers.querySelector("#course").textContent = word("curve-now", {
    name, old: shown(old, DATA.precision), new: shown(state.found[output], DATA.precision),
  });
}

function reset() {
  forgetCourse();
  numbers.querySelector("#course").textContent = "";
  forgetOtherNumbers();
  setLeaves([...FIRST_LEAVES]);
}
