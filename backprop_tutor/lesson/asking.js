// While an answer is open: the box on its wire, a prediction before a backward step, and why, afterwards.

const asking = make("div", { id: "asking", hidden: true });
const boxed = { quantity: "", focus: false };

// The card of a step tells nothing while the step's answers are open: its title only, and how to go on.
function bodyWhileOpen() {
  const open = openNow();
  if (!open.length) return null;
  return [make("p", { class: "quiet" }, word("open-now", { count: open.length })),
    make("div", { id: "asking-told" }), predictsNow(open[0]) ? predictionForm(open[0]) : ""];
}

// The text in the picture where a quantity will stand.
function wireText(quantity) {
  if (!view().pictures) return textAtWork(wireId(quantity));
  const { keys } = view();
  const key = Object.keys(keys ?? {}).find((one) => keys[one].some((sources) => sources.length === 1 && sources[0][1] === quantity));
  return key && framed.marks ? framed.marks.querySelector(`[data-key="${CSS.escape(key)}"]`) : null;
}

function showAsking() {
  const [quantity] = sheet.whole ? [] : openNow();
  asking.hidden = !quantity;
  if (!quantity) {
    boxed.quantity = "";
    asking.replaceChildren();
    return;
  }
  if (quantity !== boxed.quantity) {
    boxed.quantity = quantity;
    asking.replaceChildren(askingRow(quantity));
    if (boxed.focus) asking.querySelector("input").focus({ preventScroll: true });
  }
  tellAsked(quantity);
  placeAsking();
}

function askingRow(quantity) {
  const field = make("input", {
    type: "text", class: "answer", id: "wire-answer", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    "aria-label": `${word("answer")}: ${spokenName(quantity)}`,
    on: { keydown: (event) => { if (event.key === "Enter") { event.preventDefault(); answerOnWire(quantity, field.value); } } },
  });
  field.value = sheet.answers[quantity] ?? "";
  return make("div", { class: "asked" }, make("span", { class: "cell-name", "aria-hidden": "true" }, symbolOf(quantity), " ="), field,
    make("button", { type: "button", class: "hint-button", "aria-label": `${word("hint")}: ${spokenName(quantity)}`, on: { click: () => { hint(quantity); if (isSettled(quantity)) goOnFrom(quantity); } } }, word("hint")));
}

// Enter judges; once right, it is on to the step's next answer, or to the button that leads to the next step.
function answerOnWire(quantity, text) {
  if (!text.trim()) return;
  boxed.focus = true;
  answer(quantity, text);
  if (isSettled(quantity)) goOnFrom(quantity);
}

function goOnFrom(quantity) {
  learned(quantity);
  if (openNow().length) return;
  document.getElementById("go-next").focus({ preventScroll: true });
}

// What is said of the answer stands in the card: verdict, one reason, hints.
function tellAsked(quantity) {
  const told = document.getElementById("asking-told");
  if (!told) return;
  const [kind, text, slips = []] = verdictWords(quantity);
  told.replaceChildren(make("div", { class: `verdict ${kind}`, role: "status" }, text, reasonsOf(slips)),
    make("div", { class: "hints" }, hintLines(quantity, sheet.hints[quantity] ?? 0)),
    make("p", { class: "quiet" }, hintLabel(quantity)));
  fill(told);
  asking.querySelector("input").setAttribute("aria-invalid", String(kind === "bad"));
}

// The box stands below its wire; on a phone, and where the picture has no such text, below the picture.
function placeAsking() {
  const text = narrow() ? null : wireText(boxed.quantity);
  asking.classList.toggle("on-wire", Boolean(text));
  asking.style.left = asking.style.top = "";
  if (!text || asking.hidden) return;
  const holder = document.getElementById("picture").getBoundingClientRect(), spot = text.getBoundingClientRect();
  const x = spot.left + spot.width / 2 - holder.left - asking.offsetWidth / 2, y = spot.bottom - holder.top + 6;
  asking.style.left = `${Math.max(4, Math.min(holder.width - asking.offsetWidth - 4, x))}px`;
  asking.style.top = `${Math.max(4, Math.min(holder.height - asking.offsetHeight - 4, y))}px`;
}

// Prediction: sign and size before a backward step; the number may be typed on the wire instead.
function predictsNow(quantity) {
  return sheet.predict && !sheet.whole && "gd".includes(quantity[0]) && stepNow()?.phase !== "forward";
}

function predictionForm(quantity) {
  const form = make("form", { id: "prediction", on: { submit: (event) => { event.preventDefault(); predict(quantity, form); } } },
    make("p", {}, make("b", {}, word("predict-first")), " ", symbolOf(quantity)),
    guessesOf(word("predict-sign"), word("predict-size")),
    make("button", { type: "submit", class: "main", id: "predict" }, word("predict-show")));
  return form;
}

function predict(quantity, form) {
  const guess = guessIn(form, numberOf(quantity));
  if (!guess) return;
  sheet.predicted[quantity] = guess;
  boxed.focus = true;
  keepSheet();
  goOnFrom(quantity);
}

function predictionWords(quantity) {
  const guess = sheet.predicted[quantity];
  const good = guess.sign && guess.size;
  return [good ? "good" : "bad", `${good ? "✓" : "✗"} ${guessWords(guess)}`];
}

// Whether it was not yet said why the gate of this step hands on what it does: then its words wait.
function whyIsOpen() {
  const step = stepNow();
  return Boolean(sheet.on && sheet.predict && DATA.practice && step?.phase === "backward" && step.edges?.length && !sheet.reasons[step.node]
    && asked().some((quantity) => sinceNow(quantity) === state.step));
}

// After a step whose answers were found or predicted: what was said of them, and why this gate hands on what it does.
function afterwards(step) {
  if (!sheet.on || !DATA.practice) return [];
  const own = asked().filter((quantity) => sinceNow(quantity) === state.step && isSettled(quantity));
  const told = own.map((quantity) => {
    const [kind, text] = verdictWords(quantity);
    return text ? make("p", { class: `verdict ${kind}` }, symbolOf(quantity), " ", text) : "";
  });
  return [own.length ? make("div", { class: "told" }, told) : "", own.length && sheet.predict && step?.phase === "backward" && step.edges ? whyForm(step) : ""];
}

// One question a gate: which rule is at work? The right sentence among others of this page's gates.
function whyForm(step) {
  const [key] = step.edges, right = DATA.edges[key]?.because;
  if (!right) return "";
  const given = sheet.reasons[step.node];
  const others = [...new Set([...Object.values(DATA.edges).map((edge) => edge.because), ...PRACTICE.reasons])].filter((why) => why !== right && !step.edges.some((one) => DATA.edges[one].because === why));
  const draw = sequence(step.node + 1);
  const options = [right, ...others.slice(0, 12).sort((a, b) => a.length - b.length).filter((_, i) => i < 3)].map((why) => [draw(), why]).sort((a, b) => a[0] - b[0]).map(([, why]) => why);
  const pick = (why) => { sheet.reasons[step.node] = why; keepSheet(); document.querySelector("#why-form [role=status]")?.scrollIntoView({ block: "nearest" }); };
  return make("fieldset", { id: "why-form" }, make("legend", {}, word("why-gate")),
    options.map((why, i) => make("label", { class: "choice" }, make("input", { type: "radio", name: "why", id: `why-${i}`, checked: why === given, on: { change: () => pick(why) } }), " ", why)),
    make("p", { role: "status", class: `verdict ${given === right ? "good" : given ? "bad" : ""}` }, given ? (given === right ? `✓ ${word("why-right")}` : `✗ ${word("why-wrong")}`) : ""));
}
