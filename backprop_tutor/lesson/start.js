// The page is put together and begins at the step in its address.

const { box } = DATA;
makeFlows();
makeTouchable();
makeLinks();

document.getElementById("top").append(
  make("div", { class: "heading" }, make("h1", {}, DATA.title), DATA.program.length <= 2 ? programLines() : ""),
  settings());
const foot = make("div", { class: "foot" }, make("ul", { class: "legend" },
  ["value", "gradient", "local"].concat(USES.some((keys) => keys.length > 1) ? ["downstream"] : [])
    .map((kind) => make("li", { class: kind }, word(`legend-${kind}`)))));

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
document.getElementById("picture").append(foot);
foot.append(zoom(box));
canvas.append(framed.holder);
canvas.after(asking);
canvas.addEventListener("scroll", placeAsking);

whenever("scale", showScale);
whenever("scale", () => {
  for (const kind of ["value", "gradient"]) {
    foot.querySelector(`.legend .${kind}`).textContent =
      word(`legend-${kind}${state.scale === "gates" ? "" : `-${state.scale}`}`);
  }
});
whenever("step numbers hidden scale", drawStep);
whenever("step numbers hidden", explain);
whenever("numbers hidden", () => fill(document.getElementById("step-list")));
whenever("step", speak);
whenever("step", showStep);
whenever("step", follow);
whenever("chosen", markChosen);
whenever("chosen", markTouched);
whenever("step numbers hidden chosen", showCloser);
whenever("chosen", () => { if (state.chosen) panels.open("closer"); });
startPractice();
startNumbers();
restoreNumbers();
makeEditable();

showScale();
if (!fromAddress(OPENED)) goToScale(narrow() ? DATA.phone : DATA.opening);
panels.open("steps");
addEventListener("resize", drawStep);
addEventListener("resize", placeAsking);
showPlaying();
drawStep();
explain();
showCloser();
fill(document);
follow();
addEventListener("hashchange", () => fromAddress());
addEventListener("beforeprint", unfold);
addEventListener("afterprint", fold);
document.addEventListener("keydown", onKey);
startFramed();
startScrolled();
