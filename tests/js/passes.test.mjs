// The passes of a page: over numbers and over arrays, with a learner's own numbers in place of computed ones.

import assert from "node:assert/strict";
import { test } from "node:test";

import { load, plain } from "./loading.mjs";

const { runPass, firstUndefined } = load(["evaluator.js"], ["runPass", "firstUndefined"]);
const { runArrays, slopesOf } = load(["array-evaluator.js"], ["runArrays", "slopesOf"]);

const leaf = (varies = true) => ({ code: -1, operands: [], varies, relevant: true });
const RULES = [
  { value: (a, b) => a * b, slopes: [(_, _a, b) => b, (_, a) => a] },
  { value: (a, b) => a + b, slopes: [() => 1, () => 1] },
  { value: Math.log, slopes: [(_, a) => 1 / a] },
];
const op = (code, ...operands) => ({ code, operands, varies: true, relevant: true });
// f = x·y + x
const PROGRAM = { nodes: [leaf(), leaf(), op(0, 0, 1), op(1, 2, 0)], output: 3 };

test("values go forward, gradients back, and a node used twice gathers both contributions", () => {
  const found = runPass(PROGRAM, RULES, [3, 5]);
  assert.deepEqual(plain(found), {
    v0: 3, v1: 5, v2: 15, v3: 18, g3: 1, "l3.0": 1, "d3.0": 1, "l3.1": 1, "d3.1": 1,
    g2: 1, "l2.0": 5, "d2.0": 5, "l2.1": 3, "d2.1": 3, g1: 3, g0: 6,
  });
});

test("a learner's own number stands in place of the computed one, below it only", () => {
  const found = runPass(PROGRAM, RULES, [3, 5], { g2: 10, v2: 0 });
  assert.deepEqual([found.g2, found["d2.0"], found.g1, found.v2, found.v3], [1, 50, 30, 15, 3]);
  assert.equal(runPass(PROGRAM, RULES, [3, 5], { toString: 1 }).v3, 18);
});

test("what the output does not depend on has gradient 0, and what does not vary has none", () => {
  const nodes = [leaf(), { ...leaf(), relevant: false }, leaf(false), op(0, 0, 2)];
  const found = runPass({ nodes, output: 3 }, RULES, [2, 7, 4]);
  assert.deepEqual([found.g0, found.g1, found.g2, found["l3.1"]], [4, 0, undefined, undefined]);
});

test("the first node without a finite value is found", () => {
  const program = { nodes: [leaf(), op(2, 0), op(1, 1, 0)], output: 2 };
  assert.equal(firstUndefined(program, runPass(program, RULES, [-1])), 1);
  assert.equal(firstUndefined(program, runPass(program, RULES, [0])), 1);
  assert.equal(firstUndefined(program, runPass(program, RULES, [1])), -1);
});

test("ten thousand operations in a chain are passed without recursion", () => {
  const nodes = [leaf(), ...Array.from({ length: 10_000 }, (_, i) => op(1, i, i))];
  const found = runPass({ nodes, output: 10_000 }, [null, { value: (a) => a, slopes: [() => 0.5, () => 0.5] }], [1]);
  assert.equal(found.g0, 1);
});

const ARRAY_RULES = [
  { value: (a, b) => a.map((x, i) => x * b[i]), slopes: [(g, _, _a, b) => g.map((x, i) => x * b[i]), (g, _, a) => g.map((x, i) => x * a[i])] },
  { value: (a) => [a.reduce((sum, x) => sum + x, 0)], slopes: [(g, _, a) => a.map(() => g[0])] },
];
const ARRAYS = { nodes: [{ ...leaf(), size: 2 }, { ...op(0, 0, 0), size: 2 }, { ...op(1, 1), size: 1 }], output: 2 };

test("arrays go forward and back entry by entry; both uses of an operand add up", () => {
  const found = runArrays(ARRAYS, ARRAY_RULES, [[2, 3]]);
  assert.deepEqual(plain(found), { v0: [2, 3], v1: [4, 9], v2: [13], g2: [1], g1: [1, 1], "d2.0": [1, 1], "d1.0": [2, 3], "d1.1": [2, 3], g0: [4, 6] });
  assert.deepEqual(plain(runArrays(ARRAYS, ARRAY_RULES, [[2, 3]], { g1: [0, 10] }).g0), [0, 60]);
});

test("one entry's slopes are what it alone hands back", () => {
  const found = runArrays(ARRAYS, ARRAY_RULES, [[2, 3]]);
  assert.deepEqual(plain(slopesOf(ARRAYS, ARRAY_RULES, found, 1, 0, 1)), [0, 3]);
  assert.equal(slopesOf(ARRAYS, ARRAY_RULES, found, 0, 0, 0), null);
});
