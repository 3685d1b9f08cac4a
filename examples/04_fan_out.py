"""Fan-out: a value used twice gets its gradient as a sum, and forgetting a path halves it."""

import backprop_tutor as bt

d = bt.derive("c = a + b; d = b + 1; e = c*d", at={"a": 2, "b": 1})
print(d.explain())

for path in d.paths("b"):
    print(" → ".join(path.nodes), "gives", path.product)

assert [path.product for path in d.paths("b")] == [2, 3]
assert d.gradients["b"] == 5

# One node in two slots of one operation has two edges, and two contributions.
square = bt.derive("f = x*x", at={"x": 3})
assert sorted(square.graph.edges(keys=True)) == [("x", "f", 0), ("x", "f", 1)]
assert square.gradients["x"] == 3 + 3
