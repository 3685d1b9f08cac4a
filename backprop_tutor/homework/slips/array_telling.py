"""Which slips show at a problem's matrices, and which cannot be told from each other there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...errors import TutorError
from ...matrices.array_derivation import ArrayDerivation, array_derive
from ..quantities.quantity_record import Quantity
from .array_bends import ArrayPlan, OwnArrays
from .array_columns import ArrayKey
from .telling_apart import Resolution, resolved

__all__ = ["array_resolution"]

_GENERIC = 2
_TRIES = 20

Profile = tuple[tuple[str, ...], dict[tuple[str, str, str], tuple[str, ...]]]


def array_resolution(
    derivation: ArrayDerivation, quantities: Sequence[Quantity], lr: Any = None
) -> Resolution:
    """Return which slips are invisible or alike at these matrices, though they differ at others."""
    here = _profile(derivation, quantities, lr)
    chance = np.random.default_rng(7)
    elsewhere: list[Profile] = []
    for _ in range(_TRIES):
        moved = {name: _moved(value, chance) for name, value in derivation.at.items()}
        try:
            other: ArrayDerivation = array_derive(derivation.graph_table.program, moved, derivation.output)
        except TutorError:
            continue
        elsewhere.append(_profile(other, quantities, lr))
        if len(elsewhere) == _GENERIC:
            break
    return resolved(here, elsewhere)


def _moved(value: Any, chance: np.random.Generator) -> Any:
    """Return numbers near the ones given that have nothing special about them; labels as they are."""
    given = np.asarray(value)
    if given.dtype.kind != "f":
        return value
    return given * chance.uniform(0.6, 1.6, given.shape) + chance.uniform(-0.4, 0.4, given.shape)


def _profile(derivation: ArrayDerivation, quantities: Sequence[Quantity], lr: Any) -> Profile:
    rates = (float(lr),) if lr is not None else (0.1,)
    plan = ArrayPlan(derivation, rates)
    key = ArrayKey(derivation, plan, quantities, rates[0])
    with np.errstate(all="ignore"):
        rows = {
            (made.slip.name, made.variant, made.where(plan)): _signature(
                key.bent(made, OwnArrays(), key.base)
            )
            for made in key.instances
        }
    return _signature(key.true), rows


def _signature(row: Sequence[Any]) -> tuple[str, ...]:
    """Return a sheet to three significant figures, as a class would type it."""
    return tuple(
        "none" if number is None else f"{np.shape(number)}"
        + " ".join(f"{x + 0.0:.2e}" for x in np.ravel(number)[:400].tolist())
        for number in row
    )
