"""A student's own values, drawn by seed: the same student always gets the same.

Enters: where each value is drawn from, and a key made of the sheet's seed, the problem and the
student. Leaves: values at which the program is defined. Python's `random.Random` seeded with a
digest gives the same numbers on every machine and version.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ...errors import DomainError, OptionError, quoted
from ...graph import Graph
from ...language import parse_number
from ...matrices.array_derivation import array_derive
from ...matrices.array_graph import ArrayGraph
from ...ops import plain
from ...passes import run
from ...sentences import said
from ...steps import Derivation
from .problem_schema import RangeTable

__all__ = ["Draw", "drawn", "read_draw"]

_TRIES, _BETTER, _BETTER_ARRAYS = 500, 60, 12
"""So many draws at which the program is defined are looked for, and so many for one without a fault."""

_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Draw:
    """The numbers a value may be drawn from, each as likely; of an array with a shape every entry is."""

    choices: tuple[Any, ...]
    shape: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.choices:
            raise OptionError(said("nothing is left to draw from"))


def read_draw(table: RangeTable) -> Draw:
    """Return what a range allows: `{from = -3, to = 3, step = "1/2", not = [0]}` or `{choose = …}`.

    Raises:
        OptionError: an empty range, a step that is not positive, both or neither of the two forms.

    >>> [str(c) for c in read_draw(RangeTable(**{"from": 0, "to": 1, "step": "1/2"})).choices]
    ['0', '1/2', '1']
    """
    left_out = {_exact(number) for number in table.but}
    if table.choose is not None:
        if table.low is not None or table.high is not None:
            raise OptionError(
                said("a value is drawn by `choose`, or by `from` and `to`, not by both")
            )
        chosen = tuple(plain(n) for n in map(_exact, table.choose) if n not in left_out)
        return Draw(chosen, _shape(table))
    if table.low is None or table.high is None:
        raise OptionError(said("a range has `from` and `to`; or `choose` lists the values"))
    low, high, step = _exact(table.low), _exact(table.high), _exact(table.step)
    if step <= 0:
        raise OptionError(said("the step of a range is positive, not {step}", step=step))
    if high < low:
        raise OptionError(
            said("a range goes from low to high; {low} is above {high}", low=low, high=high)
        )
    count = int((high - low) / step) + 1
    if count > _MOST:
        raise OptionError(
            said("a range has at most {most:,} values; this one has {count:,}", most=_MOST, count=count)
        )
    numbers = (low + step * i for i in range(count))
    return Draw(tuple(plain(n) for n in numbers if n not in left_out), _shape(table))


def _shape(table: RangeTable) -> tuple[int, ...]:
    """Return the shape that is drawn, `()` for a single number.

    Raises:
        OptionError: sizes below 1, more than three of them, or too many entries.
    """
    shape = tuple(table.shape or ())
    if any(size < 1 for size in shape) or len(shape) > 3 or math.prod(shape) > _MOST:
        raise OptionError(
            said("a shape has one to three sizes from 1 on, and at most {most:,} entries", most=_MOST)
        )
    return shape


def _filled(draw: Draw, chance: random.Random) -> Any:
    """Return an array of the draw's shape as nested tuples, every entry drawn."""
    count = len(draw.choices)
    entries: list[Any] = [
        draw.choices[int(chance.random() * count)] for _ in range(math.prod(draw.shape))
    ]
    for size in reversed(draw.shape[1:]):
        entries = [tuple(entries[i : i + size]) for i in range(0, len(entries), size)]
    return tuple(entries)


def _derived(graph: Graph, at: Mapping[str, Any]) -> Derivation:
    """Return the derivation at a point.

    Raises:
        DomainError: it is not.
    """
    if isinstance(graph, ArrayGraph):
        return array_derive(graph.program, at, graph.nodes[graph.output].name)
    return run(graph, at, Derivation)


def _exact(given: int | float | str) -> Fraction:
    """Return a number exactly; a decimal as it is written, so that steps of 0.1 add up."""
    if isinstance(given, str):
        return Fraction(parse_number(given).value)
    try:
        return Fraction(str(given))
    except ValueError:
        raise OptionError(
            said("a finite number is expected, not {given}", given=quoted(str(given)))
        ) from None


def drawn(
    graph: Graph, fixed: Mapping[str, Any], draws: Mapping[str, Draw], key: str,
    together: bool = False, faults: Callable[[Derivation], int] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return values for all inputs: the fixed ones and one draw, the same for the same key.

    Values at which the program is not defined are drawn again. With `together` the choices of all
    names are sets of values: the third of one name goes with the third of every other. `faults` counts
    what makes values a bad exercise: the first draw without any is taken, or the one with the fewest.

    Raises:
        OptionError: no draw was found at which the program is defined.
    """
    if not draws:
        return dict(fixed)
    seed = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    chance = random.Random(seed)
    last: DomainError | None = None
    best: tuple[int, dict[str, Any]] | None = None
    left = _BETTER_ARRAYS if isinstance(graph, ArrayGraph) else _BETTER
    for _ in range(_TRIES):
        at = dict(fixed)
        share = chance.random()
        for place, name in enumerate(sorted(draws)):
            share = chance.random() if place and not together else share
            at[name] = draws[name].choices[int(share * len(draws[name].choices))]
            if draws[name].shape:
                at[name] = _filled(draws[name], chance)
        try:
            derivation = _derived(graph, at)
            found = faults(derivation) if faults is not None else 0
        except DomainError as error:
            last = error
            continue
        if not found:
            return at
        best = (found, at) if best is None or found < best[0] else best
        left -= 1
        if not left:
            break
    if best is not None:
        return best[1]
    raise OptionError(
        said("no values were drawn at which the program is defined: {last}", last=last)
    )
