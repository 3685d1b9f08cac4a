"""Whose number each text of a picture of neurons is.

Enters: a plate. Leaves: for the key of each text its numbers in order, each a sum of signed quantities:
`v3` the value of node 3, `g3` its gradient, `d5.0` what node 5 hands to its operand 0.
"""

from __future__ import annotations

from typing import Any

from ...scales import Box, Neuron
from .connections import Wire
from .plate import NeuronPlate

__all__ = ["Source", "text_sources"]

Source = list[list[Any]]


def text_sources(plate: NeuronPlate) -> dict[str, list[Source]]:
    """Return for each text's key the numbers in it."""
    return _Keys(plate).found()


class _Keys:
    """Finds whose number each text of a plate's pictures is."""

    def __init__(self, plate: NeuronPlate) -> None:
        self.plate, self.network = plate, plate.network
        self.graph = plate.derivation.graph_table
        self.keys: dict[str, list[Source]] = {}

    def found(self) -> dict[str, list[Source]]:
        """Return for each key the numbers in its text, each a sum of signed quantities."""
        for place in (*self.network.inputs, *self.network.units):
            self.unit(place)
        for wire in self.plate.wires:
            self.wire(wire, f"wire-{wire.number}")
            self.wire(wire, f"wire-{wire.number}-focus")
        for place in self.network.shared:
            self.keys[f"bias-{place}-value"] = [[[1, f"v{place}"]]]
            self.keys[f"bias-{place}-gradient"] = [[[1, f"g{place}"]]]
        return self.keys

    def unit(self, place: int) -> None:
        key, unit = f"unit-{place}", self.network.units.get(place)
        self.keys[f"{key}-value"] = [[[1, f"v{place}"]]]
        self.keys[f"{key}-gradient"] = [[[1, f"g{place}"]]]
        if isinstance(unit, Box):
            for number, other in enumerate(self.plate.labels.others(unit)[:3]):
                self.keys[f"{key}-entering-{number}"] = [[[1, f"v{other}"]]]
        if not isinstance(unit, Neuron):
            return
        self.keys[f"{key}-gradient"] = [[[unit.net_sign, f"g{unit.net}"]]]
        self.keys[f"{key}-net"] = [[[unit.net_sign, f"v{unit.net}"]]]
        self.keys[f"{key}-upstream"] = [[[1, f"g{place}"]]]
        self.keys[f"{key}-slope"] = []
        if unit.bias is not None:
            constant = self.graph.nodes[unit.bias.place].kind == "constant"
            value: Source = [[unit.bias.sign if constant else 1, f"v{unit.bias.place}"]]
            gradient: Source = [[1, f"g{unit.bias.place}"]]
            self.keys[f"{key}-bias"] = [value] if constant else [value, gradient]
            self.keys[f"{key}-bias-0"], self.keys[f"{key}-bias-1"] = [value], [gradient]

    def wire(self, wire: Wire, key: str) -> None:
        unit, text = self.network.units[wire.target], self.plate.labels.texts[wire.number]
        if isinstance(unit, Box):
            target = self.plate.labels.targets.get((unit.place, wire.source))
            if target is not None:
                self.keys[f"{key}-weight"] = [[[1, f"v{target}"]]]
            self.keys[f"{key}-contribution"] = [
                [[1, f"d{edge[1]}.{edge[2]}"] for edge in unit.edges[wire.source]]
            ]
            return
        edge = wire.bias.edge if wire.bias is not None else wire.term and wire.term.weight_edge
        if edge:
            self.keys[f"{key}-gradient"] = [[[1, f"d{edge[1]}.{edge[2]}"]]]
        if wire.term is None:
            return
        back = wire.term.source_edge
        self.keys[f"{key}-contribution"] = [[[1, f"d{back[1]}.{back[2]}"]]]
        if wire.term.weight is not None:
            sign = 1 if text.name.startswith("−") else wire.term.sign
            self.keys[f"{key}-weight"] = [[[sign, f"v{wire.term.weight}"]]]
