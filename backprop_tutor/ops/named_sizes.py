"""Sizes that have a name and no number: whole numbers that say `N` or `4·N` where they are written.

A tensor rule runs on arrays, whose sizes are numbers. A `NamedSize` stands in for a symbol there; what a
rule multiplies or adds of it keeps its name, so that a mean's `δ/20` reads `δ/(4·N)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from .sizes import Size, added, multiplied

__all__ = ["INDEX", "NamedSize", "named_sizes", "names_in"]

INDEX = "size_"
"""What a size's name begins with in a formula over indices, where `n` alone would be an index."""


class NamedSize(int):
    """A whole number that stands for a size; `size` is what it is called, or its true number.

    >>> n = NamedSize(5, "N")
    >>> (n * 4).size, (2 * n + 1).size, n * 4 == 20
    ('4·N', '2·N+1', True)
    """

    size: Size

    def __new__(cls, number: int, size: Size) -> NamedSize:
        """Return a number with a size's name."""
        made = super().__new__(cls, number)
        made.size = size
        return made

    def __getnewargs__(self) -> tuple[int, Size]:  # type: ignore[override]
        return int(self), self.size

    def __mul__(self, other: int) -> int:
        return _joined(self, other, int.__mul__, multiplied)

    def __rmul__(self, other: int) -> int:
        return _joined(other, self, int.__mul__, multiplied)

    def __add__(self, other: int) -> int:
        return _joined(self, other, int.__add__, added)

    def __radd__(self, other: int) -> int:
        return _joined(other, self, int.__add__, added)

    def __str__(self) -> str:
        """Return the size as a formula over indices takes it: one name, one number or in brackets."""
        if isinstance(self.size, int):
            return str(self.size)
        text = "".join(INDEX + each if each[:1].isalpha() else each for each in _pieces(self.size))
        return text if len(_pieces(self.size)) == 1 else f"({text})"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def _pieces(text: str) -> list[str]:
    """Return names and what stands between them.

    >>> _pieces("4·N+2")
    ['4', '·', 'N', '+', '2']
    """
    return re.findall(r"\w+|\W", text)


def _joined(
    a: int, b: int, join: Callable[[int, int], int], named: Callable[[Iterable[Size]], Size]
) -> int:
    if not isinstance(a, int) or not isinstance(b, int):
        return NotImplemented
    sizes: list[Size] = [each.size if isinstance(each, NamedSize) else each for each in (a, b)]
    return NamedSize(join(int(a), int(b)), named(sizes))


def names_in(shapes: Iterable[Iterable[int] | None]) -> dict[int, NamedSize]:
    """Return the sizes that have a name, by the number that stands for them."""
    return {
        int(n): n for shape in shapes if shape is not None for n in shape if isinstance(n, NamedSize)
    }


def named_sizes(shapes: Iterable[Iterable[Size]]) -> list[str]:
    """Return the symbols that sizes of shapes are, each once, in order."""
    found = (
        piece for shape in shapes for n in shape if isinstance(n, NamedSize) and isinstance(n.size, str)
        for piece in _pieces(n.size) if piece[:1].isalpha()
    )  # fmt: skip
    return list(dict.fromkeys(found))
