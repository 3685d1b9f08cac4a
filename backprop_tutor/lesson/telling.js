// A step said aloud, and all steps on paper.

// On paper every step stands with its words, in order, below the picture.
const MOST_PRINTED = 200;

function unfold() {
  if (last() > MOST_PRINTED) return;
  const steps = view().steps.map((step) => make("section", { class: "printed" }, make("h2", {}, step.title), bodyOf(step)));
  const all = make("section", { id: "all-steps" }, steps);
  fill(all);
  document.getElementById("main").append(all);
}

function fold() {
  document.getElementById("all-steps")?.remove();
}

// Said aloud to those who do not see the page; with numbers of its own when they were changed.
function speak() {
  const step = stepNow();
  let text = step ? step.speech : DATA.words.start;
  if (step && (state.changed || state.hidden.size)) text = `${step.title}. ${spoken(document.getElementById("step-body"))}`;
  document.getElementById("speech").textContent = text;
}

function spoken(root) {
  return root.textContent.replace(/\s+/g, " ").trim();
}
