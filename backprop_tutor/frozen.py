"""Objects that cannot be changed: what derivations and programs hand out.

`types.MappingProxyType` can neither be pickled nor copied, and a `dict` can be written to behind its
owner's back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any, NoReturn, TypeVar

__all__ = ["Final", "FrozenDict", "Unchanging"]

K = TypeVar("K")
V = TypeVar("V")


class Unchanging(dict[K, V]):
    """A `dict` none of whose own ways to change it works; a class says why."""

    __slots__ = ()
    _why = "this mapping cannot be changed"

    def _refused(self, *given: object, **named: object) -> NoReturn:
        raise TypeError(self._why)

    # Each of dict's ways to change it, refused alike.
    __setitem__: Callable[..., NoReturn] = _refused
    __delitem__: Callable[..., NoReturn] = _refused
    __ior__: Callable[..., NoReturn] = _refused
    clear: Callable[..., NoReturn] = _refused
    pop: Callable[..., NoReturn] = _refused
    popitem: Callable[..., NoReturn] = _refused
    setdefault: Callable[..., NoReturn] = _refused
    update: Callable[..., NoReturn] = _refused


class FrozenDict(Unchanging[K, V]):
    """A `dict` whose entries are final; `copy` returns a plain one. It is hashable where they are.

    >>> point = FrozenDict(x=1)
    >>> point["x"] = 2
    Traceback (most recent call last):
        ...
    TypeError: this mapping cannot be changed; dict(...) of it is a copy that can be
    >>> point | {"x": 2}
    {'x': 2}
    """

    __slots__ = ()
    _why = "this mapping cannot be changed; dict(...) of it is a copy that can be"

    def __hash__(self) -> int:  # type: ignore[override]  # a dict that changes has none
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Any], tuple[dict[K, V]]]:
        return type(self), (dict(self),)


class Final:
    """An object that is what it was made of: its attributes are final, and two are equal where
    their classes and `_parts` are.

    A constructor sets its attributes by `self.__dict__.update(...)`.
    """

    def _parts(self) -> tuple[object, ...]:
        """Return what it is compared by."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self is other or self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash((type(self), self._parts()))

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to {name!r} of a {type(self).__name__}: it is final")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete {name!r} of a {type(self).__name__}: it is final")
