"""The circuit of a network in which a weighted sum is one gate, its weights on the arrows into it.

Enters: a derivation and its sums. Leaves: a `Circuit` whose wires are numbered anew. A constant beside one
operand goes into the gate's sign (`÷2`, `+1`); partial sums, products and weights have no wire.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ...choices import Blank
from ...language import shown_name
from ...scales import Neuron
from ...steps import AccumulateStep, Derivation, SeedStep
from ..narration.numbers import checked_precision, shown
from ..typesetting.fonts import elided
from .circuit import (
    LABEL_SIZE,
    Arrow,
    Circuit,
    Drafter,
    Emphasis,
    Gate,
    Text,
    Weight,
    Wire,
    checked_blanks,
    checked_size,
)
from .layout.boxes import sign_size
from .sums import Sums

__all__ = ["summed_circuit"]

_SMALLEST_SIGN = 11.0
_LONGEST_WEIGHT = 60.0
_SIGNS = {
    "add": ("+{}", "+{}"), "subtract": ("{}−x", "−{}"), "multiply": ("×{}", "×{}"),
    "divide": ("{}/x", "÷{}"),
}  # fmt: skip
"""What a gate shows for a constant as its first and as its second operand."""


def summed_circuit(
    derivation: Derivation, sums: Sums, *, precision: int = 4, blank: Blank | Iterable[Blank] = (),
    force: bool = False, stacked: bool = False,
) -> Circuit:  # fmt: skip
    """Return what the pictures of a network show where sums are one gate each; as `build_circuit`."""
    checked_precision(precision)
    checked_size(len(derivation.graph_table.nodes) - len(sums.hidden), force)
    drafter = Drafter(derivation, precision, checked_blanks(blank))
    return replace(_Compactor(drafter, sums).circuit(), stacked=stacked)


class _Compactor:
    def __init__(self, drafter: Drafter, sums: Sums) -> None:
        self.drafter = drafter
        self.graph = drafter.graph
        self.sums = sums
        self.signs: dict[int, str] = {}
        folded = {place for place in range(len(self.graph.nodes)) if self._folds(place)}
        kept = [i for i in range(len(self.graph.nodes)) if i not in sums.hidden and i not in folded]
        self.at = {place: number for number, place in enumerate(kept)}

    def _folds(self, place: int) -> bool:
        """Return whether a constant goes into the sign of the one gate that uses it."""
        node, uses = self.graph.nodes[place], self.graph.uses[place]
        if node.kind != "constant" or len(uses) != 1:
            return False
        use = uses[0]
        user = self.graph.nodes[use.target]
        if use.target in self.sums.hidden or use.target in self.sums.sums or len(user.operands) != 2:
            return False
        if any(self.graph.nodes[i].kind == "constant" for i in user.operands if i != place):
            return False
        own = self.drafter.sign(use.target)
        if user.op == "power" and use.slot == 1 and own != "^":
            self.signs[use.target] = own
            return True
        forms = _SIGNS.get(user.op)
        sign = forms[use.slot].format(node.text) if forms else ""
        if not sign or sign_size(sign) < _SMALLEST_SIGN:
            return False
        self.signs[use.target] = sign
        return True

    def circuit(self) -> Circuit:
        wires = tuple(self._wire(place) for place in self.at)
        arrows: list[Arrow] = []
        for place in self.at:
            neuron = self.sums.sums.get(place)
            if neuron is not None:
                arrows += self._into_sum(len(arrows), neuron)
                continue
            for slot, source in enumerate(self.graph.nodes[place].operands):
                if source in self.at:
                    arrows.append(self._arrow(len(arrows), source, place, slot))
        return Circuit(
            wires=wires, arrows=tuple(arrows), emphasis=self._emphasis(arrows),
            output=self.at[self.graph.output], blanks=self.drafter.blanks,
            together=tuple(
                tuple(self.at[p] for p in group if p in self.at) for group in self.drafter.together()
            ),
            binary=False,
        )  # fmt: skip

    def _since(self, step: int) -> int:
        return self.sums.number_of[step] if step else 0

    def _text(self, text: Text | None) -> Text | None:
        if text is None or (since := self._since(text.since)) == text.since:
            return text
        return replace(text, since=since)

    def _wire(self, place: int) -> Wire:
        wire = self.drafter.wire(place)
        since, gate = self._since(wire.since), wire.gate
        if gate is not None:
            sign = "Σ" if place in self.sums.sums else self.signs.get(place, gate.sign)
            gate = Gate(gate.op, sign, since)
        value = self._text(wire.value)
        assert value is not None  # every wire has one
        return replace(
            wire, place=self.at[place], value=value, gradient=self._text(wire.gradient), gate=gate,
            since=since,
        )  # fmt: skip

    def _arrow(self, number: int, source: int, target: int, slot: int) -> Arrow:
        made = self.drafter.arrow(number, source, target, slot)
        return replace(
            made, source=self.at[source], target=self.at[target], local=self._text(made.local),
            downstream=self._text(made.downstream), since=self._since(made.since),
        )  # fmt: skip

    def _into_sum(self, number: int, neuron: Neuron) -> list[Arrow]:
        """Return the arrows into a sum: one for each term, one for the bias."""
        found = []
        for slot, term in enumerate(neuron.terms):
            arrow = self._part(number + slot, term.source, neuron.net, slot, term.source_edge)
            if term.weight is not None and term.weight_edge is not None:
                arrow = replace(arrow, weight=self._weight(term.weight), local=None)
            found.append(arrow)
        if neuron.bias is not None:
            slot = len(found)
            found.append(self._part(number + slot, neuron.bias.place, neuron.net, slot, neuron.bias.edge))
        return found

    def _part(
        self, number: int, source: int, net: int, slot: int, edge: tuple[int, int, int]
    ) -> Arrow:
        made = self.drafter.arrow(number, *edge)
        return Arrow(
            number, self.at[source], self.at[net], slot, None, self._text(made.downstream),
            self._since(self.drafter.computed[net]),
        )  # fmt: skip

    def _weight(self, place: int) -> Weight:
        node, d = self.graph.nodes[place], self.drafter.derivation
        gradient, precision = d.upstreams[place], self.drafter.precision
        blanks = self.drafter.blanks
        since = self._since(self.drafter.summed.get(place, self.drafter.seed))
        constant = node.kind == "constant"
        label = "" if constant else elided(shown_name(node.name), _LONGEST_WEIGHT, LABEL_SIZE, "italic")
        value = (node.text if constant else "") or shown(d.numbers[place], precision)
        return Weight(
            label, Text(value, 0),
            None if gradient is None else Text(shown(gradient, precision), since, "gradients" in blanks),
        )  # fmt: skip

    def _emphasis(self, arrows: list[Arrow]) -> tuple[Emphasis, ...]:
        into: dict[int, list[int]] = {}
        out_of: dict[int, list[int]] = {}
        for arrow in arrows:
            into.setdefault(arrow.target, []).append(arrow.number)
            if arrow.downstream is not None:
                out_of.setdefault(arrow.source, []).append(arrow.number)
        found = [Emphasis()]
        for step in self.sums.steps:
            record = step.records[0]
            place = self.at[record.place if step.net is None else step.net]
            one = frozenset((place,))
            if isinstance(record, AccumulateStep):
                found.append(Emphasis(wires=one, arrows=frozenset(out_of.get(place, ()))))
            elif isinstance(record, SeedStep):
                found.append(Emphasis(wires=one))
            else:
                found.append(Emphasis(gates=one, arrows=frozenset(into.get(place, ()))))
        return (*found, Emphasis())
