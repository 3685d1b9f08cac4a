"""Areas under sampled curves, and slopes along them: trapezoid and gradient."""

from __future__ import annotations

from typing import Any

from .dims import dim_of
from .joining import cat
from .products import cumsum
from .tape import Tensor

__all__ = ["cumulative_trapezoid", "gradient", "trapezoid", "trapz"]


def _part(x: Tensor, at: int, start: int | None, stop: int | None) -> Tensor:
    return x[(slice(None),) * at + (slice(start, stop),)]


def _strips(y: Tensor, x: Any, dx: float, dim: int) -> tuple[Tensor, int]:
    """Return the area of each strip between neighbours along a dimension, and that dimension."""
    at = dim_of(dim, y.ndim)
    sums = _part(y, at, 1, None) + _part(y, at, None, -1)
    if x is None:
        return sums * (dx / 2), at
    if x.ndim == 1:
        x = x.reshape((-1,) + (1,) * (y.ndim - at - 1))
        widths = x[1:] - x[:-1]
    else:
        lead = dim_of(dim, x.ndim)
        widths = _part(x, lead, 1, None) - _part(x, lead, None, -1)
    return sums * widths / 2, at


def trapezoid(y: Tensor, x: Any = None, *, dx: float = 1, dim: int = -1) -> Tensor:
    """Return the area under points joined by straight lines, along a dimension.

    >>> from backprop_tutor import engine as torch
    >>> trapezoid(torch.tensor([1., 5., 10.]), dx=2)
    tensor(21.)
    """
    strips, at = _strips(y, x, dx, dim)
    return strips.sum(at)  # type: ignore[no-any-return]


trapz = trapezoid


def cumulative_trapezoid(y: Tensor, x: Any = None, *, dx: float = 1, dim: int = -1) -> Tensor:
    """Return the area up to each point but the first."""
    strips, at = _strips(y, x, dx, dim)
    return cumsum(strips, at)


def gradient(
    input: Tensor, *, spacing: Any = 1, dim: Any = None, edge_order: int = 1
) -> tuple[Tensor, ...]:
    """Return the slopes by centred differences along each dimension, one-sided at the ends.

    Raises:
        ValueError: a spacing that is no number, or `edge_order` 2.
    """
    if not isinstance(spacing, (int, float)) or edge_order != 1:
        raise ValueError("gradient() takes a number as spacing and edge_order=1 here")
    dims = range(input.ndim) if dim is None else [dim] if isinstance(dim, int) else dim
    found = []
    for d in dims:
        at = dim_of(d, input.ndim)
        first = (_part(input, at, 1, 2) - _part(input, at, 0, 1)) / spacing
        middle = (_part(input, at, 2, None) - _part(input, at, None, -2)) / (2 * spacing)
        last = (_part(input, at, -1, None) - _part(input, at, -2, -1)) / spacing
        found.append(cat([first, middle, last], at))
    return tuple(found)
