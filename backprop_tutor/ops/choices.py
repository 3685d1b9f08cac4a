"""The rows that a comparison decides: `where(x > 0, a, b)` and the indicator `1[x > 0]`.

A comparison is no number: its two sides are the first two operands of the row that it decides, and
the row's name says which comparison it is. Where the two sides are equal, the comparison as written
holds or does not, as in PyTorch's `torch.where(x > 0, a, b)`; nothing flows into its sides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from .record import N_, SUM, Branch, Interval, Operation

__all__ = ["COMPARISONS", "ROWS", "Comparison"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A sign of comparison, and the operations that one written with it decides.

    `swapped`: whether it holds where the right side is the larger; `closed`: whether it holds where
    both are equal.
    """

    sign: str
    latex: str
    word: str
    swapped: bool
    closed: bool

    def holds(self, k: Any, one: Any, other: Any, yes: Any, no: Any) -> Any:
        """Return `yes` where the comparison of the two holds, else `no`."""
        low, high = (one, other) if self.swapped else (other, one)
        if self.closed:  # not the other way round
            return k.where(k.greater(low, high), no, yes)
        return k.where(k.greater(high, low), yes, no)

    def true(self, one: Any, other: Any) -> bool:
        """Return whether it holds of two numbers."""
        low, high = (one, other) if self.swapped else (other, one)
        return bool(low <= high if self.closed else low < high)


_SIGNS = (
    Comparison(">", ">", "above", swapped=False, closed=False),
    Comparison("<", "<", "below", swapped=True, closed=False),
    Comparison(">=", r"\geq", "at_least", swapped=False, closed=True),
    Comparison("<=", r"\leq", "at_most", swapped=True, closed=True),
)
COMPARISONS: Mapping[str, Comparison] = MappingProxyType({row.sign: row for row in _SIGNS})
"""The comparisons that can be read, by their signs in plain characters."""

def _where_branch(sign: Comparison) -> Any:
    def branch(one: Any, other: Any, yes: Any, no: Any) -> Branch:
        if one == other and sign.closed:
            return Branch(
                N_("{0} = {1} lies where the two pieces meet; the condition holds there, so {2} gets "
                   "the whole slope"), True,
            )  # fmt: skip
        if one == other:
            return Branch(
                N_("{0} = {1} lies where the two pieces meet; the condition does not hold there, so {3} "
                   "gets the whole slope"), True,
            )  # fmt: skip
        if sign.true(one, other):
            return Branch(
                N_("the condition holds, so the first value {2} is chosen and the whole slope goes to it")
            )
        return Branch(
            N_("the condition does not hold, so the second value {3} is chosen and the whole slope goes "
               "to it")
        )  # fmt: skip

    return branch


def _where(name: str, sign: Comparison, shown: str) -> Operation:
    return Operation(
        name=name, spelled=("where",) if sign.sign == ">" else (), written_as="where", sign="where",
        rule=N_("choice rule"), least=4, most=4,
        forward=lambda k, one, other, yes, no: sign.holds(k, one, other, yes, no),
        partials=(
            lambda k, out, one, other, yes, no: 0,
            lambda k, out, one, other, yes, no: 0,
            lambda k, out, one, other, yes, no: sign.holds(k, one, other, 1, 0),
            lambda k, out, one, other, yes, no: sign.holds(k, one, other, 0, 1),
        ),
        text=("where(", f" {shown} ", ", ", ", ", ")"),
        plain=("where(", f" {sign.sign} ", ", ", ", ", ")"),
        latex=(r"\begin{cases} ", r" & \text{if } ", f" {sign.latex} ", r" \\ ",
               r" & \text{otherwise} \end{cases}"),
        latex_order=(2, 0, 1, 3), operands_bind=(SUM, SUM, SUM, SUM),
        because=(
            N_("the condition only chooses: a small change of it moves nothing"),
            N_("the condition only chooses: a small change of it moves nothing"),
            N_("where the condition holds, the whole slope goes to the first value"),
            N_("where the condition does not hold, the whole slope goes to the second value"),
        ),
        branch=_where_branch(sign), bends=((0, 1),), drawn=False, torch=None,
        samples=((2.0, -3.0, 0.5, 4.0), (-1.0, 0.25, 3.0, -2.0)), exact=True,
    )  # fmt: skip


def _indicator_branch(sign: Comparison) -> Any:
    def branch(one: Any, other: Any) -> Branch:
        if one == other:
            return Branch(N_("{0} = {1} lies on the jump; by convention the slope there is 0"), True)
        if sign.true(one, other):
            return Branch(
                N_("the condition holds, so the value is 1; away from the jump nothing moves: slope 0")
            )
        return Branch(
            N_("the condition does not hold, so the value is 0; away from the jump nothing moves: slope 0")
        )

    return branch


def _indicator(name: str, sign: Comparison, shown: str) -> Operation:
    return Operation(
        name=name, written_as="1", sign=f"1[{shown}]", rule=N_("step"), least=2, most=2,
        forward=lambda k, one, other: sign.holds(k, one, other, 1, 0),
        partials=(lambda k, out, one, other: 0, lambda k, out, one, other: 0),
        text=("1[", f" {shown} ", "]"), plain=("1[", f" {sign.sign} ", "]"),
        latex=(r"\mathbf{1}\left[", f" {sign.latex} ", r"\right]"), operands_bind=(SUM, SUM),
        because=N_("an indicator is flat on both sides of its jump"),
        branch=_indicator_branch(sign), bends=((0, 1),), range=Interval(0, 1, (True, True)),
        drawn=False, torch=None,
        samples=((2.0, -3.0), (-1.0, 0.25)), exact=True,
    )


ROWS = (
    _where("where_above", COMPARISONS[">"], ">"),
    _where("where_below", COMPARISONS["<"], "<"),
    _where("where_at_least", COMPARISONS[">="], "≥"),
    _where("where_at_most", COMPARISONS["<="], "≤"),
    _indicator("indicator_above", COMPARISONS[">"], ">"),
    _indicator("indicator_below", COMPARISONS["<"], "<"),
    _indicator("indicator_at_least", COMPARISONS[">="], "≥"),
    _indicator("indicator_at_most", COMPARISONS["<="], "≤"),
)
