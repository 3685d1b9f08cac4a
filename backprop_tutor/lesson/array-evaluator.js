// The forward and the backward pass over a program's arrays, in float64; every array is flat, row by row.
//
// A program is {nodes: [{code, operands, size, varies, relevant}], output}; the arrays of the leaves are
// given. `own` holds arrays that stand in place of computed ones, as on a learner's sheet.

function runArrays(program, rules, leaves, own = {}) {
  const { nodes, output } = program;
  const values = [], found = {};
  nodes.forEach((node, i) => {
    found["v" + i] = node.code < 0 ? leaves[i] : rules[node.code].value(...node.operands.map((o) => values[o]));
    values.push(own["v" + i] ?? found["v" + i]);
  });
  const gradients = new Array(nodes.length);
  gradients[output] = found["g" + output] = [1];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    if (!node.varies) continue;
    if (i !== output) {
      found["g" + i] = gradients[i] ?? values[i].map(() => 0);
      gradients[i] = own["g" + i] ?? found["g" + i];
    }
    if (node.code < 0 || !node.relevant) continue;
    const operands = node.operands.map((o) => values[o]);
    node.operands.forEach((source, slot) => {
      const back = rules[node.code].slopes[slot];
      if (!back || !nodes[source].varies) return;
      const down = back(gradients[i], values[i], ...operands);
      found[`d${i}.${slot}`] = down;
      gradients[source] = gradients[source] ? gradients[source].map((sum, n) => sum + down[n]) : down;
    });
  }
  return found;
}

// Return what one entry of an operation's value hands back to each entry of an operand: its slopes.
function slopesOf(program, rules, found, target, slot, entry) {
  const node = program.nodes[target];
  const back = node.code < 0 ? null : rules[node.code].slopes[slot];
  if (!back) return null;
  const unit = new Array(node.size).fill(0);
  unit[entry] = 1;
  return back(unit, found["v" + target], ...node.operands.map((o) => found["v" + o]));
}
