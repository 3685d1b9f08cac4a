// Numbers as they are typed into a field, and the course of the loss as a small picture.

function asNumber(text) {
  const plain = text.trim().replace(/[−–]/g, "-");
  const parts = /^(-?[\d.]+(?:e[+-]?\d+)?)(?:\/(-?[\d.]+))?$/i.exec(plain);
  if (!parts) return NaN;
  const value = Number(parts[1]) / (parts[2] === undefined ? 1 : Number(parts[2]));
  return Number.isFinite(value) ? value : NaN;
}

// The output after each step of descent, as a small picture, and at which of them we are: there one may go back.
/** @param {number[]} history @param {number} at @param {((step: number) => void) | null} goBack */
function curveOf(history, at = history.length - 1, goBack = null) {
  const points = history.map((value, i) => [i, value]).filter(([, value]) => Number.isFinite(value));
  if (points.length < 2) return [];
  const values = points.map(([, value]) => value);
  const low = Math.min(...values), high = Math.max(...values);
  const x = (i) => 52 + (i / (history.length - 1)) * 330;
  const y = (value) => 14 + (high === low ? 0.5 : (high - value) / (high - low)) * 100;
  const path = points.map(([i, value], n) => `${n ? "L" : "M"}${x(i).toFixed(1)},${y(value).toFixed(1)}`).join("");
  const svg = (tag, attributes, text) => {
    const element = svgElement(tag, attributes);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const name = word("curve", { name: DATA.nodes[DATA.output].label });
  const drawing = svg("svg", { viewBox: "0 0 400 140", role: "img", "aria-label": `${name}: ${values.map((v) => shown(v, 3)).join(", ")}` });
  drawing.append(
    svg("path", { class: "axis", d: "M52,8V118H390" }),
    svg("text", { x: 46, y: 19, "text-anchor": "end" }, shown(high, 3)),
    svg("text", { x: 46, y: 118, "text-anchor": "end" }, shown(low, 3)),
    svg("text", { x: 52, y: 134 }, "0"),
    svg("text", { x: 382, y: 134, "text-anchor": "end" }, String(history.length - 1)),
    svg("path", { class: "course", d: path }));
  if (Number.isFinite(history[at])) {
    const beyond = x(at) > 300;
    drawing.append(
      svg("path", { class: "here", d: `M${x(at).toFixed(1)},8V118` }),
      svg("circle", { class: "now", cx: x(at).toFixed(1), cy: y(history[at]).toFixed(1), r: 5 }),
      svg("text", { class: "now", x: (x(at) + (beyond ? -9 : 9)).toFixed(1), y: Math.min(112, y(history[at]) + (y(history[at]) > 60 ? -9 : 16)).toFixed(1), "text-anchor": beyond ? "end" : "start" }, `${word("now")} ${shown(history[at], 3)}`));
  }
  if (points.length <= 40) for (const [i, value] of points) drawing.append(svg("circle", { cx: x(i).toFixed(1), cy: y(value).toFixed(1), r: 3 }));
  const back = goBack && make("label", { class: "course-step" }, word("course-step"), " ", make("input", {
    type: "range", id: "course-step", min: 0, max: history.length - 1, step: 1, value: at, "aria-label": word("course-step"),
    on: { change: (event) => goBack?.(Number(event.target.value)) },
  }), ` ${at} / ${history.length - 1}`);
  return [drawing, make("p", { class: "quiet" }, name), back];
}
