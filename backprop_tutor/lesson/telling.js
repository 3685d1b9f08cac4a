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
  for (const math of all.querySelectorAll(".printed .chain math")) breakSum(math);
  document.getElementById("main").append(all);
}

// A long sum in pieces, each before its sign, so that a column of paper breaks it: mathematics has no line breaks.
const LONG_SUM = 11;

function breakSum(math) {
  const rows = [math, ...math.querySelectorAll("mrow")];
  const row = rows.reduce((most, each) => (each.children.length > most.children.length ? each : most));
  const parts = [...row.children];
  if (parts.length < LONG_SUM) return;
  const signs = parts.filter((part, i) => i && part.localName === "mo" && "+−".includes(part.textContent));
  for (const sign of signs.reverse()) {
    const piece = math.cloneNode(false);
    const range = document.createRange();
    range.setStartBefore(sign);
    range.setEndAfter(row.lastElementChild);
    piece.append(range.extractContents());
    piece.firstElementChild.setAttribute("form", "infix");
    math.after(piece);
  }
}

// A step's title without its number: that stands before it.
function shortTitle(step) {
  const words = step.title.split(" · ");
  return words.length > 1 && /\d/.test(words[0]) && step.phase !== "start" && view().name === "gates" ? words.slice(1).join(" · ") : step.title;
}

// The picture after the last step, nothing at work; of gates that fill more than a page the network's, where there is one.
function finishedPicture() {
  const { scale, step } = state, { box = [0, 0, 0, 0] } = DATA;
  if (!view().pictures && (box[2] > 1100 || box[3] > UPRIGHT) && DATA.scales.some(({ name }) => name === "neurons")) state.scale = "neurons";
  state.step = last() + 1;
  drawStep();
  const svg = /** @type {Element} */ (document.querySelector(view().pictures ? "#canvas .stage" : "#graph")).cloneNode(true);
  if (!view().pictures) svg.setAttribute("viewBox", box.join(" "));
  for (const element of svg.querySelectorAll("[id]")) element.removeAttribute("id");
  for (const element of svg.querySelectorAll(".hit, .touch")) element.remove();
  svg.removeAttribute("id");
  svg.removeAttribute("style");
  const [left, top, wide, high] = (svg.getAttribute("viewBox") ?? "").split(" ").map(Number);
  if (wide > 900 && wide > high) svg.setAttribute("data-wide", "");
  Object.assign(state, { scale, step });
  drawStep();
  return !view().pictures && high > wide && DATA.rows ? inPages(svg, left, wide, DATA.rows) : inStrips(svg, left, top, wide, high);
}

// Rows below one another, as many together as a page of paper holds: no row is cut by the end of a page.
const UPRIGHT = 950;  // px of an upright A4 page whose width the picture takes

function inPages(svg, left, wide, rows) {
  /** @type {[number, number][]} */
  const pages = [];
  for (const [top, foot] of rows) {
    const page = pages.at(-1);
    if (page && foot - page[0] <= UPRIGHT) page[1] = foot;
    else pages.push([top, foot]);
  }
  return pages.map(([top, foot]) => {
    const page = svg.cloneNode(true);
    page.setAttribute("viewBox", [left, top - ROW_MARGIN, wide, foot - top + 2 * ROW_MARGIN].join(" "));
    page.setAttribute("class", `${page.getAttribute("class") ?? ""} rows`);
    return page;
  });
}

const ROW_MARGIN = 6;

// A picture wider than a page in strips, one below the other; what an edge cuts stands whole in the next strip.
const STRIP = 1480, OVERLAP = 130, ONE_STRIP = 1400;
const PAPER = { width: 1040, height: 640 }, LEGIBLE = 0.6;  // px of an A4 page, and the least scale

function inStrips(svg, left, top, wide, high) {
  if (wide <= ONE_STRIP) return [svg];
  const count = Math.ceil((wide - OVERLAP) / (STRIP - OVERLAP));
  const each = (wide - OVERLAP) / count + OVERLAP;
  const onPage = Math.max(1, Math.min(count, Math.floor(PAPER.height / (LEGIBLE * high))));
  const scale = Math.min(1, PAPER.width / each, PAPER.height / (onPage * high));
  return Array.from({ length: count }, (_, i) => {
    const strip = svg.cloneNode(true);
    strip.setAttribute("viewBox", [left + i * (each - OVERLAP), top, each, high].join(" "));
    strip.setAttribute("width", String(each * scale));
    strip.setAttribute("height", String(high * scale));
    strip.setAttribute("class", `${strip.getAttribute("class") ?? ""} strip`);
    return strip;
  });
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
