"""Shapes whose sizes are numbers or symbols: what they broadcast to, and what is said of misfits.

A size is an `int`, or a `str` for one that is not known yet ("N"). Two symbols are equal where they
are spelled alike; a symbol and a number are not, since nothing says that they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..sentences import N_, said
from .misfits import Formula, Misfit, Operand, Shape, Size, shown

__all__ = [
    "Formula", "Misfit", "Operand", "Shape", "Size", "added", "axes_of", "axis_of", "broadcast",
    "count_of", "kept", "multiplied", "reduced", "shown",
]

def axis_of(axis: int, rank: int, shape: Shape | None = None) -> int:
    """Return an axis counted from 0; negative ones count from the end.

    `shape` is that of the first operand, where the axis is one of its.

    Raises:
        Misfit: there is no such axis.
    """
    if -rank <= axis < rank:
        return axis % rank
    if shape is None:
        reason = N_("there is no axis {axis}: they count from 0 to {last}")
        raise Misfit(said(reason, axis=axis, last=rank - 1), part="axis")
    reason = (
        N_("there is no axis {axis} in {name}: it is a number and has none") if not rank else
        N_("there is no axis {axis} in {name}, {shape}: its only axis is 0") if rank == 1 else
        N_("there is no axis {axis} in {name}, {shape}: its axes count from 0 to {last}")
    )  # fmt: skip
    raise Misfit(reason, part="axis", axis=axis, name=Operand(0), shape=shown(shape), last=rank - 1)


def axes_of(axis: Any, rank: int, shape: Shape | None = None) -> tuple[int, ...]:
    """Return one axis or several, counted from 0; all of them for None.

    Raises:
        Misfit: there is no such axis, or it is named twice.
    """
    if axis is None:
        return tuple(range(rank))
    named = (axis,) if isinstance(axis, int) else tuple(axis)
    found = tuple(axis_of(a, rank, shape) for a in named)
    for a in found:
        if found.count(a) > 1:
            raise Misfit(N_("axis {axis} of {name}, {shape}, is named twice"), part="axis", axis=a,
                         name=Operand(0), shape=shown(shape or ("?",) * rank))  # fmt: skip
    return found


def reduced(shape: Shape, axis: Any, keepdims: bool) -> Shape:
    """Return the shape of what is summed over some axes.

    >>> reduced((2, "N", 3), 1, False), reduced((2, 3), None, True)
    ((2, 3), (1, 1))
    """
    gone = axes_of(axis, len(shape), shape)
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
    for slot, shape in enumerate(shapes):
        for i, n in enumerate(shape, rank - len(shape)):
            if n != 1 and found[i] not in (1, n):
                raise _apart(shapes, _holding(shapes, rank - i, found[i]), slot, found[i], n)
            if n != 1:
                found[i] = n
    return tuple(found)


def _holding(shapes: Sequence[Shape], behind: int, size: Size) -> int:
    """Return the first operand that has a size at a place counted from the end."""
    return next(j for j, s in enumerate(shapes) if len(s) >= behind and s[len(s) - behind] == size)


def _apart(shapes: Sequence[Shape], first: int, second: int, m: Size, n: Size) -> Misfit:
    """Return the misfit of two operands; the one of fewer axes is at fault, else the second."""
    low, high = (first, second) if len(shapes[first]) < len(shapes[second]) else (second, first)
    own, other = shapes[low], shapes[high]
    its = other[len(other) - len(own) :]
    wanted = tuple(mine if 1 in (mine, size) else size for mine, size in zip(own, its, strict=True))
    return Misfit(
        said(N_("{first} and {second} do not broadcast: the sizes {m} and {n} differ, and neither is 1"),
             first=shown(shapes[first]), second=shown(shapes[second]), m=m, n=n),
        at=low, both=len(own) == len(other), needs=((low, own, wanted),), sizes=(m, n),
    )  # fmt: skip


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
