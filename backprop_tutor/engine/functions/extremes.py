"""Largest and smallest elements, where they are, medians, sorting and the top few, in tuples with names."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from ...ops.array_kernel import RAW
from ..autograd.tape import Rule, Tensor, record_many, wrap
from ..tensors.dims import dim_of, dims_of
from ..tensors.dtypes import not_defined
from .choosing import maximum, minimum
from .recorded import Recorded

__all__ = [
    "amax", "amin", "argmax", "argmin", "argsort", "max", "median", "min", "result_type", "sort",
    "topk",
]


class _Result(tuple[Any, ...]):
    """A tuple whose entries also have names."""

    __slots__ = ()
    names: tuple[str, ...]
    called: str

    def __new__(cls, *values: Any) -> _Result:
        """Return the values as a result."""
        return tuple.__new__(cls, values)

    def __repr__(self) -> str:
        parts = (f"{name}={value!r}" for name, value in zip(self.names, self, strict=True))
        return f"torch.return_types.{self.called}(\n" + ",\n".join(parts) + ")"

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"'torch.return_types.{self.called}' object has no attribute '{name}'"
        )

    def __reduce__(self) -> Any:
        return tuple, (tuple(self),)


def result_type(called: str, names: tuple[str, ...] = ("values", "indices")) -> Any:
    """Return the kind of tuple of an operation: its entries under names, in order.

    >>> result_type("max")(3, 0)
    torch.return_types.max(
    values=3,
    indices=0)
    """
    members: dict[str, Any] = {"__slots__": (), "called": called, "names": names}
    for place, name in enumerate(names):
        members[name] = property(itemgetter(place))
    return type(called, (_Result,), members)


MaxResult, MinResult, MedianResult, SortResult, TopkResult = (
    result_type(name) for name in ("max", "min", "median", "sort", "topk")
)
AMAX, AMIN = (Recorded(name, f"A{name}Backward0", fresh=False) for name in ("max", "min"))


def _one_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    """The way back of one value of all elements: where that is nan, every nan has a share."""
    a, out = saved
    if np.isnan(out if k is RAW else out._a):
        hit = k.array(np.isnan(a if k is RAW else a._a))
        return (k.cast(hit, k.kind(g)) * (g / int(hit.sum())),)
    return AMAX.rule.node.backward(k, g, saved, options, need)


def _evenly(node: str) -> Recorded:
    """Return the operation of one value of all elements: those that equal it share the gradient."""
    return Recorded("max", node, rule=Rule(node, _one_backward))


MAX_ALL, MIN_ALL, MEDIAN = (
    _evenly(name) for name in ("MaxBackward1", "MinBackward1", "MedianBackward0")
)


def refuse_empty(a: Any, dims: Any, called: str) -> None:
    """Refuse to look for the extreme of nothing, along dimensions or (None) among all elements.

    Raises:
        RuntimeError: no element at all, and no dimension named.
        IndexError: a dimension of size 0.
    """
    if dims is None:
        if a.size == 0:
            raise RuntimeError(
                f"{called}(): Expected reduction dim to be specified for input.numel() == 0. "
                "Specify the reduction dim with the 'dim' argument."
            )
        return
    for d in dims:
        if a.ndim and a.shape[d] == 0:
            raise IndexError(
                f"{called}(): Expected reduction dim {d} to have non-zero size."
            )


def _extreme(rule: Recorded, ufunc: Any, called: str) -> Any:
    def function(input: Tensor, dim: Any = (), keepdim: bool = False) -> Tensor:
        a = input._a
        dims = dims_of(dim, a.ndim)
        refuse_empty(a, dims, called)
        out = ufunc.reduce(a, axis=dims, keepdims=keepdim)
        return rule.record(out, input, axis=dims, keepdims=keepdim)

    function.__name__ = function.__qualname__ = called
    function.__doc__ = f"Return {called} over some dimensions; ties share the gradient evenly."
    return function


amax: Any = _extreme(AMAX, np.maximum, "amax")
amin: Any = _extreme(AMIN, np.minimum, "amin")
_max_all = _extreme(MAX_ALL, np.maximum, "max")
_min_all = _extreme(MIN_ALL, np.minimum, "min")


def _picked_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    dim, shape, where, keeping = options
    g = g[0]
    return (k.put_along(k.reshape(g, keeping) if keeping else g, where, dim, shape),)


def pick_rule(name: str) -> Rule:
    """Return the rule of values picked by position along a dimension."""
    return Rule(name, _picked_backward, many=True)


MAX_DIM, MIN_DIM, MEDIAN_DIM, SORT, TOPK = (
    pick_rule(f"{n}Backward0") for n in ("Max", "Min", "Median", "Sort", "Topk")
)


def picked(
    rule: Rule, input: Tensor, where: Any, at: int, keepdim: bool, result: Any,
) -> Any:
    """Return the values at one position along a dimension, with the positions."""
    a = input._a
    if a.ndim == 0:
        values, indices = a.copy(), np.zeros((), np.int64)
        where = np.zeros((), np.int64)
        made = record_many(
            rule, (values, indices), (input,), (1,), (0, (), where, ()), (True, False)
        )
        return result(*made)
    where = np.expand_dims(where, at)
    values = np.take_along_axis(a, where, at)
    indices = where
    if not keepdim:
        values, indices = values.squeeze(at), where.squeeze(at)
    made = record_many(
        rule, (values, indices.copy()), (input,), (1,),
        (at, a.shape, where, where.shape), (True, False),
    )
    return result(*made)


def _max_or_min(input: Tensor, dim: Any, keepdim: bool, largest: bool) -> Any:
    called = "max" if largest else "min"
    if dim is None:
        return (_max_all if largest else _min_all)(input)
    if isinstance(dim, Tensor):
        return maximum(input, dim) if largest else minimum(input, dim)
    a = input._a
    at = dim_of(dim, a.ndim)
    refuse_empty(a, (at,), called)
    where = np.zeros((), np.int64) if a.ndim == 0 else (
        np.argmax(a, at) if largest else np.argmin(a, at)
    )
    rule, result = (MAX_DIM, MaxResult) if largest else (MIN_DIM, MinResult)
    return picked(rule, input, where, at, keepdim, result)


def max(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """Return the largest element; with `dim` the values and their places; of two tensors the larger.

    Ties share the gradient evenly without `dim`; with it the first place gets it.
    """
    return _max_or_min(input, dim, keepdim, True)


def min(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """Return the smallest element; with `dim` the values and their places; of two the smaller."""
    return _max_or_min(input, dim, keepdim, False)


def _place(input: Tensor, dim: Any, keepdim: bool, function: Any, called: str) -> Tensor:
    a = input._a
    if a.dtype.kind == "b":
        raise RuntimeError(f"{called}(): does not support bool input")
    if dim is None:
        if a.size == 0:
            raise IndexError(f"{called}(): Expected reduction dim to be specified for input.numel() == 0.")
        out = np.asarray(function(a.reshape(-1)))
        return wrap(out.reshape((1,) * a.ndim) if keepdim else out)
    at = dim_of(dim, a.ndim)
    refuse_empty(a, (at,), called)
    if a.ndim == 0:
        return wrap(np.zeros((), np.int64))
    return wrap(np.asarray(function(a, axis=at, keepdims=keepdim)))


def argmax(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Return the place of the first largest element (of a nan, if there is one)."""
    return _place(input, dim, keepdim, np.argmax, "argmax")


def argmin(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Return the place of the first smallest element (of a nan, if there is one)."""
    return _place(input, dim, keepdim, np.argmin, "argmin")


def order(a: Any, at: int, descending: bool) -> Any:
    """Return where the elements in order along a dimension stand; equal ones stay in their order."""
    if not descending:
        return np.argsort(a, axis=at, kind="stable")
    turned = np.flip(a, at)
    places = np.flip(np.argsort(turned, axis=at, kind="stable"), at)
    return a.shape[at] - 1 - places


def sort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    """Return the elements in order along a dimension, and where they were."""
    a = input._a
    at = dim_of(dim, a.ndim)
    if a.ndim == 0:
        return picked(SORT, input, None, 0, True, SortResult)
    places = order(a, at, descending)
    made = record_many(SORT, (np.take_along_axis(a, places, at), places), (input,), (1,),
                       (at, a.shape, places, None), (True, False))
    return SortResult(*made)


def argsort(
    input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False
) -> Tensor:
    """Return where the elements in order are."""
    return sort(input.detach(), dim, descending).indices  # type: ignore[no-any-return]


def topk(
    input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True
) -> Any:
    """Return the k largest (or smallest) elements along a dimension in order, and their places.

    Raises:
        RuntimeError: k larger than the dimension.
    """
    a = input._a
    if a.dtype.kind == "b":
        raise RuntimeError("topk does not support bool dtypes on CPU")
    at = dim_of(dim, a.ndim)
    size = a.shape[at] if a.ndim else 1
    if not 0 <= k <= size:
        raise RuntimeError("selected index k out of range")
    if a.dtype.kind == "b":
        raise RuntimeError("topk does not support bool dtypes on CPU")
    if a.ndim == 0:
        return picked(TOPK, input, None, 0, True, TopkResult)
    places = order(a, at, largest)[(slice(None),) * at + (slice(0, k),)]
    made = record_many(TOPK, (np.take_along_axis(a, places, at), np.ascontiguousarray(places)),
                       (input,), (1,), (at, a.shape, places, None), (True, False))
    return TopkResult(*made)


def median(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """Return the median (the lower of two middles); with `dim` the values and their places."""
    a = input._a
    if a.dtype.kind == "b":
        raise not_defined("median", a.dtype)
    if dim is None:
        if not a.size:
            return wrap(np.full((), np.nan if a.dtype.kind == "f" else np.iinfo(a.dtype).min, a.dtype))
        flat = a.reshape(-1)
        place = int(_middle(flat, 0))
        return MEDIAN.record(np.array(flat[place]), input, axis=None)
    at = dim_of(dim, a.ndim)
    refuse_empty(a, (at,), "median")
    where = None if a.ndim == 0 else _middle(a, at)
    return picked(MEDIAN_DIM, input, where, at, keepdim, MedianResult)


def _middle(a: Any, at: int) -> Any:
    """Return the place of the lower median, or of a nan."""
    order = np.argsort(a, axis=at, kind="stable")
    found = np.take(order, (a.shape[at] - 1) // 2, at)
    if a.dtype.kind == "f":
        blank = np.isnan(a)
        found = np.where(blank.any(axis=at), np.argmax(blank, axis=at), found)
    return found
