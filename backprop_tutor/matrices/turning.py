"""What `xᵀ` of a vector is: nothing by itself, and in a product a row, as in `½ xᵀ A x` and `δ xᵀ`.

Enters: operations as they are typed, operands first, with their operands' shapes. Leaves: how each product
is meant; and a fault for a turned vector that ends in no product, since of one axis it is what it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..errors import Fault
from ..language import Apply
from ..ops.sizes import Shape
from .meant import MATMUL

__all__ = ["Role", "Turning"]

Role = Literal["", "row", "outer", "carried", "refused"]
"""A product of a row and what stands right of it; one of all pairs; a row still; a row out of place."""

_CARRYING = frozenset({"negate", "identity", "multiply", "divide", "add", "subtract"})
"""What leaves a row a row: its sign, a number times it, a number under it, the sum of two."""


@dataclass(slots=True)
class Turning:
    """The rows among the trees of one assignment, by identity.

    `pending` are turned vectors that no product has taken yet, each with its fault; `rows` are vectors that
    a row and a matrix made, which may stand alone.
    """

    pending: dict[int, Fault] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)

    def turn(self, tree: Apply, fault: Fault) -> None:
        """Note a vector with a sign of transposition; one that is a row already is upright again."""
        inner = id(tree.operands[0])
        if inner in self.pending:
            del self.pending[inner]
        elif inner in self.rows:
            self.rows.discard(inner)
        else:
            self.pending[id(tree)] = fault

    def role(self, tree: Apply, shapes: Sequence[Shape | None]) -> tuple[Role, list[Fault]]:
        """Return what rows among the operands make of an operation, and the faults of misfits.

        A vector that is turned stays pending where the operation leaves it a row.
        """
        own = [id(each) for each in tree.operands]
        rows = [each in self.pending or each in self.rows for each in own]
        if not any(rows):
            return "", []
        if self._carries(tree, shapes, rows):
            pending = [self.pending.pop(each) for each in own if each in self.pending]
            if pending:
                self.pending[id(tree)] = pending[0]
            else:
                self.rows.add(id(tree))
            return "carried", []
        if tree.op in (MATMUL, "multiply"):
            if rows == [True, False] and shapes[1] != ():
                self.pending.pop(own[0], None)
                if len(shapes[1] or ()) == 2:
                    self.rows.add(id(tree))
                return "row", []
            if own[1] in self.pending and not rows[0] and len(shapes[0] or ()) == 1:
                del self.pending[own[1]]
                return "outer", []
        faults = [self.pending.pop(each) for each in own if each in self.pending]
        return ("refused" if faults else ""), faults

    def _carries(self, tree: Apply, shapes: Sequence[Shape | None], rows: list[bool]) -> bool:
        if tree.op not in _CARRYING or not all(
            row or shape == () for row, shape in zip(rows, shapes, strict=True)
        ):
            return False
        if tree.op == "multiply":
            return not all(rows)
        if tree.op == "divide":
            return not rows[1]
        return all(rows)

    def left_over(self) -> list[Fault]:
        """Return the faults of turned vectors that ended in no product, and begin anew."""
        found = list(self.pending.values())
        self.pending.clear()
        self.rows.clear()
        return found
