// What is guessed of a number before it is computed, its sign and its size, and how good the guess was.

/** @type {[number, number][]} */
const SIZES = [[0, 0.001], [0.001, 0.01], [0.01, 0.1], [0.1, 1], [1, 10], [10, Infinity]];
const SIGNS = ["+", "−", "0"];

function sizeText([low, high]) {
  return low === 0 ? word("size-below", { high: shown(high) }) : high === Infinity ? word("size-above", { low: shown(low) }) : word("size-between", { low: shown(low), high: shown(high) });
}

function signOfNumber(value) {
  return value > 0 ? "+" : value < 0 ? "−" : "0";
}

function sizeOfNumber(value) {
  return SIZES.findIndex(([low, high]) => Math.abs(value) >= low && Math.abs(value) < high);
}

// One of several, in a frame with a heading; each choice is a value and its text.
function choicesOf(group, legend, choices) {
  return make("fieldset", { class: "group" }, make("legend", {}, legend),
    choices.map(([value, text]) => make("label", { class: "choice" }, make("input", { type: "radio", name: group, value }), " ", text)));
}

function guessesOf(sign, size) {
  return [choicesOf("sign", sign, SIGNS.map((each) => [each, each])), choicesOf("size", size, SIZES.map((each, i) => [i, sizeText(each)]))];
}

function chosenIn(form, group) {
  return form.querySelector(`[name=${group}]:checked`)?.value;
}

// Whether sign and size are right; null where something is not yet chosen.
function guessIn(form, value) {
  const [sign, size] = [chosenIn(form, "sign"), chosenIn(form, "size")];
  if (!sign || (sign !== "0" && size === undefined)) return null;
  return { sign: sign === signOfNumber(value), size: sign === "0" ? value === 0 : Number(size) === sizeOfNumber(value) };
}

function guessWords({ sign, size }) {
  return word(sign ? (size ? "predicted-both" : "predicted-sign") : size ? "predicted-size" : "predicted-none");
}
