"""Random tensors, under TensorFlow's name `tf.random`; the engine's generator draws them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import engine as torch
from ..converting import array_of, sizes_of
from ..dtypes import as_dtype
from ..tensors import Tensor
from .arranging import gather
from .making import tensor

__all__ = ["normal", "set_seed", "shuffle", "truncated_normal", "uniform"]


def set_seed(seed: int) -> None:
    """Seed the generator: the same draws follow each time. They are not TensorFlow's draws."""
    torch.manual_seed(int(seed))


def _generator(seed: Any) -> Any:
    return None if seed is None else torch.Generator().manual_seed(int(seed))


def normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = "float32",
    seed: Any = None,
    name: str | None = None,
) -> Any:
    """Return draws from a normal distribution."""
    raw = torch.randn(sizes_of(shape), generator=_generator(seed), dtype=as_dtype(dtype).engine)
    return Tensor(raw * float(array_of(stddev)) + float(array_of(mean)))


def uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = "float32",
    seed: Any = None,
    name: str | None = None,
) -> Any:
    """Return draws from `minval` up to `maxval` (1 where not given), which is left out; whole ones.

    Raises:
        ValueError: whole numbers without `maxval`, or an empty range.
    """
    kind, sizes, generator = as_dtype(dtype), sizes_of(shape), _generator(seed)
    low = array_of(minval).item()
    if kind.is_integer:
        if maxval is None:
            raise ValueError("Must specify maxval for integer dtype")
        high = array_of(maxval).item()
        if low >= high:
            raise ValueError(f"Need minval < maxval, got {low} >= {high}")
        return Tensor(torch.randint(int(low), int(high), sizes, generator=generator).to(kind.engine))
    high = 1.0 if maxval is None else array_of(maxval).item()
    return Tensor(torch.rand(sizes, generator=generator, dtype=kind.engine) * (high - low) + low)


def truncated_normal(
    shape: Any,
    mean: float = 0.0,
    stddev: float = 1.0,
    dtype: Any = "float32",
    seed: Any = None,
    name: str | None = None,
) -> Any:
    """Return draws from a normal distribution that lie within two deviations of the mean."""
    if seed is not None:
        set_seed(seed)
    raw = torch.empty(sizes_of(shape), dtype=as_dtype(dtype).engine)
    torch.nn.init.trunc_normal_(raw, mean, stddev, mean - 2 * stddev, mean + 2 * stddev)
    return Tensor(raw)


def shuffle(value: Any, seed: Any = None, name: str | None = None) -> Any:
    """Return the parts along the first dimension in a drawn order."""
    whole = tensor(value)
    order = torch.randperm(int(whole.raw.shape[0]), generator=_generator(seed))
    return gather(whole, np.asarray(order.numpy()))
