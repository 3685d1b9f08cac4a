"""What a vector is called that holds numbers with names: what their names have in common."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

__all__ = ["fresh_name", "stem_of"]

_NUMBERED = re.compile(r"(\w*?[^\W\d]\d*?)_?(\d+)\Z")


def stem_of(names: Sequence[str]) -> str:
    """Return what numbered names have before their numbers; nothing where they differ in it.

    >>> stem_of(["h1", "h2"]), stem_of(["a1_1", "a1_2"]), stem_of(["x", "y"]), stem_of(["net_h1", "net_h2"])
    ('h', 'a1', '', 'net_h')
    """
    stems = set()
    for name in names:
        match = _NUMBERED.match(name)
        stems.add(match[1] if match else "")
    return stems.pop() if len(stems) == 1 else ""


def fresh_name(wish: str, taken: Collection[str]) -> str:
    """Return the name, or with a number behind it where it is taken.

    >>> fresh_name("x", {"x", "x_2"})
    'x_3'
    """
    if wish not in taken:
        return wish
    number = 2
    while f"{wish}_{number}" in taken:
        number += 1
    return f"{wish}_{number}"
