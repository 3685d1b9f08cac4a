// A backward step seen: what is at work is red and flows from right to left, the upstream number is framed,
// and on each arrow stands the product that is formed there. Nothing is measured: widths are those of digits.

const DIGIT = 0.64;

function phaseNow() {
  const phase = stepNow()?.phase;
  return phase === "accumulate" ? "backward" : phase ?? "start";
}

function showPhase() {
  document.documentElement.dataset.phase = phaseNow();
}

// A frame about a text, by its place and its number of characters.
function frameOf(text, kind = "upstream-frame") {
  const size = parseFloat(text.getAttribute("font-size") ?? "14");
  const wide = text.textContent.length * size * DIGIT + 10;
  const middle = { start: wide / 2 - 5, end: 5 - wide / 2 }[text.getAttribute("text-anchor")] ?? 0;
  const x = Number(text.getAttribute("x")) + middle - wide / 2, y = Number(text.getAttribute("y")) - size * 0.98;
  return svgElement("rect", { class: kind, x: x.toFixed(1), y: y.toFixed(1), width: wide.toFixed(1), height: (size * 1.4).toFixed(1), rx: 4 });
}

// A path's twin, on which dashes run the way that numbers go.
function flowOn(path) {
  const twin = path.cloneNode();
  twin.removeAttribute("id");
  twin.removeAttribute("data-key");
  twin.setAttribute("class", "flow");
  twin.removeAttribute("stroke-dasharray");
  return twin;
}

function isFlowing(path) {
  return path.classList.contains("wire") && path.getAttribute("stroke") === "var(--active)";
}

// In the frames of neurons and layers: the wires at work, and what comes back to the unit at work.
function flowInFrames() {
  if (!framed.shown) return;
  const { marks } = framed;
  for (const path of [...marks.children].filter(isFlowing)) path.after(flowOn(path));
  if (stepNow()?.phase !== "backward") return;
  for (const key of upstreamKeys()) {
    const text = [...marks.children].find((mark) => mark.dataset.key === key);
    if (text) text.before(frameOf(text));
  }
}

function upstreamKeys() {
  const { upstream } = stepNow();
  return upstream ?? [];
}
