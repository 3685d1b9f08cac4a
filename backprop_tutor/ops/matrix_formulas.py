"""The kernel that writes: a tensor rule run on names becomes the formula in matrices, `Xᵀ·δ`.

Every text carries an array of the right shape, computed beside it, so that rules may branch on shapes as
they do on numbers, and a sum that sums nothing leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..sentences import N_, said
from .array_kernel import RAW
from .draws import drawn
from .formula_text import Text, power, product, text_of, times
from .named_sizes import NamedSize, names_in
from .record import POWER, PRODUCT, SUM, Operation
from .sizes import shown
from .tensor_record import Sample, TensorOperation

__all__ = [
    "entry_formula", "entrywise_formula", "entrywise_text", "gradient_formula", "gradient_text",
    "spelled",
]  # fmt: skip


def _bare(a: Any) -> Any:
    if isinstance(a, Text):
        return a.array
    return type(a)(map(_bare, a)) if isinstance(a, (tuple, list)) else a


def _listed(args: Sequence[Any]) -> str:
    return ", ".join(
        f"[{_listed(a)}]" if isinstance(a, (list, tuple))
        else a.text if isinstance(a, Text) else str(a.size if isinstance(a, NamedSize) else a)
        for a in args)


def _key(key: Any) -> str:
    """Return a key as it stands in square brackets."""
    parts = []
    for part in key if isinstance(key, tuple) else (key,):
        if isinstance(part, slice):
            ends = ("" if end is None else _listed([end]) for end in (part.start, part.stop))
            parts.append(":".join(ends))
        else:
            parts.append(_listed([part]))
    return ", ".join(parts)


def _as_is(a: Text, array: Any) -> Text:
    """Return the same text for an array that is repeated, or of another shape."""
    factor, rest = a.split()
    if rest is None or rest.array.shape == array.shape:
        return Text(a.text, array, a.binds, a.even, a.sign, (factor, rest))
    found = Text(a.text, array, a.binds, a.even, a.sign)
    found.stretched = a.stretched or (not a.even and array.size != a.array.size)
    return found


_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class _Writer:
    """The vocabulary on texts. A function without a form of its own is written as a call.

    `sizes` are those that have a name, by the numbers that stand for them.
    """

    one = 1

    def __init__(self, sizes: Mapping[int, NamedSize] | None = None) -> None:
        self.sizes: Mapping[int, NamedSize] = sizes or {}

    def __getattr__(self, name: str) -> Any:
        function: Callable[..., Any] = getattr(RAW, name)
        if name in _CONSTANTS:
            return Text(_CONSTANTS[name], np.asarray(function))

        called = _CALLED.get(name, name)

        def written(*args: Any) -> Text:
            args = tuple(self.ones(a) if isinstance(a, Text) else a for a in args)
            return Text(f"{called}({_listed(args)})", np.asarray(function(*map(_bare, args))))

        return written

    def softmax(self, place: int, *scores: Any) -> Text:
        """Write one of several shares: `softmax(x, y)₂`."""
        place = int(_bare(place))
        value = np.asarray(RAW.softmax(place, *map(_bare, scores)))
        return Text(f"softmax({_listed(scores)}){str(place + 1).translate(_SUBSCRIPTS)}", value)

    def shape(self, a: Any) -> Any:
        return tuple([self.sizes.get(n, n) for n in a.array.shape])

    def ones(self, a: Text) -> Text:
        """Write a repeated number as what it is, an array: `1/N·ones(N×4)`."""
        if not a.even or not a.array.ndim:
            return a
        named = (self.sizes.get(n, n) for n in a.array.shape)
        shape = shown(tuple(n.size if isinstance(n, NamedSize) else n for n in named))
        return times(a.split()[0], Text(f"ones({shape.strip('(),')})", a.array), a.array)

    def kind(self, a: Any) -> Any:
        return a.array.dtype

    def matmul(self, a: Text, b: Text) -> Text:
        """Write the product of matrices with a dot, which is not the ⊙ of entries."""
        a, b = self.ones(a), self.ones(b)
        return product(a, b, "·", RAW.matmul(a.array, b.array))

    def swap(self, a: Text, first: int = -1, second: int = -2) -> Text:
        """Write the transpose of a matrix."""
        if a.even:
            return _as_is(a, RAW.swap(a.array, first, second))
        return Text(f"{a.within(POWER)}ᵀ", RAW.swap(a.array, first, second))

    def reshape(self, a: Text, shape: Any) -> Text:
        """Write another shape, but for axes of size 1: what broadcasts is read without them."""
        array = a.array.reshape(shape)
        if a.even:
            return _as_is(a, array)
        if [n for n in array.shape if n != 1] == [n for n in a.array.shape if n != 1]:
            return _as_is(a, array)
        return Text(f"reshape({a.text})", array)

    def expand(self, a: Text, shape: Any) -> Text:
        """Write what is repeated as itself."""
        return _as_is(a, RAW.expand(a.array, shape))

    def cast(self, a: Text, kind: Any) -> Text:
        """Write the tensor: its dtype is nothing to read."""
        return _as_is(a, RAW.cast(a.array, kind))

    def power(self, a: Text, b: Any) -> Text:
        """Write a power; one of exponent 1 as its base."""
        return power(a, b)

    def greater(self, a: Any, b: Any) -> Text:
        """Write a condition as Iverson's bracket: 1 where it holds."""
        return Text(f"[{text_of(a).text} > {text_of(b).text}]", np.greater(_bare(a), _bare(b)))

    def less(self, a: Any, b: Any) -> Text:
        """Write a condition as Iverson's bracket: 1 where it holds."""
        return Text(f"[{text_of(a).text} < {text_of(b).text}]", np.less(_bare(a), _bare(b)))

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
        return Text(f"[{text_of(a).text} = {text_of(b).text}]", np.equal(_bare(a), _bare(b)))

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
        return _summed(self.ones(a), RAW.rows_sum(a.array), (0,))

    def sum(self, a: Text, dims: Any = None, keep: bool = False) -> Text:
        """Write the sum over axes in words."""
        return _summed(self.ones(a), np.asarray(RAW.sum(a.array, dims, keep)), dims)

    def fit(self, g: Text, shape: Any) -> Text:
        """Write the sum over what was repeated, in words; nothing where nothing was."""
        if g.array.shape == shape:
            return g
        lead = g.array.ndim - len(shape)
        dims = tuple(i for i, n in enumerate(g.array.shape) if i < lead or shape[i - lead] != n)
        return _summed(self.ones(g), RAW.fit(g.array, shape), None if len(dims) == g.array.ndim else dims)


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
    """Return the text of `gradient_text`.

    >>> from backprop_tutor.ops.tensors import TENSOR_OPS
    >>> for slot in (0, 1):
    ...     gradient_formula(TENSOR_OPS["matmul"], slot, ("X", "W"), ((4, 3), (3, 2)))
    'δ·Wᵀ'
    'Xᵀ·δ'
    >>> gradient_formula(TENSOR_OPS["linear"], 2, ("X", "W", "b"), ((4, 3), (2, 3), (2,)))
    'Σ over the rows of δ'
    """
    return str(gradient_text(op, slot, names, shapes, options, upstream, value).text)


def gradient_text(
    op: TensorOperation, slot: int, names: Sequence[str], shapes: Sequence[tuple[int, ...] | None],
    options: Mapping[str, Any] | None = None, upstream: str | Text = "δ", value: str = "out",
) -> Text:
    """Return the gradient of an operand as a formula in matrices; nothing where it has none.

    `upstream` is a name, or the formula that takes its place; sizes may have names.

    >>> from backprop_tutor.ops.tensors import TENSOR_OPS
    >>> from backprop_tutor.ops.named_sizes import NamedSize
    >>> gradient_text(TENSOR_OPS["mean"], 0, ("X",), ((NamedSize(5, "N"), 4),)).text
    'δ/(4·N)'
    """
    rule = op.gradient(slot)
    if rule is None:
        return Text("", np.zeros(()))
    chosen = op.with_options(dict(options or {}))
    writer = _Writer(names_in(shapes))
    arrays = drawn(Sample(tuple(shapes), draws=op.samples[0].draws))
    with np.errstate(all="ignore"):
        out = np.asarray(op.forward(RAW, *arrays, **chosen))
        found = rule(
            writer, _upstream(upstream, out), Text(value, out),
            *(None if a is None else Text(name, a) for name, a in zip(names, arrays, strict=True)),
            **chosen,
        )
        if found.even and found.array.shape != np.shape(arrays[slot]):
            found = writer.expand(found, np.shape(arrays[slot]))
    return found  # type: ignore[no-any-return]  # rules are untyped


def _upstream(given: str | Text, out: Any) -> Text:
    """Return what stands for ∂f/∂out: a name, or a formula of the value's shape."""
    return given if isinstance(given, Text) else Text(given, np.ones_like(out))


def entrywise_formula(
    op: Operation, slot: int, names: Sequence[str | int | float],
    shapes: Sequence[tuple[int, ...]], options: Mapping[str, Any] | None = None,
    upstream: str = "δ", value: str = "out",
) -> str:
    """Return the text of `entrywise_text`.

    >>> from backprop_tutor.ops import OPS
    >>> entrywise_formula(OPS["sigmoid"], 0, ("Z",), ((2, 3),), value="H")
    'δ ⊙ H ⊙ (1 − H)'
    >>> entrywise_formula(OPS["multiply"], 0, ("s", "X"), ((), (2, 3)))
    'Σ over all entries of δ ⊙ X'
    >>> entrywise_formula(OPS["power"], 0, ("Z", 2), ((2, 3), ()))
    'δ ⊙ 2·Z'
    """
    return str(entrywise_text(op, slot, names, shapes, options, upstream, value).text)


def entrywise_text(
    op: Operation, slot: int, names: Sequence[str | int | float],
    shapes: Sequence[tuple[int, ...]], options: Mapping[str, Any] | None = None,
    upstream: str | Text = "δ", value: str = "out",
) -> Text:
    """Return the gradient of an operand of an operation that goes entry by entry: `δ ⊙ H ⊙ (1 − H)`.

    A constant operand is given as its number. A slope that would be long is written by its name, f′(Z).
    """
    found, arrays = _entrywise(op, slot, names, shapes, options, upstream, value)
    return _Writer(names_in(shapes)).fit(found, arrays[slot].shape)


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
    options: Mapping[str, Any] | None, upstream: str | Text, value: str,
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
        delta = _upstream(upstream, out)
        if isinstance(slope, Text) and len(slope.text) > _LONGEST_SLOPE:
            inner = ", ".join(_listed([operand]) for operand in operands)
            slope = Text(f"{op.called}′({inner})", slope.array)
        if slope.__class__ in (int, float) and abs(slope) == 1:
            found = delta if slope > 0 else -delta
        else:
            found = delta * slope
    return found, arrays


_LONGEST_SLOPE = 48


def spelled(found: Text, shapes: Sequence[Sequence[Any]] = ()) -> str:
    """Return a formula's text; one number repeated is written as the array it is.

    >>> spelled(Text("1", np.ones((2, 3)), even=True))
    'ones(2×3)'
    """
    writer = _Writer(names_in(shapes))
    if not found.stretched:
        return str(writer.ones(found).text)
    named = (writer.sizes.get(n, n) for n in found.array.shape)
    shape = shown(tuple(n.size if isinstance(n, NamedSize) else n for n in named))
    return said("{name} repeated to {shape}", name=found.text, shape=shape)
