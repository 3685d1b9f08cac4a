// Whether an answer of a program of single numbers is right, and what a wrong one looks like: a formula is compared
// at many points, a number with what follows from the learner's other numbers and with what the usual slips give.

// Whether a formula gives a quantity at many points of the inputs, the names of nodes standing for
// those nodes' values there: "same", "here" (only at this point) or "other".
function sameFunction(program, rules, quantity, formula, leaves) {
  const draw = sequence(7);
  const inputs = program.nodes.map((node, i) => (node.kind === "input" ? i : -1)).filter((i) => i >= 0);
  let compared = 0, differing = 0;
  for (let trial = 0; trial < 24; trial++) {
    const moved = [...leaves];
    for (const i of inputs) {
      const wide = trial % 3 === 2 ? 4 : trial % 3 === 1 ? 1.5 : 0.4;
      moved[i] = leaves[i] + (draw() * 2 - 1) * wide * (trial % 2 ? 1 : Math.max(0.3, Math.abs(leaves[i])));
    }
    const found = runPass(program, rules, moved);
    const expected = found[quantity];
    if (!Number.isFinite(expected) || Math.abs(expected) > 1e100 || !Number.isFinite(found["v" + program.output])) continue;
    const given = formula.evaluate(environment(program, found));
    compared++;
    const noise = 1e-12 * Math.max(...Object.values(found).filter(Number.isFinite).map(Math.abs));
    if (!(Math.abs(given - expected) <= SAME * Math.max(Math.abs(given), Math.abs(expected)) + noise)) differing++;
  }
  return compared && !differing;
}

function environment(program, found) {
  const env = Object.create(null);
  program.nodes.forEach((node, i) => { if (node.kind !== "constant") env[node.name] = found["v" + i]; });
  return env;
}

// The slips whose number an answer looks like, the nearest fit and the readiest explanation first.
// `rows` are [number, rank, sentence, place]; a number fits to all its digits, to those typed, or nearly.
function fittingSlips(rows, typed) {
  const half = typed.precision ? Math.min(typed.precision.unit / 2, 0.05 * Math.abs(typed.value)) : 0;
  const whole = typed.precision && typed.precision.unit === 1 && Math.abs(typed.value) < 10;
  const fits = [];
  for (const [number, rank, sentence, place] of rows) {
    const apart = Math.abs(number - typed.value);
    const size = Math.max(Math.abs(number), Math.abs(typed.value));
    let fit = 3;
    if (apart <= SAME * size) fit = 0;
    else if (typed.value !== 0 && number !== 0 && !whole) {
      if (apart <= half * 1.0001) fit = 1;
      else if (apart <= Math.min(TOLERANCE * size, 12 * half)) fit = 2;
    }
    if (fit < 3) fits.push({ fit, rank, sentence, place });
  }
  fits.sort((a, b) => a.fit - b.fit || a.rank - b.rank);
  const found = new Map();
  for (const { fit, rank, sentence, place } of fits) {
    if (fit > fits[0].fit) break;
    // A slip at one place says enough; that it could also have been made everywhere adds nothing.
    const scope = Math.floor(rank / 10);
    const known = found.get(sentence);
    if (!known) found.set(sentence, { scope, places: [place] });
    else if (known.scope === scope && known.places.length < 3) known.places.push(place);
  }
  return [...found].slice(0, 3).map(([sentence, { places }]) => ({ sentence, places: places.filter(Boolean) }));
}

// Judge one answer: {status, slips?, value?}. `own` are the other cells' numbers as typed, `sound`
// whether all of those are right.
function judge(question) {
  const { program, rules, quantity, leaves, found, typed, own, sound, rows, decimals } = question;
  const expected = found[quantity];
  if (typed.fault) return { status: "unreadable", fault: typed.fault };
  if (typed.formula) {
    if (sameFunction(program, rules, quantity, typed.formula, leaves)) return { status: "right", formula: true };
    // With a rounded number in it a formula says no more than its number: `v6*(-0.5344)`.
    if (typed.decimal && compareNumber(expected, typed) !== "wrong") return { status: "number" };
    if (near(typed.value, expected, 1e-9)) return { status: "here" };
  } else {
    const verdict = compareNumber(expected, typed);
    if (verdict !== "wrong") return { status: verdict };
    if (decimals && typed.precision?.decimals === decimals && isRounding(expected, typed, 1)) return { status: "rounded" };
  }
  const carried = runPass(program, rules, leaves, own)[quantity];
  if (!near(carried, expected, SAME) && Number.isFinite(carried)) {
    const fits = near(carried, typed.value) || isRounding(carried, typed);
    if (fits && sound && carried * expected > 0 && near(expected, typed.value, 0.25)) return { status: "rounded" };
    if (fits && carried !== 0) return { status: "follows" };
  }
  const slips = rows ? fittingSlips(rows, typed) : [];
  if (slips.length) return { status: "slip", slips };
  if (expected !== 0 && near(typed.value, -expected)) return { status: "sign" };
  return { status: "wrong" };
}
