// What was chosen in the picture, looked at closely: an array's value and gradient, each with what it is made of.

const closer = make("div", {});

function labelOf(place) {
  const { label, shape, kind } = DATA.nodes[place];
  return `${label} ${shapeText(shape)} ${kind === "operation" ? "" : word(kind)}`.trim();
}

function boxed() {
  return DATA.nodes.map((_, place) => place).filter((place) => `${place}` in spotsNow());
}

function chooser() {
  const options = [make("option", { value: "" }, "…"), ...boxed().map((place) => make("option", { value: `node-${place}` }, labelOf(place)))];
  const select = make("select", { id: "choose" }, options);
  select.value = state.chosen;
  select.addEventListener("change", () => { state.chosen = ""; choose(select.value); document.getElementById("choose").focus(); });
  return make("label", { class: "chooser" }, word("pick"), " ", select);
}

function showCloser() {
  const place = state.chosen ? Number(state.chosen.slice(5)) : -1;
  closer.replaceChildren(chooser(), make("div", { id: "closer-body" }, place < 0 ? [] : closeTo(place)));
}

function closeTo(place) {
  const node = DATA.nodes[place];
  const out = [make("h3", {}, named(node.term, node.label), " ", make("span", { class: "tag" }, node.kind === "operation" ? shapeText(node.shape) || word("value") : word(node.kind)))];
  out.push(...made("v" + place, "value"));
  if (!node.varies) return [...out, make("p", { class: "quiet" }, word(node.labels ? "fixed" : "constant-note", { name: node.label }))];
  if (!node.relevant) return [...out, make("p", { class: "quiet" }, word("idle"))];
  return [...out, make("h3", {}, named(node.slope, symbolText("g" + place))), ...made("g" + place, "gradient")];
}

// A quantity by the parts of the steps that make it; what is given, as a table alone.
function made(quantity, role) {
  if (!isKnown(quantity)) return [make("p", { class: "quiet" }, word("unknown", { step: sinceNow(quantity) }))];
  if (isHidden(quantity)) return [make("p", { class: "quiet" }, word("answer-first"))];
  const own = USES[Number(quantity.slice(1))].map((key) => "d" + key);
  const parts = view().steps.flatMap((step) => step.parts ?? [])
    .filter((part) => part.result && (part.q === quantity || (role === "gradient" && own.includes(part.q))));
  if (parts.length) return parts.map((part) => { const holder = partOf(part); light(holder, ...(part.at ?? telling(part.result))); return holder; });
  const place = Number(quantity.slice(1));
  return [tableOf(plainTable(place, quantity, role), "result")];
}

function plainTable(place, quantity, role) {
  const { shape, label, size } = DATA.nodes[place];
  const spot = spotsNow()[place];
  const columns = spot && spot.columns ? spot.columns : shape.length ? shape[shape.length - 1] : 1;
  return { q: quantity, label, rows: Math.max(1, size / Math.max(columns, 1)), columns: Math.max(columns, 1), shape, role, transposed: false };
}
