// Numbers as they are shown, by the same rules as render/narration/numbers.py, and as they are typed.

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

// Digits rounded half to even on the exact binary value, as Python's formatting does.
function scientific(size, digits) {
  const plain = size.toExponential(digits - 1);
  const long = size.toExponential(60);
  const [mantissa, power] = long.split("e");
  const all = mantissa.replace(".", "");
  const even = Number(all[digits - 1]) % 2 === 0;
  if (!even || !/^50*$/.test(all.slice(digits))) return plain;
  const kept = all.slice(0, digits);
  return kept[0] + (digits > 1 ? "." + kept.slice(1) : "") + "e" + power;
}

function shown(value, digits = 4) {
  if (Number.isNaN(value)) return "undefined";
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  if (size === Infinity) return sign + "∞";
  if (size === 0) return "0";
  if (Number.isInteger(size) && size < 1e12 && String(size).length <= 12) return sign + String(size);
  const [mantissa, exponent] = scientific(size, digits).split("e");
  const power = Number(exponent);
  const figures = mantissa.replace(".", "");
  if (-5 < power && power < Math.max(digits, 6)) {
    return sign + trimmed(power >= digits - 1 ? whole(size) : placed(figures, power));
  }
  return `${sign}${trimmed(mantissa)}×10${[...String(power)].map((c) => RAISED[c]).join("")}`;
}

function whole(size) {
  const down = Math.floor(size);
  const tie = size - down === 0.5;
  return String(tie ? down + (down % 2) : Math.round(size));
}

function placed(figures, power) {
  if (power < 0) return "0." + "0".repeat(-power - 1) + figures;
  return figures.slice(0, power + 1) + "." + figures.slice(power + 1);
}

function trimmed(text) {
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}

// Return the number that a shown text stands for.
function shownValue(text) {
  const plain = text.replace(/−/g, "-").replace(/[()]/g, "");
  const [base, power] = plain.split("×10");
  const [top, bottom] = base.split("/");
  const back = Object.fromEntries(Object.entries(RAISED).map(([k, v]) => [v, k]));
  const tail = power === undefined ? "" : `e${[...power].map((c) => back[c]).join("")}`;
  return Number(top + tail) / (bottom === undefined ? 1 : Number(bottom));
}
