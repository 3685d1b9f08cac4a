"""The same input gives the same bytes, whatever the hash seed."""

from __future__ import annotations

from typing import Any

CODE = """
import hashlib
import backprop_tutor as bt
d = bt.derive("z1 = w1*x + b; z2 = w2*x + b\\np1, p2 = softmax(z1, z2)\\nL = ce([p1, p2], [1, 0]) + w1^2*w2",
              at={"w1": 0.5, "w2": -1.25, "x": 2, "b": 0.1})
for text in (d.explain(), d.explain("markdown"), d.explain("latex"), d.explain("json"),
             d.diagram().svg, d.diagram().source, d.frames()[5].svg, str(d.closed_form("w1", 500))):
    print(hashlib.sha256(text.encode()).hexdigest())
"""


def test_hash_seeds(in_new_python: Any) -> None:
    """Text, Markdown, LaTeX, JSON, SVG, DOT and closed forms are the same under three hash seeds.

    An order that a set of two decides is another in every second process: two of them miss it one time
    in 4, and here are eight texts of some hundred names, which sets of many would order.
    """
    first = in_new_python(CODE, 0)
    assert len(set(first.split())) == 8
    for seed in (1, 2):
        assert in_new_python(CODE, seed) == first
