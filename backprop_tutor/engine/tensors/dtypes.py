"""The element types of tensors and PyTorch's rules of promotion between them.

Everything about dtypes lives here: their names, which NumPy dtype each is, which of two wins in an
operation, and what a Python number becomes. Promotion looks at categories (bool < integer <
floating): within the highest category, tensors with dimensions outrank tensors without, and those
outrank Python numbers.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

__all__ = [
    "DEFAULT", "bool_", "category", "converted", "dtype", "finfo", "float32", "float64",
    "from_numpy_dtype", "get_default_dtype", "iinfo", "int32", "int64", "not_defined", "of_number",
    "promote_types", "set_default_dtype", "uint8",
]


class dtype:
    """One element type; `array` is the NumPy dtype, `short` the name in messages ("Float")."""

    __slots__ = ("array", "category", "is_complex", "is_floating_point", "name", "short")

    def __init__(self, name: str, array: Any, short: str) -> None:
        self.name: str = name
        self.array: np.dtype[Any] = np.dtype(array)
        self.short: str = short
        self.category: int = {"b": 0, "u": 1, "i": 1, "f": 2}[self.array.kind]
        self.is_floating_point: bool = self.category == 2
        self.is_complex: bool = False

    @property
    def itemsize(self) -> int:
        """The bytes of one element."""
        return int(self.array.itemsize)

    @property
    def is_signed(self) -> bool:
        """Whether it has negative numbers."""
        return self.array.kind in "if"

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str:
        return self.name if self.name != "bool" else "bool_"


float64: dtype = dtype("float64", np.float64, "Double")
float32: dtype = dtype("float32", np.float32, "Float")
int64: dtype = dtype("int64", np.int64, "Long")
int32: dtype = dtype("int32", np.int32, "Int")
uint8: dtype = dtype("uint8", np.uint8, "Byte")
bool_: dtype = dtype("bool", np.bool_, "Bool")

_ALL = (float64, float32, int64, int32, uint8, bool_)
DTYPES = {each.name: each for each in _ALL}
PYTHON_KINDS = {float: float64, int: int64, bool: bool_}
"""The dtypes that Python's own types stand for."""
_OF_ARRAY = {each.array: each for each in _ALL}
DEFAULT = [float32]
"""The default floating dtype, in a list of one so that readers see a change."""


def from_numpy_dtype(array: Any) -> dtype:
    """Return the dtype of a NumPy dtype.

    Raises:
        TypeError: a NumPy dtype that tensors do not have; the message says to what it can be converted.
    """
    found = _OF_ARRAY.get(array)
    if found is None:
        found = _OF_ARRAY.get(np.dtype(array).newbyteorder("="))
    if found is None:
        given = np.dtype(array)
        nearest = {"f": "float32", "i": "int32", "u": "int64"}.get(given.kind)
        advice = f" Convert it first: array.astype(numpy.{nearest})." if nearest else ""
        raise TypeError(
            f"can't convert np.ndarray of type numpy.{given.type.__name__}. The only supported types "
            f"are: float64, float32, int64, int32, uint8, and bool.{advice}"
        )
    return found


def get_default_dtype() -> dtype:
    """Return the floating dtype of tensors made from Python floats."""
    return DEFAULT[0]


def set_default_dtype(d: dtype) -> None:
    """Set the floating dtype of tensors made from Python floats.

    Raises:
        TypeError: a dtype that is not floating.
    """
    if not isinstance(d, dtype) or not d.is_floating_point:
        start = "" if isinstance(d, dtype) else "invalid dtype object: "
        raise TypeError(f"{start}only floating-point types are supported as the default type")
    DEFAULT[0] = d


def category(array: np.dtype[Any]) -> int:
    """Return 0 for bool, 1 for integers, 2 for floating NumPy dtypes."""
    return _CATEGORY[array.kind]


_CATEGORY = {"b": 0, "u": 1, "i": 1, "f": 2}


def c_name(array: np.dtype[Any]) -> str:
    """Return the name that messages of filling give a NumPy dtype."""
    name = array.name
    return {"float64": "double", "float32": "float", "int32": "int"}.get(
        name, f"{name}_t" if array.kind in "iu" else name)


def fits(value: Any, array: np.dtype[Any]) -> bool:
    """Return whether numbers can be written into a NumPy dtype; integers may wrap once below 0.

    >>> fits(-1, np.dtype(np.uint8)), fits(-1000, np.dtype(np.uint8)), fits(1e40, np.dtype(np.float32))
    (True, False, False)
    """
    given = np.asarray(value)
    if not given.size or given.dtype.kind not in "iuf" or array.kind == "b":
        return True
    low, high = given.min(), given.max()
    if array.kind == "f":
        if not np.isfinite(high) or not np.isfinite(low) or given.dtype == array:
            return True
        return bool(max(abs(float(low)), abs(float(high))) <= float(np.finfo(array).max))
    facts = np.iinfo(array)
    least = -int(facts.max) if array.kind == "u" else int(facts.min)
    return bool(np.isfinite(given).all() and least <= int(low) and int(high) <= int(facts.max))


def of_number(number: Any) -> Any:
    """Return the NumPy dtype that a Python number has on its own: int64, bool or the default."""
    if isinstance(number, (bool, np.bool_)):
        return bool_.array
    if isinstance(number, (int, np.integer)):
        return int64.array
    return DEFAULT[0].array


def converted(number: Any, kind: np.dtype[Any]) -> Any:
    """Return a Python number as a scalar of a NumPy dtype: cut towards 0 for integers.

    A negative integer wraps around in uint8 as long as its size fits.

    Raises:
        RuntimeError: a number that the dtype does not hold.

    >>> int(converted(-9, uint8.array)), int(converted(-2.9, int32.array))
    (247, -2)
    """
    if kind.kind == "b":
        return np.bool_(bool(number))
    if kind.kind == "f":
        held = not math.isfinite(number) or abs(number) <= float(np.finfo(kind).max)
    else:
        limits = np.iinfo(kind)
        lowest = -limits.max if kind.kind == "u" and not isinstance(number, float) else limits.min
        held = lowest <= number <= limits.max
    if not held:
        raise RuntimeError(f"value cannot be converted to type {c_name(kind)} without overflow")
    if kind.kind == "u":
        number = int(number) & limits.max
    return kind.type(number)


def promote_arrays(a: Any, b: Any) -> Any:
    """Return the NumPy dtype that two tensors of equal rank promote to."""
    if a is b or a == b:
        return a
    if _CATEGORY[a.kind] == _CATEGORY[b.kind]:
        return np.promote_types(a, b)
    return a if _CATEGORY[a.kind] > _CATEGORY[b.kind] else b


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """Return the dtype that tensors of two dtypes promote to.

    >>> promote_types(int64, float32), promote_types(uint8, int32)
    (torch.float32, torch.int32)
    """
    return _OF_ARRAY[promote_arrays(type1.array, type2.array)]


def can_cast(from_: dtype, to: dtype) -> bool:
    """Return whether one dtype may be written into another: not to a lower kind of number.

    >>> can_cast(float32, int32), can_cast(int64, float64)
    (False, True)
    """
    return _CATEGORY[from_.array.kind] <= _CATEGORY[to.array.kind]


def promote_operands(operands: tuple[Any, ...]) -> Any:
    """Return the NumPy dtype of an operation on arrays (any rank) and Python numbers."""
    best: list[np.dtype[Any] | None] = [None, None, None]  # with dimensions, without, numbers
    for each in operands:
        if isinstance(each, np.ndarray):
            rank, kind = (0 if each.ndim else 1), each.dtype
        else:
            rank, kind = 2, of_number(each)
        held = best[rank]
        best[rank] = kind if held is None else promote_arrays(held, kind)
    result: np.dtype[Any] | None = None
    for kind_or_none in best:
        if kind_or_none is None:
            continue
        if result is None or _CATEGORY[kind_or_none.kind] > _CATEGORY[result.kind]:
            result = kind_or_none
    assert result is not None
    return result


class finfo:
    """The limits of a floating dtype: `eps max min tiny smallest_normal resolution bits`."""

    def __init__(self, type: dtype | None = None) -> None:
        kind = type or DEFAULT[0]
        if not kind.is_floating_point:
            raise TypeError(
                "torch.finfo() requires a floating point input type. Use torch.iinfo to handle "
                "'torch.finfo'"
            )
        facts = np.finfo(kind.array)
        self.dtype: str = kind.name
        self.bits: int = facts.bits
        self.eps: float = float(facts.eps)
        self.max: float = float(facts.max)
        self.min: float = float(facts.min)
        self.tiny: float = float(facts.tiny)
        self.smallest_normal: float = self.tiny
        self.resolution: float = float(f"1e-{facts.precision}")

    def __repr__(self) -> str:
        return (
            f"finfo(resolution={self.resolution:g}, min={self.min:g}, max={self.max:g}, "
            f"eps={self.eps:g}, smallest_normal={self.tiny:g}, tiny={self.tiny:g}, "
            f"dtype={self.dtype})"
        )


class iinfo:
    """The limits of an integer dtype: `max min bits`."""

    def __init__(self, type: dtype) -> None:
        if type.category != 1:
            raise TypeError(
                "torch.iinfo() requires an integer input type. Use torch.finfo to handle "
                "'torch.iinfo'"
            )
        facts = np.iinfo(type.array)
        self.dtype: str = type.name
        self.bits: int = facts.bits
        self.max: int = int(facts.max)
        self.min: int = int(facts.min)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"


C_NAMES = {
    "float64": "double", "float32": "float", "int64": "long int",
    "int32": "int", "uint8": "unsigned char", "bool": "bool",
}
"""The names that some messages have for dtypes."""


def not_defined(function: str, kind: Any, made: bool = False) -> NotImplementedError:
    """Return the error of a function that a NumPy dtype does not have, with what helps.

    `made` says that the function makes a tensor of a dtype that was asked for.

    >>> raise not_defined("softmax", np.dtype(np.int64))
    Traceback (most recent call last):
    NotImplementedError: softmax() is not defined for torch.int64; convert the tensor first, as by .float()
    """
    instead = f"convert the tensor first, as by .{'long' if kind.kind == 'f' else 'float'}()"
    if made:
        instead = "ask for another dtype, such as torch.float32"
    return NotImplementedError(f"{function}() is not defined for {from_numpy_dtype(kind)}; {instead}")
