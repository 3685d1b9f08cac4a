// What practice says of an answer: numbers, formulas, slips, matrices, shapes; and what hints cost.

import assert from "node:assert/strict";
import { test } from "node:test";

import { load, pageOf, plain } from "./loading.mjs";

const RULES = [{ value: (a, b) => a * b, slopes: [(_, _a, b) => b, (_, a) => a] }];
const leaf = (name) => ({ name, kind: "input", code: -1, operands: [], varies: true, relevant: true });
const PROGRAM = { nodes: [leaf("x"), leaf("y"), { ...leaf("f"), kind: "operation", code: 0, operands: [0, 1] }], output: 2 };
const { judge, fittingSlips, runPass, readAnswer, environment } = load(
  ["kernel.js", "evaluator.js", "formula.js", "marking.js", "judging.js"],
  ["judge", "fittingSlips", "runPass", "readAnswer", "environment"], { FUNCTIONS: {} },
);

const LEAVES = [-2, 5];
const found = runPass(PROGRAM, RULES, LEAVES);
const NAMES = new Set(["x", "y", "f"]);

function verdict(quantity, text, { own = {}, sound = true, rows = null, decimals = 0 } = {}) {
  const typed = readAnswer(text, NAMES, environment(PROGRAM, found));
  return judge({ program: PROGRAM, rules: RULES, quantity, leaves: LEAVES, found, typed, own, sound, rows, decimals });
}

test("a number is right, of the wrong sign, wrong, or a rounding; a formula is compared at many points", () => {
  const cases = [
    ["v2", "-10", "right"], ["v2", "10", "sign"], ["v2", "7", "wrong"], ["v2", "x*y", "right"], ["v2", "xy", "right"], ["v2", "2x - 6", "here"],
    ["v2", "x*4.99", "number"], ["g0", "y", "right"], ["g0", "-x + 3", "here"], ["g0", "q", "unreadable"], ["g0", "5 5", "wrong"], ["g0", "", "unreadable"],
  ];
  for (const [quantity, text, status] of cases) assert.equal(verdict(quantity, text).status, status, `${text} for ${quantity}`);
});

test("what follows from another cell that is wrong is said to follow", () => {
  assert.equal(verdict("d2.0", "50", { own: { g2: 10 }, sound: false }).status, "follows");
  assert.equal(verdict("d2.0", "50").status, "wrong");
});

test("the nearest slips come first, at three places at most, a sentence once", () => {
  const rows = [[7, 20, "other", "p"], [5, 11, "near", "a"], [5, 10, "first", "a"], [5, 10, "first", "b"], [5, 10, "first", "c"], [5, 10, "first", "d"]];
  const slips = plain(fittingSlips(rows, readAnswer("5", NAMES, {})));
  assert.deepEqual(slips, [{ sentence: "first", places: ["a", "b", "c"] }, { sentence: "near", places: ["a"] }]);
  assert.equal(verdict("v2", "5", { rows }).status, "slip");
});

const DATA = {
  nodes: [{ shape: [2, 2], size: 4 }, { shape: [], size: 1 }, { shape: [3], size: 3 }], edges: { "1.0": { source: 0 } }, scales: [{ name: "layers", steps: [] }],
  practice: { slips: { g0: [[[2, 4, 6, 8], 0, [2, 2]], [[2, 4, 6, 8], 1, [2, 2]]] }, sentences: ["doubled", "doubled"] }, words: {},
};
const ARRAYS = { v0: [1, 2, 3, 4], g0: [1, 2, 3, 4], v1: [7], v2: [1, 2, 3] };
const { judgeMatrix, judgeShape, judgeEntry, readShape, agreed } = load(
  ["kernel.js", "array-evaluator.js", "formula.js", "marking.js", "state.js", "array-judging.js"],
  ["judgeMatrix", "judgeShape", "judgeEntry", "readShape", "agreed"],
  { FUNCTIONS: {}, RULES: null, COMPUTES: false, arrayOf: (quantity) => ARRAYS[quantity], ...pageOf(DATA) },
);

test("a matrix is judged entry by entry, once it is whole", () => {
  assert.equal(judgeMatrix("v0", ["", "", "", ""], {}), null);
  assert.deepEqual(plain(judgeMatrix("v0", ["1", "2", "3", "4"], {})), { status: "right", each: ["right", "right", "right", "right"] });
  assert.deepEqual(plain(judgeMatrix("v0", ["1", "5", "", "4"], {})), { status: "open", empty: 1, wrong: [1], each: ["right", "wrong", null, "right"] });
  assert.deepEqual(plain(judgeMatrix("v0", ["1", "x", "3", "4"], {})), { status: "unreadable", text: "x", at: 1 });
  const doubled = plain(judgeMatrix("g0", ["2", "4", "6", "8"], {}));
  assert.deepEqual([doubled.status, doubled.slips], ["wrong", ["doubled"]]);
});

test("a shape is read in every usual spelling, and a transposed one is told apart", () => {
  const cases = [["2×3", [2, 3]], ["2x3", [2, 3]], ["(2, 3)", [2, 3]], ["[2,3]", [2, 3]], ["3", [3]], ["(3,)", [3]], ["()", []], ["a number", []], ["2×n", null]];
  for (const [text, shape] of cases) assert.deepEqual(plain(readShape(text)), shape, text);
  assert.deepEqual(["3", "(3,)", "1"].map((text) => judgeShape("v2", text).status), ["right", "right", "wrong-shape"]);
  assert.deepEqual(["()", "1", "one"].map((text) => judgeShape("v1", text).status), ["right", "right", "right"]);
});

test("an entry has its own number: right, turned in sign, or of a slip", () => {
  assert.deepEqual(["3", "-3", "6", "seven"].map((text) => judgeEntry("g0", 2, text).status), ["right", "sign", "wrong", "unreadable"]);
  assert.deepEqual(plain(judgeEntry("g0", 2, "6").slips), ["doubled"]);
  assert.equal(judgeEntry("g0", 2, " "), null);
});

test("Korean particles agree with the sound before them", () => {
  const cases = [["값을(를)", "값을"], ["노드을(를)", "노드를"], ["w₁은(는)", "w₁은"], ["w₂은(는)", "w₂는"], ["x와(과)", "x와"], ["식와(과)", "식과"]];
  for (const [given, expected] of cases) assert.equal(agreed(given), expected);
});

const sheet = { verdicts: {}, revealed: [], hints: {}, predicted: {} };
const hints = load(["sheet-parts.js", "hints.js"], ["RUNGS", "worth", "percent", "pointsOf"], { sheet, make: () => null });

test("each hint costs its share of the point, and a shown answer all of it", () => {
  assert.deepEqual([0, 1, 4, 5].map(hints.worth), [1, 0.8, 0.2, 0]);
  assert.deepEqual([hints.percent(0.8), hints.percent(1 / 3)], ["80 %", "33 %"]);
  Object.assign(sheet, { verdicts: { v1: { status: "right" }, v2: { status: "rounded" }, v3: { status: "wrong" } }, hints: { v2: 2 }, revealed: ["v4"] });
  assert.deepEqual(["v1", "v2", "v3", "v4"].map(hints.pointsOf), [1, 0.6, 0, 0]);
  sheet.predicted = { g1: { sign: true, size: true }, g2: { sign: true, size: false } };
  assert.deepEqual(["g1", "g2"].map(hints.pointsOf), [0.5, 0]);
});
