// Numbers on the page: as Python shows them, operations as Python computes them, typed ones as Python reads them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CASES, load } from "./loading.mjs";

const { shown, shownValue, scientific } = load(["numbers.js"], ["shown", "shownValue", "scientific"]);
const { K } = load(["kernel.js"], ["K"]);
const { readAnswer, compareNumber, near, isRounding } = load(
  ["kernel.js", "formula.js", "marking.js"], ["readAnswer", "compareNumber", "near", "isRounding"], { FUNCTIONS: {} },
);

test("a number is shown with so many figures, half to even on its exact value", () => {
  for (const [value, digits, text] of CASES.shown) assert.equal(shown(value, digits), text, `${value} to ${digits}`);
  assert.deepEqual([NaN, Infinity, -Infinity].map((value) => shown(value)), ["undefined", "∞", "−∞"]);
});

test("a shown number is read back to within half a unit of its last figure", () => {
  for (const [value, digits, text] of CASES.shown) {
    const back = shownValue(text);
    assert.ok(Math.abs(back - value) <= Math.abs(value) * 0.51 * 10 ** (1 - digits) + Number.MIN_VALUE, `${text} is ${back}`);
  }
  assert.equal(shownValue("(−1/4)"), -0.25);
});

test("a tie is rounded to the even digit, anything above it up", () => {
  assert.deepEqual([scientific(0.125, 2), scientific(0.375, 2), scientific(0.1250000001, 2)], ["1.2e-1", "3.8e-1", "1.3e-1"]);
});

test("operations hold where a plain formula overflows or cancels", () => {
  for (const [name, given, expected] of CASES.operations) {
    const found = K[name](...given);
    assert.ok(Math.abs(found - expected) <= 4e-15 * Math.abs(expected) + 1e-320, `${name}(${given}) = ${found}, not ${expected}`);
  }
  assert.ok(Number.isNaN(K.erf(NaN)) && Number.isNaN(K.normal(NaN)) && Number.isNaN(K.power(-8, 1 / 3)));
});

test("what is typed is right, rounded, wrong or no number", () => {
  for (const [text, expected, status] of CASES.typed) {
    const typed = readAnswer(text, new Set(), {});
    assert.equal(typed.fault ? "unreadable" : compareNumber(expected, typed), status, `${text} for ${expected}`);
  }
});

test("near is a share of the larger number, and a rounding half a unit of the last digit typed", () => {
  assert.deepEqual([near(100, 101), near(100, 101.1), near(0, 1e-9), near(-1, 1)], [true, false, false, false]);
  const typed = readAnswer("0.3", new Set(), {});
  assert.deepEqual([isRounding(0.31, typed), isRounding(0.351, typed), isRounding(0.28, typed)], [true, false, false]);
});
