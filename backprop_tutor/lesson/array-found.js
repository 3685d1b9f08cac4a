// The numbers of a program of arrays: what is found, known by now, hidden, and how it is written. A quantity
// is `v3`, `g3`, `d5.0` or `s5.0`; each is a flat array, row by row.

const FIRST_LEAVES = DATA.nodes.map((node, i) => (node.kind === "operation" ? undefined : DATA.numbers["v" + i]));
const COMPUTES = RULES !== null;

Object.assign(state, { leaves: [...FIRST_LEAVES], found: DATA.numbers, slopes: new Map() });

function setLeaves(leaves) {
  state.leaves = leaves;
  state.changed = leaves.some((array, i) => array !== FIRST_LEAVES[i] && array.some((value, n) => value !== FIRST_LEAVES[i]?.[n]));
  state.found = state.changed ? runArrays(DATA, RULES, leaves) : DATA.numbers;
  state.slopes.clear();
  tell("numbers");
}

function arrayOf(quantity) {
  return quantity[0] === "s" ? entrywiseSlopes(quantity.slice(1)) : state.found[quantity];
}

// The slopes along an edge that goes entry by entry: what it hands back for a gradient of ones.
function entrywiseSlopes(key) {
  const { target, slot } = DATA.edges[key];
  const node = DATA.nodes[target];
  if (!COMPUTES) return [];
  return RULES[node.code].slopes[slot](new Array(node.size).fill(1), state.found["v" + target], ...node.operands.map((o) => state.found["v" + o]));
}

// What entry `entry` of a node's value hands back along a slot, kept until the numbers change.
function slopesAt(target, slot, entry) {
  const key = `${target}.${slot}.${entry}`;
  if (!state.slopes.has(key)) state.slopes.set(key, COMPUTES ? slopesOf(DATA, RULES, state.found, target, slot, entry) : null);
  return state.slopes.get(key);
}

function sinceNow(quantity) {
  return DATA.since[quantity] ?? 0;
}

// Arrays are told by the tables; an element of the picture has its name alone.
function toldOf(_what) {
  return "";
}

// What would give a hidden quantity away.
function givesAway(kind, rest, hidden) {
  if (kind === "g") {
    const [only, more] = uses(Number(rest));
    return (only !== undefined && more === undefined && hidden.has("d" + only)) || passedOn(Number(rest)).some((g) => hidden.has(g));
  }
  const { source, target } = DATA.edges[rest];
  if (kind === "s") return [target, ...DATA.nodes[target].operands].some((place) => hidden.has("v" + place));
  return hidden.has("g" + source) || (DATA.alike[rest] !== undefined && hidden.has("g" + target));
}

// The gradients that are the same numbers: where a sum hands on what it gets.
function passedOn(place) {
  const down = Object.entries(DATA.alike).filter(([, source]) => source === place).map(([key]) => "g" + DATA.edges[key].target);
  const up = Object.entries(DATA.alike).filter(([key]) => DATA.edges[key].target === place).map(([, source]) => "g" + source);
  return [...down, ...up];
}

// Digits for a whole table, so that decimals stand under one another: as render/layers/entries.py has them.
function decimalsOf(array, figures = DATA.figures) {
  const largest = Math.max(0, ...array.map(Math.abs));
  let power = 0;
  if (largest && !(largest >= 1e-3 && largest < 1e5)) power = Math.floor(Math.log10(largest));
  const scaled = array.map((value) => value / 10 ** power);
  const size = largest ? Math.floor(Math.log10(largest / 10 ** power)) : 0;
  let decimals = Math.min(Math.max(figures - 1 - size, 0), figures + 1);
  while (decimals && scaled.every((value) => Math.abs(Number(value.toFixed(decimals - 1)) - value) <= 1e-12 * Math.abs(value))) decimals--;
  return [decimals, power];
}

function fixed(value, decimals, power = 0) {
  if (!Number.isFinite(value)) return shown(value);
  const text = (value / 10 ** power).toFixed(decimals);
  return text.startsWith("-") ? (Number(text) ? `−${text.slice(1)}` : text.slice(1)) : text;
}

// A number as its table shows it: with the table's decimals.
function numberText(value, array) {
  const [decimals, power] = decimalsOf(array);
  return power || (value && Math.abs(value) < 10 ** -decimals) ? shown(value, DATA.figures) : fixed(value, decimals);
}

// Tables and sums are written with their numbers: nothing on these pages is left to fill in.
function fill(_root) {}

function entryText(quantity, flat) {
  if (isHidden(quantity)) return "?";
  const value = arrayOf(quantity)?.[flat];
  return value === undefined ? "…" : numberText(value, arrayOf(quantity));
}
