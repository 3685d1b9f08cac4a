"""Which slips show at a problem's numbers, and which cannot be told from each other there.

Enters: a graph, its inputs' values, the quantities asked for. Leaves: a `Resolution`: slips that
leave the sheet as it is, and groups of slips that give the same sheet *here* although they differ at
other numbers. What is the same at all numbers is no fault of the numbers and is left out.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import TypeAlias

import numpy as np

from ...errors import DomainError, OptionError
from ...graph import Graph
from ...ops import OPS, Number
from ...passes import run
from ...sentences import said
from ...slopes import branch
from ...steps import Derivation
from ..quantities.quantity import Quantity, true_number
from .broken_pass import Plan
from .sheet_columns import Bent, SheetKey
from .slip_table import Instance, instances

__all__ = ["Resolution", "find_values", "on_kinks", "resolution", "resolutions", "resolved"]

Key: TypeAlias = tuple[str, str, str]
Row: TypeAlias = Hashable
"""A sheet to three significant figures, to be compared and looked up."""
Places: TypeAlias = dict[object, str]
"""Where a slip is made, in words, by what decides it in one graph."""

_GENERIC = 3
_SEED = 7
_TINY, _NEAR = 1e-290, 1 + 1e-12
_TRIES = 150
_POOLS: tuple[tuple[Fraction, ...], ...] = (
    tuple(Fraction(n) for n in (-5, -4, -3, -2, 2, 3, 4, 5)),
    tuple(Fraction(n, 2) for n in (-7, -6, -5, -4, -3, 3, 4, 5, 6, 7)),
    tuple(Fraction(n, 10) for n in (-9, -8, -7, -6, -4, -3, -2, 2, 3, 4, 6, 7, 8, 9)),
)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What can be told at the numbers chosen.

    Attributes:
        slips: how many slips differ from the right sheet and from each other at other numbers.
        invisible: those that leave every asked cell right here.
        alike: groups that give the same sheet here.
    """

    slips: int
    invisible: tuple[str, ...]
    alike: tuple[tuple[str, ...], ...]

    @property
    def lost(self) -> int:
        """Return how many slips the numbers hide: invisible ones, and all but one of each group."""
        return len(self.invisible) + sum(len(group) - 1 for group in self.alike)


@dataclass(frozen=True, slots=True)
class _Profile:
    true: Row
    rows: Mapping[Key, Row]


def _profile(
    graph: Graph, at: Mapping[str, Number], quantities: Sequence[Quantity], lr: Number | None, known: Places
) -> _Profile:
    derivation = run(graph, at, Derivation)
    rates = (float(lr),) if lr is not None else (0.1,)
    plan = Plan(derivation, previous=None, rates=rates)
    key = SheetKey(plan, quantities, rates[0])
    made = [instance for instance in instances(plan.scene) if not instance.slip.of_reading]
    true, *sheets = _signatures(np.vstack([key.true, Bent(key, made).pure]))
    rows = {
        (instance.slip.name, instance.variant, _where(instance, plan, known)): sheet
        for instance, sheet in zip(made, sheets, strict=True)
    }
    return _Profile(true, rows)


def _where(instance: Instance, plan: Plan, known: Places) -> str:
    key = instance.scope, instance.sites[0].at if instance.sites else None
    if key not in known:
        known[key] = instance.where(plan)
    return known[key]


_Numbers: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def _signatures(sheets: _Numbers) -> list[Row]:
    """Return sheets, a row each, to three significant figures, as a class would type them.

    What lies on the middle of two such numbers goes away from zero, also where rounding left it just below.

    >>> one, other, third = _signatures(np.array([[0.1125, 0.0], [0.11250000000000002, -0.0], [0.112, 0]]))
    >>> one == other, one == third
    (True, False)
    """
    sizes = np.abs(sheets)
    usual = np.isfinite(sizes) & (sizes > _TINY)
    powers = np.floor(np.log10(sizes, out=np.zeros_like(sizes), where=usual)) - 2
    figures = np.floor(np.divide(sizes, 10.0**powers, out=np.zeros_like(sizes), where=usual) * _NEAR + 0.5)
    over = figures >= 1000
    figures, powers = np.where(over, 100.0, figures), powers + over
    codes = np.where(usual, np.sign(sheets) * (figures + powers * 1e4 + 1e8), 0.0)
    codes = np.where(np.isfinite(sheets), codes, np.nan_to_num(sheets, nan=2.0, posinf=1.0, neginf=-1.0))
    return [row.tobytes() for row in codes + 0.0]


def _generic(
    graph: Graph, at: Mapping[str, Number], quantities: Sequence[Quantity], lr: Number | None, known: Places
) -> Iterator[_Profile]:
    """Yield profiles at numbers near the chosen ones that have nothing special about them."""
    draw = random.Random(_SEED)
    found = 0
    for _ in range(50):
        moved: dict[str, Number] = {
            name: float(value) * draw.uniform(0.6, 1.6) + draw.uniform(-0.4, 0.4)
            for name, value in at.items()
        }
        try:
            profile = _profile(graph, moved, quantities, lr, known)
        except DomainError:
            continue
        yield profile
        found += 1
        if found == _GENERIC:
            break


def resolution(
    graph: Graph,
    at: Mapping[str, Number],
    quantities: Sequence[Quantity],
    lr: Number | None = None,
) -> Resolution:
    """Return which slips are invisible or alike at these values of the inputs.

    Raises:
        DomainError: the program is not defined there.
    """
    known: Places = {}
    here = _profile(graph, at, quantities, lr, known)
    return _resolved(here, list(_generic(graph, at, quantities, lr, known)))


def resolutions(
    graph: Graph,
    points: Iterable[Mapping[str, Number]],
    quantities: Sequence[Quantity],
    lr: Number | None = None,
    most: float | None = None,
) -> Iterator[tuple[Mapping[str, Number], Resolution]]:
    """Yield points of one graph with what is hidden there; those where it is not defined are left out.

    All are compared with the same other numbers, which makes it four times as fast as one by one. Points
    that hide more than `most` slips are left out: a comparison with fewer numbers never counts more.
    """
    generic: list[_Profile] = []
    others: Iterator[_Profile] | None = None
    known: Places = {}
    for at in points:
        try:
            here = _profile(graph, at, quantities, lr, known)
        except DomainError:
            continue
        others = others or _generic(graph, at, quantities, lr, known)
        if most is not None:
            generic += islice(others, 0 if generic else 1)
            if _resolved(here, generic).lost > most:
                continue
        generic += others
        found = _resolved(here, generic)
        if most is None or found.lost <= most:
            yield at, found


def resolved(
    here: tuple[Row, Mapping[Key, Row]], generic: Sequence[tuple[Row, Mapping[Key, Row]]]
) -> Resolution:
    """Return what is hidden at one point, from the right sheet and each slip's there and elsewhere."""
    return _resolved(_Profile(*here), [_Profile(*other) for other in generic])


def _resolved(here: _Profile, generic: Sequence[_Profile]) -> Resolution:
    elsewhere: dict[Key, tuple[Row, ...]] = {}
    for profile in generic:
        for key, row in profile.rows.items():
            if row != profile.true:
                elsewhere[key] = (*elsewhere.get(key, ()), row)
    invisible: dict[tuple[Row, ...], str] = {}
    groups: dict[Row, dict[tuple[Row, ...], str]] = {}
    for key, apart in elsewhere.items():
        at_hand = here.rows.get(key)
        name = f"{key[0]} ({key[2]})" + (f": {key[1]}" if key[1] else "")
        if at_hand is None or at_hand == here.true:
            invisible.setdefault(apart, name)
        else:
            groups.setdefault(at_hand, {}).setdefault(apart, name)
    alike = tuple(tuple(group.values()) for group in groups.values() if len(group) > 1)
    distinct = len(set(elsewhere.values()))
    return Resolution(distinct, tuple(invisible.values()), alike)


def on_kinks(derivation: Derivation) -> list[str]:
    """Return the names of the nodes whose operation stands on a kink at this point."""
    found: list[str] = []
    for place, node in enumerate(derivation.graph_table.nodes):
        piece = branch(derivation, place)
        if piece is not None and piece.kink:
            found.append(node.name)
    return found


def find_values(
    graph: Graph,
    fixed: Mapping[str, Number],
    names: Sequence[str],
    quantities: Sequence[Quantity],
    seed: int,
    lr: Number | None = None,
) -> tuple[dict[str, Number], Resolution]:
    """Return small readable values at which most slips can be told apart, and what they hide.

    Values lie on no kink, no answer is 0 or 1, and no two answers are equal where that can be had.
    The same seed proposes the same values.

    Raises:
        OptionError: no values were found at which the program is defined.
    """
    best: tuple[int, int, dict[str, Number], Resolution] | None = None
    for number, pool in enumerate(_POOLS):
        draw = random.Random(1000 * seed + number)
        generic: list[_Profile] = []
        known: Places = {}
        for _ in range(_TRIES // len(_POOLS)):
            at: dict[str, Number] = dict(fixed)
            for name in names:
                chosen = pool[int(draw.random() * len(pool))]
                at[name] = int(chosen) if chosen.denominator == 1 else float(chosen)
            try:
                derivation = run(graph, at, Derivation)
                here = _profile(graph, at, quantities, lr, known)
                generic = generic or list(_generic(graph, at, quantities, lr, known))
            except DomainError:
                continue
            found = _resolved(here, generic)
            plain = _plainness(derivation, quantities, lr) + 100 * len(on_kinks(derivation))
            if best is None or (found.lost, plain) < best[:2]:
                best = (found.lost, plain, at, found)
            if best[:2] == (0, 0):
                break
        if best is not None and best[:2] == (0, 0):
            break
    if best is None:
        raise OptionError(said("no small values were found at which the program is defined"))
    return best[2], best[3]


def _plainness(derivation: Derivation, quantities: Sequence[Quantity], lr: Number | None) -> int:
    """Return how many answers are 0, 1 or equal to another one, and how many gates saturate."""
    answers = [float(true_number(derivation, quantity, lr)) for quantity in quantities]
    special = sum(answer in (0.0, 1.0, -1.0) for answer in answers)
    saturated = sum(
        bends is not None and not bends[0] <= float(derivation.numbers[node.operands[0]]) <= bends[1]
        for node in derivation.graph_table.nodes
        if node.op and (bends := OPS[node.op].saturates) is not None
    )
    equal = len(answers) - len({round(abs(answer), 12) for answer in answers})
    return special + saturated + equal
