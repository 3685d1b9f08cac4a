"""What stands on the wires and beside the units: names and numbers as texts, before they have places.

Enters: a page, its wires. Leaves: for each wire its weight and value, the gradient at its end, the
contribution at its start; for a box's wire the target that belongs to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ...language import Number
from ...scales import Box
from ...scales.steps import handed
from ...steps import Exact
from ..narration.formulas import unicode
from ..narration.numbers import shown
from ..typesetting.fonts import width
from .box_slopes import box_slope
from .connections import Wire
from .page import Page

__all__ = ["Labels", "WireText", "fitted"]

_LONGEST_SYMBOL = 9
_LEAST_TAIL, _LEAST_HEAD, _BOX_HEAD = 74.0, 96.0, 60.0
_PADDING = 10.0


@dataclass(frozen=True, slots=True)
class WireText:
    """What a wire is labelled with: the name and number of its weight, or of a target; gradient and
    contribution as numbers; the contribution's symbol, empty where it would be long."""

    name: str
    value: Exact | None
    gradient: Exact | None
    contribution: Exact | None
    symbol: str


class Labels:
    """The texts of all wires of a page."""

    def __init__(self, page: Page, wires: Sequence[Wire]) -> None:
        self.page = page
        self.wires = wires
        self.targets: dict[tuple[int, int], int] = self._targets()
        self.texts: dict[int, WireText] = {wire.number: self._text(wire) for wire in wires}
        self._short_symbols = all(
            len(self.texts[wire.number].symbol) <= _LONGEST_SYMBOL
            for wire in wires
            if wire.term is not None
        )

    def symbols(self, wire: Wire) -> str:
        """Return a contribution's symbol; none of the neurons' where one of them is long."""
        text = self.texts[wire.number].symbol
        return text if self._short_symbols or wire.term is None else ""

    def zones(self, column: int, figures: int, names: bool) -> tuple[float, float]:
        """Return the widths of the texts before a column: of the tail's and of the head's."""
        tails, heads = [0.0], [0.0]
        columns = self.page.network.columns
        boxes = True
        for wire in self.wires:
            text = self.texts[wire.number]
            if wire.bias is None and columns[wire.source] == column - 1:
                tails += [_bold(text.contribution, figures), width(self.symbols(wire), 13, "italic")]
            if columns[wire.target] == column:
                boxes = boxes and wire.term is None and wire.bias is None
                heads += [_bold(text.gradient, figures), self._head(wire, figures, names)]
        least = _BOX_HEAD if boxes else _LEAST_HEAD
        return (
            max(_LEAST_TAIL, max(tails) + _PADDING),
            max(least, max(heads) + _PADDING),
        )

    def _head(self, wire: Wire, figures: int, names: bool) -> float:
        text = self.texts[wire.number]
        if text.value is None or wire.bias is not None:
            return 0.0
        name = width(f"{text.name} ", 14, "italic") if names or wire.term is None else 0.0
        return name + width(shown(text.value, figures), 14)

    def _text(self, wire: Wire) -> WireText:
        page, down = self.page, self.page.derivation.contributions
        unit = page.network.units[wire.target]
        if isinstance(unit, Box):
            part = handed(page.derivation, unit.edges[wire.source])
            target = self.targets.get((unit.place, wire.source))
            name = page.write.name(target).unicode if target is not None else ""
            value = page.write.value(target) if target is not None else None
            return WireText(name, value, None, part, self._slope(unit, wire.source))
        if wire.bias is not None:
            edge = down.get(wire.bias.edge)
            return WireText("", None, edge.downstream if edge else None, None, "")
        term = wire.term
        assert term is not None  # a wire into a neuron is a term or a bias
        back = down.get(term.source_edge)
        contribution = back.downstream if back else None
        delta = page.write.delta(unit).unicode
        if term.weight is None:
            return WireText("", None, None, contribution, delta)
        edge = down.get(term.weight_edge) if term.weight_edge else None
        name = page.write.name(term.weight).unicode
        constant = page.graph.nodes[term.weight].kind == "constant"
        value = page.write.value(term.weight) * term.sign
        sign = "−" if term.sign < 0 and not constant else ""
        return WireText(
            "" if constant else f"{sign}{name}", value,
            None if constant or edge is None else edge.downstream, contribution,
            f"{sign}{delta}·{name}",
        )  # fmt: skip

    def _slope(self, box: Box, source: int) -> str:
        if box.place != self.page.graph.output:
            return ""
        tree = box_slope(self.page.derivation, box, source)
        if tree is None or isinstance(tree, Number):
            return ""
        text = unicode(tree)
        return text if len(text) <= 2 * _LONGEST_SYMBOL else ""

    def _targets(self) -> dict[tuple[int, int], int]:
        """Return the leaf of a box that belongs to each of its sources: the one that it meets first."""
        page, found = self.page, {}
        known = {*page.network.units, *page.network.inputs, *page.parameters}
        graph = page.graph
        for box in page.network.boxes:
            free = {
                s for s in box.sources if s not in known and graph.nodes[s].kind == "input"
            }
            for place in box.cone:
                operands = graph.nodes[place].operands
                leaves = [operand for operand in operands if operand in free]
                units = [o for o in operands if o in known and (box.place, o) not in found]
                if len(leaves) == len(units):
                    for unit, leaf in zip(units, leaves, strict=True):
                        found[box.place, unit] = leaf
                        free.discard(leaf)
        return found

    def others(self, box: Box) -> list[int]:
        """Return the leaves that enter a box and stand on none of its wires."""
        known = {*self.page.network.units, *self.page.network.inputs}
        paired = {leaf for (place, _), leaf in self.targets.items() if place == box.place}
        return [s for s in box.sources if s not in known and s not in paired]


def _bold(value: Exact | None, figures: int) -> float:
    return 0.0 if value is None else width(shown(value, figures), 14, "bold")


@cache
def fitted(value: Exact, room: float, size: float, least: float, figures: int) -> tuple[str, float]:
    """Return a number as a text and the size at which it fits a width in bold: smaller first, then with
    fewer figures.

    >>> fitted(-0.0380982, 76.0, 14.5, 12.0, 4)
    ('−0.0381', 14.5)
    """
    for digits in range(figures, 0, -1):
        text = shown(value, digits)
        step = size
        while step >= least:
            if width(text, step, "bold") <= room:
                return text, step
            step -= 0.5
    return shown(value, 1), least
