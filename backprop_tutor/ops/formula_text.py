"""A formula in matrices as a rule puts it together: a text that is added, multiplied and divided.

Enters: names and numbers. Leaves: a `Text`, in brackets where it must be. Which rule runs on them is
`matrix_formulas`' affair.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from .factors import ONE, Factor, factor_of
from .named_sizes import NamedSize
from .record import ATOM, POWER, PRODUCT, SIGN, SUM

__all__ = ["Text", "power", "product", "text_of", "times"]


class Text:
    """A formula, how tightly it holds together, and an array of its value's shape.

    `even` tells that it is one number repeated: `1/N` where an array of them is meant. `sign` is that of a
    product, · of matrices or ⊙; a product of the other kind takes it in brackets. `parts` are, of a
    product with numbers, these and the rest, None of numbers alone. `stretched` tells that the array is
    larger than what the text says: that is repeated.
    """

    __array_ufunc__ = None
    __slots__ = ("array", "binds", "even", "parts", "sign", "stretched", "text")

    def __init__(
        self, text: str, array: Any, binds: int = ATOM, even: bool = False, sign: str = "",
        parts: tuple[Factor, Text | None] | None = None,
    ) -> None:  # fmt: skip
        self.text: str = text
        self.array: Any = array
        self.binds: int = binds
        self.even: bool = even or not np.ndim(array)
        self.sign: str = sign
        self.stretched: bool = False
        self.parts: tuple[Factor, Text | None] | None = parts

    def within(self, binds: int) -> str:
        """Return the text, in brackets where it holds less than its neighbourhood asks."""
        return self.text if self.binds >= binds else f"({self.text})"

    def split(self) -> tuple[Factor, Text | None]:
        """Return the numbers in front, and the rest; None of numbers alone."""
        if self.parts is not None:
            return self.parts
        if self.even:
            return (ONE if self.text == "1" else Factor(over=(self.within(SIGN),))), None
        return ONE, self

    def __add__(self, other: Any) -> Text:
        if _is(other, 0):
            return self
        return _joined(self, " + ", other, np.add, SUM, SUM)

    def __radd__(self, other: Any) -> Text:
        if _is(other, 0):
            return self
        return _joined(other, " + ", self, np.add, SUM, SUM)

    def __sub__(self, other: Any) -> Text:
        if _is(other, 0):
            return self
        return _joined(self, " − ", other, np.subtract, SUM, PRODUCT)

    def __rsub__(self, other: Any) -> Text:
        return _joined(other, " − ", self, np.subtract, SUM, PRODUCT)

    def __mul__(self, other: Any) -> Text:
        if _is(other, 1) or _leaves(other, self):
            return self
        if _leaves(self, other):
            return other  # type: ignore[no-any-return]  # a Text
        if _column_by_row(self, other):
            return _outer(self, other)
        if _column_by_row(other, self):
            return _outer(other, self)
        return _multiplied(self, text_of(other))

    def __rmul__(self, other: Any) -> Text:
        return _multiplied(text_of(other), self)

    def __truediv__(self, other: Any) -> Text:
        return _divided(self, text_of(other))

    def __rtruediv__(self, other: Any) -> Text:
        return _divided(text_of(other), self)

    def __pow__(self, other: Any) -> Text:
        return power(self, other)

    def __rpow__(self, other: Any) -> Text:
        return power(text_of(other), self)

    def __neg__(self) -> Text:
        factor, rest = self.split()
        parts = Factor(-factor.number, factor.over, factor.under), rest
        return Text(f"−{self.within(PRODUCT)}", -self.array, SUM, self.even, parts=parts)


def _is(a: Any, number: int) -> bool:
    """Return whether an operand is a number that leaves the other as it is."""
    return isinstance(a, (int, float)) and a == number


def _leaves(one: Any, other: Any) -> bool:
    """Return whether the first is a 1, or an array of them, that leaves the second as it is."""
    if not isinstance(one, Text) or not isinstance(other, Text) or one.text != "1" or not one.even:
        return False
    return bool(np.broadcast_shapes(one.array.shape, other.array.shape) == other.array.shape)


def text_of(a: Any) -> Text:
    """Return a formula, or a number as one; a size that has a name is written by it."""
    if isinstance(a, Text):
        return a
    factor = factor_of(a.size if isinstance(a, NamedSize) else a)
    parts = None if factor is None else (factor, None)
    if isinstance(a, NamedSize):
        text = str(a.size)
        binds = SUM if "+" in text else PRODUCT if "·" in text else ATOM
        return Text(text, np.asarray(int(a)), binds, parts=parts)
    return Text(_number(a), np.asarray(a), parts=parts)


def _number(a: Any) -> str:
    """Return a number as it is read: a third as 1/3.

    >>> [_number(a) for a in (2, 0.25, 1 / 3, 0.1234567)]
    ['2', '0.25', '1/3', '0.123457']
    """
    if not isinstance(a, float) or float(f"{a:g}") == a or not np.isfinite(a):
        return f"{a:g}" if isinstance(a, float) else str(a)
    near = Fraction(a).limit_denominator(1000)
    return f"{near}" if float(near) == a else f"{a:g}"


def _column_by_row(a: Any, b: Any) -> bool:
    """Return whether two vectors stand as a column and a row, so that their product is a matrix."""
    if not isinstance(a, Text) or not isinstance(b, Text) or a.array.ndim != 2 or b.array.ndim != 2:
        return False
    (_, one), (other, _) = a.array.shape, b.array.shape
    return bool(one == other == 1 and (a.array.size > 1 or b.array.size > 1))


def _outer(a: Text, b: Text) -> Text:
    """Write the product of a column and a row."""
    left = f"({a.text})" if a.sign == "⊙" else a.within(PRODUCT)
    return Text(f"{left}·{b.within(POWER)}ᵀ", a.array * b.array, PRODUCT, sign="·")


def product(a: Text, b: Text, sign: str, array: Any) -> Text:
    """Write a product of matrices, or one entry by entry; one of the other kind stands in brackets."""
    left, right = (
        f"({each.text})" if each.sign and each.sign != sign else each.within(PRODUCT) for each in (a, b)
    )
    return Text(f"{left}{sign if sign == '·' else f' {sign} '}{right}", array, PRODUCT, sign=sign)


def _multiplied(a: Text, b: Text) -> Text:
    """Write a product: ⊙ entry by entry, · where one factor is a number."""
    array = np.multiply(a.array, b.array)
    if not a.even and not b.even:
        found = product(a, b, "⊙", array)
    else:
        text = f"{a.within(PRODUCT)}·{b.within(PRODUCT)}"
        found = Text(text, array, PRODUCT, a.even and b.even, a.sign or b.sign)
    (one, first), (other, second) = a.split(), b.split()
    rest = second if first is None else first if second is None else product(
        first, second, "⊙", np.multiply(first.array, second.array)
    )  # fmt: skip
    if rest is None or rest.array.shape == array.shape:
        found.parts = one * other, rest
    return found


def _divided(a: Text, b: Text) -> Text:
    found = _joined(a, "/", b, np.divide, PRODUCT, SIGN)
    (one, rest), (other, below) = a.split(), b.split()
    if below is None and other.number and (rest is None or rest.array.shape == found.array.shape):
        found.parts, found.sign = (one * other.inverse(), rest), a.sign
    return found


def times(factor: Factor, rest: Text | None, array: Any) -> Text:
    """Return numbers times the rest, which has rows and columns; without one, the numbers `array` is of.

    >>> times(Factor(Fraction(-2), (), ("N",)), Text("Z", np.ones(3)), np.ones(3)).text
    '−2/N·Z'
    """
    minus = "−" if factor.negative else ""
    if rest is None:
        plain = factor.text
        binds = SUM if minus else PRODUCT if "·" in plain or "/" in plain else ATOM
        return Text(minus + plain, array, binds, True, parts=(factor, None))
    if factor in (ONE, _MINUS):
        return -rest if minus else rest
    text = f"{minus}{factor.text}·{rest.within(PRODUCT)}"
    return Text(text, array, SUM if minus else PRODUCT, rest.even, rest.sign, (factor, rest))


_MINUS = Factor(Fraction(-1))


def _joined(a: Any, sign: str, b: Any, ufunc: Any, binds: int, right: int) -> Text:
    a, b = text_of(a), text_of(b)
    text = f"{a.within(binds)}{sign}{b.within(right)}"
    return Text(text, ufunc(a.array, b.array), binds, a.even and b.even)


def power(a: Text, b: Any) -> Text:
    """Return a power; one of exponent 1 is its base."""
    if not isinstance(b, Text) and b == 1:
        return a
    array = np.power(a.array, b.array if isinstance(b, Text) else b)
    even = a.even and (not isinstance(b, Text) or b.even)
    if isinstance(b, int) and 2 <= b <= 9:
        return Text(f"{a.within(ATOM)}{'⁰¹²³⁴⁵⁶⁷⁸⁹'[b]}", array, POWER, even)
    return Text(f"{a.within(ATOM)}^{text_of(b).within(ATOM)}", array, POWER, even)
