"""Shapes whose sizes are numbers or symbols: what they broadcast to, and what is said of misfits.

A size is an `int`, or a `str` for one that is not known yet ("N"). Two symbols are equal where they
are spelled alike; a symbol and a number are not, since nothing says that they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..errors import ShapeError
from ..sentences import N_, said

__all__ = [
    "Misfit", "Shape", "Size", "added", "axes_of", "axis_of", "broadcast", "count_of", "kept",
    "multiplied", "reduced", "shown",
]

Size = int | str
Shape = tuple[Size, ...]


def shown(shape: Sequence[Size]) -> str:
    """Return a shape as messages write it: `4×3`, `(3,)` for a vector, `()` for a number.

    >>> shown((4, 3)), shown(("N", 3)), shown((3,)), shown(())
    ('4×3', 'N×3', '(3,)', '()')
    """
    if len(shape) > 1:
        return "×".join(map(str, shape))
    return f"({shape[0]},)" if shape else "()"


class Misfit(ShapeError):
    """Shapes that an operation does not take: what is wrong, and what would fit.

    `fits` holds what could be written instead, as a template of the operands' names with the shape
    it would have: `("{0} @ {1}.T", (4, 2))`.
    """

    def __init__(self, reason: str, fits: tuple[tuple[str, Shape], ...] = ()) -> None:
        self.reason = reason
        self.fits = fits
        super().__init__(self.told(("a", "b", "c")))

    def told(self, names: Sequence[str]) -> str:
        """Return the message with the operands' names in what would fit.

        >>> Misfit("the inner sizes 3 and 2 differ", (("{0} @ {1}.T", (4, 2)),)).told(("X", "W"))
        'the inner sizes 3 and 2 differ; `X @ W.T` would be 4×2'
        """
        offers = [
            said(N_("`{formula}` would be {shape}"), formula=written.format(*names),
                 shape=shown(shape) if shape else said(N_("a number")))
            for written, shape in self.fits
        ]
        return "; ".join((self.reason, *offers))


def axis_of(axis: int, rank: int) -> int:
    """Return an axis counted from 0; negative ones count from the end.

    Raises:
        Misfit: there is no such axis.
    """
    if not -rank <= axis < rank:
        raise Misfit(
            said(N_("there is no axis {axis} in a number: it has none"), axis=axis) if not rank else
            said(N_("there is no axis {axis}: they count from 0 to {last}"), axis=axis, last=rank - 1)
        )
    return axis % rank


def axes_of(axis: Any, rank: int) -> tuple[int, ...]:
    """Return one axis or several, counted from 0; all of them for None.

    Raises:
        Misfit: there is no such axis, or it is named twice.
    """
    if axis is None:
        return tuple(range(rank))
    named = (axis,) if isinstance(axis, int) else tuple(axis)
    found = tuple(axis_of(a, rank) for a in named)
    for a in found:
        if found.count(a) > 1:
            raise Misfit(said(N_("axis {axis} is named twice"), axis=a))
    return found


def reduced(shape: Shape, axis: Any, keepdims: bool) -> Shape:
    """Return the shape of what is summed over some axes.

    >>> reduced((2, "N", 3), 1, False), reduced((2, 3), None, True)
    ((2, 3), (1, 1))
    """
    gone = axes_of(axis, len(shape))
    if keepdims:
        return tuple(1 if i in gone else n for i, n in enumerate(shape))
    return tuple(n for i, n in enumerate(shape) if i not in gone)


def kept(shape: tuple[int, ...], axis: Any) -> tuple[int, ...]:
    """Return the shape with the axes that are reduced kept at size 1."""
    if axis is None:
        return (1,) * len(shape)
    gone = axes_of(axis, len(shape))
    return tuple([1 if i in gone else n for i, n in enumerate(shape)])


def count_of(shape: tuple[int, ...], axis: Any = None) -> int:
    """Return how many elements there are along some axes, along all for None."""
    found = 1
    if axis is None:
        for n in shape:
            found *= n
        return found
    for i in axes_of(axis, len(shape)):
        found *= shape[i]
    return found


def broadcast(*shapes: Shape) -> Shape:
    """Return the shape that operands broadcast to, as NumPy has it.

    >>> broadcast((4, 3), (3,)), broadcast(("N", 1), (5,))
    ((4, 3), ('N', 5))

    Raises:
        Misfit: two sizes that differ, neither of them 1.
    """
    rank = max(map(len, shapes), default=0)
    found: list[Size] = [1] * rank
    for shape in shapes:
        for i, n in enumerate(shape, rank - len(shape)):
            if n != 1 and found[i] not in (1, n):
                first = next(s for s in shapes if len(s) + i >= rank and s[len(s) + i - rank] == found[i])
                raise Misfit(said(
                    N_("{first} and {second} do not broadcast: the sizes {m} and {n} differ, and "
                       "neither is 1"), first=shown(first), second=shown(shape), m=found[i], n=n,
                ))
            if n != 1:
                found[i] = n
    return tuple(found)


def added(sizes: Iterable[Size]) -> Size:
    """Return the sum of sizes.

    >>> added((2, 3)), added(("N", 2, 1)), added(("N", 0))
    (5, 'N+3', 'N')
    """
    return _joined(sizes, "+", 0)


def multiplied(sizes: Iterable[Size]) -> Size:
    """Return the product of sizes.

    >>> multiplied((2, 3)), multiplied(("N", 2, 2)), multiplied(("N", 1))
    (6, '4·N', 'N')
    """
    listed = list(sizes)
    return 0 if 0 in listed else _joined(listed, "·", 1)


def _joined(sizes: Iterable[Size], sign: str, neutral: int) -> Size:
    number, symbols = neutral, []
    for n in sizes:
        if isinstance(n, str):
            symbols.append(f"({n})" if "+" in n and sign == "·" else n)
        else:
            number = number + n if sign == "+" else number * n
    if not symbols:
        return number
    parts = [] if number == neutral else [str(number)]
    return sign.join((*symbols, *parts) if sign == "+" else (*parts, *symbols))
