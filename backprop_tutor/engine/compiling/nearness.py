"""When two arrays of numbers count as the same: to the rounding of their dtype."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["close"]


def close(a: Any, b: Any, share: float | None = None) -> bool:
    """Return whether arrays are equal to the rounding of their dtype."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.dtype.kind != "f":
        return bool(np.array_equal(a, b))
    share = share or (2e-4 if a.dtype == np.float32 else 1e-9)
    with np.errstate(all="ignore"):
        scale = np.nanmax(np.abs(np.where(np.isfinite(b), b, 0)), initial=0.0)
        return bool(np.allclose(a, b, rtol=share, atol=share * max(float(scale), 1e-30), equal_nan=True))
