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
    mazur = bt.derive(
        "net_h1 = w1*i1 + w2*i2 + b1; h1 = σ(net_h1); net_h2 = w3*i1 + w4*i2 + b1; h2 = σ(net_h2);"
        "net_o1 = w5*h1 + w6*h2 + b2; o1 = σ(net_o1); net_o2 = w7*h1 + w8*h2 + b2; o2 = σ(net_o2);"
        "E = (t1 - o1)^2/2 + (t2 - o2)^2/2",
        at={
            "i1": 0.05, "i2": 0.1, "t1": 0.01, "t2": 0.99, "b1": 0.35, "b2": 0.6, "w1": 0.15,
            "w2": 0.2, "w3": 0.25, "w4": 0.3, "w5": 0.4, "w6": 0.45, "w7": 0.5, "w8": 0.55,
        },
    )  # fmt: skip
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
        "neurons.svg": mazur.diagram(step=11, scale="neurons").svg,
        "symbols.svg": bt.derive("z = x^2 + y; x = u + v; y = u*v").diagram().svg,
        "symbols-network.svg": bt.derive(bt.network([2, 2, 1], seed=None)).diagram().svg,
        "wx-plus-b.svg": line.diagram().svg,
    }


if __name__ == "__main__":
    for name, svg in pictures().items():
        (HERE / name).write_text(svg, encoding="utf-8", newline="\n")
        print(HERE / name)
