// The forward and the backward pass over a program's nodes, in float64.
//
// A program is {nodes: [{code, operands, varies, relevant}], output}; numbers of the leaves are given.
// `own` holds numbers that stand in place of computed ones, as on a learner's sheet: everything below
// is worked out from them.

function runPass(program, rules, leaves, own = {}) {
  const { nodes, output } = program;
  const count = nodes.length;
  const values = new Array(count), found = {};
  for (let i = 0; i < count; i++) {
    const node = nodes[i];
    const value = node.code < 0 ? leaves[i] : rules[node.code].value(...node.operands.map((o) => values[o]));
    found["v" + i] = value;
    values[i] = pick(own, "v" + i, value);
  }
  const gradients = new Array(count).fill(0);
  gradients[output] = pick(own, "g" + output, 1);
  found["g" + output] = 1;
  const parts = nodes.map(() => 0);
  for (let i = count - 1; i >= 0; i--) {
    const node = nodes[i];
    if (i !== output && node.varies) {
      found["g" + i] = node.relevant ? parts[i] : 0;
      gradients[i] = pick(own, "g" + i, found["g" + i]);
    }
    if (node.code < 0) continue;
    const operands = node.operands.map((o) => values[o]);
    node.operands.forEach((source, slot) => {
      if (!nodes[source].varies) return;
      const key = i + "." + slot;
      const slope = rules[node.code].slopes[slot](values[i], ...operands);
      found["l" + key] = slope;
      const down = node.relevant ? gradients[i] * pick(own, "l" + key, slope) : 0;
      found["d" + key] = down;
      if (node.relevant) parts[source] += pick(own, "d" + key, down);
    });
  }
  return found;
}

function pick(own, key, otherwise) {
  return Object.prototype.hasOwnProperty.call(own, key) ? own[key] : otherwise;
}

// Return the first node whose value is no finite number, or -1.
function firstUndefined(program, found) {
  return program.nodes.findIndex((_, i) => !Number.isFinite(found["v" + i]));
}
