// The picture stands in rows: what comes again in a later one, and which rows are looked at.

const graph = document.getElementById("graph");
const canvas = document.getElementById("canvas");

// A wire that a later row uses comes again there: what belongs to `node-3`, and to its texts, without an id.
/** @type {Record<string, HTMLElement[]>} */
const AGAIN = {};
for (const part of graph.querySelectorAll(".landing")) {
  const id = `node-${DATA.nodes.findIndex((node) => node.name === part.dataset.node)}`;
  (AGAIN[id] ??= []).push(part);
  for (const kind of ["value", "gradient"]) {
    const text = /** @type {HTMLElement | null} */ (part.querySelector(`.${kind}`));
    if (text) (AGAIN[`${id}-${kind}`] ??= []).push(text);
  }
}

// A part or a text of the picture, each time that it stands there.
function everywhere(id) {
  const own = document.getElementById(id);
  return own ? [own, ...AGAIN[id] ?? []] : [];
}

function wireId(quantity) {
  const rest = quantity.slice(1), kind = { v: "value", g: "gradient", l: "local", d: "downstream" }[quantity[0]];
  return "vg".includes(quantity[0]) ? `node-${rest}-${kind}` : `edge-${rest.replace(".", "-")}-${kind}`;
}

// Show what is at work where the picture is larger than its frame: from its beginning, while that shows it. From
// step to step of one row the picture stands still.
function follow() {
  if (canvas.scrollWidth <= canvas.clientWidth + 4 && canvas.scrollHeight <= canvas.clientHeight + 4) return;
  const lit = [...graph.querySelectorAll(".gate.active, .wire.active, .edge.active")];
  if (!lit.length) {
    if (state.step === 0) canvas.scrollTo({ left: 0, top: 0 });
    return;
  }
  const frame = canvas.getBoundingClientRect(), band = bandNow();
  const boxes = lit.map((part) => part.getBoundingClientRect()).filter((box) => !band || (box.bottom > band.top && box.top < band.bottom));
  const left = Math.min(...boxes.map((box) => box.left)) - frame.left + canvas.scrollLeft;
  const right = Math.max(...boxes.map((box) => box.right)) - frame.left + canvas.scrollLeft;
  const whole = band && band.bottom - band.top <= canvas.clientHeight ? [band] : boxes;
  const top = Math.min(...whole.map((box) => box.top)) - frame.top + canvas.scrollTop;
  const bottom = Math.max(...whole.map((box) => box.bottom)) - frame.top + canvas.scrollTop;
  canvas.scrollTo({
    left: scrolledTo(left, right, canvas.clientWidth),
    top: scrolledTo(top, bottom, canvas.clientHeight),
    behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
  });
}

// Where the rows of this step stand on the screen.
function bandNow() {
  const { band } = stepNow() ?? {};
  if (!band) return null;
  const { top, height } = graph.getBoundingClientRect(), scale = height / (DATA.box?.[3] ?? height);
  return { top: top + band[0] * scale, bottom: top + band[1] * scale };
}

// Of a text that stands in several rows, the one where this step is at work.
function textAtWork(id) {
  const texts = everywhere(id), band = bandNow();
  const within = (text) => {
    const { top, bottom } = text.getBoundingClientRect();
    return band !== null && top < band.bottom && bottom > band.top;
  };
  return texts.find(within) ?? texts[0] ?? null;
}

function scrolledTo(from, to, room) {
  const margin = 16;
  return to + margin <= room ? 0 : from - Math.max(margin, (room - (to - from)) / 2);
}
