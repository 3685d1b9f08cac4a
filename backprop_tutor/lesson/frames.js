// A scale's picture: the frame of the step, put together from its marks, under one layer to point at and
// to reach by Tab. Between frames nothing moves, and the layer stays: the keyboard keeps its place.

const SVG = "http://www.w3.org/2000/svg";
/** @type {{ holder: HTMLElement, shown: any, marks: any, tints: any, [more: string]: any }} */  // any: SVG that is made when it is first shown
const framed = { holder: make("div", { class: "frames" }), shown: null, marks: null, tints: null };

// Markup of SVG that came with the lesson, as elements.
function drawn(markup) {
  const group = document.createElementNS(SVG, "g");
  group.innerHTML = markup;
  return [...group.children];
}

// Whether the page is as narrow as a phone. A frame that is not laid out yet, as in a notebook's closed cell,
// has no width: then the screen's counts.
function narrow() {
  return (innerWidth || screen.width) < 700;
}

function picturesNow() {
  const { pictures, phone } = view();
  return phone && narrow() ? phone : pictures;
}

function svgElement(tag, attributes = {}) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function showFrames() {
  const pictures = picturesNow();
  framed.holder.hidden = !pictures;
  if (!pictures) return;
  if (framed.shown !== pictures) mountFrames(pictures);
  framed.marks.replaceChildren(...pictures.steps[state.step].map((mark) => framed.made[mark] ??= drawn(pictures.marks[mark])[0]));
}

function mountFrames(pictures) {
  const svg = svgElement("svg", { viewBox: pictures.box.join(" "), role: "group", class: "stage", "aria-label": pictures.title });
  Object.assign(framed, { shown: pictures, made: {}, marks: svgElement("g"), tints: svgElement("g", { class: "tints" }) });
  framed.marks.setAttribute("aria-hidden", "true");
  const touch = svgElement("g", { class: "touch" });
  for (const [what, label, shape] of pictures.touch) touch.append(touchable(what, label, shape));
  svg.append(framed.marks, framed.tints, touch);
  const [, , wide] = pictures.box;
  svg.style.width = `${wide}px`;  // never smaller: small print does not teach
  framed.holder.replaceChildren(svg);
}

function touchable(what, label, shape) {
  const element = /** @type {SVGElement} */ (drawn(shape)[0]);
  for (const [name, value] of Object.entries({ class: "hit", tabindex: "0", role: "button", "aria-label": label, "aria-pressed": "false", "data-what": what })) element.setAttribute(name, value);
  element.addEventListener("focus", () => element.setAttribute("aria-label", label + toldOf(what)));
  element.addEventListener("click", () => choose(what));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    choose(what);
  });
  return element;
}

function markTouched() {
  for (const element of framed.holder.querySelectorAll("[data-what]")) {
    element.setAttribute("aria-pressed", String(element.dataset.what === state.chosen));
  }
}
