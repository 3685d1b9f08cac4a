"""The RAW kernel: the vocabulary of tensor rules (`vocabulary.TensorKernel`) on plain arrays.

It extends the NUMPY kernel by what arrays need (sums, shapes, products of matrices, picking and
putting back) and computes as PyTorch does, to the bit where NumPy allows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .numpy_kernel import Arrays

__all__ = ["RAW", "Raw", "constant", "matrix_product", "turned_pays"]

_CONSTANTS: dict[Any, Any] = {}


def constant(number: Any, kind: np.dtype[Any]) -> Any:
    """Return the number as an array without dimensions: cheaper operands than Python numbers."""
    key = (number, kind)
    found = _CONSTANTS.get(key)
    if found is None:
        try:
            found = np.array(number, kind)
        except OverflowError:
            found = np.array(number & 0xFFFFFFFFFFFFFFFF, np.uint64).astype(kind)
        found.flags.writeable = False
        if number and len(_CONSTANTS) < 4096:  # 0.0 == -0.0, so zeros are made anew
            _CONSTANTS[key] = found
    return found


sum_over: Any = np.add.reduce
product_over: Any = np.multiply.reduce
max_over: Any = np.maximum.reduce
min_over: Any = np.minimum.reduce
"""The reductions, `over(a, axis, dtype, out, keepdims)`: cheaper than the methods of arrays."""

_ZEROS = {np.dtype(d): np.zeros((), d) for d in "?bBhilqefd"}
_ONES = {np.dtype(d): np.ones((), d) for d in "?bBhilqefd"}


zero_of: Callable[[np.dtype[Any]], Any] = _ZEROS.__getitem__
one_of: Callable[[np.dtype[Any]], Any] = _ONES.__getitem__
"""0 and 1 of a dtype as arrays without dimensions."""


_ROW_OF_ONES: dict[Any, Any] = {}


def ones_row(count: int, kind: np.dtype[Any]) -> Any:
    """Return a vector of ones: its product with a matrix is the cheapest sum of its rows."""
    key = (count, kind)
    found = _ROW_OF_ONES.get(key)
    if found is None:
        if len(_ROW_OF_ONES) > 64:
            _ROW_OF_ONES.clear()
        found = _ROW_OF_ONES[key] = np.ones(count, kind)
    return found


def turned_pays(rows: int, entries: int, columns: int) -> bool:
    """Return whether x·wᵀ is cheaper as (w·xᵀ)ᵀ, for an x of so many rows and entries, and as many columns.

    The sums are the same, in the same order. A product of a small batch with a large weight is dearer one
    way than the other, by a quarter to a third: BLAS arranges its second factor anew, and a weight is the
    larger one. Products under 10⁶ take another way inside BLAS, where there is no difference.
    """
    return rows <= 64 and entries * columns > 1_000_000


def matrix_product(a: Any, b: Any) -> Any:
    """Return a @ b; for two matrices by the cheapest way in, the method, which asks nobody else first."""
    if a.ndim == 2 and b.ndim == 2:
        return a.dot(b)
    return np.matmul(a, b)


def along(where: Any, dim: int) -> tuple[Any, ...]:
    """Return the key that picks, at every place of `where`, its position along a dimension."""
    if where.ndim == 0:
        return ()
    key = list(np.ogrid[tuple(slice(0, n) for n in where.shape)])
    key[dim] = where
    return tuple(key)


def eliminated(a: Any) -> Any:
    """Return the inverses of matrices (count, n, n) by elimination; pivots of 0 give inf and nan."""
    found = []
    with np.errstate(all="ignore"):
        for matrix in a:
            n = len(matrix)
            rows = np.concatenate([matrix, np.eye(n, dtype=matrix.dtype)], 1)
            for i in range(n):
                best = i + int(np.argmax(np.abs(rows[i:, i])))
                rows[[i, best]] = rows[[best, i]]
                rows[i] /= rows[i, i]
                for j in range(n):
                    if j != i and rows[j, i] != 0:
                        rows[j] -= rows[j, i] * rows[i]
            found.append(rows[:, n:])
    return np.stack(found)


class Raw(Arrays):
    """The kernel of raw arrays. Dimensions are non-negative numbers, shapes are tuples."""

    matmul = staticmethod(matrix_product)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Return a where the condition holds, else b; for 1 and 0 the condition itself."""
        if a.__class__ is int and b.__class__ is int and a == 1 and b == 0:
            return condition
        return np.where(condition, a, b)

    def sigmoid(self, a: Any) -> Any:
        """Return 1/(1 + exp(-a)); an overflow of the exponential gives the right 0."""
        e = np.negative(a)
        if e.__class__ is not np.ndarray:  # NumPy returns a number where there is no dimension
            e = np.exp(e)
            return np.reciprocal(np.add(e, one_of(e.dtype)))
        np.exp(e, e)
        np.add(e, one_of(e.dtype), e)
        return np.reciprocal(e, e)

    def sign(self, a: Any) -> Any:
        """Return -1, 0 or 1; 0 for a nan, as PyTorch has it."""
        if a.dtype.kind != "f":
            return np.sign(a) if a.dtype.kind != "b" else np.array(a)
        return np.subtract(np.greater(a, 0), np.less(a, 0), dtype=a.dtype)

    def shape(self, a: Any) -> tuple[int, ...]:
        """Return the array's shape; also of what only stands for an array of a shape."""
        return a.shape  # type: ignore[no-any-return]

    def sum(self, a: Any, dims: tuple[int, ...] | None = None, keep: bool = False) -> Any:
        """Return the sum over some dimensions, or over all."""
        return sum_over(a, axis=dims, keepdims=keep)

    def max(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Return the largest over some dimensions, or over all."""
        return max_over(a, axis=dims, keepdims=keep)

    def min(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Return the smallest over some dimensions, or over all."""
        return min_over(a, axis=dims, keepdims=keep)

    def product(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Return the product over some dimensions, or over all."""
        return product_over(a, axis=dims, dtype=a.dtype, keepdims=keep)

    def offset(self, a: Any, dims: Any) -> Any:
        """Return what is taken off exponents so that none overflows: the largest, kept in place."""
        return max_over(a, axis=dims, keepdims=True)

    def finite(self, a: Any) -> Any:
        """Return the array with 0 in place of infinities."""
        return np.where(np.isinf(a), a.dtype.type(0), a)

    def rows_sum(self, a: Any) -> Any:
        """Return the sum of a matrix's rows."""
        return ones_row(a.shape[0], a.dtype).dot(a)

    def reshape(self, a: Any, shape: tuple[int, ...]) -> Any:
        """Return the same elements in another shape."""
        return a.reshape(shape)

    def expand(self, a: Any, shape: tuple[int, ...]) -> Any:
        """Return the array repeated to a shape it broadcasts to."""
        out = np.empty(shape, a.dtype)
        out[...] = a
        return out

    def swap(self, a: Any, first: int = -1, second: int = -2) -> Any:
        """Return the array with two dimensions exchanged."""
        if a.ndim == 2:
            return a.T if first != second else a
        return a.swapaxes(first, second)

    def permute(self, a: Any, dims: tuple[int, ...]) -> Any:
        """Return the array with its dimensions in another order."""
        return a.transpose(dims)

    def fit(self, g: Any, shape: tuple[int, ...]) -> Any:
        """Return a gradient summed down to the shape that was broadcast: the un-broadcast."""
        if g.shape == shape:
            return g
        lead = g.ndim - len(shape)
        dims = tuple(range(lead)) + tuple(
            i + lead for i, n in enumerate(shape) if n == 1 and g.shape[i + lead] != 1
        )
        if dims:
            g = sum_over(g, axis=dims, keepdims=True)
        return g.reshape(shape)

    def cast(self, a: Any, kind: Any) -> Any:
        """Return the array in another dtype."""
        return a.astype(kind)

    def kind(self, a: Any) -> Any:
        """Return the array's NumPy dtype."""
        return a.dtype

    def take_along(self, a: Any, where: Any, dim: int) -> Any:
        """Return a[..., where, ...] along a dimension, position by position."""
        return a[along(where, dim)]

    def put_along(self, g: Any, where: Any, dim: int, shape: tuple[int, ...]) -> Any:
        """Return zeros of a shape with g added at positions along a dimension."""
        out = np.zeros(shape, g.dtype)
        np.add.at(out, along(where, dim), g)
        return out

    def zeros_like(self, a: Any) -> Any:
        """Return zeros of the array's shape and dtype."""
        return np.zeros_like(a)

    def zeros(self, shape: tuple[int, ...], like: Any) -> Any:
        """Return zeros of a shape, of the dtype of another array."""
        return np.zeros(shape, like.dtype)

    def index(self, a: Any, key: Any) -> Any:
        """Return what the array holds at a key."""
        return a[key]

    def put(self, g: Any, key: Any, shape: tuple[int, ...], plain: bool) -> Any:
        """Return zeros of a shape with g added at a key; `plain` keys name no element twice."""
        out = np.zeros(shape, g.dtype)
        if plain:
            out[key] = g
        else:
            np.add.at(out, key, g)
        return out

    def inverse(self, a: Any) -> Any:
        """Return the inverse of square matrices; of a singular one what division by 0 gives."""
        try:
            return np.linalg.inv(a)
        except np.linalg.LinAlgError:
            return eliminated(a.reshape(-1, *a.shape[-2:])).reshape(a.shape)

    def einsum(self, terms: Any, result: str, operands: Any) -> Any:
        """Return the sum of products over the subscripts that the result does not name."""
        return np.einsum(f"{','.join(terms)}->{result}", *operands)

    def concatenate(self, parts: Any, dim: int) -> Any:
        """Return the arrays one behind the other along a dimension."""
        return np.concatenate(parts, axis=dim)

    def stack(self, parts: Any, dim: int) -> Any:
        """Return the arrays along a new dimension."""
        return np.stack(parts, axis=dim)

    def roll(self, a: Any, shifts: Any, dims: Any) -> Any:
        """Return the array shifted around along some dimensions."""
        return np.roll(a, shifts, dims)

    def flip(self, a: Any, dims: tuple[int, ...]) -> Any:
        """Return the array turned around along some dimensions."""
        return np.flip(a, dims)

    def cumsum(self, a: Any, dim: int) -> Any:
        """Return the running sums along a dimension."""
        return np.cumsum(a, axis=dim, dtype=a.dtype)

    def cumprod(self, a: Any, dim: int) -> Any:
        """Return the running products along a dimension."""
        return np.cumprod(a, axis=dim, dtype=a.dtype)

    def one_hot(self, labels: Any, classes: int, like: Any) -> Any:
        """Return a 1 at each label's place along a new last dimension, in the dtype of another array."""
        return np.equal(labels[..., None], np.arange(classes)).astype(like.dtype)

    def array(self, a: Any) -> Any:
        """Return a raw array as this kernel's own kind."""
        return a


RAW = Raw()
