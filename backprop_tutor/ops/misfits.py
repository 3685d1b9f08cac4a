"""What is said of shapes that do not fit: what is wrong, in the operands' own names, and what would fit.

A shape rule knows operands by their numbers; who knows how they are called tells its `Misfit` in names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import ShapeError, quoted
from ..sentences import N_, said

__all__ = ["Formula", "Misfit", "Operand", "Shape", "Size", "shown"]

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


@dataclass(frozen=True, slots=True)
class Operand:
    """Stands in a misfit's sentence for what the operand of a number is called."""

    slot: int


@dataclass(frozen=True, slots=True)
class Formula:
    """Stands for what could be written: a template of the operands' names, `reshape({0}, -1, 1)`."""

    template: str


class Misfit(ShapeError):
    """Shapes that an operation does not take: what is wrong, and what would fit.

    Attributes:
        reason: the sentence; where there are `values`, with fields for them, some of which are
            `Operand`s and `Formula`s.
        fits: what could be written instead, as templates of the operands' names with the shape it would
            have: `("{0} @ {1}.T", (4, 2))`.
        needs: where nothing is in `fits`: which operand would need which shape in place of its own.
        sizes: the two sizes that differ, at least one of them a symbol, or nothing.
        hint: what else is said where nothing is in `fits`.
        at: the number of the operand at fault; None where it is all of them.
        part: what is at fault of a call beside its operands: "axis", "sizes", or the number of an index.
        both: whether an operation that is a sign between two operands is at fault as a whole.
        also: further misfits of the same operation.
        default: what the operands are called where no one knows better.
    """

    def __init__(
        self, reason: str, fits: tuple[tuple[str, Shape], ...] = (), *,
        needs: tuple[tuple[int, Shape, Shape], ...] = (), sizes: tuple[Size, ...] = (), hint: str = "",
        at: int | None = None, both: bool = False, part: str | int = "", also: Iterable[Misfit] = (),
        default: Sequence[str] = ("a", "b", "c"), **values: Any,
    ) -> None:  # fmt: skip
        self.reason = reason
        self.fits = fits
        self.needs = needs
        self.sizes = sizes
        self.hint = hint
        self.at = at
        self.both = both
        self.part = part
        self.also: tuple[Misfit, ...] = tuple(also)
        self.values = values
        super().__init__(self.told(default))

    def told(self, names: Sequence[str], typed: Sequence[str] = ()) -> str:
        """Return the message with the operands' names, without those of `also`.

        `typed` is how the operands are written where they can be typed again, if not as `names`.

        >>> Misfit("the inner sizes 3 and 2 differ", (("{0} @ {1}.T", (4, 2)),)).told(("X", "W"))
        'the inner sizes 3 and 2 differ; `X @ W.T` would be 4×2'
        """
        reason = self.reason
        if self.values:
            values = {
                field: _name(names, each.slot) if isinstance(each, Operand) else
                quoted(each.template.format(*(typed or names))) if isinstance(each, Formula) else each
                for field, each in self.values.items()
            }  # fmt: skip
            reason = said(self.reason, **values)
        offers = [
            said(N_("`{formula}` would be {shape}"), formula=written.format(*(typed or names)),
                 shape=shown(shape) if shape else said(N_("a number")))
            for written, shape in self.fits
        ]
        if not offers:
            offers = [_needed(_name(typed or names, slot), own, wanted) for slot, own, wanted in self.needs]
            offers += [each for each in (_same(self.sizes), self.hint) if each]
        return "; ".join((reason, *offers))

    def offering(self, fits: tuple[tuple[str, Shape], ...]) -> Misfit:
        """Return the misfit with what could be written instead."""
        return Misfit(
            self.reason, fits, needs=self.needs, sizes=self.sizes, hint=self.hint, at=self.at,
            both=self.both, part=self.part, also=self.also, **self.values,
        )  # fmt: skip


def _name(names: Sequence[str], slot: int) -> str:
    return names[slot] if slot < len(names) else f"a{slot + 1}"


def _needed(name: str, own: Shape, wanted: Shape) -> str:
    """Return what an operand would have to be."""
    if len(own) == len(wanted) == 1:
        amount = _amount(wanted[0], N_("1 entry"), N_("{count} entries"))
    elif len(own) == len(wanted) == 2 and own[1] == wanted[1]:
        amount = _amount(wanted[0], N_("1 row"), N_("{count} rows"))
    elif len(own) == len(wanted) == 2 and own[0] == wanted[0]:
        amount = _amount(wanted[1], N_("1 column"), N_("{count} columns"))
    else:
        amount = said(N_("the shape {shape}"), shape=shown(wanted))
    plain = name[1:-1] if name.startswith("(") and name.find(")") == len(name) - 1 else name
    return said(N_("{name} would need {amount}"), name=quoted(plain), amount=amount)


def _amount(count: Size, one: str, many: str) -> str:
    return said(one) if count == 1 else said(many, count=count)


def _same(sizes: Sequence[Size]) -> str:
    """Return how to say that two sizes, of which one is a symbol, are equal; nothing for numbers."""
    symbols = [n for n in sizes if isinstance(n, str)]
    if not symbols or not all(n.isidentifier() for n in symbols):
        return ""
    if len(symbols) == 2:
        return said(N_("where {m} and {n} are equal, one symbol stands for both"), m=sizes[0], n=sizes[1])
    number = next((n for n in sizes if isinstance(n, int)), None)
    return "" if number is None else said(N_("where {m} is {n}, write {n} for it"), m=symbols[0], n=number)
