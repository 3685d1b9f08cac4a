"""The record of one thing that a cell asks for, and where in a derivation it is found."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Quantity"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One thing that can be asked about a graph.

    Attributes:
        kind: "value", "gradient", "local", "down" or "new".
        node: the place of the node; of an edge, that of the operation.
        source, slot: the operand's place and number, for edges; else -1.
        part: of an array "entry" or "shape"; nothing for all of it, and for single numbers.
        entry: the place of the entry, from 0.
        text: the canonical text, in ASCII.
    """

    kind: str
    node: int
    source: int = -1
    slot: int = -1
    text: str = ""
    part: str = ""
    entry: tuple[int, ...] = ()

    @property
    def order(self) -> tuple[int, ...]:
        """Return where in a derivation it is found: values first, then from the output down."""
        inside = (0 if self.part == "shape" else 1, *self.entry) if self.part else ()
        if self.kind == "value":
            return (0, self.node, *inside)
        if self.kind == "gradient":
            return (1, -self.node, 0, 0, *inside)
        if self.kind == "new":
            return (2, self.node, *inside)
        return (1, -self.node, 1, self.slot * 2 + (self.kind == "down"), *inside)
