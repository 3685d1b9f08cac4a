const data = JSON.parse(document.getElementById("frames").textContent);
const scene = document.getElementById("scene"), slider = document.getElementById("moment");
const button = document.getElementById("play"), label = document.getElementById("when");
let timer = null;
function show(step) {
  slider.value = step;
  scene.innerHTML = data.steps[step].map((number) => data.marks[number]).join("");
  label.textContent = data.labels[step];
  slider.setAttribute("aria-valuetext", data.labels[step]);
}
function stop() {
  clearInterval(timer);
  timer = null;
  button.textContent = data.play;
}
function tick() {
  if (+slider.value >= data.steps.length - 1) return stop();
  show(+slider.value + 1);
}
button.addEventListener("click", () => {
  if (timer !== null) return stop();
  if (+slider.value >= data.steps.length - 1) show(0);
  button.textContent = data.pause;
  timer = setInterval(tick, 130);
});
slider.addEventListener("input", () => { stop(); show(+slider.value); });
show(data.steps.length - 1);
