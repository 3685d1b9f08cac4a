// The picture: one drawing in which each step shows what is known by then. Nothing in it ever moves.

/** @type {[Quantity, HTMLElement][]} */
const TEXTS = Object.keys(DATA.since).flatMap((quantity) => everywhere(wireId(quantity)).map(
  /** @returns {[Quantity, HTMLElement]} */ (text) => [quantity, text]));

// On an arrow stands `x = 5`; where the number changes, what stands before it stays.
function pictureText(quantity) {
  const number = textOf(quantity);
  if (quantity[0] !== "l") return number;
  const { label, target } = DATA.edges[quantity.slice(1)];
  const first = DATA.texts[quantity];
  if (number === first && !(state.changed && DATA.nodes[target].piecewise)) return label;
  if (!label.endsWith(first)) return isHidden(quantity) ? number : label;
  return state.changed && DATA.nodes[target].piecewise ? number : label.slice(0, -first.length) + number;
}

function drawStep() {
  graph.style.display = view().pictures ? "none" : "";
  showPhase();
  showFrames();
  numberFrames();
  flowInFrames();
  if (view().pictures) return;
  for (const [id, since, active] of DATA.parts) {
    for (const element of everywhere(id)) {
      element.classList.toggle("active", active.includes(state.step));
      element.classList.toggle("pending", since > state.step);
      element.classList.toggle("done", since <= state.step);
    }
  }
  drawNumbers();
  showProducts();
}

// Each line gets a twin for what flows, each arrow a head at its start, for the way back.
function makeFlows() {
  for (const part of graph.querySelectorAll("g.edge, g.gate, g.wire")) {
    const line = /** @type {Element} */ (part.querySelector(".line:not(.hit)"));
    line.after(flowOn(line));
    if (!part.classList.contains("edge")) continue;
    const [, x, y] = /^M([-\d.]+),([-\d.]+)/.exec(line.getAttribute("d") ?? "") ?? [];
    part.append(svgElement("path", { class: "head back", d: `M${x},${y}l9,-4v8z` }));
  }
  graph.querySelector("g")?.append(svgElement("g", { class: "products", "aria-hidden": "true" }));
}

// The upstream number in a frame, and on each arrow of the step upstream × local.
function showProducts() {
  const step = stepNow(), made = [];
  for (const label of graph.querySelectorAll(".local.covered")) label.classList.remove("covered");
  if (step?.phase === "backward") {
    const upstream = document.getElementById(`node-${step.node}-gradient`);
    if (upstream?.textContent) made.push(frameOf(upstream));
    if (!openNow().length) for (const key of step.edges ?? []) made.push(...productOn(key));
  }
  graph.querySelector(".products")?.replaceChildren(...made);
}

function productOn(key) {
  const edge = DATA.edges[key];
  const [down, local] = ["downstream", "local"].map((kind) => document.getElementById(`edge-${key.replace(".", "-")}-${kind}`));
  const at = local ?? down;
  if (!at) return [];
  const below = down ? 0 : edge.alone ? 15 : 19;
  const text = svgElement("text", { class: "product", x: at.getAttribute("x"), y: Number(at.getAttribute("y")) + below, "font-size": 12 });
  const slope = textOf("l" + key);
  const piece = (kind, words) => {
    const element = svgElement("tspan", { class: kind });
    element.textContent = words;
    return element;
  };
  text.append(piece("of-upstream", textOf("g" + edge.target)), piece("times", " × "), piece("of-local", slope.startsWith("−") ? `(${slope})` : slope));
  const plate = frameOf(text, "product-plate");
  if (!fitsOn(key, plate)) return [];
  // Above what comes of it, in the local gradient's place: below there is no room before the next arrow.
  if (down) at.classList.add("covered");
  return [plate, text];
}

// Whether a plate stays between the wire that an arrow begins at and its gate; else numbers would lie under it.
function fitsOn(key, plate) {
  const path = document.querySelector(`[id="edge-${key.replace(".", "-")}"] path.line`)?.getAttribute("d") ?? "";
  const all = path.match(/-?[\d.]+(?=,)/g) ?? [], left = Number(plate.getAttribute("x"));
  return left >= Number(all[0]) - 5 && left + Number(plate.getAttribute("width")) <= Number(all.at(-1)) + 9;
}

function drawNumbers() {
  for (const [quantity, element] of TEXTS) {
    const known = isKnown(quantity);
    const text = known ? pictureText(quantity) : "";
    if (element.textContent !== text) {
      element.textContent = text;
      squeeze(quantity, element, text);
    }
    element.classList.toggle("found", known && sinceNow(quantity) === state.step && state.step > 0);
    element.classList.toggle("blank", known && isHidden(quantity));
  }
}

// How wide a number may be: as wide as its wire. Longer ones are set narrower.
function squeeze(quantity, element, text) {
  const room = DATA.rooms[quantity];
  element.removeAttribute("textLength");
  element.removeAttribute("lengthAdjust");
  if (!room || !text || !state.changed) return;
  if (element.getComputedTextLength() > room) {
    element.setAttribute("textLength", room);
    element.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
}

// Arrows and gates are thin: each gets a wide, unseen twin to point at, and a name for the keyboard.
function makeTouchable() {
  for (const part of graph.querySelectorAll("g.edge, g.gate, g.wire")) {
    const again = Object.keys(AGAIN).find((id) => AGAIN[id].includes(part));
    const what = again ?? (part.id.startsWith("edge-") ? part.id : part.id.replace("gate-", "node-"));
    const known = what.startsWith("node-") || what.slice(5).replace("-", ".") in DATA.edges;
    const hit = /** @type {Element} */ (part.querySelector("path.line")).cloneNode();
    hit.setAttribute("class", "hit");
    part.prepend(hit);
    if (!known) continue;
    part.classList.add("touchable");
    part.dataset.what = what;
    part.addEventListener("click", () => choose(what));
    for (const [enter, on] of /** @type {[string, boolean][]} */ ([["pointerenter", true], ["pointerleave", false]])) {
      if (AGAIN[what]) part.addEventListener(enter, () => everywhere(what).forEach((each) => each.classList.toggle("linked", on)));
    }
    if (again || part.id.startsWith("gate-")) continue;
    hit.setAttribute("tabindex", "0");
    hit.setAttribute("role", "button");
    hit.setAttribute("aria-label", labelOf(what));
    hit.addEventListener("focus", () => hit.setAttribute("aria-label", labelOf(what) + toldOf(what)));
    hit.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      choose(what);
    });
  }
}

function labelOf(what) {
  if (what.startsWith("node-")) return `${word("node")} ${DATA.nodes[Number(what.slice(5))].label}`;
  const edge = DATA.edges[what.slice(5).replace("-", ".")];
  return `${word("arrow")} ${DATA.nodes[edge.source].label} → ${DATA.nodes[edge.target].label}`;
}

function markChosen() {
  for (const part of graph.querySelectorAll("[data-what]")) {
    part.classList.toggle("chosen", part.dataset.what === state.chosen);
    part.querySelector(".hit[role]")?.setAttribute("aria-pressed", String(part.dataset.what === state.chosen));
  }
}

// A number pointed at is marked wherever else it stands, in the picture and in the formulas.
function link(quantity, on) {
  const [rest, kind] = [quantity.slice(1), quantity[0]];
  const names = { v: "value", g: "gradient", n: "gradient", l: "local", d: "downstream" };
  const id = kind === "l" || kind === "d" ? `edge-${rest.replace(".", "-")}` : `node-${rest}`;
  const texts = everywhere(`${id}-${names[kind]}`);
  for (const element of texts.length ? texts : everywhere(id)) element.classList.toggle("linked", on);
  for (const element of document.querySelectorAll(`[data-q="${CSS.escape(quantity)}"]`)) element.classList.toggle("linked", on);
}

function makeLinks() {
  for (const enter of ["pointerover", "pointerout"]) {
    const on = enter === "pointerover";
    document.addEventListener(enter, (event) => {
      const at = /** @type {Element} */ (event.target);
      const target = at.closest?.("[data-q]");
      if (target) return link(target.dataset.q, on);
      const row = at.closest?.("[data-edge]");
      if (row) document.getElementById("edge-" + row.dataset.edge?.replace(".", "-"))?.classList.toggle("linked", on);
    });
  }
  for (const [quantity, element] of TEXTS) {
    element.addEventListener("pointerenter", () => link(quantity, true));
    element.addEventListener("pointerleave", () => link(quantity, false));
  }
}

function zoom(box) {
  let scale = 1;
  const fitted = () => {
    const wide = (canvas.clientWidth || 800) - 2, high = parseFloat(getComputedStyle(canvas).maxHeight) || Infinity;
    return Math.min(wide / box[2], (high - 2) / box[3], 1.9);
  };
  const set = (wanted) => {
    scale = Math.max(0.15, Math.min(4, wanted));
    graph.style.width = `${box[2] * scale}px`;
    graph.style.height = `${box[3] * scale}px`;
    follow();
  };
  // Small print does not teach: a large picture is scrolled rather than shrunk, and grows with the page's letters
  // as far as its rows have room.
  const fit = () => {
    const letters = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    set(Math.max(fitted(), 1, Math.min(letters, (canvas.clientWidth - 2) / box[2])));
  };
  const whole = () => set(fitted());
  let before = 0;
  new ResizeObserver(() => {
    if (canvas.clientWidth === before) return;
    before = canvas.clientWidth;
    fit();
  }).observe(canvas);
  fit();
  return make("div", { class: "zoom" },
    make("button", { type: "button", id: "zoom-out", "aria-label": word("smaller"), title: word("smaller"), on: { click: () => set(scale / 1.25) } }, "−"),
    make("button", { type: "button", id: "zoom-in", "aria-label": word("larger"), title: word("larger"), on: { click: () => set(scale * 1.25) } }, "+"),
    make("button", { type: "button", id: "zoom-fit", on: { click: whole } }, word("fit")));
}
