"""Quantiles along a dimension, with nan answered by nan or passed over; the median past nan."""

from __future__ import annotations

from typing import Any

import numpy as np

from .choosing import where
from .dims import dim_of
from .extremes import evenly_rule, pick_rule, picked, refuse_empty, sort
from .picking import gather
from .results import result_type
from .tape import OUT, Tensor, record, wrap
from .three_operands import lerp

__all__ = ["nanmedian", "nanquantile", "quantile"]

NanmedianResult = result_type("nanmedian")
NANMEDIAN, NANMEDIAN_DIM = evenly_rule("NanmedianBackward0"), pick_rule("NanmedianBackward1")
_WAYS = ("linear", "lower", "higher", "midpoint", "nearest")


def _check(input: Tensor, q: Any, interpolation: str) -> None:
    if not isinstance(q, Tensor) and not 0 <= q <= 1:
        raise RuntimeError(f"quantile() q must be in the range [0, 1] but got {q:g}")
    if interpolation not in _WAYS:
        raise RuntimeError(
            "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, "
            f"but got {interpolation}"
        )
    if not input._a.size:
        raise RuntimeError("quantile() input tensor must be non-empty")
    if isinstance(q, Tensor) and q._a.ndim > 1:
        raise RuntimeError("quantile() q must be a scalar or 1D tensor")
    if input._a.dtype.name not in ("float32", "float64"):
        raise RuntimeError("quantile() input tensor must be either float or double dtype")
    if isinstance(q, Tensor):
        if q._a.dtype != input._a.dtype:
            raise RuntimeError("quantile() q tensor must be same dtype as the input tensor")
        if not ((q._a >= 0) & (q._a <= 1)).all():
            raise RuntimeError("quantile() q values must be in the range [0, 1]")


def _quantile(
    input: Tensor, q: Any, dim: int | None, keepdim: bool, interpolation: str, past_nan: bool
) -> Tensor:
    _check(input, q, interpolation)
    kind = input._a.dtype
    share = q.reshape(-1) if isinstance(q, Tensor) else wrap(np.array([q], kind))
    at = dim_of(0 if dim is None else dim, input.ndim)
    x = input.reshape(-1) if dim is None or input.ndim == 0 else input.movedim(at, -1)
    ordered = sort(x, -1).values
    blank = np.isnan(x._a)
    count = x._a.shape[-1]
    if past_nan:
        last = np.maximum((~blank).sum(-1, keepdims=True) - 1, 0).astype(kind)
        rank = share * wrap(last)
    else:  # nan is sorted last: a row with one answers with it
        rank = where(wrap(blank.any(-1, keepdims=True)), share.new_full((), count - 1), share * (count - 1))
    places = {"lower": np.floor, "higher": np.ceil, "nearest": np.rint}.get(interpolation)
    if places is not None:
        found = gather(ordered, -1, wrap(places(rank._a).astype(np.int64)))
    else:
        below, above = (wrap(f(rank._a).astype(np.int64)) for f in (np.floor, np.ceil))
        weight = rank - below if interpolation == "linear" else rank.new_full((), 0.5)
        found = lerp(gather(ordered, -1, below), gather(ordered, -1, above), weight)
    found = found.movedim(-1, 0)
    if keepdim and input.ndim:
        found = found.unsqueeze(at + 1) if dim is not None else found.reshape(-1, *[1] * input.ndim)
    return found if isinstance(q, Tensor) and q.ndim else found[0]  # type: ignore[no-any-return]


def quantile(
    input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False, *,
    interpolation: str = "linear",
) -> Tensor:
    """Return the q-quantiles along a dimension (of all elements without one); nan where there is one.

    Between neighbours `interpolation` decides: "linear", "lower", "higher", "nearest", "midpoint".
    Shapes: q's dimension (none for a number) before what is left of the input's.

    Raises:
        RuntimeError: a q outside [0, 1] or of another dtype, an empty input, whole numbers, another
            interpolation.

    >>> from backprop_tutor import engine as torch
    >>> quantile(torch.tensor([0., 1., 2., 3.]), torch.tensor([0.5, 1.0]))
    tensor([1.5000, 3.0000])
    """
    return _quantile(input, q, dim, keepdim, interpolation, False)


def nanquantile(
    input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False, *,
    interpolation: str = "linear",
) -> Tensor:
    """Return the quantiles of what is no nan; nan where nothing else is. See `quantile`.

    >>> from backprop_tutor import engine as torch
    >>> nanquantile(torch.tensor([0., float("nan"), 2.]), 0.5)
    tensor(1.)
    """
    return _quantile(input, q, dim, keepdim, interpolation, True)


def nanmedian(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """Return the median of what is no nan (the lower of two middles); with `dim` values and places.

    Raises:
        IndexError: a dimension without elements.

    >>> from backprop_tutor import engine as torch
    >>> nanmedian(torch.tensor([3., float("nan"), 1., 2., 5.]))
    tensor(2.)
    """
    a = input._a
    blank = np.isnan(a) if a.dtype.kind == "f" else np.zeros(a.shape, bool)
    if dim is None:
        if not a.size or a.dtype.kind == "b":
            return input.median()
        flat = a.reshape(-1)
        place = np.argsort(flat, kind="stable")[max(int((~blank).sum()) - 1, 0) // 2]
        return record(NANMEDIAN, np.array(flat[place]), (input,), (input, OUT), ((1,) * a.ndim, None))
    at = dim_of(dim, a.ndim)
    refuse_empty(a, (at,), "median")
    if a.ndim == 0:
        return picked(NANMEDIAN_DIM, input, None, at, keepdim, NanmedianResult)
    middle = np.maximum((~blank).sum(at, keepdims=True) - 1, 0) // 2
    places = np.take_along_axis(np.argsort(a, at, kind="stable"), middle, at).squeeze(at)
    return picked(NANMEDIAN_DIM, input, places, at, keepdim, NanmedianResult)
