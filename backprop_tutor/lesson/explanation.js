// The words and formulas of the step: what was computed, from what, and why.

// A chain of equal terms, which may break before an equals sign.
function chain(...rows) {
  const [first, ...rest] = rows.filter(Boolean);
  return make("span", { class: "equations" }, math(first), rest.map((row) => [make("wbr"), math(EQUALS + row)]));
}

function line(label, ...content) {
  return make("div", { class: "line-of" }, label ? make("span", { class: "lead" }, label) : "", make("span", { class: "chain" }, content));
}

function stepBody(number) {
  if (number === 0) return [make("p", {}, word("start")), programLines()];
  return bodyOf(view().steps[number - 1]);
}

function bodyOf(step) {
  return step.lines ? neuronBody(step) : gateBody(step);
}

function gateBody(step) {
  return { forward: forwardBody, seed: seedBody, backward: backwardBody, accumulate: accumulateBody }[step.phase](step);
}

function programLines() {
  return make("div", { class: "program-lines" }, DATA.program.map((row) => make("div", {}, math(row))));
}

function forwardBody(step) {
  const node = DATA.nodes[step.node];
  const quantity = "v" + step.node;
  const parts = node.operands.map((o) => "v" + o);
  const kind = { "+": "sum", "×": "product" }[signOf(step.node)];
  return [
    line("", chain(node.term, node.formula)),
    line("", chain(node.term, node.numbered, place(quantity)), kind ? unrounded(kind, parts, quantity) : ""),
  ];
}

function signOf(placeOf) {
  return document.querySelector(`#gate-${placeOf} .sign`)?.textContent;
}

function seedBody(step) {
  const node = DATA.nodes[step.node];
  return [line("", chain(node.slope, place("g" + step.node))), make("p", { class: "why" }, word("seed", { output: DATA.nodes[DATA.output].label }))];
}

function backwardBody(step) {
  const node = DATA.nodes[step.node];
  const head = make("p", { class: "gate-head" },
    chain(node.term, node.formula), node.rule ? make("span", { class: "tag" }, node.rule) : "");
  const upstream = line(word("upstream"), chain(node.slope, place("g" + step.node)));
  const branch = node.branch && !state.changed ? make("p", { class: "why" }, node.branch) : "";
  return [head, upstream, branch, ...edgeBlocks(step.edges)];
}

function edgeBlocks(keys) {
  const blocks = [];
  let said = "";
  for (const key of keys) {
    const because = DATA.edges[key].because;
    blocks.push(edgeBlock(key, because === said ? "" : because));
    said = because;
  }
  return blocks;
}

// local, in symbols and numbers; downstream = upstream × local.
function edgeBlock(key, because) {
  const edge = DATA.edges[key];
  const [source, target] = [DATA.nodes[edge.source], DATA.nodes[edge.target]];
  const several = uses(edge.source).length > 1;
  const forms = state.changed && target.piecewise ? [] : edge.forms;
  const local = chain(edge.slope, ...forms, place("l" + key));
  const product = edge.target === DATA.output ? "" : target.slope + TIMES + edge.slope;
  const numbers = place("g" + edge.target) + TIMES + place("l" + key, true);
  const down = chain(several ? "" : source.slope, product, numbers, place("d" + key));
  const nth = several
    ? make("span", { class: "remark" }, " ", word("contribution", { use: uses(edge.source).indexOf(key) + 1, count: uses(edge.source).length }), math(source.slope))
    : "";
  const reading = several || isHidden("g" + edge.source) ? "" : readingOf(edge.source);
  return make("div", { class: "edge-block", "data-edge": key },
    make("h3", {}, math(source.term), " ← ", math(target.term)),
    line(word("local"), local),
    because ? make("p", { class: "why" }, because) : "",
    line(word("downstream"), down, nth, unrounded("product", ["g" + edge.target, "l" + key], "d" + key)),
    reading);
}

function readingOf(placeOf) {
  const readings = DATA.nodes[placeOf].readings;
  const gradient = state.found["g" + placeOf];
  const element = make("p", { class: "reading" });
  element.innerHTML = readings?.[Number.isNaN(gradient) ? 2 : gradient === 0 ? 1 : 0] ?? "";
  return element;
}

function sumRow(placeOf) {
  return uses(placeOf).map((key, i) => place("d" + key, i > 0)).join(PLUS);
}

function accumulateBody(step) {
  const node = DATA.nodes[step.node];
  const keys = uses(step.node);
  const through = keys.map((key) => {
    const edge = DATA.edges[key];
    return edge.target === DATA.output ? edge.slope : DATA.nodes[edge.target].slope + TIMES + edge.slope;
  });
  return [
    make("p", {}, math(node.term), " ", word("contributions", { count: keys.length })),
    keys.length <= 6 ? line("", chain(node.slope, through.join(PLUS))) : "",
    line(word("sum"), chain(node.slope, sumRow(step.node), place("g" + step.node)),
      unrounded("sum", keys.map((key) => "d" + key), "g" + step.node)),
    isHidden("g" + step.node) ? "" : readingOf(step.node),
  ];
}

const explanation = make("section", { id: "explanation", "aria-labelledby": "step-title", tabindex: "-1" });

function explain() {
  const title = state.step === 0 ? DATA.words.start : stepNow().title;
  const body = state.step === 0 ? [programLines()] : bodyWhileOpen() ?? [...afterwards(stepNow()), ...(whyIsOpen() ? [] : stepBody(state.step))];
  explanation.replaceChildren(make("h2", { id: "step-title" }, title), make("div", { id: "step-body" }, body));
  fill(explanation);
}
