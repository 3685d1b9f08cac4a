// Before a step on the way back over matrices: the shape of what it finds, and the sign and size of one entry.

// The first gradient of a step that is open and to be predicted; of a shape asked for alone there is no need.
function predictsNow() {
  if (!DATA.practice || !sheet.on || sheet.whole || !sheet.predict || stepNow()?.phase === "forward") return null;
  return allAsked().find((cell) => sinceNow(cell.quantity) === state.step && cell.part !== "shape" && "gd".includes(cell.quantity[0]) && !isSettled(cell)) ?? null;
}

// The right shape among those at hand: it turned, and those of the arrays that this step takes.
function shapesFor(quantity) {
  const { shape } = DATA.nodes[placeOf(quantity)];
  const near = (stepNow().parts ?? []).flatMap(({ tables = [], result }) => [...tables, ...(result ? [result] : [])]).map((table) => table.shape);
  const texts = [...new Set([shape, [...shape].reverse(), ...near].filter((one) => one.length).map(shapeText))].slice(0, 4);
  const draw = sequence(placeOf(quantity) + 1);
  return texts.map((text) => [draw(), text]).sort((a, b) => a[0] - b[0]).map(([, text]) => [text, text]);
}

function entryAsked(quantity) {
  const table = answerTable(quantity);
  const [row, column] = telling(table);
  return { flat: flatOf(table, row, column), name: entryName(table, row, column), alone: !table.shape.length };
}

function predictionForm(cell) {
  const { quantity } = cell;
  const { flat, name, alone } = entryAsked(quantity);
  const shapes = alone ? [] : shapesFor(quantity);
  const form = make("form", { id: "prediction", on: { submit: (event) => { event.preventDefault(); predict(cell, flat, form); } } },
    make("p", {}, make("b", {}, word("predict-first")), " ", math(slopeOrTerm(quantity))),
    shapes.length > 1 ? choicesOf("shape", word("predict-shape"), shapes) : "",
    alone ? guessesOf(word("predict-sign"), word("predict-size")) : guessesOf(word("predict-sign-of", { entry: name }), word("predict-size-of", { entry: name })),
    make("button", { type: "submit", class: "main", id: "predict" }, word("predict-show")));
  return form;
}

function predict(cell, flat, form) {
  const guess = guessIn(form, arrayOf(cell.quantity)[flat]);
  const asked = form.querySelector("[name=shape]"), given = chosenIn(form, "shape");
  if (!guess || (asked && !given)) return;
  if (asked) guess.shape = given === shapeText(DATA.nodes[placeOf(cell.quantity)].shape);
  sheet.predicted[cell.key] = guess;
  keepSheet();
  if (!predictsNow()) document.getElementById("go-next").focus({ preventScroll: true });
}

function predictionWords({ key, quantity }) {
  const guess = sheet.predicted[key];
  const good = guess.sign && guess.size && guess.shape !== false;
  const { shape } = DATA.nodes[placeOf(quantity)];
  const told = [guessWords(guess), ...(guess.shape === false ? [word("predicted-other-shape", { shape: shapeText(shape) })] : [])];
  return [good ? "good" : "bad", `${good ? "✓" : "✗"} ${told.join("; ")}`];
}

// What was said of this step's predictions, above what the step tells.
function predictionsTold() {
  if (!DATA.practice || !sheet.on) return [];
  const own = allAsked().filter((cell) => sinceNow(cell.quantity) === state.step && cell.key in sheet.predicted);
  return own.map((cell) => {
    const [kind, text] = verdictWords(cell);
    return make("p", { class: `verdict ${kind}` }, math(slopeOrTerm(cell.quantity)), " ", text);
  });
}
