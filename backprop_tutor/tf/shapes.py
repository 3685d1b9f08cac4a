"""`TensorShape`: the sizes of a tensor along its dimensions, printed as TensorFlow prints them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["TensorShape"]


class TensorShape(tuple[int, ...]):
    """A shape: a tuple that says more.

    >>> TensorShape([2, 3]), str(TensorShape([2, 3]))
    (TensorShape([2, 3]), '(2, 3)')
    """

    __slots__ = ()

    def __new__(cls, sizes: Iterable[int] = ()) -> TensorShape:
        """Return the shape of these sizes."""
        return tuple.__new__(cls, sizes)

    @property
    def rank(self) -> int:
        """The number of dimensions."""
        return len(self)

    @property
    def ndims(self) -> int:
        """The number of dimensions, as `rank`."""
        return len(self)

    @property
    def dims(self) -> list[int]:
        """The sizes as a list."""
        return list(self)

    def as_list(self) -> list[int]:
        """Return the sizes as a list."""
        return list(self)

    def num_elements(self) -> int:
        """Return the number of elements."""
        count = 1
        for size in self:
            count *= size
        return count

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, (list, tuple)) else False

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return tuple.__hash__(self)

    def __getitem__(self, key: Any) -> Any:
        found = tuple.__getitem__(self, key)
        return TensorShape(found) if isinstance(key, slice) else found

    def __add__(self, other: Any) -> TensorShape:
        return TensorShape(tuple(self) + tuple(other))

    def __repr__(self) -> str:
        return f"TensorShape({list(self)})"

    def __str__(self) -> str:
        return tuple.__repr__(self)
