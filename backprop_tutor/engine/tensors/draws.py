"""Random tensors and random filling, drawn from a `Generator`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.tape import Tensor
from ..functions.shapes import named_sizes
from .creation import made
from .devices import check_device
from .dims import shape_of
from .dtypes import C_NAMES, DEFAULT, not_defined
from .dtypes import dtype as Dtype
from .randomness import Generator, default_generator
from .writes import check_writable

__all__ = [
    "bernoulli", "multinomial", "normal", "rand", "rand_like", "randint", "randint_like", "randn",
    "randn_like", "randperm",
]


def _count(shape: tuple[int, ...]) -> int:
    total = 1
    for n in shape:
        if n < 0:
            raise RuntimeError(
                f"Trying to create tensor with negative dimension {n}: {list(shape)}"
            )
        total *= n
    return total


def _floating(dtype: Dtype | None, called: str) -> Any:
    kind = DEFAULT[0] if dtype is None else dtype
    if not kind.is_floating_point:
        raise not_defined(called, kind.array, made=True)
    return kind.array


def rand(
    *size: Any, generator: Generator | None = None, dtype: Dtype | None = None, device: Any = None,
    requires_grad: bool = False, **named: Any,
) -> Tensor:
    """Return uniform numbers from [0, 1)."""
    check_device(device)
    shape = shape_of(size, named_sizes(named, "size"), "rand")
    kind = _floating(dtype, "rand")
    drawn = (generator or default_generator).uniform(_count(shape), kind)
    return made(drawn.reshape(shape), requires_grad)


def randn(
    *size: Any, generator: Generator | None = None, dtype: Dtype | None = None, device: Any = None,
    requires_grad: bool = False, **named: Any,
) -> Tensor:
    """Return standard normal numbers."""
    check_device(device)
    shape = shape_of(size, named_sizes(named, "size"), "randn")
    kind = _floating(dtype, "randn")
    drawn = (generator or default_generator).normal(_count(shape), kind)
    return made(drawn.reshape(shape), requires_grad)


def randint(
    low: Any = None, high: Any = None, size: Any = None, *, generator: Generator | None = None,
    dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
) -> Tensor:
    """Return integers from [low, high); `randint(high, size)` starts from 0.

    Raises:
        RuntimeError: an empty range.
    """
    check_device(device)
    if low is None:
        low = 0
    elif size is None:
        low, high, size = 0, low, high
    if high is None or size is None:
        raise TypeError("randint() received an invalid combination of arguments")
    if isinstance(size, int):
        raise TypeError("randint(): argument 'size' (position 2) must be tuple of ints, not int")
    if low >= high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )
    shape = shape_of((tuple(size),), None, "randint")
    kind = np.dtype(np.int64) if dtype is None else dtype.array
    _check_bounds(low, high - 1, kind)
    drawn = (generator or default_generator).below(_count(shape), high - low)
    return made((drawn.astype(np.int64) + low).astype(kind).reshape(shape), requires_grad)


def _check_bounds(least: int, most: int, kind: Any) -> None:
    """Refuse bounds that a dtype does not hold."""
    if kind.kind in "iu":
        facts = np.iinfo(kind)
        name = C_NAMES[kind.name].replace("long int", "long")
        for value, called in ((least, "from"), (most, "to - 1")):
            if not facts.min <= value <= facts.max:
                raise RuntimeError(f"{called} is out of bounds for {name}")


def randperm(
    n: int, *, generator: Generator | None = None, dtype: Dtype | None = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Return 0 ... n-1 in random order."""
    check_device(device)
    if not isinstance(n, (int, np.integer)):
        raise TypeError(
            f"randperm(): argument 'n' (position 1) must be int, not {type(n).__name__}"
        )
    _count((n,))
    order = (generator or default_generator).permutation(n)
    return made(order if dtype is None else order.astype(dtype.array), requires_grad)


def rand_like(
    input: Tensor, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None, generator: Generator | None = None,
) -> Tensor:
    """Return uniform numbers in another tensor's shape and dtype."""
    return rand(input._a.shape, dtype=dtype or input.dtype, device=device,
                requires_grad=requires_grad, generator=generator)


def randn_like(
    input: Tensor, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None, generator: Generator | None = None,
) -> Tensor:
    """Return standard normal numbers in another tensor's shape and dtype."""
    return randn(input._a.shape, dtype=dtype or input.dtype, device=device,
                 requires_grad=requires_grad, generator=generator)


def randint_like(
    input: Tensor, low: int, high: int | None = None, *, dtype: Dtype | None = None,
    device: Any = None, requires_grad: bool = False, memory_format: Any = None,
) -> Tensor:
    """Return integers in another tensor's shape and dtype."""
    if high is None:
        low, high = 0, low
    return randint(low, high, input._a.shape, dtype=dtype or input.dtype, device=device,
                   requires_grad=requires_grad)


def normal(
    mean: Any = 0.0, std: Any = 1.0, size: Any = None, *, generator: Generator | None = None,
    dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
) -> Tensor:
    """Return normal numbers of given means and standard deviations."""
    check_device(device)
    if not isinstance(std, Tensor) and std < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")
    if size is not None:
        shape = shape_of((size,) if isinstance(size, int) else (tuple(size),))
        kind = _floating(dtype, "normal")
        drawn = (generator or default_generator).normal(_count(shape), kind, mean, std)
        return made(drawn.reshape(shape), requires_grad)
    raw = [v._a if isinstance(v, Tensor) else v for v in (mean, std)]
    if isinstance(std, Tensor) and std._a.size and std._a.min() < 0:
        raise RuntimeError("normal expects all elements of std >= 0.0")
    shape = np.broadcast_shapes(*(np.shape(v) for v in raw))
    kind = next(v.dtype for v in raw if isinstance(v, np.ndarray))
    if kind.kind != "f":
        raise not_defined("normal", kind)
    drawn = (generator or default_generator).normal(_count(shape), kind).reshape(shape)
    return made((drawn * raw[1] + raw[0]).astype(kind), requires_grad)


def bernoulli(
    input: Tensor, p: float | None = None, *, generator: Generator | None = None
) -> Tensor:
    """Return ones with the probabilities given by the input (or p), zeros else."""
    a = input._a
    source = generator or default_generator
    if p is None and a.dtype.kind != "f":
        raise not_defined("bernoulli", a.dtype)
    if p is not None:
        drawn = source.uniform64(a.size).reshape(a.shape) < p
    else:
        if a.size and not (a.min() >= 0 and a.max() <= 1):
            raise RuntimeError("Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this "
                               "error message be improved?  If so, please report an enhancement "
                               "request to PyTorch.)")
        wide = a.dtype == np.float64
        drawn = (source.uniform64(a.size) if wide else source.uniform32(a.size)).reshape(a.shape) < a
    return made(drawn.astype(a.dtype))


def multinomial(
    input: Tensor, num_samples: int, replacement: bool = False, *,
    generator: Generator | None = None,
) -> Tensor:
    """Return the numbers of drawn categories, whose weights are the input's last dimension.

    Raises:
        RuntimeError: weights that are negative, infinite or sum to 0, or too many samples.
    """
    weights = input._a
    if weights.dtype.kind != "f":
        raise RuntimeError(
            f"multinomial only supports floating-point dtypes for input, got: {input.dtype.short}"
        )
    if weights.ndim not in (1, 2):
        raise RuntimeError("prob_dist must be 1 or 2 dim")
    if num_samples <= 0:
        raise RuntimeError("cannot sample n_sample <= 0 samples")
    if not replacement and num_samples > weights.shape[-1]:
        raise RuntimeError(
            "cannot sample n_sample > prob_dist.size(-1) samples without replacement"
        )
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if (weights.sum(-1) <= 0).any():
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")
    source = generator or default_generator
    if not replacement or num_samples == 1:
        # a race of exponential times, each at the rate of its weight: the first are the draw
        times = (-np.log1p(-source.uniform64(weights.size))).astype(weights.dtype)
        ratio = weights / times.reshape(weights.shape)
        if num_samples == 1:
            return made(np.argmax(ratio, -1, keepdims=True))
        order = np.argsort(-ratio, -1, kind="stable")[..., :num_samples]
        return made(np.ascontiguousarray(order))
    rows = weights.reshape(-1, weights.shape[-1])
    drawn = source.uniform64(rows.shape[0] * num_samples).reshape(-1, num_samples)
    sums = np.cumsum(rows, -1)
    sums /= sums[:, -1:]
    found = [np.searchsorted(s, d) for s, d in zip(sums, drawn, strict=True)]
    return made(np.stack(found).astype(np.int64).reshape(*weights.shape[:-1], num_samples))


def _written(x: Tensor, values: Any) -> Tensor:
    check_writable(x)
    a = x._a
    if not a.flags.c_contiguous:  # drawn in the order of the memory
        a = a.transpose(np.argsort([-s for s in a.strides], kind="stable"))
    a[...] = values.reshape(a.shape)
    if x._ver is not None:
        x._ver[0] += 1
    return x


def _only_floating(x: Tensor, called: str) -> None:
    if x._a.dtype.kind != "f":
        raise not_defined(called, x._a.dtype)


def uniform_(x: Tensor, a: float = 0, b: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fill with uniform numbers from [a, b)."""
    kind = x._a.dtype
    _only_floating(x, "uniform_")
    if a > b:
        raise RuntimeError(
            f"uniform_ expects to return a [from, to) range, but found from={a} > to={b}"
        )
    drawn = (generator or default_generator).uniform(x._a.size, kind)
    low, width = kind.type(a), kind.type(b) - kind.type(a)
    if kind.itemsize < 8:  # one rounding, as a fused multiply-add has
        return _written(x, (drawn * np.float64(width) + np.float64(low)).astype(kind))
    return _written(x, drawn * width + low)


def normal_(
    x: Tensor, mean: float = 0, std: float = 1, *, generator: Generator | None = None
) -> Tensor:
    """Fill with normal numbers."""
    if std < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std}")
    kind = x._a.dtype
    _only_floating(x, "normal_")
    drawn = (generator or default_generator).normal(
        x._a.size, kind, mean, std, blocks=x._a.flags.c_contiguous)
    return _written(x, drawn)


def bernoulli_(x: Tensor, p: Any = 0.5, *, generator: Generator | None = None) -> Tensor:
    """Fill with ones of probability p, zeros else."""
    source = generator or default_generator
    if not isinstance(p, Tensor) and not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")
    if isinstance(p, Tensor):
        given = np.broadcast_to(p._a, x._a.shape)
        uniform = source.uniform64 if p._a.dtype == np.float64 else source.uniform32
        return _written(x, uniform(x._a.size).reshape(x._a.shape) < given)
    return _written(x, source.uniform64(x._a.size).reshape(x._a.shape) < p)


def random_(
    x: Tensor, low: int | None = None, high: int | None = None, *,
    generator: Generator | None = None,
) -> Tensor:
    """Fill with integers: from [low, high), [0, low), or all that the dtype holds exactly."""
    source = generator or default_generator
    kind = x._a.dtype
    if low is None and high is None:
        if kind.kind == "f":
            span = 2 ** (np.finfo(kind).nmant + 1) + 1
            drawn = source.random64(x._a.size) if kind == np.float64 else source.words(x._a.size)
            return _written(x, drawn.astype(np.uint64) % np.uint64(span))
        if kind == np.int64:
            return _written(x, (source.random64(x._a.size) & np.uint64(2**63 - 1)).astype(np.int64))
        if kind.kind == "b":
            return _written(x, source.words(x._a.size) & 1)
        return _written(x, source.words(x._a.size) % np.uint64(np.iinfo(kind).max + 1))
    if high is None:
        low, high = 0, low
    assert low is not None
    assert high is not None
    if low >= high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )
    return _written(x, source.below(x._a.size, high - low).astype(np.int64) + low)
