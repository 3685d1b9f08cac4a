// What a learner types, read: a number, or a formula over the names of nodes. Read by a grammar of its
// own, made into closures; no text is ever run as a program.

class Unreadable extends Error {
  constructor(kind, what = "") {
    super(kind);
    this.kind = kind;
    this.what = what;
  }
}

const LETTERS = {
  "−": "-", "–": "-", "·": "*", "×": "*", "⋅": "*", "∙": "*", "÷": "/", "≥": ">=", "≤": "<=", "𝟙": "1", "√": " sqrt ", "∛": " cbrt ", "½": "(1/2)", "¼": "(1/4)", "¾": "(3/4)",
  α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", ζ: "zeta", η: "eta", θ: "theta", ι: "iota", κ: "kappa", λ: "lambda", μ: "mu", ν: "nu",
  ξ: "xi", π: "pi", ρ: "rho", τ: "tau", υ: "upsilon", φ: "phi", χ: "chi", ψ: "psi", ω: "omega", Γ: "Gamma", Δ: "Delta", Θ: "Theta", Λ: "Lambda",
  Ξ: "Xi", Π: "Pi", Σ: "Sigma", Φ: "Phi", Ψ: "Psi", Ω: "Omega", "ŷ": "y_hat",
};
const LOW = Object.fromEntries([..."₀₁₂₃₄₅₆₇₈₉"].map((c, i) => [c, String(i)]));
const HIGH = Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((c, i) => [c, String(i)]).concat([["⁻", "-"], ["⁺", "+"]]));

function plainText(text) {
  const low = [...text].map((c) => LETTERS[c] ?? LOW[c] ?? c).join("");
  return low.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+/g, (run) => `^(${[...run].map((c) => HIGH[c]).join("")})`).replace(/σ/g, "sigma");
}

function tokens(text, names) {
  const found = [];
  const pattern = /\s+|((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z][A-Za-z0-9_]*)|(\*\*|[<>]=?|[-+*/^(),|[\]])|(.)/gsu;
  for (const match of plainText(text).matchAll(pattern)) {
    if (match[1]) found.push({ kind: "number", value: Number(match[1]) });
    else if (match[2]) found.push(...words_(match[2], names));
    else if (match[3]) found.push({ kind: match[3] === "**" ? "^" : match[3] });
    else if (match[4]) throw new Unreadable("fault-sign", match[4]);
  }
  return found;
}

// A run of letters is one name, else the fewest names it can be split into: wx is w·x.
function words_(run, names) {
  const one = single(run, names);
  if (one) return [one];
  const base = /^log_(?:(\d+)|(\w+))$/.exec(run);
  if (base) {
    const under = base[1] ? { kind: "number", value: Number(base[1]) } : single(base[2], names);
    if (under && under.kind !== "function") return [{ kind: "function", name: "log", under }];
  }
  /** @type {any[][]} */  // any: tokens of several kinds
  const best = [[]];
  for (let end = 1; end <= run.length; end++) {
    for (let start = 0; start < end; start++) {
      const word = best[start] && single(run.slice(start, end), names);
      if (word && word.kind !== "function" && (!best[end] || best[start].length + 1 < best[end].length)) best[end] = [...best[start], word];
    }
  }
  if (!best[run.length]) throw new Unreadable("fault-name", run);
  return best[run.length];
}

function single(run, names) {
  if (names.has(run)) return { kind: "name", name: run };
  if (run === "sigma" && FUNCTIONS["σ"]) return { kind: "function", name: "σ" };
  if (Object.hasOwn(FUNCTIONS, run)) return { kind: "function", name: run };
  if (run === "pi") return { kind: "number", value: Math.PI, named: true };
  if (run === "e") return { kind: "number", value: Math.E, named: true };
  return null;
}

const COMPARED = { ">": (a, b) => a > b, "<": (a, b) => a < b, ">=": (a, b) => a >= b, "<=": (a, b) => a <= b };

const LONGEST = 2000, DEEPEST = 60;

// Return {evaluate(env), names}: the formula as a function of the nodes' values.
function parseFormula(text, names) {
  if (text.length > LONGEST) throw new Unreadable("fault-long");
  const list = tokens(text, names);
  if (!list.length) throw new Unreadable("fault-empty");
  const used = new Set();
  let at = 0, depth = 0, bars = 0;
  const kind = () => list[at]?.kind;
  const fail = () => {
    if (at >= list.length) throw new Unreadable("fault-end");
    const token = list[at];
    if (token.kind === ",") throw new Unreadable("fault-comma");
    throw new Unreadable("fault-sign", token.name ?? String(token.value ?? token.kind));
  };
  const deeper = (work) => {
    if (++depth > DEEPEST) throw new Unreadable("fault-long");
    const made = work();
    depth--;
    return made;
  };
  const sum = () => deeper(() => {
    let left = product();
    while (kind() === "+" || kind() === "-") {
      const sign = list[at++].kind, a = left, b = product();
      left = sign === "+" ? (env) => a(env) + b(env) : (env) => a(env) - b(env);
    }
    return left;
  });
  const starts = () => ["number", "name", "function", "("].includes(kind()) || (kind() === "|" && !bars);
  const product = () => {
    let left = signed();
    for (;;) {
      const a = left;
      if (kind() === "*") { at++; const b = signed(); left = (env) => a(env) * b(env); }
      else if (kind() === "/") { at++; const b = signed(); left = (env) => a(env) / b(env); }
      else if (starts()) { const b = power(); left = (env) => a(env) * b(env); }
      else return left;
    }
  };
  const signed = () => deeper(() => {
    if (kind() === "-") { at++; const a = signed(); return (env) => -a(env); }
    if (kind() === "+") { at++; return signed(); }
    return power();
  });
  const power = () => {
    const base = atom();
    if (kind() !== "^") return base;
    at++;
    const exponent = signed();
    return (env) => K.power(base(env), exponent(env));
  };
  const atom = () => {
    const token = list[at];
    if (kind() === "number" && token.value === 1 && indicates()) return indicator();
    if (kind() === "number") { at++; return () => token.value; }
    if (kind() === "name") { at++; used.add(token.name); return (env) => env[token.name]; }
    if (kind() === "(") { at++; const saved = bars; bars = 0; const inner = sum(); bars = saved; expect(")"); return inner; }
    if (kind() === "|") { at++; bars++; const inner = sum(); bars--; expect("|"); return (env) => Math.abs(inner(env)); }
    if (kind() === "function") return call();
    return fail();
  };
  const comparison = () => {
    const a = sum(), test = COMPARED[kind()] ?? fail();
    at++;
    const b = sum();
    return (env) => test(a(env), b(env));
  };
  // 1[x > 0] and 1(x > 0): the 1 stands before brackets that hold a comparison.
  const indicates = () => {
    for (let i = at + 1, open = 0; i < list.length; i++) {
      if (list[i].kind === "(" || list[i].kind === "[") open++;
      else if (list[i].kind === ")" || list[i].kind === "]") open--;
      else if (open === 1 && COMPARED[list[i].kind]) return true;
      if (open <= 0) return false;
    }
    return false;
  };
  const indicator = () => {
    const right = list[at + 1].kind === "[" ? "]" : ")";
    at += 2;
    const test = comparison();
    expect(right);
    return (env) => (test(env) ? 1 : 0);
  };
  const choice = () => {
    expect("(");
    const test = comparison();
    expect(",");
    const yes = sum();
    expect(",");
    const no = sum();
    expect(")");
    return (env) => (test(env) ? yes(env) : no(env));
  };
  const call = () => {
    const { name, under } = list[at++];
    if (name === "where") return choice();
    const row = FUNCTIONS[name];
    if (kind() !== "(" && !under) { const operand = deeper(power); return (env) => row.value(operand(env)); }
    expect("(");
    const saved = bars;
    bars = 0;
    const operands = [sum()];
    while (kind() === ",") { at++; operands.push(sum()); }
    bars = saved;
    expect(")");
    if (under) {
      if (under.kind === "name") used.add(under.name);
      operands.push(under.kind === "name" ? (env) => env[under.name] : () => under.value);
    }
    if (operands.length < row.least || operands.length > row.most) throw new Unreadable("fault-sign", name);
    return (env) => row.value(...operands.map((operand) => operand(env)));
  };
  const expect = (sign) => (kind() === sign ? at++ : fail());
  const whole = sum();
  if (at < list.length) fail();
  return { evaluate: whole, names: used };
}

// How precisely a decimal was typed: the worth of its last digit; null for fractions and formulas.
function typedPrecision(text) {
  const match = /^[-+−]?\s*(\d*)(\.?)(\d*)(?:[eE]([+-−]?\d{1,3}))?$/u.exec(text.trim());
  if (!match || !(match[1] || match[3])) return null;
  const power = Number((match[4] ?? "0").replace("−", "-"));
  return { unit: Number(`1e${power - match[3].length}`), decimals: match[3].length };
}
