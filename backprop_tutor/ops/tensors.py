"""The table of tensor operations: one frozen record an operation, by name.

>>> TENSOR_OPS["matmul"].shape(("N", 3), (3, 4))
('N', 4)
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import (
    class_losses,
    indexing,
    layers,
    linear_algebra,
    normalising,
    reductions,
    shape,
    tensor_losses,
)
from .tensor_record import TensorOperation

__all__ = ["TENSOR_OPS"]


def _table(*rows: TensorOperation) -> Mapping[str, TensorOperation]:
    table: dict[str, TensorOperation] = {}
    for row in rows:
        if row.name in table:
            raise ValueError(f"two rows are named {row.name}")
        table[row.name] = row
    return MappingProxyType(table)


TENSOR_OPS = _table(
    *linear_algebra.ROWS, *reductions.ROWS, *shape.ROWS, *indexing.ROWS, *layers.ROWS, *normalising.ROWS,
    *tensor_losses.ROWS, *class_losses.ROWS,
)
