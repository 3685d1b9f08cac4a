"""The perceptron's own rule, mistake by mistake: sign, labels −1 and 1, until none is left or it cycles.

Source: Rosenblatt (1958). Rows are taken in their order; at a row that is told wrong (y·net ≤ 0) the
weights move by y·x and the bias by y. Where the same weights come again at the beginning of a pass it goes
round for ever, as it does wherever no line separates the classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.datasets import Table
from ..errors import OptionError
from ..sentences import said

__all__ = ["Learnt", "Mistake", "learn"]


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A row told wrong, and the weights after the rule; `row` is None before the first one."""

    row: int | None
    number: int
    rounds: int
    weights: tuple[float, ...]
    bias: float


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """How a table was learnt: every mistake, the start at place 0.

    `converged` is whether a whole pass went by without a mistake; `cycle` is how many mistakes one round
    of a cycle has, 0 where none was found. `passes` counts the last one, without mistakes, too.
    """

    table: Table
    labels: tuple[int, ...]
    mistakes: tuple[Mistake, ...]
    converged: bool
    cycle: int
    passes: int


def learn(table: Table, passes: int = 1000, most: int = 2000) -> Learnt:
    """Return the perceptron's course on a table of two classes.

    >>> from backprop_tutor.engine.datasets import load
    >>> found = learn(load("and"))
    >>> found.converged, len(found.mistakes) - 1, found.mistakes[-1].weights, found.mistakes[-1].bias
    (True, 18, (3.0, 2.0), -4.0)
    >>> learn(load("xor")).cycle
    4

    Raises:
        OptionError: not two classes.
    """
    if len(table.classes) != 2:
        raise OptionError(
            said(
                "{name} has {count} classes; the perceptron's rule tells two apart",
                name=table.name,
                count=len(table.classes) or said("no"),
            )
        )
    rows = table.features.astype(np.float64)
    labels = tuple(2 * int(target) - 1 for target in table.targets.reshape(-1))
    weights, bias = np.zeros(rows.shape[1]), 0.0
    mistakes = [_noted(None, 0, 0, weights, bias)]
    seen = {(*weights.tolist(), bias): 0}
    converged, cycle, done = False, 0, 0
    for done in range(1, passes + 1):
        before = len(mistakes)
        for row, label in enumerate(labels):
            if label * (float(rows[row] @ weights) + bias) <= 0:
                weights = weights + label * rows[row]
                bias += label
                mistakes.append(_noted(row, len(mistakes), done, weights, bias))
        if len(mistakes) == before:
            converged = True
            break
        state = (*weights.tolist(), bias)
        if state in seen:
            cycle = len(mistakes) - 1 - seen[state]
            break
        seen[state] = len(mistakes) - 1
        if len(mistakes) > most:
            break
    return Learnt(
        table=table,
        labels=labels,
        mistakes=tuple(mistakes),
        converged=converged,
        cycle=cycle,
        passes=done,
    )


def _noted(row: int | None, number: int, rounds: int, weights: Any, bias: float) -> Mistake:
    return Mistake(
        row=row, number=number, rounds=rounds, weights=tuple(weights.tolist()), bias=bias
    )


def shown_places(found: Sequence[Learnt], count: int) -> list[int]:
    """Return which mistakes are shown: all up to `count`, of more the first half and the rest spread."""
    longest = max(len(each.mistakes) for each in found)
    if longest <= count:
        return list(range(longest))
    first = count // 2
    rest = np.linspace(first, longest - 1, count - first).round().astype(int).tolist()
    return [*range(first), *rest]
