"""The places of an index as text, `0, 1:3, -1`, and as the key that arrays take: `(0, slice(1, 3), -1)`.

A tree and a graph hold the text, which can be hashed and compared; the rules of `index` take the key.
"""

from __future__ import annotations

from functools import cache
from typing import Any

__all__ = ["REST", "key_of", "shown_key"]

REST = "..."
"""Stands for all axes that are not named."""
_NEW = "None"


@cache
def key_of(text: str) -> tuple[Any, ...]:
    """Return the key that a text says.

    >>> key_of("0, 1:3, -1"), key_of("..., None, ::2")
    ((0, slice(1, 3, None), -1), (Ellipsis, None, slice(None, None, 2)))
    """
    return tuple(_part(part.strip()) for part in text.split(","))


def _part(text: str) -> Any:
    if text == REST:
        return Ellipsis
    if text == _NEW:
        return None
    if ":" in text:
        return slice(*(int(end) if end else None for end in text.split(":")))
    return int(text)


def shown_key(key: Any) -> str:
    """Return the text that says a key.

    >>> shown_key((0, slice(1, 3), Ellipsis)), shown_key(slice(None))
    ('0, 1:3, ...', ':')
    """
    return ", ".join(map(_shown, key if isinstance(key, tuple) else (key,)))


def _shown(part: Any) -> str:
    if part is Ellipsis:
        return REST
    if isinstance(part, slice):
        ends = ["" if end is None else str(end) for end in (part.start, part.stop)]
        return ":".join([*ends, *([] if part.step in (None, 1) else [str(part.step)])])
    return str(part)
