"""Operations on arrays as the typed language writes them: `X @ W`, `Wᵀ`, `sum(Z, axis=0)`.

A tree knows an operation by its name; of those that single numbers have too (`softmax`, `mean`) the shapes
decide which is meant. What arrays alone have, or an option that they alone have, is named `array_...`, and
has a row here, which says how it is written. The rules are the tensor records'.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..sentences import N_, said
from . import OPS
from .record import ATOM, PRODUCT, Operation, Rule
from .tensor_record import TensorOperation
from .tensors import TENSOR_OPS

__all__ = [
    "ARRAY_FUNCTIONS", "ARRAY_ROWS", "PREFIX", "array_record", "option_misfit", "row_of", "typed_options",
]  # fmt: skip

PREFIX = "array_"

_WRITTEN: dict[str, dict[str, Any]] = {
    "matmul": {
        "text": ("", " @ ", ""), "plain": ("", " @ ", ""), "latex": ("", r" \, ", ""),
        "binds": PRODUCT, "operands_bind": (PRODUCT, PRODUCT + 1),
    },
    "transpose": {
        "text": ("", "ᵀ"), "plain": ("", ".T"), "latex": ("", r"^{\top}"),
        "binds": ATOM, "operands_bind": (ATOM,),
    },
}  # fmt: skip
"""What is written by a sign; the rest are calls."""


def _row(record: TensorOperation) -> Operation:
    count = len(record.operands)
    least = 1 if record.many else count - len(record.optional)
    return Operation(
        name=PREFIX + record.name, forward=record.forward, partials=_no_slope,
        because="", samples=((1.0,) * max(least, 1),), spelled=record.spelled,
        least=max(least, 1), most=None if record.many else count, elementwise=False,
        **_WRITTEN.get(record.name, {}),
    )  # fmt: skip


def _no_slope(slot: int) -> Rule:
    """Refuse: an operation on arrays has a gradient, and no slope at a single number."""
    raise TypeError("an operation on arrays has no slope at a single number")


ARRAY_ROWS: Mapping[str, Operation] = MappingProxyType(
    {PREFIX + record.name: _row(record) for record in TENSOR_OPS.values()}
)
REMARKS: Mapping[str, str] = MappingProxyType(
    {
        "cross_entropy": N_(
            "{formula} takes scores: softmax is part of it; of shares p it is -sum(Y*ln(p))/n"
        )
    }
)
"""What is said of an operation that means something else over arrays than of single numbers."""
_NOT_TYPED = frozenset(
    {"broadcast_to", "flip", "gather", "mae", "nll", "onehot", "permute", "reshape", "roll"}
)
"""These need a shape, several axes or places, which no option of the language can hold; mae and nll have a
formula to be written instead: |y − t|, −ln(p)."""
ARRAY_FUNCTIONS: Mapping[str, TensorOperation] = MappingProxyType(
    {
        name: record
        for record in TENSOR_OPS.values()
        for name in record.spelled
        if name not in _NOT_TYPED
    }
)
"""The records by the names that users call."""


_MOST_WHOLE = 1e6


def typed_options(record: TensorOperation) -> dict[str, Any]:
    """Return the options that can be typed, with their defaults: those that are numbers or truths.

    >>> typed_options(TENSOR_OPS["mse"]), typed_options(TENSOR_OPS["softmax"])
    ({}, {'axis': -1})
    """
    return {name: value for name, value in record.options if not isinstance(value, str | tuple)}


def option_misfit(record: TensorOperation, name: str, value: float) -> str:
    """Return what an option's value should be, where it is not; nothing where it is.

    >>> option_misfit(TENSOR_OPS["sum"], "axis", 0.5), option_misfit(TENSOR_OPS["sum"], "axis", 1)
    ('a whole number', '')
    """
    default = typed_options(record)[name]
    if isinstance(default, bool):
        return "" if value in (0, 1) else said("True or False")
    if name in ("correction", "p"):  # whole by default, and need not be
        return ""
    if default is None or isinstance(default, int):
        whole = float(value).is_integer() and abs(value) < _MOST_WHOLE
        return "" if whole else said("a whole number")
    if name == "label_smoothing":
        return "" if 0 <= value <= 1 else said("a number from 0 to 1")
    return "" if value >= 0 else said("a number from 0 on")


def row_of(op: str) -> Operation:
    """Return the row that says how an operation of a tree is written.

    >>> row_of("sigmoid").called, row_of("array_sum").called
    ('sigmoid', 'sum')
    """
    return OPS[op] if op in OPS else ARRAY_ROWS[op]


def array_record(op: str) -> TensorOperation | None:
    """Return the record of an operation where arrays have one; None for those of single entries.

    >>> array_record("array_matmul").name, array_record("softmax").name, array_record("relu") is None
    ('matmul', 'softmax', True)
    """
    if op.startswith(PREFIX):
        return TENSOR_OPS[op.removeprefix(PREFIX)]
    spelled = OPS[op].spelled
    return next((ARRAY_FUNCTIONS[name] for name in spelled if name in ARRAY_FUNCTIONS), None)
