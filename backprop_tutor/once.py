"""An attribute computed when it is first asked for, without a lock that a fork could leave shut.

Python 3.11's `functools.cached_property` holds one lock for all objects of a class while one of them
computes: threads that draw different pictures wait for each other, and a process forked meanwhile
waits for ever. Here two threads that ask at once both compute, and get equal results.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

__all__ = ["cached_property"]

T = TypeVar("T")


class cached_property(Generic[T]):  # it is what functools has under this name
    """A method read as an attribute, computed once for an object and kept in its `__dict__`.

    >>> class Circle:
    ...     @cached_property
    ...     def area(self): return [3.14]
    >>> circle = Circle()
    >>> circle.area is circle.area
    True
    """

    def __init__(self, function: Callable[[Any], T]) -> None:
        self.func = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> cached_property[T]: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None) -> T: ...
    def __get__(self, instance: object | None, owner: type | None = None) -> cached_property[T] | T:
        if instance is None:
            return self
        # Asked only while the object has no such attribute: this is no data descriptor.
        kept = instance.__dict__
        value = self.func(instance)
        return kept.setdefault(self.name, value)  # type: ignore[no-any-return]
