/** @type {{ steps: number[][], marks: string[], labels: string[], play: string, pause: string }} */
const data = JSON.parse(document.getElementById("frames").textContent);
const scene = document.getElementById("scene"), slider = document.getElementById("moment");
const button = document.getElementById("play"), label = document.getElementById("when");
/** @type {number | undefined} */
let timer;
/** @param {number} step */
function show(step) {
  slider.value = String(step);
  scene.innerHTML = data.steps[step].map((number) => data.marks[number]).join("");
  label.textContent = data.labels[step];
  slider.setAttribute("aria-valuetext", data.labels[step]);
}
function stop() {
  clearInterval(timer);
  timer = undefined;
  button.textContent = data.play;
}
function tick() {
  if (+slider.value >= data.steps.length - 1) return stop();
  show(+slider.value + 1);
}
button.addEventListener("click", () => {
  if (timer !== undefined) return stop();
  if (+slider.value >= data.steps.length - 1) show(0);
  button.textContent = data.pause;
  timer = setInterval(tick, 130);
});
slider.addEventListener("input", () => { stop(); show(+slider.value); });
show(data.steps.length - 1);
