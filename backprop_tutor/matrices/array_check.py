"""The check over arrays: the pass against differences, and against SymPy where the program is small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .array_derivation import ArrayDerivation
from .array_graph import record_of
from .array_pass import as_needed, value_of

__all__ = ["ArrayCheck", "ArrayRow", "check_arrays"]

_STEP = float(np.finfo(float).eps) ** (1 / 3)
_NEAR = 1e-6
_MOST_ENTRIES = 2_000
"""So many entries are moved one by one; of larger programs an evenly spread part is."""
_MOST_SYMBOLS = 40
_MOST_OPERATIONS = 40


@dataclass(frozen=True, slots=True)
class ArrayRow:
    """One gradient: how far the pass is from differences and from SymPy, relative to its size.

    `symbolic` is nan where SymPy was not asked; `entries` is how many entries were moved.
    """

    name: str
    shape: tuple[int, ...]
    numeric: float
    symbolic: float
    entries: int

    @property
    def ok(self) -> bool:
        """Return whether both agree."""
        return self.numeric <= _NEAR and not self.symbolic > _NEAR


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
        return f"<Check of {len(self.rows)} gradients: {f'{wrong} differ' if wrong else 'all agree'}>"

    def __getitem__(self, name: str) -> ArrayRow:
        return next(row for row in self.rows if row.name == name)


def check_arrays(d: ArrayDerivation) -> ArrayCheck:
    """Return how well each input's gradient agrees with centred differences and with SymPy's derivative."""
    inputs = [name for name in d.at if name in d.gradients]
    given: Any = d.at
    total = sum(given[name].size for name in inputs)
    asked = [name for name in inputs if not _is_target(d, name)]
    exact = _symbolic(d, asked) if total <= _MOST_SYMBOLS else {}
    share = max(1, -(-total // _MOST_ENTRIES))
    return ArrayCheck(tuple(_row(d, name, exact, share) for name in inputs))


def _is_target(d: ArrayDerivation, name: str) -> bool:
    """Return whether a loss takes an input as what is wanted: its rule treats a 0 there as none.

    SymPy would differentiate that 0 as a constant, so it is not asked.
    """
    graph = d.graph_table
    records = ((record_of(graph.nodes[use.target]), use.slot) for use in graph.uses[graph.index[name]])
    return any(record is not None and record.operands[slot] == "target" for record, slot in records)


def _row(d: ArrayDerivation, name: str, exact: dict[str, Any], share: int) -> ArrayRow:
    gradient: Any = d.gradients[name]
    places = list(np.ndindex(*gradient.shape))[::share]
    scale = max(float(np.max(np.abs(gradient), initial=0.0)), 1e-12)
    worst = 0.0
    for place in places:
        worst = max(worst, abs(_difference(d, name, place) - float(gradient[place])) / scale)
    symbolic = float("nan")
    if name in exact:
        symbolic = float(np.max(np.abs(exact[name] - gradient), initial=0.0)) / scale
    return ArrayRow(name, gradient.shape, worst, symbolic, len(places))


def _difference(d: ArrayDerivation, name: str, place: tuple[int, ...]) -> float:
    """Return the centred difference along one entry, by two runs forward, refined by Richardson's rule."""
    start: Any = d.at[name]
    step = _STEP * max(1.0, abs(float(start[place])))

    def at(move: float) -> float:
        moved = np.array(start)
        moved[place] += move
        return _output(d, name, moved)

    coarse: float = (at(2 * step) - at(-2 * step)) / (4 * step)
    fine: float = (at(step) - at(-step)) / (2 * step)
    return fine + (fine - coarse) / 3


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
    """Return SymPy's derivatives at the point, entry by entry; nothing of a large program."""
    graph = d.graph_table
    if graph.operations > _MOST_OPERATIONS:
        return {}
    import sympy as sp

    from ..ops.symbol_arrays import SymbolArrays, symbols_of

    shapes: Any = d.shapes
    symbols = {name: symbols_of(name, shapes[name]) for name in inputs}
    point = {
        symbol: sp.Rational(float(number))
        for name in inputs
        for symbol, number in zip(symbols[name].flat, np.asarray(d.at[name]).flat, strict=True)
    }
    kernel = SymbolArrays(point)
    values: list[Any] = []
    for node in graph.nodes:
        if node.kind == "operation":
            values.append(value_of(node, [values[i] for i in node.operands], kernel))
        elif node.kind == "input":
            values.append(symbols.get(node.name, _as_constants(d.at[node.name])))
        else:
            constant = sp.Rational(node.value or 0)  # of a float its exact value
            values.append(np.asarray(constant, object))
    output = np.asarray(values[graph.output], object).item()
    found = {}
    for name in inputs:
        slopes = [float(sp.diff(output, s).xreplace(point).evalf(17)) for s in symbols[name].flat]
        found[name] = np.array(slopes).reshape(symbols[name].shape)
    return found


def _as_constants(given: Any) -> Any:
    """Return numbers as SymPy's; labels stay whole numbers."""
    import sympy as sp

    if given.dtype.kind != "f":
        return given
    found = np.empty(given.shape, object)
    for place in np.ndindex(*given.shape):
        found[place] = sp.Rational(float(given[place]))
    return found
