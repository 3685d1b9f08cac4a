"""TensorFlow's element types: `tf.float32` and its like, and how values given by other names become one."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import engine as torch

__all__ = ["DTYPES", "DType", "as_dtype"]


class DType:
    """An element type; equal to its name and to NumPy's type of the name.

    >>> DTYPES["float32"], str(DTYPES["float32"]), DTYPES["float32"] == "float32"
    (tf.float32, "<dtype: 'float32'>", True)
    """

    __slots__ = ("as_numpy_dtype", "name", "said", "short")

    def __init__(self, name: str, said: str) -> None:
        self.name: str = name
        self.said: str = said
        self.as_numpy_dtype: Any = np.dtype(name).type

    @property
    def engine(self) -> Any:
        """The engine's dtype of the same name."""
        return getattr(torch, self.name)

    @property
    def is_floating(self) -> bool:
        """Whether it holds fractions."""
        return bool(np.dtype(self.as_numpy_dtype).kind == "f")

    @property
    def is_integer(self) -> bool:
        """Whether it holds whole numbers."""
        return np.dtype(self.as_numpy_dtype).kind in "iu"

    @property
    def is_bool(self) -> bool:
        """Whether it holds truth values."""
        return self.name == "bool"

    @property
    def size(self) -> int:
        """The number of bytes of one element."""
        return int(np.dtype(self.as_numpy_dtype).itemsize)

    @property
    def min(self) -> Any:
        """The smallest finite value."""
        return (np.finfo if self.is_floating else np.iinfo)(self.as_numpy_dtype).min

    @property
    def max(self) -> Any:
        """The largest finite value."""
        return (np.finfo if self.is_floating else np.iinfo)(self.as_numpy_dtype).max

    def __eq__(self, other: object) -> bool:
        if isinstance(other, DType):
            return self.name == other.name
        try:
            return as_dtype(other).name == self.name
        except TypeError:
            return False

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"tf.{self.name}"

    def __str__(self) -> str:
        return f"<dtype: {self.name!r}>"

    def __reduce__(self) -> Any:
        return as_dtype, (self.name,)


_SAID = {
    "float32": "float",
    "float64": "double",
    "int32": "int32",
    "int64": "int64",
    "uint8": "uint8",
    "bool": "bool",
}
"""What messages call them."""
DTYPES: dict[str, DType] = {name: DType(name, said) for name, said in _SAID.items()}
"""The element types there are, by name."""
_PYTHON = {float: "float32", int: "int32", bool: "bool"}


def as_dtype(given: Any) -> DType:
    """Return the element type that a name, a type of Python's or NumPy's, or an element type stands for.

    >>> as_dtype("float64"), as_dtype(int)
    (tf.float64, tf.int32)

    Raises:
        TypeError: none of these, or one that is not here.
    """
    if isinstance(given, DType):
        return given
    name = _PYTHON.get(given) if isinstance(given, type) else None
    if name is None:
        name = {"double": "float64", "float": "float32"}.get(given, given) if isinstance(given, str) else ""
        if not isinstance(given, str):
            try:
                name = np.dtype(given).name if given is not None else ""
            except TypeError:
                name = ""
    if name not in DTYPES:
        raise TypeError(
            f"Cannot convert the argument `type_value`: {given!r} to a TensorFlow DType. There are: "
            f"{', '.join(DTYPES)}."
        )
    return DTYPES[name]
