"""Arrays drawn for the samples of tensor records: the same ones everywhere, by a rule and not by chance.

Numbers follow the golden ratio's multiples modulo 1, which spread evenly and never repeat, so that no two
entries of a sample are equal unless their kind says so (labels, masks).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .tensor_record import Sample

__all__ = ["drawn"]

_GOLDEN = (5**0.5 - 1) / 2


def _even(shape: tuple[int, ...], start: int) -> Any:
    """Return numbers of (0, 1), spread evenly."""
    count = int(np.prod(shape, dtype=np.int64))
    return ((np.arange(start, start + count) + 0.5) * _GOLDEN % 1).reshape(shape)


def _array(shape: tuple[int, ...], draw: str | int, start: int) -> Any:
    u = _even(shape, start)
    if isinstance(draw, int):
        return np.floor(u * draw).astype(np.int64)
    if draw == "normal":
        return 4 * u - 2
    if draw == "positive":
        return 0.3 + 1.5 * u
    if draw == "unit":
        return 0.1 + 0.8 * u
    if draw == "shares":
        return u / u.sum(-1, keepdims=True)
    if draw == "mask":
        return np.floor(u * 2)
    if draw == "regular":
        return u + 2 * np.eye(shape[-1])
    raise ValueError(f"no array is drawn as {draw!r}")


def drawn(sample: Sample, turn: int = 0) -> tuple[Any, ...]:
    """Return a sample's operands as float64 arrays (labels as int64); another set for another turn.

    >>> drawn(Sample(((2,), ()), draws=("unit", 3)))
    (array([0.3472136 , 0.84164079]), array(1))
    """
    return tuple(
        None if shape is None else np.asarray(_array(shape, sample.draw(slot), 97 * turn + 31 * slot))
        for slot, shape in enumerate(sample.shapes)
    )
