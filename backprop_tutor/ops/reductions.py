"""The rows of reductions: sums, means, extremes, products, spreads and norms over axes; running sums.

`axis` is a number, a tuple, or None for all axes; `keepdims` keeps what is reduced at size 1.
"""

from __future__ import annotations

import math
from typing import Any

from ..sentences import N_, said
from .index_formulas import letters
from .sizes import Misfit, Shape, axes_of, axis_of, count_of, kept, reduced, shown
from .tensor_record import Sample, Step, TensorOperation, Torch

__all__ = ["ROWS"]

AXES: tuple[tuple[str, Any], ...] = (("axis", None), ("keepdims", False))
_ONE = Sample(((2, 3),))
_SAMPLES = (
    _ONE, Sample(((2, 3),), (("axis", 1),)), Sample(((2, 3),), (("axis", 0), ("keepdims", True))),
    Sample(((2, 2, 2),), (("axis", (0, 2)),)), Sample(((3,),), (("axis", -1),)), Sample(((),)),
    Sample(((1, 3),), (("axis", 0),)),
)
_EMPTY = (Sample(((0, 3),), (("axis", 0),)), Sample(((0,),)))


def _shape(a: Shape, axis: Any = None, keepdims: bool = False, **_: Any) -> Shape:
    return reduced(a, axis, keepdims)


def _shape_of_some(a: Shape, axis: Any = None, keepdims: bool = False, **_: Any) -> Shape:
    for i in axes_of(axis, len(a), a):
        if a[i] == 0:
            raise Misfit(said(N_("nothing is the largest or smallest of no number: axis {axis} of {shape} "
                                 "is empty"), axis=i, shape=shown(a)))
    return reduced(a, axis, keepdims)


def _over(sign: str, entry: str, before: str = "", after: str = "") -> Any:
    """Return the formula of a reduction: the sign over every axis that goes, of an entry's form."""

    def indices(a: Any, axis: Any = None, keepdims: bool = False, **_: Any) -> str:
        names, gone = letters(len(a)), axes_of(axis, len(a))
        left = [n for i, n in enumerate(names) if i not in gone]
        if keepdims:
            left = ["0" if i in gone else n for i, n in enumerate(names)]
        out = f"out[{','.join(left)}]" if left else "out"
        own = f"a[{','.join(names)}]" if names else "a"
        signs = "".join(f"{sign} {names[i]} " for i in gone)
        close = ")" if before.endswith("(") else ""
        end = after.format(count=count_of(a, axis))
        return f"{out} = {before}{signs}{entry.format(own)}{close}{end}"

    return indices


def _spread(k: Any, g: Any, a: Any, axis: Any) -> Any:
    """Return g with the reduced axes at size 1 again."""
    return k.reshape(g, kept(k.shape(a), axis))


SUM = TensorOperation(
    name="sum", operands=("a",), spelled=("sum",), sign="Σ", rule=N_("sum rule"), options=AXES,
    shape=_shape,
    forward=lambda k, a, axis=None, keepdims=False: k.sum(a, axis, keepdims),
    backward=(
        lambda k, g, out, a, axis=None, keepdims=False: k.expand(_spread(k, g, a, axis), k.shape(a)),
    ),
    because=(N_("a sum moves exactly as much as any of its terms: δ is handed to each entry it added"),),
    indices=_over("Σ", "{}"), samples=(*_SAMPLES, *_EMPTY),
    torch=Torch(nodes=("SumBackward0", "SumBackward1"), spreads=True),
)

MEAN = TensorOperation(
    name="mean", operands=("a",), spelled=("mean",), sign="mean", rule=N_("mean rule"), options=AXES,
    shape=_shape,
    forward=lambda k, a, axis=None, keepdims=False: (
        k.sum(a, axis, keepdims) / count_of(k.shape(a), axis)),
    backward=(
        lambda k, g, out, a, axis=None, keepdims=False: k.expand(
            k.reshape(g / count_of(k.shape(a), axis), kept(k.shape(a), axis)), k.shape(a)),
    ),
    because=(N_("a mean moves by each entry's equal share: δ over their number, to each"),),
    indices=_over("Σ", "{}", "(", "/{count}"), samples=_SAMPLES,
    stands_for=lambda a, axis=None, keepdims=False: (
        Step("total", "sum", ("a",), (("axis", axis), ("keepdims", keepdims))),
        Step("out", "divide", ("total", count_of(a, axis))),
    ),
    torch=Torch(nodes=("MeanBackward0", "MeanBackward1"), spreads=True),
)


def _shared(k: Any, g: Any, out: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The way back of an extreme: those that equal it share δ evenly."""
    hit = k.cast(k.equal(a, _spread(k, out, a, axis)), k.kind(g))
    return hit * (_spread(k, g, a, axis) / k.sum(hit, axes_of(axis, len(k.shape(a))), True))


def _extreme(name: str, word: str, node: str, forward: Any) -> TensorOperation:
    return TensorOperation(
        name=name, operands=("a",), spelled=(name,), sign=name, rule=N_("largest or smallest"),
        options=AXES, shape=_shape_of_some, forward=forward, backward=(_shared,),
        because=(N_("only the entry that is the extreme moves it; entries that tie share δ evenly"),),
        indices=_over(name, "{}"), samples=_SAMPLES,
        torch=Torch(name=f"a{name}", nodes=(node,), spreads=True),
    )


MAX = _extreme("max", "largest", "AmaxBackward0", lambda k, a, axis=None, keepdims=False: (
    k.max(a, axis, keepdims)))
MIN = _extreme("min", "smallest", "AminBackward0", lambda k, a, axis=None, keepdims=False: (
    k.min(a, axis, keepdims)))


def _product_shape(a: Shape, axis: int | None = None, keepdims: bool = False) -> Shape:
    return reduced(a, None if axis is None else axis_of(axis, len(a), a), keepdims)


def _product_backward(
    k: Any, g: Any, out: Any, a: Any, axis: int | None = None, keepdims: bool = False
) -> Any:
    """What an entry is multiplied by, the product of all before it and all after it, times δ."""
    shape = k.shape(a)
    if axis is None:
        flat = k.reshape(a, (count_of(shape),))
        return k.reshape(_product_backward(k, g, out, flat, 0), shape)
    at = axis_of(axis, len(shape))
    n = shape[at]
    keeping = kept(shape, at)
    if not n:
        return k.zeros_like(a)
    lead = (slice(None),) * at
    one = k.zeros(keeping, a) + 1
    before, after = [one], [one]
    for i in range(n - 1):
        before.append(before[-1] * k.index(a, (*lead, slice(i, i + 1))))
        after.append(after[-1] * k.index(a, (*lead, slice(n - 1 - i, n - i))))
    others = [x * y for x, y in zip(before, reversed(after), strict=True)]
    return k.concatenate(others, at) * k.reshape(g, keeping)


PRODUCT = TensorOperation(
    name="prod", operands=("a",), spelled=("prod",), sign="Π", rule=N_("product rule"), options=AXES,
    shape=_product_shape,
    forward=lambda k, a, axis=None, keepdims=False: k.product(a, axis, keepdims),
    backward=(_product_backward,),
    because=(N_("each factor is multiplied by the product of all others"),),
    indices=_over("Π", "{}"),
    samples=(_ONE, Sample(((2, 3),), (("axis", 1),)), Sample(((3, 2),), (("axis", 0), ("keepdims", True))),
             Sample(((),)), Sample(((0, 2),), (("axis", 0),)), Sample(((1,),), (("axis", 0),))),
    torch=Torch(nodes=("ProdBackward0", "ProdBackward1")),
)


def _centred(k: Any, a: Any, axis: Any) -> Any:
    return a - k.sum(a, axis, True) / count_of(k.shape(a), axis)


def _freedom(shape: tuple[int, ...], axis: Any, correction: float) -> float:
    """Return what the squares are shared among; nan where nothing is left."""
    left = count_of(shape, axis) - correction
    return left if left > 0 else float("nan")


_SPREAD = (*AXES, ("correction", 1))


def _variance(
    k: Any, a: Any, axis: Any = None, keepdims: bool = False, correction: float = 1
) -> Any:
    centred = _centred(k, a, axis)
    return k.sum(centred * centred, axis, keepdims) / max(count_of(k.shape(a), axis) - correction, 0)


def _variance_backward(
    k: Any, g: Any, out: Any, a: Any, axis: Any = None, keepdims: bool = False, correction: float = 1
) -> Any:
    share = 2 / _freedom(k.shape(a), axis, correction)
    return _centred(k, a, axis) * (_spread(k, g, a, axis) * share)


def _deviation_backward(
    k: Any, g: Any, out: Any, a: Any, axis: Any = None, keepdims: bool = False, correction: float = 1
) -> Any:
    slope = _spread(k, g / (out * _freedom(k.shape(a), axis, correction)), a, axis)
    flat = k.equal(_spread(k, out, a, axis), 0)
    return _centred(k, a, axis) * k.guard(flat, k.zeros_like(slope), slope)


_SPREAD_SAMPLES = (
    _ONE, Sample(((2, 3),), (("axis", 1), ("correction", 0))),
    Sample(((3, 2),), (("axis", 0), ("keepdims", True))),
)


def _squares(a: Any, axis: Any, keepdims: bool, correction: float, out: str) -> tuple[Step, ...]:
    return (
        Step("centre", "mean", ("a",), (("axis", axis), ("keepdims", True))),
        Step("centred", "subtract", ("a", "centre")),
        Step("squares", "multiply", ("centred", "centred")),
        Step("total", "sum", ("squares",), (("axis", axis), ("keepdims", keepdims))),
        Step(out, "divide", ("total", count_of(a, axis) - correction)),
    )


VARIANCE = TensorOperation(
    name="var", operands=("a",), spelled=("var",), sign="var", rule=N_("variance rule"),
    options=_SPREAD, shape=_shape, forward=_variance, backward=(_variance_backward,),
    because=(N_(
        "a square brings down its 2; what the mean moves cancels, since distances from it sum to 0"),),
    indices=None,  # the mean stands inside the sum: `stands_for` says it in steps
    stands_for=lambda a, axis=None, keepdims=False, correction=1: _squares(
        a, axis, keepdims, correction, "out"),
    samples=_SPREAD_SAMPLES, torch=Torch(nodes=("VarBackward0",), spreads=True),
)

DEVIATION = TensorOperation(
    name="std", operands=("a",), spelled=("std",), sign="std", rule=N_("deviation rule"),
    options=_SPREAD, shape=_shape,
    forward=lambda k, a, **options: k.sqrt(_variance(k, a, **options)),
    backward=(_deviation_backward,),
    because=(
        N_("the root of the variance: an entry's distance from the mean over the deviation and the count"),
    ),
    indices=None,
    stands_for=lambda a, axis=None, keepdims=False, correction=1: (
        *_squares(a, axis, keepdims, correction, "variance"), Step("out", "sqrt", ("variance",))),
    samples=_SPREAD_SAMPLES, torch=Torch(nodes=("StdBackward0",), spreads=True),
)


def _log_sum_exp(k: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    if 0 in k.shape(a):
        found = k.log(k.sum(k.exp(a), axis, True))
    else:
        top = k.finite(k.offset(a, axis))
        found = k.log(k.sum(k.exp(a - top), axis, True)) + top
    return found if keepdims else k.reshape(found, reduced(k.shape(a), axis, False))


LOG_SUM_EXP = TensorOperation(
    name="logsumexp", operands=("a",), spelled=("logsumexp",), sign="lse", rule=N_("log-sum-exp rule"),
    options=AXES, shape=_shape, forward=_log_sum_exp,
    backward=(
        lambda k, g, out, a, axis=None, keepdims=False: (
            k.exp(a - _spread(k, out, a, axis)) * _spread(k, g, a, axis)),
    ),
    because=(N_("the slope of log-sum-exp along each score is its share, the softmax"),),
    indices=_over("Σ", "exp({})", "ln("), samples=_SAMPLES,
    stands_for=lambda a, axis=None, keepdims=False: (
        Step("powers", "exp", ("a",)),
        Step("total", "sum", ("powers",), (("axis", axis), ("keepdims", keepdims))),
        Step("out", "log", ("total",)),
    ),
    torch=Torch(nodes=("LogsumexpBackward0",), spreads=True),
)


def _norm(k: Any, a: Any, p: float = 2, axis: Any = None, keepdims: bool = False) -> Any:
    if p == 2:
        return k.sqrt(k.sum(a * a, axis, keepdims))
    size = k.absolute(a)
    if p == math.inf:
        return k.max(size, axis, keepdims)
    if p == -math.inf:
        return k.min(size, axis, keepdims)
    if p == 0:
        return k.sum(1 - k.cast(k.equal(size, 0), k.kind(a)), axis, keepdims)
    if p == 1:
        return k.sum(size, axis, keepdims)
    return k.power(k.sum(k.power(size, p), axis, keepdims), 1 / p)


def _norm_backward(
    k: Any, g: Any, out: Any, a: Any, p: float = 2, axis: Any = None, keepdims: bool = False
) -> Any:
    """g·sign(a)·(|a|/‖a‖)^(p−1); 0 where the norm is 0, and where it is the largest, to those that are."""
    g, norm = _spread(k, g, a, axis), _spread(k, out, a, axis)
    if p == 0:  # a count moves in jumps
        return k.expand(k.zeros_like(g), k.shape(a))
    if p == 1:
        return g * k.sign(a)
    if p == 2:
        # the division stands unguarded, as PyTorch's: at 0 the second derivative is nan
        return k.guard(k.equal(norm, 0), k.zeros_like(a), a * (g / norm))
    if math.isinf(p):
        hit = k.cast(k.equal(k.absolute(a), norm), k.kind(a)) * k.sign(a)
        count = k.sum(hit * hit, axis, True)
        return k.where(k.equal(norm, 0), k.zeros_like(hit * g), hit * (g / count))
    size = k.absolute(a)
    if p < 1:
        slope = k.power(size, p - 1)
        slope = k.sign(a) * k.where(k.equal(a, 0), k.zeros_like(slope), slope)
        return slope * g * k.power(norm, 1 - p)
    slope = a * k.power(size, p - 2) if p > 2 else k.sign(a) * k.power(size, p - 1)
    ratio = g / k.power(norm, p - 1)
    return slope * k.where(k.equal(norm, 0), k.zeros_like(ratio), ratio)


def _norm_indices(a: Any, p: float = 2, **options: Any) -> str:
    if p == 1:
        return str(_over("Σ", "abs({})")(a, **options))
    if p == 2:
        return str(_over("Σ", "{}^2", "sqrt(")(a, **options))
    if p == math.inf:
        return str(_over("max", "abs({})")(a, **options))
    return str(_over("Σ", f"abs({{}})^{p:g}", "(", f"^(1/{p:g})")(a, **options))


NORM = TensorOperation(
    name="norm", operands=("a",), spelled=("norm",), sign="‖·‖", rule=N_("norm rule"),
    options=(("p", 2), *AXES), shape=_shape, forward=_norm, backward=(_norm_backward,),
    because=(N_("a norm of order p (2 unless said) moves along an entry by its sign times "
                "(|entry|/norm)^(p − 1)"),),
    indices=_norm_indices,
    samples=(
        _ONE, Sample(((2, 3),), (("p", 1), ("axis", 1))),
        Sample(((2, 3),), (("p", 3), ("axis", 0), ("keepdims", True))), Sample(((4,),), (("p", math.inf),)),
        Sample(((3,),), (("p", 1.5), ("axis", -1))), Sample(((3,),), (("p", 0.5),)),
    ),
    torch=Torch(nodes=("LinalgVectorNormBackward0",)),
)


def _along_shape(a: Shape, axis: int = -1) -> Shape:
    axis_of(axis, len(a), a)
    return a


def _running(sign: str) -> Any:
    def indices(a: Any, axis: int = -1) -> str:
        names = letters(len(a))
        at = axis_of(axis, len(a))
        inner = [*names[:at], "t", *names[at + 1:]]
        return f"out[{','.join(names)}] = {sign} t≤{names[at]} a[{','.join(inner)}]"

    return indices


def _running_product_backward(k: Any, g: Any, out: Any, a: Any, axis: int = -1) -> Any:
    """An entry takes part in every product from it on: walk back, keeping the sum of the tail."""
    shape = k.shape(a)
    at = axis_of(axis, len(shape))
    n = shape[at]
    if not n:
        return g
    lead = (slice(None),) * at

    def entry(x: Any, i: int) -> Any:
        return k.index(x, (*lead, slice(i, i + 1)))

    before = [k.zeros_like(entry(a, 0)) + 1]
    for i in range(n - 1):
        before.append(before[-1] * entry(a, i))
    tail: Any = None
    found = []
    for i in range(n - 1, -1, -1):
        tail = entry(g, i) if tail is None else entry(g, i) + entry(a, i + 1) * tail
        found.append(before[i] * tail)
    return k.concatenate(found[::-1], at)


_ALONG = (
    Sample(((2, 3),), (("axis", 1),)), Sample(((3, 2),), (("axis", 0),)), Sample(((1,),)),
    Sample(((0, 2),), (("axis", 0),)),
)

CUMSUM = TensorOperation(
    name="cumsum", operands=("a",), spelled=("cumsum",), sign="Σ≤", rule=N_("running sum"),
    options=(("axis", -1),), shape=_along_shape, forward=lambda k, a, axis=-1: k.cumsum(a, axis),
    backward=(
        lambda k, g, out, a, axis=-1: k.flip(k.cumsum(k.flip(g, (axis,)), axis), (axis,)),
    ),
    because=(N_(
        "an entry is part of every running sum from its place on: the sum of δ from there to the end"),),
    indices=_running("Σ"), samples=_ALONG, torch=Torch(nodes=("CumsumBackward0",), writes=True),
)

CUMPROD = TensorOperation(
    name="cumprod", operands=("a",), spelled=("cumprod",), sign="Π≤", rule=N_("running product"),
    options=(("axis", -1),), shape=_along_shape, forward=lambda k, a, axis=-1: k.cumprod(a, axis),
    backward=(_running_product_backward,),
    because=(N_("an entry is a factor of every running product from its place on"),),
    indices=_running("Π"), samples=_ALONG, torch=Torch(nodes=("CumprodBackward0",), writes=True),
)

ROWS = (
    SUM, MEAN, MAX, MIN, PRODUCT, VARIANCE, DEVIATION, LOG_SUM_EXP, NORM, CUMSUM, CUMPROD,
)
