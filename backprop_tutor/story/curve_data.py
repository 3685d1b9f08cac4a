"""A function of one variable as a table to learn: `y = sin(3x)` at evenly spread places, with noise.

Enters: a line of the language with one input. Leaves: a table with one column and numbers to be told.
"""

from __future__ import annotations

import math

import numpy as np

from ..engine.datasets import Table
from ..errors import OptionError
from ..language import parse
from ..objects.questions import sweep
from ..sentences import counted, said

__all__ = ["curve_table"]


def curve_table(
    text: str, low: float, high: float, count: int, noise: float = 0.0, seed: int = 0
) -> Table:
    """Return the values of a program's output at `count` places from `low` to `high`.

    >>> found = curve_table("y = x^2", -1, 1, 3)
    >>> found.columns, found.target, found.features.tolist(), found.targets.tolist()
    (('x',), 'y', [[-1.0], [0.0], [1.0]], [[1.0], [0.0], [1.0]])

    Raises:
        OptionError: not one input, a range that does not rise, or values that are not finite.
        ParseError: what cannot be read.
    """
    for name, value in (("--from", low), ("--to", high), ("--noise", noise)):
        if not math.isfinite(value):
            raise OptionError(said("{name} {value}; expected a number", name=name, value=value))
    if not low < high:
        raise OptionError(
            said("from {low:g} to {high:g}; expected an interval that rises", low=low, high=high)
        )
    if noise < 0:
        raise OptionError(
            said("noise {noise}; expected a standard deviation, 0 or more", noise=noise)
        )
    program = parse(text)
    if len(program.inputs) != 1:
        names = counted(len(program.inputs), "1 input", "{count} inputs")
        listed = ", ".join(program.inputs) or "-"
        raise OptionError(
            said(
                "{formula} has {names} ({listed}); a curve is a function of one, such as y = sin(3x)",
                formula=text,
                names=names,
                listed=listed,
            )
        )
    (name,) = program.inputs
    places = np.linspace(low, high, count)
    found = sweep(program, {name: places})
    output = program.output
    values = np.broadcast_to(np.asarray(found.values[output], np.float64), places.shape)
    if not np.isfinite(values).all():
        place = float(places[np.flatnonzero(~np.isfinite(values))[0]])
        raise OptionError(
            said(
                "{formula}: at {name} = {place:.4g} it has no finite value",
                formula=text,
                name=name,
                place=place,
            )
        )
    if noise:
        values = values + np.random.RandomState(seed).normal(scale=noise, size=count)
    return Table(
        name=program.reading,
        features=places.astype(np.float32).reshape(-1, 1),
        targets=values.astype(np.float32).reshape(-1, 1),
        columns=(name,),
        target=output,
    )
