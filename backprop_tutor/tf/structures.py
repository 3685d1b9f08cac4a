"""Nested lists, tuples and dictionaries of values: their leaves in order, and others in their structure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["leaves_of", "like"]


def leaves_of(structure: Any) -> Iterator[Any]:
    """Yield what nested lists, tuples and dictionaries hold, in order.

    >>> list(leaves_of({"a": 1, "b": [2, (3,)]}))
    [1, 2, 3]
    """
    waiting = [iter((structure,))]
    while waiting:
        each = next(waiting[-1], waiting)
        if each is waiting:
            waiting.pop()
        elif isinstance(each, dict):
            waiting.append(iter(each.values()))
        elif isinstance(each, (list, tuple)):
            waiting.append(iter(each))
        else:
            yield each


def like(structure: Any, answer: Callable[[Any], Any]) -> Any:
    """Return the structure with each leaf answered, in the order of `leaves_of`.

    >>> like([1, {"a": 2}], lambda x: 10 * x)
    [10, {'a': 20}]
    """
    if isinstance(structure, dict):
        return {key: like(each, answer) for key, each in structure.items()}
    if isinstance(structure, tuple) and hasattr(structure, "_fields"):
        return type(structure)(*[like(each, answer) for each in structure])
    if isinstance(structure, (list, tuple)):
        return type(structure)(like(each, answer) for each in structure)
    return answer(structure)
