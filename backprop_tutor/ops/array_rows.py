"""Operations on arrays as the typed language writes them: `X @ W`, `Wᵀ`, `sum(Z, axis=0)`.

A tree knows an operation by its name; of those that single numbers have too (`softmax`, `mean`) the shapes
decide which is meant. What arrays alone have, or an option that they alone have, is named `array_...`, and
has a row here, which says how it is written. The rules are the tensor records'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ..sentences import N_, said
from . import OPS
from .record import ATOM, PRODUCT, Operation, Rule
from .tensor_record import TensorOperation
from .tensors import TENSOR_OPS

__all__ = [
    "ARRAY_FUNCTIONS", "ARRAY_NAMES", "ARRAY_ROWS", "PLACED", "PREFIX", "SEVERAL_AXES", "Placed",
    "array_record", "option_misfit", "option_texts", "row_of", "typed_options",
]  # fmt: skip

PREFIX = "array_"
Options = tuple[tuple[str, Any], ...]

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
        because="", samples=((1.0,) * max(least, 1),), spelled=record.spelled or (record.name,),
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
@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """How a function is called whose numbers, behind the array, are an option of its record.

    Attributes:
        record, option: whose the numbers are.
        asks: what is said where there are none, or too many.
        example: a call that is right.
        single: whether one number is the option; else all of them are, as a shape or axes.
        least: the smallest number that may stand there.
        aliases: other names of the option.
        fixed: the option's value where the function takes no number.
    """

    record: str
    option: str
    asks: str
    example: str
    single: bool = False
    least: int = -1
    aliases: tuple[str, ...] = ()
    fixed: tuple[int, ...] | None = None


_SHAPED = N_("{name} takes an array and the sizes of its new shape")
_TURNED = N_("{name} takes an array and the order of its axes")
_FLAT = Placed(record="reshape", option="shape", asks=_SHAPED, example="flatten(A)", fixed=(-1,))
_ONE_HOT = Placed(
    record="one_hot", option="classes", asks=N_("{name} takes labels and the number of classes"),
    example="onehot(y, 3)", single=True, least=1, aliases=("k", "num_classes"),
)  # fmt: skip
PLACED: Mapping[str, Placed] = MappingProxyType(
    {
        "reshape": Placed(record="reshape", option="shape", asks=_SHAPED, example="reshape(A, 2, 3)"),
        "flatten": _FLAT,
        "ravel": _FLAT,
        "permute": Placed(
            record="permute", option="axes", asks=_TURNED, example="permute(A, 1, 0)", least=-9,
            aliases=("dims",),
        ),
        "flip": Placed(
            record="flip", option="axes", asks=N_("{name} takes an array and the axes to turn around"),
            example="flip(A, 0)", least=-9, aliases=("axis", "dims"),
        ),
        "broadcast_to": Placed(
            record="expand", option="shape", asks=_SHAPED, example="broadcast_to(b, 2, 3)", least=1,
        ),
        "onehot": _ONE_HOT,
        "one_hot": _ONE_HOT,
    }
)  # fmt: skip
"""By the names that users call."""
SEVERAL_AXES = frozenset({"sum", "mean", "max", "min", "prod", "var", "std", "norm", "logsumexp", "softmax",
                          "log_softmax"})
"""The records whose `axis` may name several."""
_NOT_TYPED = frozenset({*PLACED, "gather", "mae", "nll", "roll"})
"""What `PLACED` says how to call; `gather` and `roll` need places and shifts, which the language has not;
mae and nll have a formula to be written instead: |y − t|, −ln(p)."""
ARRAY_FUNCTIONS: Mapping[str, TensorOperation] = MappingProxyType(
    {
        name: record
        for record in TENSOR_OPS.values()
        for name in record.spelled
        if name not in _NOT_TYPED
    }
)
"""The records by the names that users call."""
ARRAY_NAMES = frozenset({*ARRAY_FUNCTIONS, *PLACED})
"""All names of functions of arrays."""


_MOST_WHOLE = 1e6


def typed_options(record: TensorOperation) -> dict[str, Any]:
    """Return the options that can be typed, with their defaults: those that are numbers or truths.

    >>> typed_options(TENSOR_OPS["mse"]), typed_options(TENSOR_OPS["softmax"])
    ({}, {'axis': -1})
    """
    return {name: value for name, value in record.options if not isinstance(value, str | tuple)}


def option_misfit(record: TensorOperation, name: str, value: Any) -> str:
    """Return what an option's value should be, where it is not; nothing where it is.

    >>> option_misfit(TENSOR_OPS["sum"], "axis", 0.5), option_misfit(TENSOR_OPS["sum"], "axis", 1)
    ('a whole number', '')
    """
    default = typed_options(record)[name]
    if isinstance(value, tuple):
        return next((misfit for each in value if (misfit := option_misfit(record, name, each))), "")
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


_POSITIONAL = frozenset({(PREFIX + row.record, row.option) for row in PLACED.values()})


def option_texts(op: str, options: Options) -> list[str]:
    """Return options as they stand behind the operands of a call: by name, a shape or axes by their place.

    >>> option_texts("array_reshape", (("shape", (2, 3)),)), option_texts("array_sum", (("axis", 1),))
    (['2', '3'], ['axis=1'])
    """
    found: list[str] = []
    for name, value in options:
        numbers = value if isinstance(value, tuple) else (value,)
        texts = [str(n) if isinstance(n, str) else _number(n) for n in numbers]
        if (op, name) in _POSITIONAL:
            found += texts
        else:
            inner = ", ".join(texts)
            found.append(f"{name}=({inner})" if isinstance(value, tuple) else f"{name}={inner}")
    return found


def _number(value: float) -> str:
    """Return an option's number with every digit that it holds, and no more."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)
