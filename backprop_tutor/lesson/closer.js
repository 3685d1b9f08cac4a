// What was chosen in the picture, looked at closely: a node's value and gradient, an arrow's three numbers.

const closer = make("div", {});

function chooser() {
  const options = [make("option", { value: "" }, "…")];
  DATA.nodes.forEach((node, i) => options.push(make("option", { value: `node-${i}` }, labelOf(`node-${i}`))));
  for (const key of Object.keys(DATA.edges)) {
    const what = `edge-${key.replace(".", "-")}`;
    options.push(make("option", { value: what }, labelOf(what)));
  }
  const select = make("select", { id: "choose" }, options);
  select.value = state.chosen;
  select.addEventListener("change", () => { state.chosen = ""; choose(select.value); document.getElementById("choose").focus(); });
  return make("label", { class: "chooser" }, word("pick"), " ", select);
}

function showCloser() {
  const body = !state.chosen ? [] : state.chosen.startsWith("node-")
    ? nodeCloser(Number(state.chosen.slice(5)))
    : edgeCloser(state.chosen.slice(5).replace("-", "."));
  closer.replaceChildren(chooser(), make("div", { id: "closer-body" }, body));
  fill(closer);
}

// A line, or when it will be known.
function onceKnown(quantities, content) {
  const late = Math.max(...quantities.map((q) => sinceNow(q)));
  return late > state.step ? make("span", { class: "quiet" }, word("unknown", { step: late })) : content;
}

function nodeCloser(placeOf) {
  const node = DATA.nodes[placeOf];
  const out = [make("h3", {}, math(node.term), " ", make("span", { class: "tag" }, node.kind === "operation" ? node.what : word(node.kind)))];
  const value = "v" + placeOf;
  out.push(line(word("value"), onceKnown([value], node.kind === "operation"
    ? chain(node.term, node.formula, node.numbered, place(value))
    : chain(node.term, place(value)))));
  if (!node.varies) return [...out, make("p", { class: "quiet" }, word("constant-note"))];
  if (!node.relevant) return [...out, make("p", { class: "quiet" }, word("idle"))];
  const gradient = "g" + placeOf;
  const keys = uses(placeOf);
  if (placeOf === DATA.output) {
    out.push(line(word("gradient"), onceKnown([gradient], chain(node.slope, place(gradient)))), make("p", { class: "why" }, word("seed", { output: DATA.nodes[DATA.output].label })));
    return out;
  }
  out.push(line(word("gradient"), onceKnown([gradient], chain(node.slope, keys.length > 1 ? sumRow(placeOf) : "", place(gradient)))));
  if (keys.length > 1) out.push(make("p", { class: "why" }, word("contributions", { count: keys.length })));
  for (const key of keys) out.push(useRow(key));
  if (isKnown(gradient) && !isHidden(gradient)) out.push(readingOf(placeOf));
  out.push(pathList(placeOf));
  return out;
}

function useRow(key) {
  const edge = DATA.edges[key];
  const target = DATA.nodes[edge.target];
  const symbols = edge.target === DATA.output ? edge.slope : target.slope + TIMES + edge.slope;
  return make("div", { class: "use", "data-edge": key }, make("span", { class: "lead" }, "→ ", math(target.term)),
    onceKnown(["d" + key], make("span", { class: "chain" },
      chain(symbols, place("g" + edge.target) + TIMES + place("l" + key, true), place("d" + key)))));
}

const MOST_PATHS = 12;

// Every path from a node to the output, with the product of the local gradients along it.
function pathList(placeOf) {
  if (sinceNow("g" + placeOf) > state.step || state.hidden.size) return "";
  const paths = [];
  /** @type {[number, string[]][]} */
  const stack = [[placeOf, []]];
  for (let top = stack.pop(); top && paths.length <= MOST_PATHS; top = stack.pop()) {
    const [here, keys] = top;
    if (here === DATA.output) paths.push(keys);
    else for (const key of [...uses(here)].reverse()) stack.push([DATA.edges[key].target, [...keys, key]]);
  }
  if (paths.length < 2) return "";
  const rows = paths.slice(0, MOST_PATHS).map((keys) => {
    const names = [math(DATA.nodes[placeOf].term), ...keys.flatMap((key) => [" → ", math(DATA.nodes[DATA.edges[key].target].term)])];
    const product = keys.reduce((total, key) => total * state.found["l" + key], 1);
    const factors = keys.map((key, i) => [i ? make("wbr") : "", math((i ? TIMES : "") + place("l" + key, i > 0))]);
    return make("li", {}, names, ": ", factors, make("wbr"), math(EQUALS, `<mn class="gradient">${shown(product, DATA.precision)}</mn>`));
  });
  return make("details", { class: "paths" }, make("summary", {}, word("paths")), make("ul", {}, rows),
    paths.length > MOST_PATHS ? make("p", { class: "quiet" }, "…") : "");
}

function edgeCloser(key) {
  const edge = DATA.edges[key];
  const target = DATA.nodes[edge.target];
  const forms = state.changed && target.piecewise ? [] : edge.forms;
  const numbers = place("g" + edge.target) + TIMES + place("l" + key, true);
  return [
    make("h3", {}, math(DATA.nodes[edge.source].term), " → ", math(target.term), " ", make("span", { class: "tag" }, target.rule || target.what)),
    line(word("rule"), chain(target.term, target.formula)),
    make("p", { class: "why" }, edge.because),
    line(word("local"), onceKnown(["l" + key], chain(edge.slope, ...forms, place("l" + key)))),
    line(word("upstream"), onceKnown(["g" + edge.target], chain(target.slope, place("g" + edge.target)))),
    line(word("downstream"), onceKnown(["d" + key], [math(`<mtext>${word("upstream")}</mtext>`, TIMES, `<mtext>${word("local")}</mtext>`, EQUALS, numbers, EQUALS, place("d" + key)), unrounded("product", ["g" + edge.target, "l" + key], "d" + key)])),
  ];
}
