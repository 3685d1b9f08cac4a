"""Operations of two values: the second takes the first one's dtype or is refused, and so with shapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .converting import array_of, dtype_of, raw_of
from .dtypes import DType
from .errors import InvalidArgumentError
from .recording import Value, run

__all__ = ["alike", "matched", "pair", "written"]


def written(sizes: Any) -> str:
    """Return sizes as messages of operations write them.

    >>> written((2, 3))
    '[2,3]'
    """
    return "[" + ",".join(str(size) for size in sizes) + "]"


def _text(given: Any) -> bool:
    return isinstance(given, (str, bytes))


def alike(op: str, x: Value, other: Any, place: int = 1) -> Value:
    """Return the other operand as a value of x's dtype.

    Raises:
        InvalidArgumentError: it is a tensor of another dtype, or text.
        TypeError: a number that the dtype does not hold.
    """
    dtype = dtype_of(x.raw)
    if isinstance(other, Value):
        if (found := dtype_of(other.raw)) != dtype:
            raise _mismatch(op, place, dtype, found.said)
        return other
    if _text(other):
        raise _mismatch(op, place, dtype, "string")
    made: Value = x.result(raw_of(other, dtype))
    return made


def _mismatch(op: str, place: int, dtype: DType, found: str) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"cannot compute {op} as input #{place}(zero-based) was expected to be a {dtype.said} tensor "
        f"but is "
        f"a {found} tensor [Op:{op}]"
    )


def matched(op: str, x: Value, y: Value) -> None:
    """Refuse shapes that do not broadcast.

    Raises:
        InvalidArgumentError: sizes that differ and are not 1.
    """
    one, other = tuple(x.raw.shape), tuple(y.raw.shape)
    try:
        np.broadcast_shapes(one, other)
    except ValueError:
        raise InvalidArgumentError(
            f"Incompatible shapes: {written(one)} vs. {written(other)} [Op:{op}]"
        ) from None


def pair(op: str, function: Callable[[Any, Any], Any], x: Value, other: Any, swapped: bool = False) -> Any:
    """Return the function of two operands, x a value; `swapped` where x is the second one.

    Raises:
        InvalidArgumentError: dtypes or shapes that do not fit.
    """
    if swapped and isinstance(other, np.ndarray):  # it asked first, and x gives the dtype
        other = array_of(other, dtype_of(x.raw))
    y = alike(op, x, other)
    one, two = (y, x) if swapped else (x, y)
    if one.raw.shape != two.raw.shape:
        matched(op, one, two)
    return run(function, one, two)
