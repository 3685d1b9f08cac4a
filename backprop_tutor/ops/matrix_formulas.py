"""The kernel that writes: a tensor rule run on names becomes the formula in matrices, `Xᵀ·δ`.

Every text carries an array of the right shape, computed beside it, so that rules may branch on shapes as
they do on numbers, and a sum that sums nothing leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from ..sentences import N_, said
from .array_kernel import RAW
from .draws import drawn
from .record import ATOM, POWER, PRODUCT, SIGN, SUM, Operation
from .tensor_record import Sample, TensorOperation

__all__ = ["entry_formula", "entrywise_formula", "gradient_formula"]


class Text:
    """A formula, how tightly it holds together, and an array of its value's shape."""

    __array_ufunc__ = None
    __slots__ = ("array", "binds", "text")

    def __init__(self, text: str, array: Any, binds: int = ATOM) -> None:
        self.text: str = text
        self.array: Any = array
        self.binds: int = binds

    def within(self, binds: int) -> str:
        """Return the text, in brackets where it holds less than its neighbourhood asks."""
        return self.text if self.binds >= binds else f"({self.text})"

    def __add__(self, other: Any) -> Text:
        if _is(other, 0):
            return self
        return _joined(self, " + ", other, np.add, SUM, SUM)

    def __radd__(self, other: Any) -> Text:
        return _joined(other, " + ", self, np.add, SUM, SUM)

    def __sub__(self, other: Any) -> Text:
        if _is(other, 0):
            return self
        return _joined(self, " − ", other, np.subtract, SUM, PRODUCT)

    def __rsub__(self, other: Any) -> Text:
        return _joined(other, " − ", self, np.subtract, SUM, PRODUCT)

    def __mul__(self, other: Any) -> Text:
        if _is(other, 1):
            return self
        if _column_by_row(self, other):
            return _outer(self, other)
        if _column_by_row(other, self):
            return _outer(other, self)
        return _joined(self, _times(self, other), other, np.multiply, PRODUCT, PRODUCT)

    def __rmul__(self, other: Any) -> Text:
        return _joined(other, _times(self, other), self, np.multiply, PRODUCT, PRODUCT)

    def __truediv__(self, other: Any) -> Text:
        return _joined(self, "/", other, np.divide, PRODUCT, SIGN)

    def __rtruediv__(self, other: Any) -> Text:
        return _joined(other, "/", self, np.divide, PRODUCT, SIGN)

    def __pow__(self, other: Any) -> Text:
        return _WRITER.power(self, other)

    def __rpow__(self, other: Any) -> Text:
        return _WRITER.power(_text(other), self)

    def __neg__(self) -> Text:
        return Text(f"−{self.within(PRODUCT)}", -self.array, SUM)


def _is(a: Any, number: int) -> bool:
    """Return whether an operand is a number that leaves the other as it is."""
    return isinstance(a, (int, float)) and a == number


def _text(a: Any) -> Text:
    return a if isinstance(a, Text) else Text(_number(a), np.asarray(a))


def _number(a: Any) -> str:
    """Return a number as it is read: a third as 1/3.

    >>> [_number(a) for a in (2, 0.25, 1 / 3, 0.1234567)]
    ['2', '0.25', '1/3', '0.123457']
    """
    if not isinstance(a, float) or float(f"{a:g}") == a or not np.isfinite(a):
        return f"{a:g}" if isinstance(a, float) else str(a)
    near = Fraction(a).limit_denominator(1000)
    return f"{near}" if float(near) == a else f"{a:g}"


def _column_by_row(a: Any, b: Any) -> bool:
    """Return whether two vectors stand as a column and a row, so that their product is a matrix."""
    if not isinstance(a, Text) or not isinstance(b, Text) or a.array.ndim != 2 or b.array.ndim != 2:
        return False
    (_, one), (other, _) = a.array.shape, b.array.shape
    return bool(one == other == 1 and (a.array.size > 1 or b.array.size > 1))


def _outer(a: Text, b: Text) -> Text:
    """Write the product of a column and a row."""
    return Text(f"{a.within(PRODUCT)}·{b.within(POWER)}ᵀ", a.array * b.array, PRODUCT)


def _times(a: Text, b: Any) -> str:
    """Return the sign of a product: ⊙ entry by entry, · where one factor is a number."""
    return " ⊙ " if isinstance(b, Text) and a.array.ndim and b.array.ndim else "·"


def _joined(a: Any, sign: str, b: Any, ufunc: Any, binds: int, right: int) -> Text:
    a, b = _text(a), _text(b)
    return Text(f"{a.within(binds)}{sign}{b.within(right)}", ufunc(a.array, b.array), binds)


def _bare(a: Any) -> Any:
    if isinstance(a, Text):
        return a.array
    return type(a)(map(_bare, a)) if isinstance(a, (tuple, list)) else a


def _listed(args: Sequence[Any]) -> str:
    return ", ".join(
        a.text if isinstance(a, Text) else f"[{_listed(a)}]" if isinstance(a, (list, tuple)) else str(a)
        for a in args)


def _key(key: Any) -> str:
    """Return a key as it stands in square brackets."""
    parts = []
    for part in key if isinstance(key, tuple) else (key,):
        if isinstance(part, slice):
            ends = ("" if end is None else str(end) for end in (part.start, part.stop))
            parts.append(":".join(ends))
        else:
            parts.append(_listed([part]))
    return ", ".join(parts)


class _Writer:
    """The vocabulary on texts. A function without a form of its own is written as a call."""

    one = 1

    def __getattr__(self, name: str) -> Any:
        function: Callable[..., Any] = getattr(RAW, name)
        if name in _CONSTANTS:
            return Text(_CONSTANTS[name], np.asarray(function))

        called = _CALLED.get(name, name)

        def written(*args: Any) -> Text:
            return Text(f"{called}({_listed(args)})", np.asarray(function(*map(_bare, args))))

        return written

    def shape(self, a: Any) -> Any:
        return a.array.shape

    def kind(self, a: Any) -> Any:
        return a.array.dtype

    def matmul(self, a: Text, b: Text) -> Text:
        """Write the product of matrices with a dot, which is not the ⊙ of entries."""
        return Text(f"{a.within(PRODUCT)}·{b.within(PRODUCT)}", RAW.matmul(a.array, b.array), PRODUCT)

    def swap(self, a: Text, first: int = -1, second: int = -2) -> Text:
        """Write the transpose of a matrix."""
        return Text(f"{a.within(POWER)}ᵀ", RAW.swap(a.array, first, second))

    def reshape(self, a: Text, shape: Any) -> Text:
        """Write another shape, but for axes of size 1: what broadcasts is read without them."""
        array = a.array.reshape(shape)
        if [n for n in array.shape if n != 1] == [n for n in a.array.shape if n != 1]:
            return Text(a.text, array, a.binds)
        return Text(f"reshape({a.text})", array)

    def expand(self, a: Text, shape: Any) -> Text:
        """Write what is repeated as itself."""
        return Text(a.text, RAW.expand(a.array, shape), a.binds)

    def cast(self, a: Text, kind: Any) -> Text:
        """Write the tensor: its dtype is nothing to read."""
        return Text(a.text, RAW.cast(a.array, kind), a.binds)

    def power(self, a: Text, b: Any) -> Text:
        """Write a power; one of exponent 1 as its base."""
        if not isinstance(b, Text) and b == 1:
            return a
        array = np.power(a.array, _bare(b))
        if isinstance(b, int) and 2 <= b <= 9:
            return Text(f"{a.within(ATOM)}{'⁰¹²³⁴⁵⁶⁷⁸⁹'[b]}", array, POWER)
        return Text(f"{a.within(ATOM)}^{_text(b).within(ATOM)}", array, POWER)

    def greater(self, a: Any, b: Any) -> Text:
        """Write a condition as Iverson's bracket: 1 where it holds."""
        return Text(f"[{_text(a).text} > {_text(b).text}]", np.greater(_bare(a), _bare(b)))

    def less(self, a: Any, b: Any) -> Text:
        """Write a condition as Iverson's bracket: 1 where it holds."""
        return Text(f"[{_text(a).text} < {_text(b).text}]", np.less(_bare(a), _bare(b)))

    def where(self, condition: Text, a: Any, b: Any) -> Any:
        """Write a choice; one between 1 and 0 is its condition."""
        if not isinstance(a, Text) and not isinstance(b, Text) and (a, b) == (1, 0):
            return condition
        inner = _listed([condition, a, b])
        return Text(f"where({inner})", np.where(_bare(condition), _bare(a), _bare(b)))

    def guard(self, condition: Any, a: Any, b: Text) -> Text:
        """Write the general case alone."""
        return b

    def equal(self, a: Any, b: Any) -> Text:
        """Write a condition as Iverson's bracket: 1 where it holds."""
        return Text(f"[{_text(a).text} = {_text(b).text}]", np.equal(_bare(a), _bare(b)))

    def inverse(self, a: Text) -> Text:
        """Write the inverse of a matrix."""
        return Text(f"{a.within(POWER)}⁻¹", RAW.inverse(a.array), POWER)

    def index(self, a: Text, key: Any) -> Text:
        """Write what stands at a key in square brackets."""
        return Text(f"{a.within(POWER)}[{_key(key)}]", np.asarray(a.array[_bare(key)]))

    def exp(self, a: Text) -> Text:
        """Write a power of e."""
        return Text(f"exp({a.text})", np.exp(a.array))

    def offset(self, a: Text, dims: Any) -> int:
        """Write nothing: what is taken off and added again is for the numbers alone."""
        return 0

    def finite(self, a: Any) -> Any:
        return a

    def einsum(self, terms: Any, result: str, operands: Any) -> Text:
        """Write a contraction with its equation."""
        found = RAW.einsum(terms, result, [_bare(a) for a in operands])
        return Text(f"einsum({','.join(terms)}→{result}; {_listed(operands)})", np.asarray(found))

    def rows_sum(self, a: Text) -> Text:
        """Write the sum over the rows in words."""
        return _summed(a, RAW.rows_sum(a.array), (0,))

    def sum(self, a: Text, dims: Any = None, keep: bool = False) -> Text:
        """Write the sum over axes in words."""
        return _summed(a, np.asarray(RAW.sum(a.array, dims, keep)), dims)

    def fit(self, g: Text, shape: Any) -> Text:
        """Write the sum over what was repeated, in words; nothing where nothing was."""
        if g.array.shape == shape:
            return g
        lead = g.array.ndim - len(shape)
        dims = tuple(i for i, n in enumerate(g.array.shape) if i < lead or shape[i - lead] != n)
        return _summed(g, RAW.fit(g.array, shape), None if len(dims) == g.array.ndim else dims)


_CALLED = {"log": "ln", "sigmoid": "σ", "absolute": "abs", "minimum": "min", "maximum": "max"}
_CONSTANTS = {"pi": "π", "ln2": "ln(2)", "ln10": "ln(10)", "sqrt2": "√2", "sqrt_pi": "√π"}
"""The kernel's numbers as they are written."""


def _summed(a: Text, array: Any, dims: Any) -> Text:
    rank = a.array.ndim
    dims = (dims,) if isinstance(dims, int) else dims
    inner = a.within(PRODUCT)
    if dims is None or len(dims) == rank:
        return Text(said(N_("Σ over all entries of {formula}"), formula=inner), array, SUM)
    if rank == 2 and len(dims) == 1:
        where = N_("Σ over the rows of {formula}") if dims[0] % 2 == 0 else N_(
            "Σ over the columns of {formula}")
        return Text(said(where, formula=inner), array, SUM)
    axes = ", ".join(str(d % rank) for d in dims)
    return Text(said(N_("Σ over axes {axes} of {formula}"), axes=axes, formula=inner), array, SUM)


_WRITER = _Writer()


def gradient_formula(
    op: TensorOperation, slot: int, names: Sequence[str], shapes: Sequence[tuple[int, ...] | None],
    options: Mapping[str, Any] | None = None, upstream: str = "δ", value: str = "out",
) -> str:
    """Return the gradient of an operand as a formula in matrices; nothing where it has none.

    >>> from backprop_tutor.ops.tensors import TENSOR_OPS
    >>> for slot in (0, 1):
    ...     gradient_formula(TENSOR_OPS["matmul"], slot, ("X", "W"), ((4, 3), (3, 2)))
    'δ·Wᵀ'
    'Xᵀ·δ'
    >>> gradient_formula(TENSOR_OPS["linear"], 2, ("X", "W", "b"), ((4, 3), (2, 3), (2,)))
    'Σ over the rows of δ'
    """
    rule = op.gradient(slot)
    if rule is None:
        return ""
    chosen = op.with_options(dict(options or {}))
    arrays = drawn(Sample(tuple(shapes), draws=op.samples[0].draws))
    with np.errstate(all="ignore"):
        out = np.asarray(op.forward(RAW, *arrays, **chosen))
        found = rule(
            _WRITER, Text(upstream, np.ones_like(out)), Text(value, out),
            *(None if a is None else Text(name, a) for name, a in zip(names, arrays, strict=True)),
            **chosen,
        )
    return str(found.text)


def entrywise_formula(
    op: Operation, slot: int, names: Sequence[str | int | float],
    shapes: Sequence[tuple[int, ...]], options: Mapping[str, Any] | None = None,
    upstream: str = "δ", value: str = "out",
) -> str:
    """Return the gradient of an operand of an operation that goes entry by entry: `δ ⊙ H ⊙ (1 − H)`.

    A constant operand is given as its number. A slope that would be long is written by its name, f′(Z).

    >>> from backprop_tutor.ops import OPS
    >>> entrywise_formula(OPS["sigmoid"], 0, ("Z",), ((2, 3),), value="H")
    'δ ⊙ H ⊙ (1 − H)'
    >>> entrywise_formula(OPS["multiply"], 0, ("s", "X"), ((), (2, 3)))
    'Σ over all entries of δ ⊙ X'
    >>> entrywise_formula(OPS["power"], 0, ("Z", 2), ((2, 3), ()))
    'δ ⊙ 2·Z'
    """
    found, arrays = _entrywise(op, slot, names, shapes, options, upstream, value)
    return str(_WRITER.fit(found, arrays[slot].shape).text)


def entry_formula(
    op: Operation, slot: int, names: Sequence[str | int | float], options: Mapping[str, Any] | None = None,
    upstream: str = "δ", value: str = "out",
) -> tuple[str, bool]:
    """Return what one entry hands to its operand's, and whether it is a sum, which a Σ before it encloses.

    >>> from backprop_tutor.ops import OPS
    >>> entry_formula(OPS["sigmoid"], 0, ("Zᵢⱼ",), upstream="δᵢⱼ", value="Hᵢⱼ")
    ('δᵢⱼ·Hᵢⱼ·(1 − Hᵢⱼ)', False)
    """
    found, _ = _entrywise(op, slot, names, ((),) * len(names), options, upstream, value)
    return found.text, found.binds < PRODUCT


def _entrywise(
    op: Operation, slot: int, names: Sequence[str | int | float], shapes: Sequence[tuple[int, ...]],
    options: Mapping[str, Any] | None, upstream: str, value: str,
) -> tuple[Text, Sequence[Any]]:
    """Return δ times the slope, before anything is summed, and the arrays it was found on."""
    arrays = drawn(Sample(tuple(shapes), draws=("unit",) * len(shapes)))
    chosen = op.with_options(dict(options or {}).items())
    with np.errstate(all="ignore"):
        out = np.asarray(op.forward(RAW, *arrays, **chosen))
        operands = [
            Text(name, array) if isinstance(name, str) else name
            for name, array in zip(names, arrays, strict=True)
        ]
        slope = op.partial(slot)(_WRITER, Text(value, out), *operands, **chosen)
        delta = Text(upstream, np.ones_like(out))
        if isinstance(slope, Text) and len(slope.text) > _LONGEST_SLOPE:
            inner = ", ".join(_listed([operand]) for operand in operands)
            slope = Text(f"{op.called}′({inner})", slope.array)
        if slope.__class__ in (int, float) and abs(slope) == 1:
            found = delta if slope > 0 else -delta
        else:
            found = delta * slope
    return found, arrays


_LONGEST_SLOPE = 48
