"""A product of matrices at work: its factors as tables, the row, the column and the entry that are lit.

Enters: a gate that multiplies matrices, forward or on the way back to one of its operands. Leaves: a
`Product`, from which caption, bench and lit cells are made, so that the three say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...matrices.array_derivation import ArrayDerivation
from ...matrices.array_graph import record_of
from .entries import table_of
from .figures import LARGEST_WHOLE
from .gates import Operand, Parts

__all__ = ["Factor", "Product", "backward_product", "forward_product", "telling_entry"]


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """A factor or the result: its table, of which array it is the value or gradient, whether transposed."""

    place: int
    role: str
    table: Any
    transposed: bool = False

    def cells(self, row: int | None, column: int | None) -> frozenset[tuple[int, int]]:
        """Return the cells of the array's own box that are a row, a column or an entry of the table."""
        rows, columns = self.table.shape
        chosen = [
            (r, c)
            for r in (range(rows) if row is None else (row,))
            for c in (range(columns) if column is None else (column,))
        ]
        return frozenset((c, r) if self.transposed else (r, c) for r, c in chosen)

    @property
    def is_whole(self) -> bool:
        """Return whether it is small enough to be shown entry by entry."""
        return bool(max(self.table.shape) <= LARGEST_WHOLE)


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """`left · right = result`, and the entry of the result that is followed."""

    left: Factor
    right: Factor
    result: Factor
    at: tuple[int, int]

    @property
    def factors(self) -> tuple[Factor, Factor, Factor]:
        """Return left, right and result."""
        return self.left, self.right, self.result


def telling_entry(table: Any) -> tuple[int, int]:
    """Return the entry that is followed: the last of the first row that is not 0, of a large table the
    largest.

    >>> telling_entry(np.array([[0.0, 0.0], [2.0, 3.0]]))
    (1, 1)
    """
    rows, columns = table.shape
    if rows <= LARGEST_WHOLE and columns <= LARGEST_WHOLE:
        found = ((r, c) for r in range(rows) for c in reversed(range(columns)) if table[r, c] != 0)
        return next(found, (0, columns - 1))
    row, column = np.unravel_index(int(np.abs(table).argmax()), table.shape)
    return int(row), int(column)


def _factors(derivation: ArrayDerivation, parts: Parts, gate: int) -> tuple[Factor, Factor, bool] | None:
    """Return the two factors, and whether the product stands upright; None beyond matrices.

    One that is turned on its way in is the array that has a box, transposed.
    """
    place = parts.gates[gate].lead
    node = parts.graph.nodes[place]
    record = record_of(node)
    if record is None or record.name not in ("matmul", "dot"):
        return None
    first, second = (np.asarray(derivation.numbers[i]) for i in node.operands)
    if not (1 <= first.ndim <= 2 and 1 <= second.ndim <= 2):
        return None
    turned = {o.slot: o.place for o in parts.gates[gate].operands if parts.is_turned(o)}
    left, right = (
        Factor(turned.get(slot, node.operands[slot]), "value", table, slot in turned)
        for slot, table in enumerate((table_of(first, False), table_of(second, True)))
    )
    return left, right, second.ndim == 1 and first.ndim == 2


def forward_product(derivation: ArrayDerivation, parts: Parts, gate: int) -> Product | None:
    """Return the product that a gate computes; None where it is no product of matrices."""
    found = _factors(derivation, parts, gate)
    if found is None:
        return None
    left, right, upright = found
    place = parts.gates[gate].lead
    result = table_of(derivation.numbers[place], upright)
    return Product(left, right, Factor(place, "value", result), telling_entry(result))


def backward_product(
    derivation: ArrayDerivation, parts: Parts, gate: int, operand: Operand, shown_at: int
) -> Product | None:
    """Return the product that hands a gradient to an operand: `δ·Bᵀ` to the first, `Aᵀ·δ` to the second.

    To one that is turned it is `δᵀ·A`, or `B·δᵀ`. `shown_at`: the place whose box shows δ.
    """
    found = _factors(derivation, parts, gate)
    turned = parts.is_turned(operand)
    if found is None or (operand.through is not None and not turned):
        return None
    first, second, upright = found
    edge = derivation.contributions[operand.through or operand.place, operand.target, operand.slot]
    upstream = Factor(shown_at, "gradient", table_of(edge.upstream, upright))
    if operand.slot:
        left, right = (_turned(upstream), first) if turned else (_turned(first), upstream)
    else:
        left, right = (second, _turned(upstream)) if turned else (upstream, _turned(second))
    table = table_of(edge.downstream, upright if operand.slot else False)
    if turned:
        table = table.T
    if table.shape != (left.table.shape[0], right.table.shape[1]):
        return None
    return Product(left, right, Factor(operand.place, "gradient", table), telling_entry(table))


def _turned(factor: Factor) -> Factor:
    return Factor(factor.place, factor.role, factor.table.T, not factor.transposed)
