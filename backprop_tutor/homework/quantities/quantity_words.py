"""A quantity as people write it: `q`, `∂f/∂q`, `local ∂q/∂x`; for tables that are filled in."""

from __future__ import annotations

from ...graph import Graph
from ...language import shown_name
from ...ops import Number
from ...particles import agreed_text
from ...render.narration.numbers import shown
from ...translation import sentence as _
from .quantity import Quantity

__all__ = ["shown_quantity"]


def shown_quantity(graph: Graph, quantity: Quantity, lr: Number | None = None) -> str:
    """Return a quantity's name for the eye, in the current language: `∂L/∂W`, `∂L/∂W[0, 2]`."""
    whole = _whole(graph, quantity, lr)
    if quantity.part == "shape":
        return agreed_text(_("the shape of {quantity}").format(quantity=whole))
    if quantity.part == "entry":
        place = ", ".join(map(str, quantity.entry))
        return f"({whole})[{place}]" if " " in whole else f"{whole}[{place}]"
    return whole


def _whole(graph: Graph, quantity: Quantity, lr: Number | None) -> str:
    """Return what a quantity is of: an array's name where an entry or the shape of it is asked."""
    nodes = graph.nodes
    output = shown_name(nodes[graph.output].name)
    name = shown_name(nodes[quantity.node].name)
    if quantity.kind == "value":
        return name
    if quantity.kind == "gradient":
        return f"∂{output}/∂{name}"
    if quantity.kind == "new":
        text = _("{name} after a step of size {rate}").format(name=name, rate=shown(lr or 0))
        return agreed_text(text)
    source = shown_name(nodes[quantity.source].name)
    slot = ""
    if nodes[quantity.node].operands.count(quantity.source) > 1:
        slot = _(", operand {number}").format(number=quantity.slot + 1)
    if quantity.kind == "local":
        return agreed_text(_("local ∂{name}/∂{source}").format(name=name, source=source) + slot)
    text = _("what {name} hands back to {source}").format(name=name, source=source)
    return agreed_text(text + slot)
