// The page of matrices is put together and begins at the step in its address.

const canvas = document.getElementById("canvas");

document.getElementById("top").append(
  make("div", { class: "heading" }, make("h1", {}, DATA.title), DATA.program.length <= 2 ? programLines() : ""),
  settings());

const panels = tabs([
  ["steps", make("div", {}, stepList(), make("p", { class: "quiet" }, word("keys")))],
  ["closer", closer],
  ...(DATA.practice ? [["practice", practice]] : []),
  ["numbers", numbers],
  ...(DATA.listing ? [["numpy", listing()]] : []),
]);
const main = document.getElementById("main");
main.append(controls(), explanation, panels.element);
main.before(remarks());
canvas.append(framed.holder);
document.getElementById("picture").append(make("div", { class: "foot" }, make("ul", { class: "legend" },
  ["value", "gradient"].map((kind) => make("li", { class: kind }, word(`legend-${kind}`)))), make("p", { id: "stale", class: "quiet", hidden: true }, word("stale-heat"))));

whenever("scale hidden", showScale);
whenever("step numbers hidden", explain);
whenever("step numbers hidden scale", drawStep);
whenever("step", speak);
whenever("step hidden", showStep);
whenever("chosen", markTouched);
whenever("step numbers hidden chosen", showCloser);
whenever("chosen", () => { if (state.chosen) panels.open("closer"); });
startPractice();
startNumbers();

showScale();
fromAddress(OPENED);
panels.open("steps");
showPlaying();
explain();
drawStep();
showCloser();
addEventListener("resize", drawStep);
addEventListener("hashchange", () => fromAddress());
addEventListener("beforeprint", unfold);
addEventListener("afterprint", fold);
document.addEventListener("keydown", onKey);
startFramed();
startScrolled();
