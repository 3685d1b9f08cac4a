"""What a caller may give for a number, an array or a program of another library, as types for signatures.

Enters nothing. Leaves aliases and protocols; what is given is read, and refused in words, where it is used.
Numbers of SymPy's and NumPy's are told by what they can do, so that neither is imported here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Protocol, SupportsFloat, TypeAlias, Union, runtime_checkable

__all__ = ["AnswerLike", "ArrayLike", "GraphLike", "NumberLike", "SupportsArray", "SympyLike"]

NumberLike: TypeAlias = int | float | Fraction | Decimal | str | SupportsFloat
"""A number: Python's, NumPy's or SymPy's own, or text as it is typed: "1/3", "pi/2"."""


class SupportsArray(Protocol):
    """An array of NumPy's, or what becomes one, such as a tensor or a column of a table."""

    def __array__(self) -> object:
        """Return the array."""
        ...


class SympyLike(Protocol):
    """An expression or an equation of SymPy's."""

    @property
    def free_symbols(self) -> Iterable[object]:
        """Return its symbols."""
        ...


@runtime_checkable
class GraphLike(Protocol):
    """A directed graph of networkx's, as `Program.from_graph` takes it."""

    @property
    def in_edges(self) -> object:
        """Return its edges by their heads."""
        ...


# The old spelling: an alias that names itself cannot be built with `|` at run time.
ArrayLike: TypeAlias = Union[SupportsArray, "Sequence[NumberLike | ArrayLike]"]
"""An array, or numbers in lists in lists."""

AnswerLike: TypeAlias = NumberLike | ArrayLike | None
"""What stands in a cell of a sheet; None where nothing does."""
