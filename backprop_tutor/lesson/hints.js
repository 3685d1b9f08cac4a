// The ladder of hints, each rung a little more: the rule, which numbers it takes, the local gradient in symbols,
// the product with its numbers, the answer. Each rung costs a share of the answer's point, and says so first.

const RUNGS = 5;

// What an answer is worth after so many hints: nothing once it was shown.
function worth(level) {
  return (RUNGS - level) / RUNGS;
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}

function hintLabel(quantity) {
  const level = sheet.hints[quantity] ?? 0;
  if (level >= RUNGS || isSettled(quantity)) return word("hint");
  return word(level === RUNGS - 1 ? "hint-shows" : "hint-costs", { left: percent(worth(level + 1)) });
}

function pointsWords(all) {
  const points = all.reduce((sum, quantity) => sum + pointsOf(quantity), 0);
  return word("points", { points: String(Number(points.toFixed(1))) });
}

function pointsOf(quantity) {
  const right = isDone(sheet.verdicts[quantity]) && !sheet.revealed.includes(quantity);
  if (right) return worth(Math.min(RUNGS, sheet.hints[quantity] ?? 0));
  const guess = sheet.predicted[quantity];
  return guess && guess.sign && guess.size ? worth(sheet.hints[quantity] ?? 0) / 2 : 0;
}

function hintLines(quantity, level) {
  const rest = quantity.slice(1);
  const rungs = quantity[0] === "v" ? valueRungs(rest) : quantity[0] === "g" ? gradientRungs(rest) : edgeRungs(rest, quantity[0]);
  const labels = ["hint-rule", "hint-which", "hint-symbols", "hint-numbers", "answer"];
  return [...rungs, [chain(place(quantity))]].slice(0, level).map((content, i) => line(word(labels[i]), content));
}

function valueRungs(placeOf) {
  const node = DATA.nodes[placeOf];
  const taken = [...new Set(node.operands)].map((one) => make("div", {}, chain(DATA.nodes[one].term, place("v" + one))));
  return [[node.what], taken, [chain(node.term, node.formula)], [chain(node.term, node.numbered)]];
}

function upstreamLine(key) {
  const { target } = DATA.edges[key];
  return make("div", {}, `${word("upstream")} `, chain(DATA.nodes[target].slope, place("g" + target)));
}

function localLine(key) {
  const edge = DATA.edges[key];
  return make("div", {}, chain(edge.slope, ...(edge.forms.length ? edge.forms.slice(0, 1) : [place("l" + key)])));
}

function gradientRungs(placeOf) {
  const node = DATA.nodes[placeOf], keys = uses(Number(placeOf));
  const terms = keys.map((key) => (DATA.edges[key].target === DATA.output ? "" : DATA.nodes[DATA.edges[key].target].slope + TIMES) + DATA.edges[key].slope);
  const products = keys.map((key) => place("g" + DATA.edges[key].target) + TIMES + place("l" + key, true));
  const rule = keys.length > 1 ? `${word("chain")}; ${word("contributions", { count: keys.length })}` : word("chain");
  const because = [...new Set(keys.map((key) => DATA.edges[key].because))].map((why) => make("div", {}, why));
  return [[rule], [make("div", {}, chain(node.slope, terms.join(PLUS))), ...keys.map(upstreamLine)], [...because, ...keys.map(localLine)], [chain(node.slope, products.join(PLUS))]];
}

function edgeRungs(key, kind) {
  const edge = DATA.edges[key], target = DATA.nodes[edge.target];
  const taken = [...new Set(target.operands)].map((one) => make("div", {}, chain(DATA.nodes[one].term, place("v" + one))));
  if (kind === "l") return [[edge.because], [make("div", {}, chain(target.term, target.formula)), ...taken], [localLine(key)], [chain(target.term, target.numbered), ...edge.forms.slice(-1).map((form) => chain(form))]];
  return [[word("chain")], [upstreamLine(key)], [edge.because, localLine(key)], [chain(place("g" + edge.target) + TIMES + place("l" + key, true))]];
}
