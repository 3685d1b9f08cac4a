// The player of a notebook's output cell: one picture a step.

/** @type {string[]} */
const pictures = JSON.parse(document.getElementById("frames").textContent);
const frame = document.getElementById("frame");
const slider = document.getElementById("slider");

/** @param {number} number */
function showFrame(number) {
  const wanted = Math.max(0, Math.min(pictures.length - 1, number));
  slider.value = String(wanted);
  frame.innerHTML = pictures[wanted];
  document.getElementById("count").textContent = `${wanted + 1} / ${pictures.length}`;
}

document.getElementById("back").addEventListener("click", () => showFrame(Number(slider.value) - 1));
document.getElementById("next").addEventListener("click", () => showFrame(Number(slider.value) + 1));
slider.addEventListener("input", () => showFrame(Number(slider.value)));
document.addEventListener("keydown", (event) => {
  if (event.target === slider) return;
  if (event.key === "ArrowRight") showFrame(Number(slider.value) + 1);
  if (event.key === "ArrowLeft") showFrame(Number(slider.value) - 1);
});
showFrame(0);
