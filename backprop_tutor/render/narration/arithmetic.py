"""How many digits a printed line needs: so many that its numbers, as shown, give its result as shown.

Enters: the exact numbers of a line and its result. Leaves: the significant figures with which the
line is true, or None where not even the 17 of float64 make it so; such a line is printed without its
numbers. Nothing is written here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ...errors import TutorError
from ...language import Apply, Expression, Name, Number, postorder
from ...ops import OPS, SCALAR, exact
from ...slopes import LocalForm
from ...steps import Exact
from .numbers import agrees, as_shown

__all__ = [
    "MOST", "Digits", "added", "multiplied", "put_in", "summed", "underflowed", "underflows", "updated",
    "worked_out",
]  # fmt: skip

MOST = 17
"""As many significant figures tell every float64 from its neighbours."""

_FEW = 6
_TEN = 10
_RESULT = 3
_SURE = 15
_LEAST = 12
_CLOSE = 14
_EPSILON = 2.0**-52

Compute = Callable[[Sequence[Fraction]], Exact]


class Digits(NamedTuple):
    """Significant figures of a line: of its numbers, and of its result."""

    numbers: int
    result: int


def multiplied(factors: Iterable[Exact], product: Exact, digits: int) -> Digits | None:
    """Return the digits with which factors multiply to their product.

    >>> multiplied([0.19661193, -2.0], -0.39322386, 2)
    Digits(numbers=3, result=2)
    """
    return _fitted(tuple(factors), product, digits, _product)


def _product(shown: Sequence[Fraction]) -> Exact:
    return math.prod(shown, start=Fraction(1))


def added(terms: Iterable[Exact], total: Exact, digits: int) -> Digits | None:
    """Return the digits with which terms add up to their total.

    >>> added([0.1464466, -0.1035534], 0.0428932, 4)
    Digits(numbers=6, result=4)
    """
    return _fitted(tuple(terms), total, digits, lambda shown: sum(shown, Fraction(0)))


def summed(
    terms: Sequence[tuple[int, Sequence[Exact]]], total: Exact, digits: int
) -> Digits | None:
    """Return the digits with which signed products add up to their total.

    >>> summed([(1, [0.15, 0.05]), (1, [0.2, 0.1]), (1, [0.35])], 0.3775, 4)
    Digits(numbers=4, result=4)
    """
    numbers = tuple(factor for _, factors in terms for factor in factors)

    def compute(shown: Sequence[Fraction]) -> Exact:
        left = iter(shown)
        return sum(
            (sign * math.prod(next(left) for _ in factors) for sign, factors in terms), Fraction(0)
        )

    return _fitted(numbers, total, digits, compute)


def updated(old: Exact, rate: Exact, gradient: Exact, new: Exact, digits: int) -> Digits | None:
    """Return the digits with which old − rate · gradient gives the new value."""
    return _fitted((old, rate, gradient), new, digits, lambda shown: shown[0] - shown[1] * shown[2])


def worked_out(
    tree: Expression, value: Callable[[str], Exact], result: Exact, digits: int
) -> Digits | None:
    """Return the digits with which a formula, its names' numbers put in, gives a result.

    Constants count as the formula shows them; π and e as themselves.

    >>> from backprop_tutor.language import parse
    >>> tree = parse("p*(1 - p)").assignments[0].expression
    >>> worked_out(tree, {"p": 0.9999938558253978}.__getitem__, 6.144137e-06, 4)
    Digits(numbers=9, result=4)
    """
    nodes = list(postorder(tree))
    names = list(dict.fromkeys(node.name for node in nodes if isinstance(node, Name)))

    def compute(shown: Sequence[Fraction]) -> Exact:
        return _evaluated(nodes, dict(zip(names, shown, strict=True)))

    return _fitted(tuple(value(name) for name in names), result, digits, compute)


class PutIn(NamedTuple):
    """A formula that gives the result with numbers put in, and the digits it takes."""

    tree: Expression
    digits: Digits


def put_in(
    form: LocalForm, value: Callable[[str], Exact], result: Exact, digits: int
) -> PutIn | None:
    """Return the form of a local gradient in which numbers are shown.

    It is the one with the output's name while few digits make it true, else the one that loses no
    digits, else whichever is true at all; None where a number stands for itself, or nothing is.
    """
    few = max(digits + _FEW, _TEN)
    found: list[PutIn] = []
    for tree in (form.by_output, form.accurate, form.by_inputs):
        if not isinstance(tree, Apply):
            continue
        fitted = worked_out(tree, value, result, digits)
        if fitted is not None:
            found.append(PutIn(tree, fitted))
            if fitted.numbers <= few:
                return found[-1]
    return min(found, key=lambda one: one.digits, default=None)


def underflowed(result: Exact, numbers: Iterable[Exact]) -> bool:
    """Return whether a float64 became 0 although none of the numbers is."""
    return isinstance(result, float) and result == 0 and all(numbers)


def underflows(tree: Expression, value: Callable[[str], Exact]) -> bool:
    """Return whether part of a formula becomes 0 in float64 that is not 0: e⁻⁹⁰⁰.

    >>> from backprop_tutor.language import parse
    >>> tree = parse("y = 2*exp(-x^2)").assignments[0].expression
    >>> underflows(tree, {"x": 30.0}.__getitem__), underflows(tree, {"x": 3.0}.__getitem__)
    (True, False)
    """
    nodes = list(postorder(tree))
    at = {node.name: value(node.name) for node in nodes if isinstance(node, Name)}
    lost: list[bool] = []
    try:
        _evaluated(nodes, at, lost)
    except (ArithmeticError, ValueError):
        return False
    return any(lost)


def _evaluated(
    nodes: Sequence[Expression], at: Mapping[str, Exact], lost: list[bool] | None = None
) -> Exact:
    values: list[Exact] = []
    for node in nodes:
        if isinstance(node, Name):
            values.append(at[node.name])
        elif isinstance(node, Number):
            values.append(_constant(node))
        else:
            operands = values[len(values) - len(node.operands) :]
            del values[len(values) - len(node.operands) :]
            op = OPS[node.op]
            options = op.with_options(node.options) if op.options or op.outputs else {}
            found = op.value(SCALAR, *operands, **options)
            values.append(found if isinstance(found, float) else exact(found))
            if lost is not None and not op.vanishes:
                lost.append(underflowed(values[-1], operands))
    return values.pop()


def _constant(node: Number) -> Exact:
    # 1e-320222222222222222222 is 0 in float64, and would take forever as a fraction.
    if isinstance(node.value, float) and node.value and node.text not in ("", "π", "e"):
        return Fraction(node.text.replace("−", "-"))  # as it stands in the line
    return node.value


def _fitted(
    numbers: tuple[Exact, ...], result: Exact, digits: int, compute: Compute
) -> Digits | None:
    """Return the fewest digits, from `digits` up, with which `compute` gives the result as shown.

    Where it is not exact it is held to give the same beside each number too, once so many digits
    are shown that float64 cannot tell them from the number itself; and a function's value is
    rounded in its last figures.
    """
    if any(as_shown(number, digits) is None for number in (*numbers, result)):
        return Digits(digits, digits)
    for of_result in _candidates(digits):
        for of_numbers in range(digits, MOST + 1):
            point = [as_shown(number, of_numbers) or Fraction(0) for number in numbers]
            computed = _computed(compute, point)
            if computed is None or not agrees(computed, result, of_result):
                continue
            if isinstance(computed, Fraction):
                return Digits(of_numbers, of_result)
            beside = _beside(point, numbers) if of_numbers > _CLOSE else []
            others = [_computed(compute, other) for other in beside]
            if of_result <= _SURE and all(
                other is not None and agrees(other, result, of_result) for other in others
            ):
                return Digits(of_numbers, of_result)
    return None


def _candidates(digits: int) -> Iterator[int]:
    """Yield the digits of the result to try: as asked, a few more, and fewer where many are asked."""
    yield from range(digits, min(digits + _RESULT, MOST) + 1)
    yield from range(digits - 1, _LEAST - 1, -1)


def _beside(point: list[Fraction], numbers: Sequence[Exact]) -> list[list[Fraction]]:
    """Return the points beside a point by as much as a rounded number may be off."""
    pairs = zip(point, numbers, strict=True)
    off = [Fraction(0 if shown == Fraction(number) else _EPSILON) for shown, number in pairs]
    if not any(off):
        return []
    return [[n * (1 + side * e) for n, e in zip(point, off, strict=True)] for side in (-1, 1)]


def _computed(compute: Compute, point: list[Fraction]) -> Exact | None:
    try:
        found = compute(point)
    except (ArithmeticError, ValueError, TutorError):
        return None  # rounded out of the domain, or past float64: more digits are needed
    return found if isinstance(found, Fraction) or math.isfinite(found) else None
