"""The kernel of compiled steps: the records' rules, run with it, become calls of NumPy instead of numbers.

Its operands are `Value`s; it has the vocabulary of the RAW kernel and computes in the same order, so that a
written step gives an eager step's numbers. What has no form with a place of its own is called by its name.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ops.array_kernel import RAW
from ..functions.contractions import raw_einsum
from ..functions.extremes import order
from .values import Value, Values

__all__ = ["FUNCTIONS", "Writer"]

_CALLED = {
    "asin": "arcsin", "acos": "arccos", "atan": "arctan", "asinh": "arcsinh", "acosh": "arccosh",
    "atanh": "arctanh",
}
"""NumPy's names of functions that the vocabulary calls otherwise."""

FUNCTIONS: dict[str, Any] = {"argmax": np.argmax, "argmin": np.argmin, "order": order,
                             "raw_einsum": raw_einsum}
"""Functions outside the RAW kernel that are called by name."""

_PLAIN = (
    "exp", "log", "log2", "log10", "log1p", "expm1", "sqrt", "cbrt", "absolute", "sin", "cos", "tan",
    "sinh", "cosh", "tanh", "power", "maximum", "minimum", "greater", "less", "equal", *_CALLED,
)


class Writer:
    """The vocabulary of tensor rules on values of one step."""

    def __init__(self, values: Values) -> None:
        self.values = values

    one: int = RAW.one
    pi: float = RAW.pi
    ln2: float = RAW.ln2
    ln10: float = RAW.ln10
    sqrt2: float = RAW.sqrt2
    sqrt_pi: float = RAW.sqrt_pi

    def own(self, value: Value) -> Value:
        """Return the value, whose operators write into this step from now on."""
        value.maker = self
        return value

    def operand(self, given: Any, like: Any = None) -> Value:
        """Return what is given as a value; a number in the dtype `like` where it fits there."""
        if isinstance(given, Value):
            return given
        if isinstance(given, (bool, int, float)) and like is not None and (
            like.kind == "f" or (like.kind in "iu" and not isinstance(given, float))
        ):
            return self.own(self.values.constant(given, like))
        return self.own(self.values.constant(given))

    def apply(self, op: str, *args: Any, **options: Any) -> Value:
        """Return a call of NumPy's; numbers among the operands take the dtype of the others."""
        like = next((a.dtype for a in args if isinstance(a, Value)), None)
        operands = tuple(self.operand(a, like) for a in args)
        return self.own(self.values.call(op, operands, **options))

    def own_call(self, op: str, *args: Any) -> Value:
        """Return a call that no other value may share, because what it makes is changed later."""
        return self.own(self.values.call(op, tuple(self.operand(a) for a in args), own=True))

    def __getattr__(self, name: str) -> Any:
        if name in _PLAIN:
            op = _CALLED.get(name, name)
            return lambda *args: self.apply(op, *args)
        function = FUNCTIONS.get(name) or getattr(RAW, name)

        def called(*args: Any, **options: Any) -> Value:
            return self.own(self.values.function(name, function, args, options))

        return called

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Write a choice; of 1 and 0 the condition itself."""
        if a.__class__ is int and b.__class__ is int and a == 1 and b == 0:
            return condition
        like = next((x.dtype for x in (a, b) if isinstance(x, Value)), None)
        return self.apply("where", condition, self.operand(a, like), self.operand(b, like))

    guard = where

    def sigmoid(self, a: Any) -> Any:
        """Write 1/(1 + exp(-a))."""
        return self.apply("reciprocal", self.apply("add", self.exp(-a), 1))

    def softplus(self, a: Any) -> Any:
        """Write log(1 + exp(a)) without overflow."""
        return self.maximum(a, 0) + self.log1p(self.exp(-self.absolute(a)))

    def sign(self, a: Any) -> Any:
        """Write -1, 0 or 1."""
        if a.dtype.kind != "f":
            return self.__getattr__("sign")(a)
        return self.cast(self.greater(a, 0), a.dtype) - self.cast(self.less(a, 0), a.dtype)

    def shape(self, a: Any) -> tuple[int, ...]:
        """Return the shape."""
        return tuple(a.shape)

    def kind(self, a: Any) -> Any:
        """Return the dtype."""
        return a.dtype

    def _reduced(self, op: str, a: Any, dims: Any, keep: bool) -> Any:
        if isinstance(dims, list):
            dims = tuple(dims)
        return self.apply(op, a, axis=dims, keep=bool(keep))

    def sum(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Write a sum over axes."""
        if a.dtype.kind != "f":
            return self.__getattr__("sum")(a, dims, keep)
        return self._reduced("add_reduce", a, dims, keep)

    def max(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Write the largest over axes."""
        return self._reduced("maximum_reduce", a, dims, keep)

    def min(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Write the smallest over axes."""
        return self._reduced("minimum_reduce", a, dims, keep)

    def product(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Write the product over axes."""
        return self._reduced("multiply_reduce", a, dims, keep)

    def offset(self, a: Any, dims: Any) -> Any:
        """Write the largest, kept in place."""
        return self.max(a, dims, True)

    def matmul(self, a: Any, b: Any) -> Any:
        """Write a product of matrices."""
        if 0 < len(a.shape) <= 2 and 0 < len(b.shape) <= 2 and a.dtype == b.dtype and a.dtype.kind == "f":
            return self.apply("dot", a, b)
        if a.dtype == b.dtype and a.dtype.kind == "f" and (len(a.shape) > 1 or len(b.shape) > 1):
            return self.apply("matmul", a, b)
        return self.__getattr__("matmul")(a, b)

    def rows_sum(self, a: Any) -> Any:
        """Write the sum of a matrix's rows: a product with ones."""
        return self.apply("dot", self.values.constant(np.ones(a.shape[0], a.dtype)), a)

    def reshape(self, a: Any, shape: Any) -> Any:
        """Write the same entries in another shape."""
        plain = tuple(int(n) for n in shape)
        return a if plain == a.shape else self.apply("reshape", a, shape=plain)

    def expand(self, a: Any, shape: Any) -> Any:
        """Write what is repeated to a shape."""
        plain = tuple(int(n) for n in shape)
        return a if plain == a.shape else self.apply("expand", a, shape=plain)

    def swap(self, a: Any, first: int = -1, second: int = -2) -> Any:
        """Write the array with two axes exchanged."""
        if first == second:
            return a
        if len(a.shape) == 2:
            return self.apply("transpose", a)
        return self.apply("swapaxes", a, first=int(first), second=int(second))

    def permute(self, a: Any, dims: Any) -> Any:
        """Write the array with its axes in another order."""
        return self.apply("permute", a, axes=tuple(int(d) for d in dims))

    def fit(self, g: Any, shape: tuple[int, ...]) -> Any:
        """Write a gradient summed down to the shape that was repeated."""
        if g.shape == tuple(shape):
            return g
        lead = len(g.shape) - len(shape)
        dims = tuple(range(lead)) + tuple(
            i + lead for i, n in enumerate(shape) if n == 1 and g.shape[i + lead] != 1
        )
        if dims:
            g = self.sum(g, dims, True)
        return self.reshape(g, shape)

    def cast(self, a: Any, kind: Any) -> Any:
        """Write the array in another dtype."""
        return a if a.dtype == kind else self.apply("cast", a, kind=np.dtype(kind))

    def zeros_like(self, a: Any) -> Any:
        """Write zeros of an array's shape: they never change."""
        return self.own(self.values.constant(np.zeros(a.shape, a.dtype)))

    def zeros(self, shape: tuple[int, ...], like: Any) -> Any:
        """Write zeros of a shape: they never change."""
        return self.own(self.values.constant(np.zeros(shape, like.dtype)))

    def array(self, a: Any) -> Any:
        """Write an array that never changes."""
        return a if isinstance(a, Value) else self.own(self.values.constant(a))
