// Whether a matrix, a shape or an entry is right: entry by entry as on a sheet of numbers; a wrong matrix is
// compared with those that the usual slips make of this program, and with what follows from the learner's own.

function readEntry(text) {
  return readAnswer(text.trim(), new Set(), {});
}

function judgeMatrix(quantity, texts, ownArrays) {
  const expected = arrayOf(quantity);
  const read = expected.map((_, i) => ((texts[i] ?? "").trim() ? readEntry(texts[i]) : null));
  const empty = read.filter((each) => each === null).length;
  if (empty === expected.length) return null;
  const bad = read.findIndex((each) => each?.fault);
  if (bad >= 0) return { status: "unreadable", text: texts[bad], at: bad };
  const each = read.map((typed, i) => (typed ? compareNumber(expected[i], typed) : null));
  const wrong = each.map((status, i) => (status === "wrong" ? i : -1)).filter((i) => i >= 0);
  if (empty) return { status: "open", empty, wrong, each };
  if (!wrong.length) return { status: each.includes("rounded") ? "rounded" : "right", each };
  if (followsFrom(quantity, read, ownArrays)) return { status: "follows", wrong, each };
  return { status: "wrong", wrong, each, slips: slipsOf(quantity, read) };
}

function followsFrom(quantity, read, ownArrays) {
  if (!COMPUTES || !Object.keys(ownArrays).length) return false;
  const found = runArrays(DATA, RULES, state.leaves, ownArrays)[quantity];
  return found.every((value, i) => compareNumber(value, read[i]) !== "wrong");
}

const MOST_SLIPS = 3;

// The sentences of the slips that give every entry as it was typed.
/** @param {string} quantity @param {number[]} read @param {number[] | null} shape */
function slipsOf(quantity, read, shape = null) {
  if (state.changed) return [];
  const rows = PRACTICE.slips[quantity] ?? [];
  const fits = rows.filter(([wrong, , made]) => wrong.length === read.length
    && (!shape || made.join() === shape.join()) && (shape || made.join() === DATA.nodes[placeOf(quantity)].shape.join())
    && wrong.every((value, i) => compareNumber(value, read[i]) !== "wrong"));
  return [...new Set(fits.map(([, says]) => PRACTICE.sentences[says]))].slice(0, MOST_SLIPS);
}

function placeOf(quantity) {
  return quantity[0] === "d" ? DATA.edges[quantity.slice(1)].source : Number(quantity.slice(1));
}

// `2×3`, `2x3`, `(2, 3)`, `[2,3]`, `3`, `(3,)`; a single number is `()`, `1` or a word.
function readShape(text) {
  const plain = text.trim().replace(/^[([{]|[)\]}]$/g, "").trim();
  if (!plain || /^[^\d\s]+( [^\d\s]+)*$/.test(plain)) return [];
  const parts = plain.split(/\s*[×xX*,;]\s*|\s+/).filter(Boolean);
  return parts.every((part) => /^\d+$/.test(part)) ? parts.map(Number) : null;
}

function judgeShape(quantity, text) {
  if (!text.trim()) return null;
  const given = readShape(text), { shape } = DATA.nodes[placeOf(quantity)];
  if (!given) return { status: "shape-unread" };
  const scalar = !shape.length && (!given.length || (given.length === 1 && given[0] === 1));
  if (scalar || given.join() === shape.join()) return { status: "right" };
  const turned = given.length === 2 && [...given].reverse().join() === shape.join();
  return { status: turned ? "transposed" : "wrong-shape", given: given.join("×") || "()" };
}

function judgeEntry(quantity, flat, text) {
  if (!text.trim()) return null;
  const read = readEntry(text), expected = arrayOf(quantity)[flat];
  if (read.fault) return { status: "unreadable", text };
  const status = compareNumber(expected, read);
  if (status !== "wrong") return { status };
  if (near(-expected, read.value)) return { status: "sign" };
  const slips = state.changed ? [] : (PRACTICE.slips[quantity] ?? [])
    .filter(([wrong, , shape]) => shape.join() === DATA.nodes[placeOf(quantity)].shape.join() && compareNumber(wrong[flat], read) !== "wrong" && !near(wrong[flat], expected, 1e-9));
  return { status, slips: [...new Set(slips.map(([, says]) => PRACTICE.sentences[says]))].slice(0, MOST_SLIPS) };
}
