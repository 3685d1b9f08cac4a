"""Draw the pictures of the documentation anew: `python docs/pictures/make.py`."""

from __future__ import annotations

from pathlib import Path

import backprop_tutor as bt

HERE = Path(__file__).parent


def pictures() -> dict[str, str]:
    """Return the documentation's pictures, name to SVG."""
    neuron = bt.derive(
        "m0 = w0*x0; m1 = w1*x1; s = m0 + m1; t = s + w2; f = sigmoid(t)",
        at={"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3},
    )
    line = bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})
    xor = bt.derive(
        "Z1 = X@W1 + b1; A1 = sigmoid(Z1); Z2 = A1@W2 + b2; P = sigmoid(Z2); L = bce(P, Y)",
        at={
            "X": [[0, 0], [0, 1], [1, 0], [1, 1]], "W1": [[0.5, -0.6, 0.8], [0.7, 0.4, -0.3]],
            "b1": [0.1, -0.2, 0.3], "W2": [[0.6], [-0.9], [0.4]], "b2": [0.2], "Y": [[0], [1], [1], [0]],
        },
    )  # fmt: skip
    return {
        "layers.svg": xor.diagram(step=15).svg,
        "backward-step.svg": neuron.diagram(step=10).svg,
        "wx-plus-b.svg": line.diagram().svg,
    }


if __name__ == "__main__":
    for name, svg in pictures().items():
        (HERE / name).write_text(svg, encoding="utf-8", newline="\n")
        print(HERE / name)
