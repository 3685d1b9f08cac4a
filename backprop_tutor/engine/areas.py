"""Areas under sampled curves, and slopes along them: trapezoid and gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

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


def _steps(input: Tensor, spacing: Any, dims: list[int], given: bool) -> list[Any]:
    """Return a number or a vector of coordinates for each dimension."""
    if isinstance(spacing, (int, float)) or (isinstance(spacing, Tensor) and spacing.ndim == 0):
        return [spacing] * len(dims)
    if isinstance(spacing, Tensor):
        raise TypeError(
            "gradient(): argument 'spacing' must be a number, or a tuple of numbers or vectors, not a "
            f"tensor of {spacing.ndim} dimensions"
        )
    steps = list(spacing)
    if not given and len(steps) != len(dims):
        raise RuntimeError(
            "torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal to "
            f"'self.dim() = {input.ndim}', since dim argument was not given, but got a list of length "
            f"{len(steps)}"
        )
    if len(steps) != len(dims):
        raise RuntimeError(
            "torch.gradient expected spacing to be unspecified, a scalar or it's spacing and dim "
            "arguments to have the same length, but got a spacing argument of length "
            f"{len(steps)} and a dim argument of length {len(dims)}."
        )
    for at, step in zip(dims, steps, strict=True):
        if not isinstance(step, Tensor):
            continue
        if step.ndim != 1:
            raise RuntimeError(
                "torch.gradient expected each element of spacing to have one dimension, but got an "
                f"element with {step.ndim} dimensions!"
            )
        if step.shape[0] != input.shape[at]:
            raise RuntimeError(
                f"torch.gradient expected {input.shape[at]} coordinates along dimension {at}, but got "
                f"{step.shape[0]}"
            )
    return steps


def _weighed(x: Tensor, at: int, places: tuple[int, ...], weights: tuple[Any, ...]) -> Tensor:
    """Return the weighed sum of single slices along a dimension, counted from the end below 0."""
    parts = [_part(x, at, p, p + 1 or None) * w for p, w in zip(places, weights, strict=True)]
    found: Tensor = parts[0] + parts[1] + parts[2]
    return found


def _slopes(x: Tensor, at: int, step: Any, edge_order: int) -> Tensor:
    """Return the slopes along a dimension, exact for parabolas between the ends.

    Source: the derivatives of the parabola through three neighbours (Lagrange's form), taken in the
    middle and, with `edge_order` 2, at its ends.
    """
    if not isinstance(step, Tensor) or step.ndim == 0:
        middle = (_part(x, at, 2, None) - _part(x, at, None, -2)) / (2 * step)
        if edge_order == 2:
            first = _weighed(x, at, (0, 1, 2), (-1.5 / step, 2.0 / step, -0.5 / step))
            last = _weighed(x, at, (-3, -2, -1), (0.5 / step, -2.0 / step, 1.5 / step))
            return cat([first, middle, last], at)
        first = (_part(x, at, 1, 2) - _part(x, at, 0, 1)) / step
        last = (_part(x, at, -1, None) - _part(x, at, -2, -1)) / step
        return cat([first, middle, last], at)
    gaps = (step[1:] - step[:-1]).reshape((-1,) + (1,) * (x.ndim - at - 1))
    left, right = gaps[:-1], gaps[1:]
    both = left + right
    before, own, after = -right / (left * both), (right - left) / (left * right), left / (right * both)
    middle = (
        before * _part(x, at, None, -2) + own * _part(x, at, 1, -1) + after * _part(x, at, 2, None))
    if edge_order == 2:
        u, v = gaps[:1], gaps[1:2]
        first = _weighed(x, at, (0, 1, 2), (
            -(2 * u + v) / (u * (u + v)), (u + v) / (u * v), -u / (v * (u + v))))
        u, v = gaps[-1:], gaps[-2:-1]
        last = _weighed(x, at, (-3, -2, -1), (
            u / (v * (u + v)), -(u + v) / (u * v), (2 * u + v) / (u * (u + v))))
    else:
        first = (_part(x, at, 1, 2) - _part(x, at, 0, 1)) / gaps[:1]
        last = (_part(x, at, -1, None) - _part(x, at, -2, -1)) / gaps[-1:]
    return cat([first, middle, last], at)


def gradient(
    input: Tensor, *, spacing: Any = 1, dim: Any = None, edge_order: int = 1
) -> tuple[Tensor, ...]:
    """Return the slopes of samples along each dimension (of `dim`), by second-order differences.

    `spacing` is the distance between samples, or one for each dimension, or for each the vector of
    its coordinates. At the ends the differences are of first order, or of second with `edge_order` 2.
    Shapes: each result as the input.

    Raises:
        RuntimeError: an edge_order other than 1 and 2, too few samples, a dimension named twice,
            spacings that do not belong to the dimensions.

    >>> from backprop_tutor import engine as torch
    >>> gradient(torch.tensor([0., 1., 4., 9.]), edge_order=2)
    (tensor([0., 2., 4., 6.]),)
    """
    dims = [dim_of(d, input.ndim) for d in (
        range(input.ndim) if dim is None else [dim] if isinstance(dim, int) else dim)]
    steps = _steps(input, 1 if spacing is None else spacing, dims, dim is not None)
    if input._a.dtype == np.uint8:
        raise RuntimeError("torch.gradient does not support uint8 input.")
    if edge_order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")
    for i, at in enumerate(dims):
        if at in dims[:i]:
            raise RuntimeError(f"dim {at} appears multiple times in the list of dims")
        if input.shape[at] < edge_order + 1:
            raise RuntimeError("torch.gradient expected each dimension size to be at least edge_order+1")
    return tuple(
        _slopes(input, at, step, edge_order) for at, step in zip(dims, steps, strict=True))
