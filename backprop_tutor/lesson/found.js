// The numbers of a program of single numbers: what is found, known by now, hidden, and how it is written.

const FIRST_LEAVES = DATA.nodes.map((_, i) => DATA.leaves[i]);

Object.assign(state, { leaves: [...FIRST_LEAVES], found: runPass(DATA, RULES, FIRST_LEAVES) });

function setLeaves(leaves) {
  state.leaves = leaves;
  state.changed = leaves.some((value, i) => value !== FIRST_LEAVES[i]);
  state.found = runPass(DATA, RULES, leaves);
  tell("numbers");
}

// A quantity is `v3`, `g3`, `l5.0`, `d5.0`, or `n3`: what the output gains when node 3 is raised by 0.01.
function numberOf(quantity) {
  return quantity[0] === "n" ? 0.01 * state.found["g" + quantity.slice(1)] : state.found[quantity];
}

// The step of this scale that finds a quantity; 0 for what is given.
function sinceNow(quantity) {
  const since = DATA.since[quantity] ?? 0;
  return since && state.scale !== "gates" ? holding(state.scale, since) : since;
}

// What would give a hidden quantity away: a local gradient worked out from a hidden value, a contribution to a
// hidden gradient, or from one.
function givesAway(kind, rest, hidden) {
  if (kind === "n") return isHidden("g" + rest);
  if (kind === "g") return uses(Number(rest)).length === 1 && hidden.has("d" + uses(Number(rest))[0]);
  const { source, target, forms } = DATA.edges[rest];
  if (kind === "l") return forms.length > 0 && [target, ...DATA.nodes[target].operands].some((place_) => hidden.has("v" + place_));
  return hidden.has("g" + source) || hidden.has("g" + target) || isHidden("l" + rest);
}

// What is known of a node or an arrow, in words; nothing that practice asks for.
function toldOf(what) {
  const [kind, rest] = [what.slice(0, 4), what.slice(5).replace("-", ".")];
  const parts = kind === "node" ? [["v", "value"], ["g", "gradient"]] : [["l", "local"], ["d", "downstream"]];
  return parts.filter(([letter]) => letter + rest in DATA.texts && isKnown(letter + rest) && !isHidden(letter + rest))
    .map(([letter, name]) => `, ${word(name)} ${textOf(letter + rest)}`).join("");
}

function textOf(quantity) {
  if (isHidden(quantity)) return "?";
  if (!state.changed && quantity in DATA.texts) return DATA.texts[quantity];
  return shown(numberOf(quantity), DATA.precision);
}

function place(quantity, wrapped = false) {
  return `<mn data-q="${quantity}"${wrapped ? ' data-wrap=""' : ""}></mn>`;
}

// Fill every number of a part of the page.
function fill(root) {
  for (const element of root.querySelectorAll("[data-q]")) {
    const text = textOf(element.dataset.q);
    element.textContent = element.hasAttribute("data-wrap") && text.startsWith("−") ? `(${text})` : text;
    element.setAttribute("class", `number ${kindOf(element.dataset.q)}${text === "?" ? " blank" : ""}`);
  }
  for (const remark of root.querySelectorAll("[data-agree]")) remark.hidden = agrees(remark);
}

function kindOf(quantity) {
  return { v: "value", g: "gradient", l: "local", d: "gradient", n: "" }[quantity[0]];
}

// Whether the numbers of a line, as shown, still multiply or add up to the result as shown.
function agrees(remark) {
  const texts = remark.dataset.parts.split(" ").map(textOf);
  const total = textOf(remark.dataset.total);
  if ([...texts, total].some((text) => text === "?" || text === "undefined")) return true;
  const numbers = texts.map(shownValue);
  const made = remark.dataset.agree === "sum"
    ? numbers.reduce((sum, n) => sum + n, 0)
    : numbers.reduce((product, n) => product * n, 1);
  return shown(Number(made.toPrecision(15)), DATA.precision) === shown(shownValue(total), DATA.precision);
}

function unrounded(kind, parts, total) {
  return make("span", { class: "remark", "data-agree": kind, "data-parts": parts.join(" "), "data-total": total, hidden: true }, ` (${word("unrounded")})`);
}
