// What was typed, read and compared with a number: as homework/quantities/typed_numbers.py decides it.

const TOLERANCE = 0.01, ROUNDING = 0.05, SAME = 1e-7;

function near(one, other, share = TOLERANCE) {
  return Math.abs(one - other) <= share * Math.max(Math.abs(one), Math.abs(other)) * (1 + 1e-12);
}

function isRounding(expected, typed, most = ROUNDING) {
  if (!typed.precision || typed.value === 0) return false;
  const apart = Math.abs(expected - typed.value);
  if (apart > most * Math.max(Math.abs(expected), Math.abs(typed.value))) return false;
  return apart <= (typed.precision.unit / 2) * (1 + 1e-9);
}

// Read an answer: {value, precision, formula} or {fault}.
function readAnswer(text, names, env) {
  try {
    const formula = parseFormula(text, names);
    const value = formula.evaluate(env);
    if (!Number.isFinite(value)) return { fault: new Unreadable("undefined") };
    const typed = formula.names.size ? null : typedPrecision(text);
    return { value, precision: typed, formula: formula.names.size ? formula : null, decimal: /\d[.,]\d/.test(text) };
  } catch (error) {
    if (error instanceof Unreadable) return { fault: error };
    throw error;
  }
}

function compareNumber(expected, typed) {
  if (near(expected, typed.value)) return "right";
  return isRounding(expected, typed) ? "rounded" : "wrong";
}

// A sequence of numbers from 0 to 1 that is the same for everybody.
function sequence(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
