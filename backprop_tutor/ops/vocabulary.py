"""What the rules of tensor operations may call: the vocabulary of a kernel of tensors.

A rule of a `TensorOperation` is written once, `lambda k, g, out, a, b: k.matmul(g, k.swap(b))`, with
Python's arithmetic between tensors (which broadcast) and the functions of `k`. The same rule runs on

* arrays (`array_kernel.RAW`): the numbers;
* recorded tensors (the engine's TENSOR kernel): derivatives of derivatives;
* object arrays of SymPy's expressions (`symbol_arrays.SYMBOLS`): the proof, entry by entry;
* tracers (`tracing`): what a rule reads;
* texts (`matrix_formulas`): `Xᵀ·δ`.

Two habits keep a rule good on all of them: it asks for shapes by `k.shape`, so that an operand whose
shape alone matters need not be kept; and it names no dtype but through another operand (`k.zeros`).
"""

from __future__ import annotations

from typing import Any, Protocol

from .kernel import Kernel

__all__ = ["TensorKernel"]


class TensorKernel(Kernel, Protocol):
    """The functions that tensor rules may call, beside those of the elementwise `Kernel`.

    Shapes are tuples, axes numbers from 0 or from the end; `dims` is a tuple of axes, or None for all,
    and `keep` says whether reduced axes stay at size 1.
    """

    def shape(self, a: Any) -> tuple[int, ...]:
        """Return the shape; reading it is not reading the operand."""

    def matmul(self, a: Any, b: Any) -> Any:
        """Return the matrix product; vectors and batches as NumPy has them."""

    def swap(self, a: Any, first: int = -1, second: int = -2) -> Any:
        """Return the tensor with two axes exchanged: the transpose of a matrix."""

    def permute(self, a: Any, dims: tuple[int, ...]) -> Any:
        """Return the tensor with its axes in another order."""

    def reshape(self, a: Any, shape: tuple[int, ...]) -> Any:
        """Return the same elements in another shape, in order."""

    def expand(self, a: Any, shape: tuple[int, ...]) -> Any:
        """Return the tensor repeated to a shape that it broadcasts to."""

    def fit(self, g: Any, shape: tuple[int, ...]) -> Any:
        """Return a gradient summed down to the shape that was broadcast: the way back of `expand`."""

    def sum(self, a: Any, dims: tuple[int, ...] | None = None, keep: bool = False) -> Any:
        """Return the sum over some axes."""

    def rows_sum(self, a: Any) -> Any:
        """Return the sum of a matrix's rows, (n, m) → (m,)."""

    def max(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Return the largest over some axes."""

    def min(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Return the smallest over some axes."""

    def product(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Return the product over some axes."""

    def cumsum(self, a: Any, dim: int) -> Any:
        """Return the running sums along an axis."""

    def cumprod(self, a: Any, dim: int) -> Any:
        """Return the running products along an axis."""

    def offset(self, a: Any, dims: Any) -> Any:
        """Return what may be taken off exponents so that none overflows, as a constant.

        Arrays give the largest; kernels that write formulas give 0, since nothing depends on it.
        """

    def finite(self, a: Any) -> Any:
        """Return the tensor with 0 in place of infinities."""

    def index(self, a: Any, key: Any) -> Any:
        """Return what the tensor holds at a key of numbers, slices and arrays of positions."""

    def put(self, g: Any, key: Any, shape: tuple[int, ...], plain: bool) -> Any:
        """Return zeros of a shape with g added at a key; `plain` keys name no element twice."""

    def take_along(self, a: Any, where: Any, dim: int) -> Any:
        """Return the elements at positions along an axis, position by position."""

    def put_along(self, g: Any, where: Any, dim: int, shape: tuple[int, ...]) -> Any:
        """Return zeros of a shape with g added at positions along an axis."""

    def concatenate(self, parts: Any, dim: int) -> Any:
        """Return the tensors one behind the other along an axis."""

    def stack(self, parts: Any, dim: int) -> Any:
        """Return the tensors along a new axis."""

    def flip(self, a: Any, dims: tuple[int, ...]) -> Any:
        """Return the tensor turned around along some axes."""

    def roll(self, a: Any, shifts: Any, dims: Any) -> Any:
        """Return the tensor shifted around along some axes."""

    def einsum(self, terms: Any, result: str, operands: Any) -> Any:
        """Return the sum of products over the subscripts that the result does not name."""

    def inverse(self, a: Any) -> Any:
        """Return the inverse of square matrices."""

    def one_hot(self, labels: Any, classes: int, like: Any) -> Any:
        """Return a 1 at each label's place along a new last axis, in the dtype of another tensor."""

    def zeros(self, shape: tuple[int, ...], like: Any) -> Any:
        """Return zeros of a shape, in the dtype of another tensor."""

    def zeros_like(self, a: Any) -> Any:
        """Return zeros of a tensor's shape and dtype."""

    def cast(self, a: Any, kind: Any) -> Any:
        """Return the tensor in another dtype."""

    def kind(self, a: Any) -> Any:
        """Return the tensor's dtype."""

    def array(self, a: Any) -> Any:
        """Return a raw array as this kernel's own kind, a constant."""
