"""The networks that the tests of their pictures draw, and what a picture's marks are asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import backprop_tutor as bt
from backprop_tutor.render.neurons.plate import NeuronPlate
from backprop_tutor.render.stage.marks import Disc, Mark, Path, Rect, Words
from backprop_tutor.scales import recognise

MAZUR = """
net_h1 = w1*i1 + w2*i2 + b1; h1 = sigmoid(net_h1); net_h2 = w3*i1 + w4*i2 + b1; h2 = sigmoid(net_h2)
net_o1 = w5*h1 + w6*h2 + b2; o1 = sigmoid(net_o1); net_o2 = w7*h1 + w8*h2 + b2; o2 = sigmoid(net_o2)
E = (t1 - o1)**2/2 + (t2 - o2)**2/2
"""
POINT = {
    "i1": 0.05, "i2": 0.1, "t1": 0.01, "t2": 0.99, "b1": 0.35, "b2": 0.6,
    "w1": 0.15, "w2": 0.2, "w3": 0.25, "w4": 0.3, "w5": 0.4, "w6": 0.45, "w7": 0.5, "w8": 0.55,
}  # fmt: skip
RECURRENT = """
h1 = tanh(u*x1 + w*h0 + b); h2 = tanh(u*x2 + w*h1 + b); h3 = tanh(u*x3 + w*h2 + b); L = (h3 - t)^2
"""
SKIPPING = "h = tanh(w1*x + b1); g = tanh(w4*x + b4); y = σ(w2*h + w3*x + w5*g + b2); L = (y - t)^2"
LONG_NAMES = (
    "hidden_unit = σ(weight_a*price_of_all + weight_b*count + bias_h); "
    "result_out = weight_o*hidden_unit + bias_o; total_loss = (result_out - wanted)^2"
)
LONG = {
    "weight_a": 0.3, "weight_b": -0.2, "price_of_all": 123.456, "count": 2e-7, "bias_h": 0.1,
    "weight_o": -12345.678, "bias_o": 1e-9, "wanted": 2,
}  # fmt: skip


def small(text: str) -> bt.Derivation:
    """Return the derivation of a program at small values that are all different."""
    from backprop_tutor.graph_builder import build_graph

    program = bt.parse(text)
    inputs = build_graph(program).inputs
    return bt.derive(program, {n: round(0.9 - 0.17 * i, 2) for i, n in enumerate(inputs)})


DRAWN: dict[str, Any] = {
    "mazur": lambda: bt.derive(MAZUR, POINT),
    "2-2-1": lambda: bt.derive(bt.network([2, 2, 1])),
    "3-4-2": lambda: bt.derive(bt.network([3, 4, 2])),
    "3-3-3 softmax": lambda: bt.derive(bt.network([3, 3, 3], ["tanh", "softmax"], "cross_entropy")),
    "2-3-3 relu": lambda: bt.derive(bt.network([2, 3, 3], ["relu", "softmax"], "cross_entropy")),
    "2-2-2-1 shared biases": lambda: bt.derive(bt.network([2, 2, 2, 1], biases="layer")),
    "4-4-2": lambda: bt.derive(bt.network([4, 4, 2])),
    "16-10-4": lambda: bt.derive(bt.network([16, 10, 4])),
    "recurrent": lambda: small(RECURRENT),
    "skipping": lambda: small(SKIPPING),
    "feature": lambda: small("h = σ(w1*x + w2*x^2 + b); L = half_se(h, t) + 0.01*w1^2"),
    "a line": lambda: small("y = m*x + c; L = (y - t)^2"),
    "no loss": lambda: bt.derive(bt.network([2, 2], loss=None)),
    "long": lambda: bt.derive(LONG_NAMES, LONG, names=[*LONG, "hidden_unit", "result_out", "total_loss"]),
}
"""Derivations by name, made when they are asked for."""


def plate_of(derivation: bt.Derivation, **options: Any) -> NeuronPlate:
    """Return the plate of a derivation's neurons."""
    network = recognise(derivation.graph_table)
    assert network is not None
    return NeuronPlate(derivation, network, **options)


def frames_of(plate: NeuronPlate) -> Iterator[tuple[int, tuple[Mark, ...]]]:
    """Yield each step with all its marks, before the first and after the last too."""
    for step in range(plate.steps + 2):
        drawn, foot = plate.marks(step)
        yield step, (*drawn, *foot)


def texts(marks: tuple[Mark, ...]) -> list[Words]:
    """Return the texts that are there."""
    return [mark for mark in marks if isinstance(mark, Words) and mark.text]


def place(mark: Mark) -> tuple[object, ...]:
    """Return where a mark stands, without how it looks."""
    if isinstance(mark, Words):
        return mark.x, mark.y, mark.anchor
    if isinstance(mark, Path):
        return (mark.d,)
    if isinstance(mark, Rect):
        return mark.x, mark.y, mark.width, mark.height
    assert isinstance(mark, Disc)
    return mark.x, mark.y, mark.r
