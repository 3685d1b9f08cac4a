"""A 2-2-1 network written by `bt.network`, its derivation, and the same gradients from a function."""

import backprop_tutor as bt

program = bt.network([2, 2, 1], activation="sigmoid", loss="half_squared_error")
print(program.reading)

d = bt.derive(program)
print(d.explain(detail="brief"))
d.diagram().save("network_2_2_1.svg")
assert d.check().ok


def neuron(w, x, b):  # type: ignore[no-untyped-def]  # a student's function
    return bt.sigmoid(w * x + b)


traced = bt.derive(neuron, at={"w": 0.5, "x": 2.0, "b": -1.0})
typed = bt.derive("σ(w*x + b)", at={"w": 0.5, "x": 2.0, "b": -1.0})
assert dict(traced.gradients) == dict(typed.gradients)
