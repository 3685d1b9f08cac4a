"""Every activation of the table `OPS` as facts: formula, slope, range, and where it dies or saturates.

Enters: names, or none for all. Leaves: records. All of it is read off the rows: the formulas by running
their rules on trees, the rest by their numbers; there is no list of activations here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import OptionError, did_you_mean
from ..language import parse, written
from ..objects.deriving import derive
from ..ops import OPS, Operation
from ..ops.numpy_kernel import NUMPY
from ..sentences import said
from ..slopes import slope_everywhere, value_everywhere

__all__ = ["FAMILIES", "LOW", "Facts", "activation_names", "facts", "values"]

LOW = 0.01
"""A slope below this lets almost nothing back, as `explain` says of a unit."""

FAMILIES: dict[str, tuple[str, Callable[[float, Any], Any]]] = {
    "sigmoid": ("σ(s·x)", lambda s, x: _value("sigmoid", s * x)),
    "softplus": ("softplus(s·x)/s", lambda s, x: _value("softplus", s * x) / s),
}
"""The activations that courses give a slope parameter s, and the form that they take with it."""

_REACH = 12.0
_FINE = 24001


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What there is to say of an activation.

    Attributes:
        name: the row's name.
        formula, slope: as text in x.
        range: the least interval that holds all values.
        dead: intervals of x in which the slope is 0.
        saturated: intervals without end in which it is not 0 but below `LOW`.
    """

    name: str
    formula: str
    slope: str
    range: str
    dead: tuple[tuple[float, float], ...]
    saturated: tuple[tuple[float, float], ...]


def activation_names() -> list[str]:
    """Return the names of all rows that are activations of one number.

    >>> activation_names()[:3]
    ['sigmoid', 'tanh', 'relu']
    """
    return [row.name for row in OPS.values() if row.activation and row.least == row.most == 1]


def _row(name: str) -> Operation:
    names = activation_names()
    for row in (OPS[each] for each in names):
        if name == row.name or name in row.spelled:
            return row
    hint = did_you_mean(name, names)
    raise OptionError(
        said("no activation `{name}`; there are {names}", name=name, names=", ".join(names))
        + (f" ({hint})" if hint else "")
    )


def _value(name: str, x: Any) -> Any:
    row = OPS[name]
    return row.forward(NUMPY, x, **dict(row.options))


def values(name: str, x: Any) -> tuple[Any, Any]:
    """Return an activation's values and slopes at an array of places."""
    row = _row(name)
    options = dict(row.options)
    with np.errstate(all="ignore"):
        out = row.forward(NUMPY, x, **options)
        slope = row.partial(0)(NUMPY, out, x, **options)
    return np.broadcast_to(out, x.shape), np.broadcast_to(np.asarray(slope, np.float64), x.shape)


def facts(names: Sequence[str] = ()) -> list[Facts]:
    """Return the facts of activations, of all where none is named.

    >>> found = facts(["relu"])[0]
    >>> found.formula, found.slope, found.range, found.dead
    ('max(x, 0)', '1[x > 0]', '[0, ∞)', ((-inf, 0.0),))

    Raises:
        OptionError: a name that is none.
    """
    return [_facts(_row(name)) for name in (names or activation_names())]


def _facts(row: Operation) -> Facts:
    derivation = derive(f"y = {row.called}(x)", at={"x": 0.5})
    place = derivation.graph_table.output
    x = np.linspace(-_REACH, _REACH, _FINE)
    _, slope = values(row.name, x)
    return Facts(
        name=row.name,
        formula=_formula(row, derivation, place),
        slope=written(slope_everywhere(derivation, place, 0)),
        range=str(row.range) if row.range is not None else "(−∞, ∞)",
        dead=_intervals(x, slope == 0),
        saturated=tuple(  # the foot of a dip is flat too, but nothing is held there
            each
            for each in _intervals(x, (slope != 0) & (np.abs(slope) < LOW))
            if not np.isfinite(each).all()
        ),
    )


def _formula(row: Operation, derivation: Any, place: int) -> str:
    """Return the rule in x; of what the rule calls by one word, the program that it stands for."""
    own = written(value_everywhere(derivation, place))
    if row.stands_for is None or own.count("(") > 1 or not own.endswith("(x)"):
        return own
    text = re.sub(r"\ba1\b", "x", row.stands_for())
    *first, last = text.split(";")
    program = parse("; ".join([*first, f"y = {last.strip()}"]))
    lines = program.reading.split("\n")
    return "; ".join([lines[-1].removeprefix("y = "), *lines[:-1]])


def _intervals(x: Any, holds: Any) -> tuple[tuple[float, float], ...]:
    """Return the stretches of x, longer than one step, in which something holds; the ends go on."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], holds.astype(int), [0]])))
    found = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start < 3:
            continue  # a single place, such as the foot of a dip
        low = -np.inf if start == 0 else float(x[start])
        high = np.inf if end == len(x) else float(x[end - 1])
        found.append((round(low, 3), round(high, 3)))
    return tuple(found)


def interval_text(interval: tuple[float, float]) -> str:
    """Return a stretch as text: `x ≤ 0`, `x ≥ 4.6`, `−2.5 ≤ x ≤ −2.4`.

    >>> interval_text((-np.inf, 0.0)), interval_text((4.595, np.inf)), interval_text((-1.0, 2.0))
    ('x ≤ 0', 'x ≥ 4.6', '−1 ≤ x ≤ 2')
    """
    # rounded to where it still holds
    ends = (
        math.ceil(interval[0] * 10 - 1e-9) / 10 if math.isfinite(interval[0]) else 0.0,
        math.floor(interval[1] * 10 + 1e-9) / 10 if math.isfinite(interval[1]) else 0.0,
    )
    low, high = (f"{end + 0.0:.1f}".removesuffix(".0").replace("-", "−") for end in ends)
    if interval[0] == -np.inf:
        return f"x ≤ {high}"
    if interval[1] == np.inf:
        return f"x ≥ {low}"
    return f"{low} ≤ x ≤ {high}"
