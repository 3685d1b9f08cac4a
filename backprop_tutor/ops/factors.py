"""What a formula in matrices is times: its numbers, sizes and single quantities, in front of what has rows.

`δ/(4·N)·(P − T)·2` is 1/2·1/N times `δ·(P − T)`. A `Factor` gathers the former, so that a chain of rules
reads `1/(2·N)·(P − T)` however many of them brought a number along.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .sizes import Size

__all__ = ["ONE", "Factor", "factor_of"]


@dataclass(frozen=True, slots=True)
class Factor:
    """A number, times `over`, divided by `under`: texts that are whole within a product."""

    number: Fraction = Fraction(1)
    over: tuple[str, ...] = ()
    under: tuple[str, ...] = ()

    def __mul__(self, other: Factor) -> Factor:
        return Factor(self.number * other.number, self.over + other.over, self.under + other.under)

    def inverse(self) -> Factor:
        """Return 1 over it; its number is not 0."""
        return Factor(1 / self.number, self.under, self.over)

    @property
    def text(self) -> str:
        """Return it as it is read, without its sign.

        >>> Factor(Fraction(-2, 3), ("v",), ("N", "K")).text
        '2·v/(3·N·K)'
        """
        n, d = abs(self.number.numerator), self.number.denominator
        top = [*([str(n)] if n != 1 or not self.over else []), *self.over]
        low = [*([str(d)] if d != 1 else []), *self.under]
        if not low:
            return "·".join(top)
        bottom = f"({'·'.join(low)})" if len(low) > 1 else low[0]
        return f"{'·'.join(top)}/{bottom}"

    @property
    def negative(self) -> bool:
        """Return whether its number has a minus."""
        return self.number < 0


ONE = Factor()


def factor_of(number: float | Size) -> Factor | None:
    """Return a number, or a size, as a factor; None of one that is no short fraction.

    >>> factor_of(0.5).number, factor_of("4·N"), factor_of("N+1").over
    (Fraction(1, 2), Factor(number=Fraction(4, 1), over=('N',), under=()), ('(N+1)',))
    """
    if isinstance(number, str):
        if "+" in number:
            return Factor(over=(f"({number})",))
        whole = Fraction(1)
        names = []
        for piece in number.split("·"):
            if piece.isdigit():
                whole *= int(piece)
            else:
                names.append(piece)
        return Factor(whole, tuple(names))
    if isinstance(number, int):
        return Factor(Fraction(number))
    if number != number or abs(number) == float("inf"):
        return None
    near = Fraction(number).limit_denominator(1000)
    return Factor(near) if float(near) == number else None
