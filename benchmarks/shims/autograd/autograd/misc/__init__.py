"""autograd's extras."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.boxes import Box, boxes_in, leaves, rebuilt, to_tensor
from backprop_tutor import engine
from benchmarks.shims.not_offered import Missing

const_graph = Missing("const_graph", "the engine records each run anew")


def _row(x: Any) -> Any:
    held = to_tensor(x)
    made = held if isinstance(held, engine.Tensor) else engine.tensor(held, dtype=engine.float64)
    return made.reshape(-1)


def flatten(value: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Return the numbers of nested containers in one row, and the way back from such a row."""
    parts = leaves(value)
    shapes = [p.shape if isinstance(p, Box) else np.shape(p) for p in parts]
    ends = np.cumsum([0, *(int(np.prod(s)) for s in shapes)])
    row = engine.cat([_row(p) for p in parts]) if parts else engine.zeros(0, dtype=engine.float64)

    def unflatten(flat: Any) -> Any:
        runs = zip(ends[:-1].tolist(), ends[1:].tolist(), shapes, strict=True)
        return rebuilt(value, iter([flat[a:b].reshape(s) if s else flat[a] for a, b, s in runs]))

    return Box(row) if boxes_in(value) else row.numpy(), unflatten
