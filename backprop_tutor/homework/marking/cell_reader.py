"""What the reading of an answer may ask about the cell it stands in: its names, numbers, decimal mark.

Enters: a problem's key and a cell. Leaves: the `Cell` that `spellings` reads by, made once for each mark.
"""

from __future__ import annotations

import math

from ...errors import TutorError
from ...language import Expression, Name, evaluate, parse_formula, postorder
from ..equivalence.effort import TooMuchWork
from ..quantities.quantity import parse_quantity
from ..quantities.typed_numbers import read_number
from ..slips.sheet_columns import SheetKey
from ..spellings.reading import plainly
from ..spellings.spelled import Cell

__all__ = ["CellReader"]

_LONGEST = 200
"""A longer part of an equality is not worked out: it is left out like a remark."""


class CellReader:
    """Makes the `Cell` of one quantity."""

    def __init__(self, key: SheetKey, quantity: str, formula: bool) -> None:
        graph = key.plan.graph
        self.key: SheetKey = key
        self.names: tuple[str, ...] = tuple(n.name for n in graph.nodes if n.kind != "constant")
        self._made: dict[str, Cell] = {}
        self._quantity, self._formula = quantity, formula

    def at(self, mark: str) -> Cell:
        """Return the cell where other numbers show a decimal mark."""
        if mark not in self._made:
            self._made[mark] = Cell(
                self._quantity, frozenset(self.names), self._formula, mark, self._named,
                lambda text: self._number(text, mark),
            )  # fmt: skip
        return self._made[mark]

    def _named(self, text: str) -> str | None:
        """Return the quantity that a text names; None if none."""
        if len(text) > _LONGEST:
            return None
        try:
            return parse_quantity(text, self.key.plan.graph).text
        except TutorError:
            return None

    def _number(self, text: str, mark: str) -> float | None:
        """Return a number, or a formula's number at the problem's point; None if there is none."""
        if len(text) > _LONGEST:
            return None
        read = plainly(text, Cell(names=frozenset(self.names), mark=mark))
        if read.kind != "read":
            return None
        try:
            return float(read_number(read.text).exact)
        except (TutorError, OverflowError):
            pass
        try:
            tree = parse_formula(read.text, self.names)[0]
            if not any(isinstance(node, Name) for node in postorder(tree)):
                return None
            return self._at_the_point(tree)
        except (TutorError, TooMuchWork, OverflowError):
            return None

    def _at_the_point(self, tree: Expression) -> float | None:
        plan = self.key.plan
        env = {n.name: plan.numbers[i] for i, n in enumerate(plan.graph.nodes) if n.kind != "constant"}
        value = float(evaluate(tree, env))
        return value if math.isfinite(value) else None
