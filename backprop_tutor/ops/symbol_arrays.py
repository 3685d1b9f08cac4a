"""The kernel of object arrays of SymPy's expressions: the proof of tensor rules, entry by entry.

What rearranges entries is what arrays do; what computes is the SYMPY kernel's, entry by entry. A choice
between pieces (a largest, a sign, a condition) takes the piece in force at a point: formulas stay formulas
of one piece, where SymPy's own nested choices take exponentially long. Importing this module imports SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np
import sympy as sp

from .array_kernel import RAW
from .sizes import axes_of, kept
from .sympy_kernel import SYMPY

__all__ = ["SymbolArrays", "symbols_of"]

_AS_ARRAYS = frozenset({
    "shape", "swap", "permute", "reshape", "expand", "fit", "index", "take_along", "concatenate", "stack",
    "flip", "roll", "zeros", "zeros_like", "put_along", "kind", "rows_sum", "sum", "matmul",
    "einsum", "cumsum", "cumprod", "product",
})
"""What arrays of objects do as arrays of numbers do."""


def symbols_of(name: str, shape: tuple[int, ...]) -> Any:
    """Return an array of real symbols, each named by its place: `a__0_1`, which no name of a program is."""
    found = np.empty(shape, object)
    for at in np.ndindex(*shape):
        found[at] = sp.Symbol(f"{name}__{'_'.join(map(str, at))}", real=True)
    return found


def _array(a: Any) -> Any:
    """Return an expression as an array without axes: NumPy hands out what such an array holds."""
    if isinstance(a, sp.Basic):
        return np.asarray(a, object)
    return type(a)(map(_array, a)) if isinstance(a, (tuple, list)) else a


def _lifted(function: Callable[..., Any]) -> Callable[..., Any]:
    def lifted(*args: Any, **options: Any) -> Any:
        return _array(function(*map(_array, args), **options))

    return lifted


class SymbolArrays:
    """The kernel of object arrays at a point, which gives each symbol an exact number."""

    def __init__(self, at: Mapping[Any, Any]) -> None:
        self.at: dict[Any, Any] = dict(at)

    one: Any = SYMPY.one
    pi: Any = SYMPY.pi
    ln2: Any = SYMPY.ln2
    ln10: Any = SYMPY.ln10
    sqrt2: Any = SYMPY.sqrt2
    sqrt_pi: Any = SYMPY.sqrt_pi

    def __getattr__(self, name: str) -> Any:
        if name in _AS_ARRAYS:
            return _lifted(getattr(RAW, name))
        function = getattr(SYMPY, name)

        def entry_by_entry(*operands: Any) -> Any:
            return _array(np.frompyfunc(function, len(operands), 1)(*operands))

        return entry_by_entry

    def _sign(self, a: Any) -> int:
        """Return the sign of an expression at the point."""
        value = sp.S(a).xreplace(self.at).evalf(30)
        return 0 if abs(value) < sp.Float(10) ** -25 else 1 if value > 0 else -1

    def _signs(self, a: Any) -> Any:
        return np.frompyfunc(self._sign, 1, 1)(a)

    def _winner(self, a: Any, dims: Any, keep: bool, turn: int) -> Any:
        a = _array(a)
        gone = axes_of(dims, a.ndim)
        stay = [i for i in range(a.ndim) if i not in gone]
        lines = a.transpose([*stay, *gone]).reshape(*(a.shape[i] for i in stay), -1)
        found = np.empty(lines.shape[:-1], object)
        for place in np.ndindex(*found.shape):
            found[place] = reduce(
                lambda x, y: y if self._sign(y - x) == turn else x, lines[place])
        return found.reshape(kept(a.shape, gone)) if keep else found

    def max(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Return the entry that is the largest at the point."""
        return self._winner(a, dims, keep, 1)

    def min(self, a: Any, dims: Any = None, keep: bool = False) -> Any:
        """Return the entry that is the smallest at the point."""
        return self._winner(a, dims, keep, -1)

    def greater(self, a: Any, b: Any) -> Any:
        """Return where a > b at the point."""
        return np.asarray(self._signs(_array(a) - _array(b)) == 1)

    def less(self, a: Any, b: Any) -> Any:
        """Return where a < b at the point."""
        return self.greater(b, a)

    def equal(self, a: Any, b: Any) -> Any:
        """Return where a = b at the point."""
        return np.asarray(self._signs(_array(a) - _array(b)) == 0)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Return a where the condition holds, else b."""
        return np.where(np.asarray(condition, bool), _array(a), _array(b)).astype(object)

    guard = where

    def maximum(self, a: Any, b: Any) -> Any:
        """Return the larger of the two at the point."""
        return self.where(self.less(a, b), b, a)

    def minimum(self, a: Any, b: Any) -> Any:
        """Return the smaller of the two at the point."""
        return self.where(self.less(a, b), a, b)

    def sign(self, a: Any) -> Any:
        """Return the sign at the point: −1, 0 or 1."""
        return _array(self._signs(a))

    def absolute(self, a: Any) -> Any:
        """Return |a|: a or −a, as its sign is at the point."""
        return self.sign(a) * _array(a)

    def cbrt(self, a: Any) -> Any:
        """Return the real cube root: that of |a|, with the sign at the point."""
        sign = self.sign(a)
        return sign * np.power(sign * _array(a), sp.Rational(1, 3))

    def offset(self, a: Any, dims: Any) -> int:
        """Return 0: no exponent overflows here."""
        return 0

    def finite(self, a: Any) -> Any:
        """Return the array: it has no infinities."""
        return a

    def cast(self, a: Any, kind: Any) -> Any:
        """Return the array; a condition as 1 where it holds, else 0."""
        a = np.asarray(_array(a))
        return a.astype(int).astype(object) if a.dtype.kind == "b" else a

    def one_hot(self, labels: Any, classes: int, like: Any) -> Any:
        """Return a 1 at each label's place along a new last axis."""
        return np.equal(labels[..., None], np.arange(classes)).astype(int).astype(object)

    def put(self, g: Any, key: Any, shape: tuple[int, ...], plain: bool) -> Any:
        """Return zeros of a shape with g added at a key."""
        g = _array(g)
        if g.ndim or not plain:
            return RAW.put(g, key, shape, plain)
        found = np.zeros(shape, object)
        found[key] = g.item()  # an array without axes would be put in as an object
        return found

    def inverse(self, a: Any) -> Any:
        """Return the inverse of square matrices."""
        found = np.empty(a.shape, object)
        for at in np.ndindex(*a.shape[:-2]):
            found[at] = np.array(sp.Matrix(a[at]).inv().tolist(), object)
        return found

    def array(self, a: Any) -> Any:
        """Return a raw array as expressions."""
        return np.asarray(a).astype(object)
