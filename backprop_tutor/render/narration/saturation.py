"""What is said of an activation that lets nothing back, or almost nothing: shut, or saturated."""

from __future__ import annotations

from ...language import shown_name
from ...ops import OPS
from ...sentences import said
from ...steps import Derivation
from .numbers import shown

__all__ = ["saturation"]

_ALMOST = 0.01
"""A slope below this is called almost nothing; the sigmoid's is, beyond ±4.6."""


def saturation(derivation: Derivation, place: int, precision: int) -> str:
    """Return what an activation's small slope means for what lies before it; nothing for any other gate.

    >>> from backprop_tutor import derive
    >>> d = derive("a = σ(z)", at={"z": 12})
    >>> saturation(d, 1, 2)
    'a is saturated: its slope there is 6.1×10⁻⁶, so almost nothing goes back through it'
    >>> saturation(derive("a = relu(z)", at={"z": -1}), 1, 2)
    'a is shut: its slope there is 0, so nothing goes back through it to what it is computed from'
    """
    node = derivation.graph_table.nodes[place]
    row = OPS.get(node.op)
    if row is None or not row.activation or len(node.operands) != 1:
        return ""
    edge = derivation.contributions.get((node.operands[0], place, 0))
    if edge is None or not abs(float(edge.local)) < _ALMOST:
        return ""
    name = shown_name(node.name)
    if edge.local == 0:
        return said(
            "{name} is shut: its slope there is 0, so nothing goes back through it to what it is computed "
            "from", name=name,
        )  # fmt: skip
    return said(
        "{name} is saturated: its slope there is {slope}, so almost nothing goes back through it",
        name=name, slope=shown(edge.local, precision),
    )  # fmt: skip
