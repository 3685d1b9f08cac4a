// A step said aloud, and all steps on paper.

// On paper: the finished picture, then every step with its words, in two columns.
const MOST_PRINTED = 200;

function unfold() {
  if (last() > MOST_PRINTED) return;
  const kept = state.step;
  state.step = last();  // on paper everything is known
  const steps = view().steps.map((step, i) => make("section", { class: "printed" }, make("h2", {}, make("span", { class: "nth" }, String(i + 1)), " ", shortTitle(step)), bodyOf(step)));
  state.step = kept;
  const all = make("section", { id: "all-steps" }, make("figure", {}, make("figcaption", {}, DATA.title, DATA.notes.map((note) => make("p", { class: "quiet" }, note))), finishedPicture()), make("div", { class: "printed-steps" }, steps));
  fill(all);
  document.getElementById("main").append(all);
}

// A step's title without its number: that stands before it.
function shortTitle(step) {
  const words = step.title.split(" · ");
  return words.length > 1 && /\d/.test(words[0]) && step.phase !== "start" && view().name === "gates" ? words.slice(1).join(" · ") : step.title;
}

// The picture after the last step, nothing at work; of a wide one of gates the network's, where there is one.
function finishedPicture() {
  const { scale, step } = state, { box = [0, 0, 0, 0] } = DATA;
  if (!view().pictures && box[2] > 1100 && DATA.scales.some(({ name }) => name === "neurons")) state.scale = "neurons";
  state.step = last() + 1;
  drawStep();
  const svg = document.querySelector(view().pictures ? "#canvas .stage" : "#graph").cloneNode(true);
  if (!view().pictures) svg.setAttribute("viewBox", box.join(" "));
  for (const element of svg.querySelectorAll("[id]")) element.removeAttribute("id");
  for (const element of svg.querySelectorAll(".hit, .touch")) element.remove();
  svg.removeAttribute("id");
  svg.removeAttribute("style");
  const [, , wide, high] = svg.getAttribute("viewBox").split(" ").map(Number);
  if (wide > 900 && wide > high) svg.setAttribute("data-wide", "");
  Object.assign(state, { scale, step });
  drawStep();
  return svg;
}

function fold() {
  document.getElementById("all-steps")?.remove();
}

// Said aloud to those who do not see the page; with numbers of its own when they were changed.
function speak() {
  const step = stepNow();
  let text = step ? step.speech : DATA.words.start;
  if (step && (state.changed || state.hidden.size)) text = `${step.title}. ${spoken(document.getElementById("step-body"))}`;
  document.getElementById("speech").textContent = text;
}

function spoken(root) {
  return root.textContent.replace(/\s+/g, " ").trim();
}

// Below a verdict: the readiest reason; others, that the number would also fit, are folded.
function reasonsOf(slips) {
  if (!slips.length) return "";
  const [first, ...others] = slips;
  return [make("p", { class: "reason" }, first),
    others.length ? make("details", { class: "other-reasons" }, make("summary", {}, word("other-reasons", { count: others.length })), make("ul", {}, others.map((one) => make("li", {}, one)))) : ""];
}
