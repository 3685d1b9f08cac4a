"""The check over arrays: the pass against differences, and against SymPy where the program is small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .array_derivation import ArrayDerivation, array_derive
from .array_graph import is_target
from .array_pass import as_needed, kind_of, value_of

__all__ = ["ArrayCheck", "ArrayRow", "check_arrays"]

_STEP = float(np.finfo(float).eps) ** (1 / 5)
"""The best step of the refined centred difference, whose error is of the fourth order."""
_STEPS = tuple(_STEP / 16**n for n in range(4))
"""Tried in turn until one agrees: a kink or a border near the point spoils the longer ones."""
_ONE_SIDED = float(np.finfo(float).eps) ** (1 / 3)
_NEAR = 1e-6
_NEAR_SINGLE = 1e-4
"""What a pass in float32 may differ by, whose sums of many terms round in the seventh digit."""
_ROUNDING = 8 * float(np.finfo(float).eps)
_LEAST = float(np.finfo(float).tiny) / _NEAR
_RESOLVED = 1e-3
"""Differences tell nothing where rounding is a larger part of the gradient than this."""
_MOST_ENTRIES = 2_000
"""So many entries are moved one by one; of larger programs an evenly spread part is."""
_MOST_SYMBOLS = 40
_MOST_OPERATIONS = 40


@dataclass(frozen=True, slots=True)
class ArrayRow:
    """One gradient: how far the pass is from differences and from SymPy.

    Distances are relative to the largest slope along the input, or to what float64 resolves where all
    are smaller. `numeric` is nan where rounding hides the slope, `symbolic` where SymPy was not asked.
    `entries` is how many entries were moved, `kinks` how many of them lie on a kink, where the gradient
    is between the slopes of both sides. `near` is the distance that rounding explains.
    """

    name: str
    shape: tuple[int, ...]
    numeric: float
    symbolic: float
    entries: int
    kinks: int = 0
    near: float = _NEAR

    @property
    def ok(self) -> bool:
        """Return whether neither differs."""
        return self.verdict != "differ"

    @property
    def verdict(self) -> str:
        """Return "agree", "kink", "unknown" where neither could be asked, or "differ"."""
        if self.numeric > self.near or self.symbolic > self.near:
            return "differ"
        if self.kinks:
            return "kink"
        return "unknown" if np.isnan(self.numeric) and np.isnan(self.symbolic) else "agree"


@dataclass(frozen=True, slots=True)
class ArrayCheck:
    """A row for each input with a gradient; usable as a bool."""

    rows: tuple[ArrayRow, ...]

    @property
    def ok(self) -> bool:
        """Return whether nothing differs."""
        return all(row.ok for row in self.rows)

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        wrong = sum(not row.ok for row in self.rows)
        return f"<Check of {len(self.rows)} gradients: {f'{wrong} differ' if wrong else 'none differs'}>"

    def __getitem__(self, name: str) -> ArrayRow:
        return next(row for row in self.rows if row.name == name)


def check_arrays(d: ArrayDerivation) -> ArrayCheck:
    """Return how well each input's gradient agrees with centred differences and with SymPy's derivative.

    Gradients of float32 are judged by differences in float64.
    """
    found, near = d.gradients, _NEAR
    if kind_of(d.at) != np.float64:
        table = d.graph_table
        near, d = _NEAR_SINGLE, array_derive(table.program, d.at, d.output, type(d), table.expand, table)
    inputs = [name for name in d.at if name in d.gradients]
    given: Any = d.at
    total = sum(np.size(given[name]) for name in inputs)
    asked = [name for name in inputs if not _is_target(d, name)]
    exact = _symbolic(d, asked) if total <= _MOST_SYMBOLS else {}
    share = max(1, -(-total // _MOST_ENTRIES))
    return ArrayCheck(tuple(_row(d, name, np.asarray(found[name]), exact, share, near) for name in inputs))


def _is_target(d: ArrayDerivation, name: str) -> bool:
    """Return whether a loss takes an input as what is wanted: its rule treats a 0 there as none.

    SymPy would differentiate that 0 as a constant, so it is not asked.
    """
    graph = d.graph_table
    return any(
        is_target(graph.nodes[use.target], use.slot) for use in graph.uses[graph.index[name]]
    )


def _row(
    d: ArrayDerivation, name: str, gradient: Any, exact: dict[str, Any], share: int, near: float
) -> ArrayRow:
    places = list(np.ndindex(*gradient.shape))[::share]
    scale = float(np.max(np.abs(gradient), initial=0.0))
    largest = _largest(d, name)
    noise = _ROUNDING * max(
        float(np.max(np.abs(np.asarray(u)), initial=0.0)) for u in d.upstreams if u is not None
    )
    numeric, symbolic, kinks = [], [], 0
    for place in places:
        line = _Line(d, name, place, float(gradient[place]), scale, largest, near)
        distance, size = line.against_differences()
        exactly = float("nan")
        if name in exact:
            right = float(exact[name][place])
            cancelled = abs(line.gradient) <= noise and abs(right) < _RESOLVED * abs(line.gradient)
            exactly = 0.0 if cancelled else _relative(abs(right - line.gradient), size)
        if (distance > near or exactly > near) and line.is_kink():
            kinks += 1  # SymPy has one of the slopes there, or none
            continue
        numeric.append(distance)
        symbolic.append(exactly)
    return ArrayRow(name, gradient.shape, _worst(numeric), _worst(symbolic), len(places), kinks, near)


def _worst(distances: list[float]) -> float:
    """Return the largest distance of those that are known; nan where none is."""
    return max((each for each in distances if not np.isnan(each)), default=float("nan"))


def _largest(d: ArrayDerivation, name: str) -> float:
    """Return the largest value on the way from an input to the output: rounding is a part of it."""
    graph = d.graph_table
    reached = {graph.index[name]}
    largest = float(np.max(np.abs(np.asarray(d.at[name], float)), initial=0.0))
    for place, node in enumerate(graph.nodes):
        if graph.relevant[place] and reached.intersection(node.operands):
            reached.add(place)
            largest = max(
                largest, float(np.max(np.abs(np.asarray(d.numbers[place], float)), initial=0.0))
            )
    return largest


def _relative(distance: float, size: float) -> float:
    return distance / max(size, _LEAST)


@dataclass(frozen=True, slots=True)
class _Line:
    """The output along one entry of one input."""

    d: ArrayDerivation
    name: str
    place: tuple[int, ...]
    gradient: float
    scale: float
    largest: float
    near: float

    def at(self, move: float) -> float:
        moved = np.array(self.d.at[self.name], np.float64)
        moved[self.place] += move
        return _output(self.d, self.name, moved)

    @property
    def reach(self) -> float:
        return max(1.0, abs(float(np.asarray(self.d.at[self.name])[self.place])))

    def against_differences(self) -> tuple[float, float]:
        """Return the distance from centred differences, and the size it is relative to."""
        reach = self.reach
        least, size = float("nan"), self.scale
        for step in _STEPS:
            slope, steep = self._centred(step * reach)
            rounding = _ROUNDING * max(self.largest, steep * step * reach) / (step * reach)
            hidden = rounding > _RESOLVED * self.scale
            nothing = self.scale == 0 and step == _STEP
            if np.isnan(slope) or (hidden and not nothing):
                continue
            size = max(self.scale, steep, rounding / _NEAR)
            distance = _relative(abs(slope - self.gradient), size)
            least = distance if np.isnan(least) else min(distance, least)
            if least <= self.near:
                break
        return least, size

    def _centred(self, step: float) -> tuple[float, float]:
        """Return the centred difference, refined by Richardson's rule, and the steeper one-sided slope."""
        far, near = (self.at(2 * step), self.at(-2 * step)), (self.at(step), self.at(-step))
        coarse: float = (far[0] - far[1]) / (4 * step)
        fine: float = (near[0] - near[1]) / (2 * step)
        here = float(self.d.numbers[self.d.graph_table.output])
        return fine + (fine - coarse) / 3, max(abs(here - near[0]), abs(here - near[1])) / step

    def is_kink(self) -> bool:
        """Return whether the slopes of both sides differ, and the gradient is neither beyond them."""
        step = _ONE_SIDED * self.reach
        here = float(self.d.numbers[self.d.graph_table.output])
        right, left = (
            (4 * self.at(side * step) - 3 * here - self.at(side * 2 * step)) / (2 * side * step)
            for side in (1, -1)
        )
        spare = _RESOLVED / 10 * max(abs(right), abs(left)) + _ROUNDING * self.largest / step
        between = min(left, right) - spare <= self.gradient <= max(left, right) + spare
        return bool(between and abs(right - left) > 2 * spare)


def _output(d: ArrayDerivation, name: str, moved: Any) -> float:
    """Return the output with one input in another place; only what depends on it is worked out anew."""
    graph = d.graph_table
    values: list[Any] = list(d.numbers)
    changed = {graph.index[name]}
    values[graph.index[name]] = moved
    with np.errstate(all="ignore"):
        for place, node in enumerate(graph.nodes):
            if node.kind == "operation" and changed.intersection(node.operands):
                operands = as_needed(node, [values[i] for i in node.operands])
                values[place] = np.asarray(value_of(node, operands))
                changed.add(place)
    return float(values[graph.output])


def _symbolic(d: ArrayDerivation, inputs: list[str]) -> dict[str, Any]:
    """Return SymPy's derivatives; nothing of a large program, nor where it has none within its second."""
    if d.graph_table.operations > _MOST_OPERATIONS:
        return {}
    from ..symbolic import Late  # which imports SymPy
    from .array_exactly import symbolic_gradients

    try:
        return symbolic_gradients(d, inputs)
    except Late:
        return {}
