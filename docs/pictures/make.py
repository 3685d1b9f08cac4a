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
    return {
        "backward-step.svg": neuron.diagram(step=10).svg,
        "wx-plus-b.svg": line.diagram().svg,
    }


if __name__ == "__main__":
    for name, svg in pictures().items():
        (HERE / name).write_text(svg, encoding="utf-8", newline="\n")
        print(HERE / name)
