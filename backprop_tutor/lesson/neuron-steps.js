// A step at the scale of neurons: its lines in formulas, why, and the gates that it stands for.

function neuronBody(step) {
  const quantities = step.gates.flatMap((gate) => foundAt(gate));
  const asIs = !state.changed && !quantities.some(isHidden);
  const lines = asIs
    ? step.lines.map((terms, i) => line("", step.plain ? make("span", { class: "plain" }, terms) : chain(...terms), step.rounded[i] ? make("span", { class: "remark" }, ` (${word("unrounded")})`) : ""))
    : [];
  const why = step.reason && asIs ? make("p", { class: "why" }, step.reason) : "";
  const products = quantities.some(isHidden) ? [] : (step.products ?? []).map(productOf);
  return [...lines, ...products, why, gatesOf(step, !asIs)];
}

// The quantities that one step of the gates finds, or takes.
function foundAt(gate) {
  const step = gatesScale().steps[gate - 1];
  return [`v${step.node}`, `g${step.node}`, ...(step.edges ?? []).flatMap((key) => [`l${key}`, `d${key}`, `g${DATA.edges[key].source}`])];
}

function gatesScale() {
  return scaleOf("gates");
}

function gatesOf(step, open) {
  if (!step.gates.length) return "";
  const items = step.gates.map((gate) => {
    const own = gatesScale().steps[gate - 1];
    return make("section", { class: "inner-step" }, make("h3", {}, own.title), gateBody(own));
  });
  return make("details", { class: "gates-of", open }, make("summary", {}, word("its-gates", { count: step.gates.length })), items);
}
