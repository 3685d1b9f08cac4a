"""Programs over arrays whose pictures the tests look at, and the boxes of a display list."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

import backprop_tutor as bt
from backprop_tutor.render.stage.marks import Disc, Rect

XS = [[0, 0], [0, 1], [1, 0], [1, 1]]
W1 = [[0.5, -0.6, 0.8], [0.7, 0.4, -0.3]]
W2 = [[0.6], [-0.9], [0.4]]
YS = [[0], [1], [1], [0]]
RNG = np.random.default_rng(14)
WIDE = RNG.normal(0, 1, (3, 3)).round(2).tolist()

PROGRAMS = {
    "a batch": (
        "Z1 = X@W1 + b1; A1 = sigmoid(Z1); Z2 = A1@W2 + b2; P = sigmoid(Z2); L = bce(P, Y)",
        {"X": XS, "W1": W1, "b1": [0.1, -0.2, 0.3], "W2": W2, "b2": [0.2], "Y": YS},
    ),
    "one sample": (
        "z1 = W1@x + b1; a1 = sigmoid(z1); z2 = W2@a1 + b2; a2 = sigmoid(z2); E = sum((a2 - t)**2)/2",
        {"x": [0.9, 0.8, 0.5],
         "W1": [[0.5, 0.8, 0.5], [-0.9, -0.3, -0.6], [0.9, -0.8, -0.3], [-0.9, -0.5, 0.4]],
         "b1": [0.2, -0.1, -0.2, -0.5], "W2": [[-0.9, -0.5, -0.3, -0.5], [0.7, 0.8, -0.1, 0.8]],
         "b2": [0.1, 0.3], "t": [0.9, 0.1]},
    ),
    "large": (
        "Z1 = X@W1 + b1; A1 = relu(Z1); S = A1@W2 + b2; L = cross_entropy(S, y)",
        {"X": RNG.uniform(0, 1, (32, 784)), "W1": RNG.normal(0, 0.05, (784, 128)),
         "b1": RNG.normal(0, 0.02, 128), "W2": RNG.normal(0, 0.1, (128, 10)),
         "b2": RNG.normal(0, 0.05, 10), "y": RNG.integers(0, 10, 32)},
    ),
    "residual": ("H = relu(X@W); Z = H@V + X; L = mean(Z**2)", {"X": XS, "W": W1, "V": [[1, 2], [3, 4], [5, 6]]}),
    "attention": (
        "Q = X@A; K = X@B; V = X@C; S = softmax(Q@transpose(K)); R = S@V; L = mean(R**2)",
        {"X": XS, "A": W1, "B": W1, "C": W1},
    ),
    "decay": (
        "P = sigmoid(X@W1 + b1); Q = sigmoid(P@W2 + b2); L = sum((Q - Y)**2)/2 + 0.1*sum(W1**2)",
        {"X": XS, "W1": W1, "b1": [0.1, -0.2, 0.3], "W2": W2, "b2": [0.2], "Y": YS},
    ),
    "batchnorm": (
        "Z = X@W; N = batchnorm(Z, g, b); S = relu(N)@V; L = cross_entropy(S, y)",
        {"X": XS, "W": W1, "g": [1, 1.5, 2], "b": [0, 0.1, -0.1], "V": [[0.6, 1], [-0.9, 1], [0.4, 2]],
         "y": [0, 1, 1, 0]},
    ),
    "wide": (
        "A = tanh(X@W1+b1); B = tanh(A@U+b1); C = tanh(B@U+b1); P = sigmoid(C@W2+b2); L = bce(P, Y)",
        {"X": XS, "W1": W1, "b1": [0.1, 0.2, 0.3], "U": WIDE, "W2": W2, "b2": [0.1], "Y": YS},
    ),
    "any graph": (
        "a = x*y; b = a + x; c = a*b; e = c + b + y; L = sum(e*a)", {"x": [1.0, 2.0], "y": [3.0, 4.0]},
    ),
    "concat": ("C = concat(A, B); D = concat(C, A); L = sum(D*D)", {"A": [[1.0, 2.0]], "B": [[3.0, 4.0]]}),
    "unused": ("P = softmax(S); L = cross_entropy(S, y)", {"S": [[1.0, 2.0, 3.0]], "y": [2]}),
    "tiny": ("L = sum(X)", {"X": [[1e-9, -2e-9]]}),
}  # fmt: skip

CASES = Path(__file__).parents[1] / "cases" / "tensor_examples.json"
for case in json.loads(CASES.read_text(encoding="utf-8")):
    PROGRAMS[case["name"]] = (case["program"], case["values"])


def derived(name):
    """Return the derivation of a program of the table."""
    program, at = PROGRAMS[name]
    return bt.derive(program, at=at)


def boxes(marks):
    """Return the boxes and gates of a display list: what they are, and what they cover."""
    kinds = ("box", "gate")
    return [
        (m.key, m.bounds) for m in marks
        if isinstance(m, (Rect, Disc)) and m.kind.startswith(kinds)
    ]  # fmt: skip
