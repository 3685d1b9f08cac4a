// Playing with the numbers: inputs and learning rate to change, gradient descent, the course of the loss.

const numbers = make("div", {});
const history_ = [];
const inputsOf = DATA.nodes.map((node, i) => [node, i]).filter(([node]) => node.kind === "input");

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
      make("td", {}, field), make("td", {}, range),
      make("td", { class: "gradient-cell" }, node.relevant ? math(node.slope, EQUALS, place("g" + i)) : ""),
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

function asNumber(text) {
  const plain = text.trim().replace(/[−–]/g, "-");
  const parts = /^(-?[\d.]+(?:e[+-]?\d+)?)(?:\/(-?[\d.]+))?$/i.exec(plain);
  if (!parts) return NaN;
  const value = Number(parts[1]) / (parts[2] === undefined ? 1 : Number(parts[2]));
  return Number.isFinite(value) ? value : NaN;
}

function typed(field, i, whole = true) {
  const value = asNumber(field.value);
  field.setAttribute("aria-invalid", String(Number.isNaN(value)));
  if (Number.isNaN(value)) return;
  history_.length = 0;
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
  range.min = -reach;
  range.max = reach;
}

function showInputs(first) {
  for (const [, i] of inputsOf) {
    const field = document.getElementById(`input-${i}`) ?? numbers.querySelector(`#input-${i}`);
    const range = numbers.querySelector(`[data-range="${i}"]`);
    if (first) {
      const reach = Math.max(1, 2 * Math.abs(FIRST_LEAVES[i]));
      range.min = -reach;
      range.max = reach;
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
  drawCurve();
}

function descend(count) {
  const rateField = document.getElementById("rate");
  const rate = asNumber(rateField.value);
  rateField.setAttribute("aria-invalid", String(!(rate > 0)));
  if (!(rate > 0)) return;
  const output = "v" + DATA.output;
  if (!history_.length) history_.push(state.found[output]);
  const old = state.found[output];
  for (let n = 0; n < count; n++) {
    const leaves = state.leaves.map((value, i) => (DATA.moves.includes(i) ? value - rate * state.found["g" + i] : value));
    if (leaves.some((value) => value !== undefined && !Number.isFinite(value))) break;
    state.leaves = leaves;
    state.found = runPass(DATA, RULES, leaves);
    history_.push(state.found[output]);
  }
  setLeaves(state.leaves);
  const name = DATA.nodes[DATA.output].label;
  numbers.querySelector("#course").textContent = word("curve-now", {
    name, old: shown(old, DATA.precision), new: shown(state.found[output], DATA.precision),
  });
}

function reset() {
  history_.length = 0;
  numbers.querySelector("#course").textContent = "";
  setLeaves([...FIRST_LEAVES]);
}

// The output after each step of descent, as a small picture.
function drawCurve() {
  const holder = numbers.querySelector("#curve");
  const points = history_.map((value, i) => [i, value]).filter(([, value]) => Number.isFinite(value));
  if (points.length < 2) return holder.replaceChildren();
  const values = points.map(([, value]) => value);
  const low = Math.min(...values), high = Math.max(...values);
  const x = (i) => 52 + (i / (history_.length - 1)) * 330;
  const y = (value) => 14 + (high === low ? 0.5 : (high - value) / (high - low)) * 100;
  const path = points.map(([i, value], n) => `${n ? "L" : "M"}${x(i).toFixed(1)},${y(value).toFixed(1)}`).join("");
  const svg = (tag, attributes, text) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const name = word("curve", { name: DATA.nodes[DATA.output].label });
  const drawing = svg("svg", { viewBox: "0 0 400 140", role: "img", "aria-label": `${name}: ${values.map((v) => shown(v, 3)).join(", ")}` });
  drawing.append(
    svg("path", { class: "axis", d: "M52,8V118H390" }),
    svg("text", { x: 46, y: 19, "text-anchor": "end" }, shown(high, 3)),
    svg("text", { x: 46, y: 118, "text-anchor": "end" }, shown(low, 3)),
    svg("text", { x: 52, y: 134 }, "0"),
    svg("text", { x: 382, y: 134, "text-anchor": "end" }, String(history_.length - 1)),
    svg("path", { class: "course", d: path }));
  if (points.length <= 40) for (const [i, value] of points) drawing.append(svg("circle", { cx: x(i).toFixed(1), cy: y(value).toFixed(1), r: 3 }));
  holder.replaceChildren(drawing, make("p", { class: "quiet" }, name));
}
