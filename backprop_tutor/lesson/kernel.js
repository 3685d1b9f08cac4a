// What the operations' rules may call, on single float64 numbers. The rules themselves are written by
// javascript.py from the table of operations; this file knows no operation's slope.

const K = {
  sqrtPi: Math.sqrt(Math.PI),
  exp: Math.exp, log: Math.log, log2: Math.log2, log10: Math.log10, log1p: Math.log1p,
  expm1: Math.expm1, sqrt: Math.sqrt, cbrt: Math.cbrt, absolute: Math.abs, sign: Math.sign,
  sin: Math.sin, cos: Math.cos, tan: Math.tan, asin: Math.asin, acos: Math.acos, atan: Math.atan,
  sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh, asinh: Math.asinh, acosh: Math.acosh, atanh: Math.atanh,
  hypot: Math.hypot,

  sigmoid(a) {
    if (a >= 0) return 1 / (1 + Math.exp(-a));
    const e = Math.exp(a);
    return e / (1 + e);
  },

  softplus(a) {
    return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
  },

  softmax(index, ...scores) {
    const top = Math.max(...scores);
    const shares = scores.map((z) => Math.exp(z - top));
    return shares[index] / shares.reduce((sum, share) => sum + share, 0);
  },

  logsumexp(...scores) {
    const top = scores.indexOf(Math.max(...scores));
    return scores[top] + Math.log1p(scores.reduce((sum, z, i) => (i === top ? sum : sum + Math.exp(z - scores[top])), 0));
  },

  // Over the reals: nothing under a negative base with a broken exponent, nothing for 0 below 0.
  power(a, b) {
    return Math.pow(a, b);
  },

  maximum(a, b) {
    return a >= b ? a : b;
  },

  minimum(a, b) {
    return a <= b ? a : b;
  },

  // The sum with what rounding lost on the way put back (Neumaier).
  total(...terms) {
    let sum = 0, lost = 0;
    for (const term of terms) {
      const next = sum + term;
      lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
      sum = next;
    }
    return Number.isFinite(lost) ? sum + lost : sum;
  },

  average(...terms) {
    const sum = K.total(...terms);
    return Number.isFinite(sum) ? sum / terms.length : K.total(...terms.map((term) => term / terms.length));
  },

  // exp(-a²/share), its exponent in two parts of which the larger has no rounding error.
  gaussian(a, share) {
    const x = Math.min(60, Math.abs(a)), cut = Math.floor(x * 16) / 16;
    return Math.exp(-(cut * cut) / share) * Math.exp((-(x - cut) * (x + cut)) / share);
  },

  // The share of the normal distribution below a; what rounding a/√2 loses is put back (Dekker).
  normal(a) {
    if (Number.isNaN(a)) return NaN;
    const b = Math.max(-60, Math.min(60, a)), root = 0.7071067811865476, splitter = 134217729;
    const x = -b * root, high = splitter * b - (splitter * b - b), low = b - high;
    const top = splitter * root - (splitter * root - root), rest = root - top;
    const lost = -(high * top + x + high * rest + low * top + low * rest) + b * 4.833646656726457e-17;
    return (K.erfc(x) - (2 / K.sqrtPi) * Math.exp(-x * x) * lost) / 2;
  },

  // What the error function lacks to 1: a continued fraction where erf is near 1.
  erfc(a) {
    if (!(a >= 0.5)) return 1 - K.erf(a);
    let tail = a;
    for (let n = Math.ceil(60 + 220 / (a * a)); n > 0; n--) tail = a + n / 2 / tail;
    return K.gaussian(a, 1) / (K.sqrtPi * tail);
  },

  // The error function: a series of positive terms near 0, a continued fraction far out.
  erf(a) {
    const x = Math.abs(a);
    if (Number.isNaN(x)) return NaN;
    if (x > 6) return Math.sign(a);
    const bell = Math.exp(-x * x);
    if (x < 2.5) {
      let term = x, sum = x;
      for (let n = 1; term > sum * 1e-17 && n < 200; n++) {
        term *= (2 * x * x) / (2 * n + 1);
        sum += term;
      }
      return Math.sign(a) * (2 / K.sqrtPi) * bell * sum;
    }
    let tail = x;
    for (let n = 120; n > 0; n--) tail = x + n / 2 / tail;
    return Math.sign(a) * (1 - bell / (K.sqrtPi * tail));
  },
};
