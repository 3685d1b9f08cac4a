// Faded examples: passes over the same steps with more and more of them open. And exercises of kinds met before,
// with other numbers, a little later and in turns: spaced and mixed, kept in the page.

const review = make("section", { id: "review", hidden: true });
const nextPass = make("p", { class: "options" });
const FADINGS = ["whole", "backward", "forward"];
const LAST_PASS = 3;

// What a pass leaves open: nothing, then one half of the steps, then the other, then all.
function faded(quantities) {
  if (sheet.fading === "whole" || sheet.pass >= LAST_PASS) return quantities;
  if (sheet.pass === 0) return [];
  const half = Math.ceil(quantities.length / 2), lastFirst = sheet.fading === "backward";
  return (sheet.pass === 1) === lastFirst ? quantities.slice(quantities.length - half) : quantities.slice(0, half);
}

function fadingChoice() {
  const select = make("select", { id: "fading", on: { change: () => {
    sheet.fading = select.value;
    sheet.pass = sheet.fading === "whole" ? LAST_PASS : 0;
    freshSheet();
    goTo(0);
  } } }, FADINGS.map((name) => make("option", { value: name }, word(`fading-${name}`))));
  select.value = sheet.fading;
  return make("label", {}, word("fading"), " ", select);
}

function freshSheet() {
  Object.assign(sheet, { answers: {}, verdicts: {}, revealed: [], hints: {}, predicted: {}, reasons: {} });
  boxed.quantity = shownCells = "";
  keepSheet();
}

// Once all of a pass is settled, or a shown one was seen to its end, the next may begin.
function showPass() {
  const over = sheet.fading !== "whole" && sheet.on && sheet.pass < LAST_PASS
    && (asked().length ? asked().every(isSettled) : state.step === last());
  nextPass.replaceChildren(...(sheet.fading === "whole" || !sheet.on ? [] : [
    make("span", { class: "quiet" }, word("pass", { pass: sheet.pass + 1, count: LAST_PASS + 1 })),
    ...(over ? [make("button", { type: "button", id: "next-pass", class: "main", on: { click: () => { sheet.pass += 1; freshSheet(); goTo(0); } } }, word("next-pass"))] : []),
  ]));
}

// Numbers of the same kind: each input moved, to two figures, the same for everybody at each turn.
function otherNumbers() {
  sheet.turn += 1;
  for (let trial = 0; trial < 20; trial++) {
    const draw = sequence(sheet.turn * 97 + trial);
    const leaves = FIRST_LEAVES.map((value, i) => (DATA.nodes[i].kind === "input" ? drawnNumber(draw, value) : value));
    const found = runPass(DATA, RULES, leaves);
    if (firstUndefined(DATA, found) >= 0) continue;
    sheet.leaves = leaves;
    setLeaves(leaves);
    break;
  }
  freshSheet();
  goTo(0);
}

// The numbers of an exercise are those with which the page is opened again, until the first ones are wanted.
function restoreNumbers() {
  if (DATA.practice && sheet.leaves?.length === FIRST_LEAVES.length) setLeaves(sheet.leaves);
}

function forgetOtherNumbers() {
  if (!DATA.practice || !sheet.leaves) return;
  delete sheet.leaves;
  keepSheet();
}

// Whole numbers stay whole, others get two figures of about their size; never 0, never what it was.
function drawnNumber(draw, value) {
  const size = Math.max(Math.abs(value), Number.isInteger(value) ? 2 : 0.2);
  for (let trial = 0; trial < 10; trial++) {
    const moved = (draw() < 0.3 ? -1 : 1) * Math.sign(value || 1) * size * (0.4 + 1.2 * draw());
    const rounded = Number.isInteger(value) ? Math.round(moved) : Number(moved.toPrecision(2));
    if (rounded && rounded !== value) return rounded;
  }
  return size;
}

const REST = 3;

// A kind that was found or shown comes again after some others: the sooner, the less well it went.
function learned(quantity) {
  const key = "gd".includes(quantity[0]) ? (quantity[0] === "d" ? quantity.slice(1) : uses(Number(quantity.slice(1)))[0]) : undefined;
  for (const item of sheet.reviews) item.rest -= 1;
  delete review.dataset.judged;
  if (key === undefined || DATA.nodes[DATA.edges[key].target].code < 0) return keepSheet();
  const kind = kindOfEdge(key);
  const known = sheet.reviews.find((item) => item.kind === kind);
  if (!known) sheet.reviews.push({ kind, key, rest: pointsOf(quantity) === 1 ? 2 * REST : REST, times: 0 });
  keepSheet();
}

function kindOfEdge(key) {
  const { target, slot } = DATA.edges[key];
  return `${DATA.nodes[target].what} ${slot}`;
}

// The exercise due longest, but not of the kind asked before, while there is another.
function dueNow() {
  const due = sheet.reviews.filter((item) => item.rest <= 0).sort((a, b) => a.rest - b.rest);
  return due.find((item) => item.kind !== sheet.lastKind) ?? due[0];
}

// One gate alone, with other numbers of its operands and another upstream number.
function exerciseOf({ key, times }) {
  const { target, slot } = DATA.edges[key], node = DATA.nodes[target], rule = /** @type {Record<number, Rule>} */ (RULES)[node.code];
  for (let trial = 0; trial < 40; trial++) {
    const draw = sequence(target * 131 + slot * 17 + times * 1009 + trial);
    const operands = node.operands.map((one) => (DATA.nodes[one].kind === "constant" ? state.found["v" + one] : drawnNumber(draw, Number(state.found["v" + one].toPrecision(2)))));
    const upstream = drawnNumber(draw, Number((state.found["g" + target] || 0.5).toPrecision(2)));
    const value = rule.value(...operands), local = rule.slopes[slot](value, ...operands);
    if (Number.isFinite(value) && Number.isFinite(local)) return { operands, upstream, answer: upstream * local };
  }
  return null;
}

function showReview() {
  if (review.dataset.judged) return;
  const item = sheet.on ? dueNow() : undefined, exercise = item && exerciseOf(item);
  review.hidden = !exercise;
  const name = exercise ? `${item.kind} ${item.times}` : "";
  if (!exercise || review.dataset.shown === name) return;
  review.dataset.shown = name;
  const { source, target } = DATA.edges[item.key], node = DATA.nodes[target];
  const field = make("input", { type: "text", class: "answer", id: "review-answer", autocomplete: "off", "aria-label": word("review-answer"),
    on: { keydown: (event) => { if (event.key === "Enter") { event.preventDefault(); judgeReview(item, exercise, field); } } } });
  const given = node.operands.map((one, i) => [one, i]).filter(([one], i, all) => DATA.nodes[one].kind !== "constant" && all.findIndex(([other]) => other === one) === i)
    .map(([one, i]) => math(DATA.nodes[one].term, EQUALS, `<mn>${shown(exercise.operands[i])}</mn>`));
  review.replaceChildren(make("h3", {}, word("review-title")),
    make("p", {}, math(node.term, EQUALS, node.formula), " · ", given.flatMap((one, i) => (i ? [", ", one] : [one])), " · ", math(node.slope, EQUALS, `<mn>${shown(exercise.upstream)}</mn>`)),
    make("div", { class: "asked" }, make("span", { class: "cell-name", "aria-hidden": "true" }, math(DATA.nodes[source].slope), " ="), field),
    make("div", { class: "verdict", role: "status" }));
}

function judgeReview(item, exercise, field) {
  const typed_ = readAnswer(field.value, new Set(), Object.create(null));
  const verdict = review.querySelector(".verdict");
  if (typed_.fault) {
    verdict.textContent = `✗ ${word("unreadable", { why: word(typed_.fault.kind, { what: typed_.fault.what, name: field.value }) })}`;
    return;
  }
  const good = compareNumber(exercise.answer, typed_) !== "wrong";
  item.times += 1;
  item.rest = good ? REST * 2 ** Math.min(item.times, 4) : REST;
  sheet.lastKind = item.kind;
  Object.assign(review.dataset, { shown: "", judged: "yes" });
  keepSheet();
  const edge = DATA.edges[item.key];
  verdict.className = `verdict ${good ? "good" : "bad"}`;
  verdict.textContent = good ? `✓ ${word("right")}` : `✗ ${word("review-wrong", { answer: shown(exercise.answer), why: edge.because })}`;
}
