"""NumPy's linear algebra: the engine's det, inverse and norm."""

from __future__ import annotations

from typing import Any

import numpy as np

from backprop_tutor import engine
from benchmarks.shims.not_offered import NotOffered

from .wrapping import as_tensor, offered, passed_on


def _norm(x: Any, ord: Any = None, axis: Any = None) -> Any:
    x = as_tensor(x)
    if (x.ndim > 2 and axis is None) or (axis is None and ord is None):
        return engine.linalg.norm(x.reshape(-1))
    return engine.linalg.norm(x, ord, axis)


def _solve(a: Any, b: Any) -> Any:
    if isinstance(a, engine.Tensor) and isinstance(b, engine.Tensor):
        return engine.linalg.solve(a, b)
    raise NotOffered("numpy.linalg.solve: of what is not an array")


_OFFERED = {"norm": _norm, "inv": engine.inverse, "det": engine.det, "solve": _solve}


def __getattr__(name: str) -> Any:
    own = getattr(np.linalg, name)
    return offered(own, _OFFERED[name]) if name in _OFFERED else passed_on(own)
