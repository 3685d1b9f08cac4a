"""Random programs over arrays and random networks, and how far their numbers are from those of gates.

A test takes some of them, `benchmarks.conversions` two hundred.
"""

from __future__ import annotations

import random
from time import perf_counter
from typing import Any

import numpy as np

import backprop_tutor as bt

STEPS = (
    "{n} = {a}@W{i} + b{i}", "{n} = σ({a})", "{n} = tanh({a})*{a}", "{n} = relu({a}) + {a}",
    "{n} = softmax({a})",
    "{n} = {a}*{a} - 2*{a}", "{n} = layernorm({a})", "{n} = {a} - mean({a}, axis=0)", "{n} = exp(sin({a}))/2",
    "{n} = cumsum({a}, axis=1)/3", "{n} = {a} + max({a}, axis=1, keepdims=True)", "{n} = abs({a} - 0.7)*2",
    "{n} = concat({a}, {a}[0:1, :], axis=0)", "{n} = ({a}ᵀ)ᵀ/sqrt(norm({a}) + 1)",
)  # fmt: skip
"""What a line does to the matrix before it; `W` and `b` are square and a row."""

ENDS = (
    "L = mean({a}**2)", "L = sum({a}*{a}) + norm(W1)", "L = cross_entropy({a}, y)", "L = mse({a}, T)",
    "L = logsumexp({a}) + std({a})", "L = sum({a}[0, :]*{a}[1, :]) + min({a})",
)  # fmt: skip


def arrays(seed: int) -> bt.ArrayDerivation:
    """Return a random program over small matrices, derived."""
    draw, numbers = random.Random(seed), np.random.default_rng(seed)
    rows, columns = draw.randint(2, 3), draw.randint(2, 4)
    lines = ["A0 = X@W1 + b1"]
    for i in range(1, draw.randint(1, 4) + 1):
        lines.append(draw.choice(STEPS).format(n=f"A{i}", a=f"A{i - 1}", i=draw.randint(1, 2)))
    rows_now = rows + sum("concat" in line for line in lines)
    lines.append(draw.choice(ENDS).format(a=f"A{len(lines) - 1}"))
    at: dict[str, Any] = {"X": numbers.normal(size=(rows, columns))}
    for i in (1, 2):
        at |= {f"W{i}": numbers.normal(size=(columns, columns)), f"b{i}": numbers.normal(size=columns)}
    at |= {"y": numbers.integers(0, columns, rows_now), "T": numbers.normal(size=(rows_now, columns))}
    program = bt.parse("\n".join(lines), list(at), arrays=True)
    found: bt.ArrayDerivation = bt.derive(program, at={n: v for n, v in at.items() if n in program.inputs})
    return found


def networks(seed: int) -> bt.Derivation:
    """Return a random network of numbers, derived."""
    draw = random.Random(seed)
    sizes = [draw.randint(1, 4) for _ in range(draw.randint(2, 4))]
    activation = draw.choice(["sigmoid", "tanh", "relu", "softplus"])
    loss = draw.choice(["squared_error", "half_squared_error", "mse", "bce"])
    shared = draw.choice(["node", "layer"])
    if loss == "bce":
        activation = "sigmoid"
    if draw.random() < 0.2 and sizes[-1] > 1:
        inner = ["tanh"] * (len(sizes) - 2)
        program = bt.network(sizes, activation=[*inner, "softmax"], loss="cross_entropy", biases=shared)
    else:
        program = bt.network(sizes, activation=activation, loss=loss, biases=shared)
    point = {name: draw.uniform(-1, 1) for name in program.inputs}
    point |= {name: draw.uniform(0.05, 0.95) for name in point if name.startswith("t")}
    return bt.derive(program, at=point)


def distance(numbers: bt.Derivation, arrays: Any, entries: Any) -> float:
    """Return how far, relative to the larger of it and 1, an entry is from its gate, values and gradients."""
    worst = 0.0
    for (name, place), gate in entries.gates.items():
        pairs = [(np.asarray(arrays.values[name])[place], numbers.values[gate])]
        if name in arrays.gradients and gate in numbers.gradients:
            pairs.append((np.asarray(arrays.gradients[name])[place], numbers.gradients[gate]))
        for one, other in pairs:
            worst = max(worst, abs(float(one) - float(other)) / max(1.0, abs(float(one))))
    return worst


def left_out(arrays: Any, entries: Any) -> list[str]:
    """Return the arrays with a gradient of which some entry has no gate."""
    return [
        name
        for name in arrays.gradients
        if arrays.graph_table.nodes[arrays.graph_table.index[name]].named
        and any((name, place) not in entries.gates for place in np.ndindex(np.shape(arrays.values[name])))
    ]


FAR = 1e-12


def main(count: int = 200, start: int = 0) -> int:
    """Print the figures; return how many programs are beyond 1e-12."""
    worst, far, gates, began = {"gates": 0.0, "layers": 0.0}, 0, 0, perf_counter()
    for seed in range(start, start + count):
        d = arrays(seed)
        written = d.gates()
        gates += len(written.graph_table.nodes)
        n = networks(seed)
        layers = n.layers()
        for way, found, missing in (
            ("gates", distance(written, d, written.entries), left_out(d, written.entries)),
            ("layers", distance(n, layers, layers.entries), left_out(layers, layers.entries)),
        ):
            worst[way] = max(worst[way], found)
            if found > FAR or missing:
                far += 1
                print(f"seed {seed}, {way}: {found:.2e}, without a gate: {missing}")
    took = perf_counter() - began
    print(f"arrays to gates: {count} programs, {gates} nodes, largest distance {worst['gates']:.1e}")
    print(f"networks to layers: {count} programs, largest distance {worst['layers']:.1e}")
    print(f"beyond {FAR:g}: {far}; {took:.1f} s")
    return far
