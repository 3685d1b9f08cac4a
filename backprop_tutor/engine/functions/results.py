"""The tuples with names in which operations with several results give them."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

__all__ = ["result_type"]


class _Result(tuple[Any, ...]):
    """A tuple whose entries also have names."""

    __slots__ = ()
    names: tuple[str, ...]
    called: str

    def __new__(cls, *values: Any) -> _Result:
        """Return the values as a result."""
        return tuple.__new__(cls, values)

    def __repr__(self) -> str:
        parts = (f"{name}={value!r}" for name, value in zip(self.names, self, strict=True))
        return f"torch.return_types.{self.called}(\n" + ",\n".join(parts) + ")"

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"'torch.return_types.{self.called}' object has no attribute '{name}'"
        )

    def __reduce__(self) -> Any:
        return tuple, (tuple(self),)


def result_type(called: str, names: tuple[str, ...] = ("values", "indices")) -> Any:
    """Return the kind of tuple of an operation: its entries under names, in order.

    >>> result_type("max")(3, 0)
    torch.return_types.max(
    values=3,
    indices=0)
    """
    members: dict[str, Any] = {"__slots__": (), "called": called, "names": names}
    for place, name in enumerate(names):
        members[name] = property(itemgetter(place))
    return type(called, (_Result,), members)
