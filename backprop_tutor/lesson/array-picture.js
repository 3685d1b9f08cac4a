// The picture of layers: its entries follow the numbers, are blank while they are asked for, and light up.

// Where each array's table stands in the picture.
function spotsNow() {
  return picturesNow()?.spots ?? {};
}

function lightPicture(used, ring) {
  if (!framed.tints) return;
  const spots = spotsNow();
  const boxes = [];
  for (const [list, name] of [[used, "lit"], [ring ? [ring] : [], "ring"]]) {
    for (const [quantity, flat] of list) {
      const place = quantity[0] === "d" ? DATA.edges[quantity.slice(1)].source : quantity.slice(1);
      const spot = spots[place];
      const role = quantity[0] === "v" ? "value" : "gradient";
      if (!spot || spot.heat || !"vgd".includes(quantity[0]) || !isKnown(quantity) || (role === "gradient" && !spot.decimals.gradient)) continue;
      const [x, y, wide, high] = spot[role];
      const [r, c] = [Math.floor(flat / spot.columns), flat % spot.columns];
      boxes.push(svgElement("rect", { x: x + c * wide, y: y + r * high, width: wide, height: high, rx: 3, class: name }));
    }
  }
  framed.tints.replaceChildren(...boxes);
}

// The picture: its entries follow the numbers, and are blank while they are asked for.
function drawStep() {
  showPhase();
  showFrames();
  numberEntries();
  flowInFrames();
  lightFirst();
}

function lightFirst() {
  const first = explanation.querySelector(".step-part");
  if (first?.record.result) light(first, ...(first.record.at ?? telling(first.record.result)));
}

function numberEntries() {
  const stale = state.changed || state.hidden.size > 0;
  if (!stale && !framed.stale) return;
  framed.stale = stale;
  const spots = spotsNow();
  for (const element of framed.marks.querySelectorAll("text[data-key]")) {
    const match = /^(value|gradient)-(\d+)-(\d+)-(\d+)$/.exec(element.dataset.key);
    if (!match) continue;
    const [, role, place, r, c] = match;
    const quantity = role[0] + place;
    element.original ??= element.textContent;
    const value = state.found[quantity]?.[Number(r) * spots[place].columns + Number(c)];
    const [decimals, power] = spots[place].decimals[role];
    const text = isHidden(quantity) ? "?" : state.changed ? fixed(value, decimals, power) : element.original;
    squeeze(element, text, spots[place][role][2]);
  }
  for (const element of framed.marks.querySelectorAll(".heat")) element.style.opacity = state.changed ? "0.25" : "";
  document.getElementById("stale").hidden = !(state.changed && Object.values(spots).some(({ heat }) => heat));
}

function squeeze(element, text, room) {
  element.removeAttribute("textLength");
  element.textContent = text;
  if (element.getComputedTextLength() > room - 2) {
    element.setAttribute("textLength", room - 2);
    element.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
}
