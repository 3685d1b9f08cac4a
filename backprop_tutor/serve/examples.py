"""What there is to start from: the courses' examples, a row of a table each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..sentences import N_

__all__ = ["EXAMPLES", "Example"]


@dataclass(frozen=True, kw_only=True)
class Example:
    """An example: what its button says, the program, the values."""

    name: str
    label: str
    program: str
    values: Mapping[str, str] = field(default_factory=dict)


EXAMPLES = (
    Example(
        name="line", label=N_("A line: f = wx + b"), program="f = wx + b",
        values={"w": "-2", "x": "5", "b": "3"},
    ),
    Example(
        name="sigmoid", label=N_("Sigmoid neuron"),
        program="z = w0*x0 + w1*x1 + w2\nf = 1/(1 + exp(-z))",
        values={"w0": "2", "x0": "-1", "w1": "-3", "x1": "-2", "w2": "-3"},
    ),
    Example(
        name="two-two-two", label=N_("Network 2-2-2"),
        program=(
            "h1 = sigmoid(w1*i1 + w2*i2 + b1)\nh2 = sigmoid(w3*i1 + w4*i2 + b1)\n"
            "o1 = sigmoid(w5*h1 + w6*h2 + b2)\no2 = sigmoid(w7*h1 + w8*h2 + b2)\n"
            "E = half_se(o1, t1) + half_se(o2, t2)"
        ),
        values={
            "w1": "0.15", "w2": "0.2", "w3": "0.25", "w4": "0.3", "w5": "0.4", "w6": "0.45",
            "w7": "0.5", "w8": "0.55", "b1": "0.35", "b2": "0.6", "i1": "0.05", "i2": "0.1",
            "t1": "0.01", "t2": "0.99",
        },
    ),
    Example(
        name="xor", label=N_("XOR 2-2-1"),
        program=(
            "h1 = tanh(w11*x1 + w12*x2 + b1)\nh2 = tanh(w21*x1 + w22*x2 + b2)\n"
            "y = sigmoid(v1*h1 + v2*h2 + c)\nE = half_se(y, t)"
        ),
        values={
            "x1": "1", "x2": "0", "t": "1", "w11": "1", "w12": "1", "b1": "-0.5", "w21": "-1",
            "w22": "-1", "b2": "1.5", "v1": "1", "v2": "1", "c": "-1",
        },
    ),
    Example(
        name="softmax", label=N_("Softmax regression"),
        program="Z = X @ W + b\nL = cross_entropy(Z, y)",
        values={
            "X": "[[1, 2], [0.5, -1]]", "W": "[[0.1, -0.2, 0.3], [0.4, 0.2, -0.1]]",
            "b": "[0.1, 0, -0.1]", "y": "[0, 2]",
        },
    ),
    Example(
        name="batch", label=N_("A batch in matrices"),
        program="H = relu(X @ W1 + b1)\nY = H @ W2 + b2\nL = mean((Y - T)^2)",
        values={
            "X": "[[0, 1], [1, 0], [1, 1]]", "W1": "[[1, -1, 0.5], [0.5, 1, -1]]",
            "b1": "[0, 0.5, 0.25]", "W2": "[[1], [-1], [2]]", "b2": "[0.1]",
            "T": "[[1], [1], [0]]",
        },
    ),
)  # fmt: skip
"""The examples, in the order of their buttons; the page opens with the first."""
