// A page that only collects: what is typed stays in the browser until it is saved as a file.

const fields = [...document.querySelectorAll("input[data-cell]")];
const student = document.getElementById("student");
const place = `backprop-answers ${document.title} ${fields.map((field) => field.dataset.cell).join(" ")}`;

function kept() {
  try { return JSON.parse(localStorage.getItem(place) ?? "null") ?? {}; } catch { return {}; }
}

function keep() {
  const typed = Object.fromEntries([...fields.map((field) => [field.dataset.cell, field.value]), ["", student.value]]);
  try { localStorage.setItem(place, JSON.stringify(typed)); } catch { /* private windows keep nothing */ }
}

for (const field of fields) field.value = kept()[field.dataset.cell ?? ""] ?? "";
student.value = kept()[""] ?? "";
for (const field of [...fields, student]) field.addEventListener("input", keep);

document.getElementById("export").addEventListener("click", () => {
  const answers = fields.map((field) => [field.dataset.cell ?? "", field.value.trim()]).filter(([, text]) => text);
  saveAnswers(student.value, document.body.dataset.problem, answers);
});
document.getElementById("clear").addEventListener("click", () => {
  for (const field of fields) field.value = "";
  keep();
});
