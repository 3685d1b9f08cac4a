// The file of answers that `backprop-tutor check` reads: a row an answer.

/** @param {string} text */
function csvField(text) {
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

// Without a name there is no column for it: the file is then its own name's.
/** @param {string} student @param {string | undefined} problem @param {string[][]} answers quantity and text */
function saveAnswers(student, problem, answers) {
  const named = student.trim();
  const lead = [...(named ? [named] : []), ...(problem ? [problem] : [])];
  const head = [...(named ? ["student"] : []), ...(problem ? ["problem"] : []), "quantity", "answer"];
  const rows = [head, ...answers.map(([quantity, text]) => [...lead, quantity, text])];
  const text = rows.map((row) => row.map(csvField).join(",")).join("\n") + "\n";
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const linkTo = document.createElement("a");
  linkTo.href = url;
  linkTo.download = "answers.csv";
  document.body.append(linkTo);
  linkTo.click();
  linkTo.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
