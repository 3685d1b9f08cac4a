"""The TENSOR kernel: the vocabulary of rules, answered with recorded operations.

Under `create_graph` the backward rules run on this kernel, so what they compute is recorded and
can be differentiated again. Raw arrays among the arguments count as constants.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...ops.array_kernel import RAW
from ..autograd.around import KERNELS
from ..autograd.tape import Rule, Tensor, record, wrap
from ..fused import activations
from . import (
    arithmetic,
    arrangement,
    choosing,
    extremes,
    joining,
    linear_algebra,
    reductions,
    shapes,
)
from . import elementwise as functions
from .indexing import GATHER, SCATTER, get
from .pairs import cast
from .recorded import Shaped

__all__ = ["TENSOR", "Tensors"]


def _put_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    return (k.index(g, options),)


PUT = Rule("IndexPutBackward0", _put_backward)


def _raw(key: Any) -> Any:
    """Return a key with plain arrays in place of tensors of places."""
    if isinstance(key, tuple):
        return tuple(part._a if isinstance(part, Tensor) else part for part in key)
    return key._a if isinstance(key, Tensor) else key


class Tensors:
    """The kernel of tensors; every function records."""

    pi: float = math.pi
    ln2: float = math.log(2.0)
    ln10: float = math.log(10.0)
    sqrt2: float = math.sqrt(2.0)
    sqrt_pi: float = math.sqrt(math.pi)

    matmul = staticmethod(linear_algebra.matmul)

    def __getattr__(self, name: str) -> Any:
        found = (
            functions.FUNCTIONS.get(name) or getattr(choosing, name, None) or activations.WRITTEN.get(name)
        )
        if found is None:
            raise AttributeError(f"the TENSOR kernel has no function {name}")
        return found

    def power(self, a: Any, b: Any) -> Any:
        """Return a**b."""
        return arithmetic.pow(a, b)

    def absolute(self, a: Any) -> Any:
        """Return |a|."""
        return functions.abs(a)

    def greater(self, a: Any, b: Any) -> Any:
        """Return where a > b."""
        return a > b

    def less(self, a: Any, b: Any) -> Any:
        """Return where a < b."""
        return a < b

    def equal(self, a: Any, b: Any) -> Any:
        """Return where a == b."""
        return a == b

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Return a where the condition holds, else b; for 1 and 0 the condition itself."""
        if a.__class__ is int and b.__class__ is int and a == 1 and b == 0:
            return condition
        if not isinstance(a, Tensor) and not isinstance(b, Tensor):
            a = wrap(np.asarray(a, np.float64))
        return choosing.where(self.array(condition), a, b)

    guard = where

    def shape(self, a: Any) -> tuple[int, ...]:
        """Return the shape; also of what only stands for a tensor of a shape."""
        return a._a.shape if isinstance(a, Tensor) else a.shape  # type: ignore[no-any-return]

    def max(self, a: Tensor, dims: Any = None, keep: bool = False) -> Tensor:
        """Return the largest over some dimensions, or over all."""
        return extremes.amax(a, () if dims is None else dims, keep)  # type: ignore[no-any-return]

    def min(self, a: Tensor, dims: Any = None, keep: bool = False) -> Tensor:
        """Return the smallest over some dimensions, or over all."""
        return extremes.amin(a, () if dims is None else dims, keep)  # type: ignore[no-any-return]

    def product(self, a: Tensor, dims: Any = None, keep: bool = False) -> Tensor:
        """Return the product over a dimension, or over all."""
        return reductions.prod(a, dims, keep)

    def cumprod(self, a: Tensor, dim: int) -> Tensor:
        """Return the running products along a dimension."""
        return reductions.cumprod(a, dim)

    def offset(self, a: Tensor, dims: Any) -> Tensor:
        """Return the largest over some dimensions as a constant."""
        return wrap(RAW.offset(a._a, dims))

    def finite(self, a: Tensor) -> Tensor:
        """Return a constant tensor with 0 in place of infinities."""
        return wrap(RAW.finite(a._a))

    def one_hot(self, labels: Any, classes: int, like: Tensor) -> Tensor:
        """Return a 1 at each label's place along a new last dimension."""
        raw = labels._a if isinstance(labels, Tensor) else labels
        return wrap(RAW.one_hot(raw, classes, like._a))

    def sum(self, a: Tensor, dims: Any = None, keep: bool = False) -> Tensor:
        """Return the sum over some dimensions, or over all."""
        if dims == ():
            return a
        return reductions.sum_(a, dims, keep)

    def rows_sum(self, a: Tensor) -> Tensor:
        """Return the sum of a matrix's rows."""
        return reductions.sum_(a, 0)

    def reshape(self, a: Tensor, shape: tuple[int, ...]) -> Tensor:
        """Return the same elements in another shape."""
        return shapes.reshape(a, shape)

    def expand(self, a: Tensor, shape: tuple[int, ...]) -> Tensor:
        """Return the tensor repeated to a shape it broadcasts to."""
        return arrangement.expand(a, shape)

    def swap(self, a: Tensor, first: int = -1, second: int = -2) -> Tensor:
        """Return the tensor with two dimensions exchanged."""
        return shapes.transpose(a, first, second)

    def permute(self, a: Tensor, dims: tuple[int, ...]) -> Tensor:
        """Return the tensor with its dimensions in another order."""
        return shapes.permute(a, dims)

    def fit(self, g: Tensor, shape: tuple[int, ...]) -> Tensor:
        """Return a gradient summed down to the shape that was broadcast."""
        own = g._a.shape
        if own == shape:
            return g
        if not shape:
            return reductions.sum_(g)
        lead = len(own) - len(shape)
        dims = tuple(range(lead)) + tuple(
            i + lead for i, n in enumerate(shape) if n == 1 and own[i + lead] != 1
        )
        if dims:
            g = reductions.sum_(g, dims, True)
        return shapes.reshape(g, shape) if lead else g

    def cast(self, a: Tensor, kind: Any) -> Tensor:
        """Return the tensor in another NumPy dtype."""
        return cast(a, kind)

    def kind(self, a: Tensor) -> Any:
        """Return the tensor's NumPy dtype."""
        return a._a.dtype

    def cumsum(self, a: Tensor, dim: int) -> Tensor:
        """Return the running sums along a dimension."""
        return reductions.cumsum(a, dim)

    def take_along(self, a: Tensor, where: Any, dim: int) -> Tensor:
        """Return the elements at positions along a dimension."""
        raw = where._a if isinstance(where, Tensor) else where
        return GATHER.record(RAW.take_along(a._a, raw, dim), a, where, axis=dim)

    def put_along(self, g: Tensor, where: Any, dim: int, shape: tuple[int, ...]) -> Tensor:
        """Return zeros of a shape with g added at positions along a dimension."""
        raw = where._a if isinstance(where, Tensor) else where
        return SCATTER.record(RAW.put_along(g._a, raw, dim, shape), Shaped(shape), where, g, axis=dim)

    def zeros_like(self, a: Tensor) -> Tensor:
        """Return zeros of the tensor's shape and dtype."""
        return wrap(np.zeros_like(a._a))

    def zeros(self, shape: tuple[int, ...], like: Tensor) -> Tensor:
        """Return zeros of a shape, of the dtype of another tensor."""
        return wrap(np.zeros(shape, like._a.dtype))

    def index(self, a: Tensor, key: Any) -> Tensor:
        """Return what the tensor holds at a key."""
        return get(a, _raw(key))

    def put(self, g: Tensor, key: Any, shape: tuple[int, ...], plain: bool) -> Tensor:
        """Return zeros of a shape with g added at a key."""
        found = _raw(key)
        return record(PUT, RAW.put(g._a, found, shape, plain), (g,), (), found)

    def inverse(self, a: Tensor) -> Tensor:
        """Return the inverse of square matrices."""
        return KERNELS["inverse"](a)  # type: ignore[no-any-return]

    def einsum(self, terms: Any, result: str, operands: Any) -> Tensor:
        """Return the sum of products over the subscripts that the result does not name."""
        return KERNELS["contract"](list(terms), result, list(operands))  # type: ignore[no-any-return]

    def concatenate(self, parts: Any, dim: int) -> Tensor:
        """Return the tensors one behind the other along a dimension."""
        return joining.cat(parts, dim)

    def stack(self, parts: Any, dim: int) -> Tensor:
        """Return the tensors along a new dimension."""
        return joining.stack(parts, dim)

    def flip(self, a: Tensor, dims: tuple[int, ...]) -> Tensor:
        """Return the tensor turned around along some dimensions."""
        return arrangement.flip(a, dims)

    def roll(self, a: Tensor, shifts: Any, dims: Any) -> Tensor:
        """Return the tensor shifted around along some dimensions."""
        return arrangement.roll(a, shifts, dims)

    def array(self, a: Any) -> Tensor:
        """Return a raw array as a constant tensor."""
        return a if isinstance(a, Tensor) else wrap(np.asarray(a))


TENSOR = Tensors()
KERNELS["tensor"] = TENSOR
