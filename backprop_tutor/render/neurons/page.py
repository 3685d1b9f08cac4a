"""What the tellers of steps share: a derivation at the scale of neurons, and how a line of it is made.

Enters: a derivation, its network, how many figures. Leaves: lines in which each term equals the next.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...language import Expression
from ...scales import Box, Network, Neuron
from ...steps import Derivation, Exact
from ...translation import sentence as _
from ..narration.arithmetic import Digits, worked_out
from ..narration.document import Math
from ..narration.formulas import LATEX, latex, unicode, with_numbers
from .sums import Line, Summand, sum_line
from .symbols import Symbols

__all__ = ["Page", "Told"]


@dataclass(frozen=True, slots=True)
class Told:
    """One step in formulas and words: `what` it does, and to which unit `of`."""

    what: str
    of: str
    lines: tuple[Line, ...]
    reason: str


class Page:
    """One derivation as its steps are told.

    Args:
        derivation: the derivation.
        network: its neurons.
        precision: significant figures.
        true: whether lines show so many figures that they are true as they stand.
        most: how many summands a sum is written with.
    """

    def __init__(
        self, derivation: Derivation, network: Network, precision: int, *, true: bool, most: int
    ) -> None:
        self.derivation = derivation
        self.network = network
        self.graph = derivation.graph_table
        self.precision = precision
        self.true = true
        self.most = most
        self.write: Symbols = Symbols(derivation, network)
        self.parameters: frozenset[int] = frozenset(
            place
            for neuron in network.neurons
            for place in (
                *(term.weight for term in neuron.terms),
                neuron.bias.place if neuron.bias else None,
            )
            if place is not None
        )
        self._owner = {inside: p for p, unit in network.units.items() for inside in unit.cone}
        self._order = {place: number for number, place in enumerate(network.units)}

    def takers(self, place: int) -> list[int]:
        """Return the units that use a node, in order."""
        found = {self._owner[use.target] for use in self.graph.uses[place]}
        return sorted(found, key=self._order.__getitem__)

    def unit_name(self, place: int) -> str:
        """Return what a unit is called in titles: `neuron h₁`."""
        name = self.write.name(place).unicode
        unit = self.network.units.get(place)
        if isinstance(unit, Neuron):
            return _("neuron {name}").format(name=name)
        if isinstance(unit, Box) and place == self.graph.output:
            return _("error {name}").format(name=name)
        return _("box {name}").format(name=name)

    def named(self, name: str) -> Exact:
        """Return the value of a node by its name."""
        return self.derivation.numbers[self.graph.index[name]]

    def figures(self, digits: Digits | None) -> int:
        """Return the figures of a line's numbers."""
        return digits.numbers if self.true and digits is not None else self.precision

    def end(self, value: Exact, role: str, digits: Digits | None) -> Math:
        """Return a line's result."""
        figures = digits.result if self.true and digits is not None else self.precision
        return self.write.number(value, figures, role)

    def line(self, chain: list[Math], digits: Digits | None) -> Line:
        """Return a line; whether it is rounded is told by the digits that it takes."""
        rounded = digits is None or (not self.true and digits.numbers > self.precision)
        return Line(tuple(chain), rounded)

    def shows(self, digits: Digits | None) -> bool:
        """Return whether numbers are put in: where they are to be true, only if they can be."""
        return digits is not None or not self.true

    def tree_line(self, lead: Math, tree: Expression, value: Exact, role: str) -> Line:
        """Return `E = ½(t − o)² = ½(0.01 − 0.7514)² = 0.2748`."""
        digits = worked_out(tree, self.named, value, self.precision)
        chain = [lead, Math(unicode(tree), latex(tree))]
        if self.shows(digits):
            figures = self.figures(digits)
            put_in = with_numbers(tree, self.named, figures)
            chain.append(Math(put_in, with_numbers(tree, self.named, figures, LATEX)))
        end = self.end(value, role, digits)
        kept = [term for term in chain if term.unicode != end.unicode]
        return self.line([*kept, end], digits)

    def sum(
        self, lead: Math, terms: list[Summand], total: Exact, role: str, *, worked: bool = False
    ) -> Line:
        """Return a sum of products as a line."""
        return sum_line(
            lead, terms, total, role, precision=self.precision, most=self.most, true=self.true,
            worked=worked,
        )  # fmt: skip
