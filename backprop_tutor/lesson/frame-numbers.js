// The numbers in a picture of neurons follow when inputs are changed, and are blank while they are asked for.

function frameNumber(sources) {
  return sources.reduce((sum, [sign, quantity]) => sum + sign * numberOf(quantity), 0);
}

function numberFrames() {
  const { keys } = view();
  if (!keys || !framed.shown) return;
  if (!state.changed && !state.hidden.size && !framed.stale) return;
  framed.stale = state.changed || state.hidden.size > 0;
  for (const element of framed.marks.querySelectorAll(".heat")) element.style.opacity = state.changed ? "0.25" : "";
  for (const element of framed.marks.querySelectorAll("text[data-key]")) {
    const numbers = keys[element.dataset.key];
    if (!numbers) continue;
    element.room ??= Math.max(element.textContent.length, 6);
    const pieces = numberPieces(element);
    if (!numbers.length) element.style.visibility = framed.stale ? "hidden" : "";
    numbers.forEach((sources, i) => {
      if (pieces[i]) pieces[i].textContent = frameText(sources, pieces[i].original);
    });
    keepBox(element);
  }
}

// A changed number keeps the box that the layout gave it: longer ones are set narrower.
function keepBox(element) {
  element.removeAttribute("textLength");
  if (!state.changed || element.textContent.length <= element.room) return;
  element.setAttribute("textLength", (element.room * Number(element.getAttribute("font-size") ?? 13) * DIGIT).toFixed(1));
  element.setAttribute("lengthAdjust", "spacingAndGlyphs");
}

// The parts of a text that are numbers: those in the colour of values or of gradients.
function numberPieces(element) {
  const own = (piece) => /value|gradient/.test(piece.getAttribute("fill") ?? "");
  const pieces = element.children.length ? [...element.children].filter(own) : own(element) ? [element] : [];
  for (const piece of pieces) piece.original ??= piece.textContent;
  return pieces;
}

function frameText(sources, original) {
  const lead = /^ /.test(original) ? " " : "";
  if (sources.some(([, quantity]) => isHidden(quantity))) return `${lead}?`;
  if (!state.changed) return original;
  return lead + shown(frameNumber(sources), framed.shown.figures);
}
