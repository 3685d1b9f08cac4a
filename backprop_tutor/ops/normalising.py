"""The rows of normalising: softmax and its logarithm, batch and layer normalisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..sentences import N_, said
from .index_formulas import letters
from .sizes import Misfit, Operand, Shape, axes_of, count_of, shown
from .tensor_record import Sample, Step, TensorOperation, Torch

__all__ = ["ROWS", "standard"]


def _alike(a: Shape, axis: Any = -1) -> Shape:
    axes_of(axis, len(a), a)
    return a


def _softmax(k: Any, a: Any, axis: Any = -1) -> Any:
    if 0 in k.shape(a):
        return k.exp(a)
    e = k.exp(a - k.offset(a, axis))
    return e / k.sum(e, axis, True)


def _softmax_backward(k: Any, g: Any, out: Any, a: Any, axis: Any = -1) -> Any:
    """∂L/∂a_i = p_i·(δ_i − Σ_j δ_j·p_j): the Jacobian diag(p) − p·pᵀ, times δ."""
    scaled = g * out
    return scaled - out * k.sum(scaled, axis, True)


def _places(a: Any, axis: Any) -> tuple[str, str, str]:
    """Return an entry's indices, those of what it shares with, and the signs of the sum over these."""
    names, gone = letters(len(a)), axes_of(axis, len(a))
    inner = [f"s{i}" if i in gone else name for i, name in enumerate(names)]
    return ",".join(names), ",".join(inner), "".join(f"Σ s{i} " for i in gone)


def _shares(a: Any, axis: Any) -> tuple[str, str, str]:
    """Return the entry of the value, of the operand, and the sum of powers that they share."""
    place, inner, over = _places(a, axis)
    return f"out[{place}]", f"a[{place}]", f"{over}exp(a[{inner}])"


def _softmax_indices(a: Any, axis: Any = -1) -> str:
    out, own, total = _shares(a, axis)
    return f"{out} = exp({own}) / ({total})"


def _log_softmax_indices(a: Any, axis: Any = -1) -> str:
    out, own, total = _shares(a, axis)
    return f"{out} = {own} − ln({total})"


def _softmax_gradient_indices(a: Any, axis: Any = -1) -> str:
    out, _, _ = _shares(a, axis)
    place, inner, over = _places(a, axis)
    return f"grad[{place}] = {out}·(g[{place}] − {over}g[{inner}]·out[{inner}])"


def _log_softmax_gradient_indices(a: Any, axis: Any = -1) -> str:
    out, _, _ = _shares(a, axis)
    place, inner, over = _places(a, axis)
    return f"grad[{place}] = g[{place}] − exp({out})·({over}g[{inner}])"


_SAMPLES = (
    Sample(((2, 3),)), Sample(((2, 3),), (("axis", 0),)), Sample(((3,),)),
    Sample(((2, 2, 2),), (("axis", 1),)), Sample(((2, 1),)), Sample(((0, 3),)), Sample(((2, 0),)),
)

SOFTMAX = TensorOperation(
    name="softmax", operands=("a",), spelled=("softmax",), sign="soft", rule=N_("softmax rule"),
    options=(("axis", -1),), shape=_alike, forward=_softmax, backward=(_softmax_backward,),
    because=(N_(
        "raising one score raises its own share and lowers the others, in proportion to the shares"),),
    indices=_softmax_indices, index_gradients=(_softmax_gradient_indices,),
    stands_for=lambda a, axis=-1: (
        Step("powers", "exp", ("a",)),
        Step("total", "sum", ("powers",), (("axis", axis), ("keepdims", True))),
        Step("out", "divide", ("powers", "total")),
    ),
    samples=_SAMPLES, torch=Torch(nodes=("SoftmaxBackward0",), functional="softmax", module="Softmax"),
)


def _log_softmax(k: Any, a: Any, axis: Any = -1) -> Any:
    if 0 in k.shape(a):
        return k.exp(a)
    z = a - k.offset(a, axis)
    return z - k.log(k.sum(k.exp(z), axis, True))


LOG_SOFTMAX = TensorOperation(
    name="log_softmax", operands=("a",), spelled=("log_softmax",), sign="lnsm", rule=N_("softmax rule"),
    options=(("axis", -1),), shape=_alike, forward=_log_softmax,
    backward=(lambda k, g, out, a, axis=-1: g - k.exp(out) * k.sum(g, axis, True),),
    because=(N_("a score raises its own logarithm, and the common sum of powers by its share"),),
    indices=_log_softmax_indices, index_gradients=(_log_softmax_gradient_indices,),
    stands_for=lambda a, axis=-1: (
        Step("total", "logsumexp", ("a",), (("axis", axis), ("keepdims", True))),
        Step("out", "subtract", ("a", "total")),
    ),
    samples=_SAMPLES,
    torch=Torch(nodes=("LogSoftmaxBackward0",), functional="log_softmax", module="LogSoftmax"),
)


def standard(k: Any, x: Any, dims: tuple[int, ...], size: int, eps: float) -> tuple[Any, Any]:
    """Return a tensor standardised over some axes, and the inverse of its deviation."""
    centred = x - k.sum(x, dims, True) / size
    inverse = 1 / k.sqrt(k.sum(centred * centred, dims, True) / size + eps)
    return centred * inverse, inverse


def _channels(shape: Any) -> tuple[tuple[int, ...], tuple[Any, ...]]:
    """Return the axes that a batch norm runs over, and the shape of one number a channel."""
    return (0, *range(2, len(shape))), (1, shape[1], *(1,) * (len(shape) - 2))


def _affine(k: Any, hat: Any, weight: Any, bias: Any, shape: Any) -> Any:
    out = hat if weight is None else hat * k.reshape(weight, shape)
    return out if bias is None else out + k.reshape(bias, shape)


def _batch_shape(x: Shape, weight: Shape | None = None, bias: Shape | None = None, *rest: Shape,
                 eps: float = 1e-5) -> Shape:
    if len(x) < 2:
        raise Misfit(N_("a batch has samples and features, and {name} is {shape}"), at=0, default=_NAMES,
                     name=Operand(0), shape=shown(x) if x else said(N_("a number")))
    _held((weight, bias, *rest), x, x[1:2])
    return x


_NAMES = ("x", "weight", "bias")


def _held(held: Sequence[Shape | None], x: Shape, wanted: Shape) -> None:
    """Refuse what is multiplied and added, the operands from 1 on, where it has another shape."""
    wrong = [
        Misfit(
            N_("{name} is {first}, and {x}, {second}, takes one number for each feature"), at=slot,
            needs=((slot, shape, wanted),), name=Operand(slot), first=shown(shape) if shape else
            said(N_("a number")), x=Operand(0), second=shown(x), default=_NAMES,
        )
        for slot, shape in enumerate(held, 1) if shape is not None and shape != wanted
    ]  # fmt: skip
    if wrong:
        wrong[0].also = tuple(wrong[1:])
        raise wrong[0]


def _batch_norm(k: Any, x: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    shape = k.shape(x)
    dims, own = _channels(shape)
    hat, _ = standard(k, x, dims, count_of(shape, dims), eps)
    return _affine(k, hat, weight, bias, own)


def _batch_input(k: Any, g: Any, out: Any, x: Any, weight: Any = None, bias: Any = None,
                 eps: float = 1e-5) -> Any:
    """∂L/∂x = (δ − (Σδ + x̂·Σδ·x̂)/n)·γ/σ, the sums over the batch."""
    shape = k.shape(x)
    dims, own = _channels(shape)
    size = count_of(shape, dims)
    hat, inverse = standard(k, x, dims, size, eps)
    found = (g - (k.sum(g, dims, True) + hat * k.sum(g * hat, dims, True)) / size) * inverse
    return found if weight is None else found * k.reshape(weight, own)


def _batch_weight(k: Any, g: Any, out: Any, x: Any, weight: Any = None, bias: Any = None,
                  eps: float = 1e-5) -> Any:
    shape = k.shape(x)
    dims, _ = _channels(shape)
    hat, _ = standard(k, x, dims, count_of(shape, dims), eps)
    return k.reshape(k.sum(g * hat, dims, True), shape[1:2])


def _batch_bias(k: Any, g: Any, out: Any, x: Any, weight: Any = None, bias: Any = None, *rest: Any,
                eps: float = 1e-5) -> Any:
    shape = k.shape(x)
    return k.reshape(k.sum(g, _channels(shape)[0], True), shape[1:2])


def _standardised(axes: Any, eps: float, last: str) -> tuple[Step, ...]:
    over = (("axis", axes), ("keepdims", True))
    return (
        Step("centre", "mean", ("x",), over), Step("centred", "subtract", ("x", "centre")),
        Step("squares", "multiply", ("centred", "centred")), Step("variance", "mean", ("squares",), over),
        Step("safe", "add", ("variance", eps)), Step("deviation", "sqrt", ("safe",)),
        Step(last, "divide", ("centred", "deviation")),
    )


def _scaled(start: str, weight: Any, bias: Any, shape: Any) -> tuple[Step, ...]:
    """Return the lines that scale and shift, each number reshaped to stand along its axis."""
    steps: list[Step] = []
    value = start
    if weight is not None:
        steps += [Step("gamma", "reshape", ("weight",), (("shape", shape),)),
                  Step("scaled", "multiply", (value, "gamma"))]
        value = "scaled"
    if bias is not None:
        steps += [Step("beta", "reshape", ("bias",), (("shape", shape),)),
                  Step("shifted", "add", (value, "beta"))]
        value = "shifted"
    return (*steps, Step("out", "multiply", (value, 1)))


_BECAUSE = (
    N_("standardising takes away what moves all samples alike, Σδ, and what stretches them, Σδ·x̂; the rest "
       "is divided by the deviation"),
    N_("the scale multiplies each standardised value: δ times x̂, summed over the samples"),
    N_("the shift is used once for each sample: the sum of δ over the samples"),
)

BATCH_NORM = TensorOperation(
    name="batch_norm", operands=("x", "weight", "bias"), optional=("weight", "bias"),
    spelled=("batchnorm",), sign="norm", rule=N_("normalisation"), options=(("eps", 1e-5),),
    shape=_batch_shape, forward=_batch_norm, backward=(_batch_input, _batch_weight, _batch_bias),
    because=_BECAUSE, indices=None,  # the batch's mean and deviation are lines of `stands_for`
    stands_for=lambda x, weight=None, bias=None, eps=1e-5: (
        *_standardised(_channels(x)[0], eps, "hat"), *_scaled("hat", weight, bias, _channels(x)[1])),
    samples=(
        Sample(((3, 2), (2,), (2,))), Sample(((3, 2), None, None)), Sample(((2, 2, 2), (2,), (2,))),
        Sample(((4, 1), (1,), None), (("eps", 0.1),)),
    ),
    torch=Torch(nodes=("NativeBatchNormBackward0",), top=False, method=False, functional="batch_norm",
                module="BatchNorm1d"),
)


def _fixed_norm(k: Any, x: Any, weight: Any, bias: Any, mean: Any, variance: Any, eps: float = 1e-5) -> Any:
    _, own = _channels(k.shape(x))
    inverse = 1 / k.sqrt(k.reshape(variance, own) + eps)
    return _affine(k, (x - k.reshape(mean, own)) * inverse, weight, bias, own)


def _fixed_input(k: Any, g: Any, out: Any, x: Any, weight: Any, bias: Any, mean: Any, variance: Any,
                 eps: float = 1e-5) -> Any:
    _, own = _channels(k.shape(x))
    inverse = 1 / k.sqrt(k.reshape(variance, own) + eps)
    return g * inverse if weight is None else g * (inverse * k.reshape(weight, own))


def _fixed_weight(k: Any, g: Any, out: Any, x: Any, weight: Any, bias: Any, mean: Any, variance: Any,
                  eps: float = 1e-5) -> Any:
    shape = k.shape(x)
    dims, own = _channels(shape)
    inverse = 1 / k.sqrt(k.reshape(variance, own) + eps)
    return k.reshape(k.sum(g * (x - k.reshape(mean, own)) * inverse, dims, True), shape[1:2])


def _fixed_program(x: Any, weight: Any, bias: Any, mean: Any, variance: Any, eps: float = 1e-5) -> Any:
    _, own = _channels(x)
    return (
        Step("centre", "reshape", ("mean",), (("shape", own),)),
        Step("centred", "subtract", ("x", "centre")),
        Step("spread", "reshape", ("variance",), (("shape", own),)), Step("safe", "add", ("spread", eps)),
        Step("deviation", "sqrt", ("safe",)), Step("hat", "divide", ("centred", "deviation")),
        *_scaled("hat", weight, bias, own),
    )


FIXED_NORM = TensorOperation(
    name="batch_norm_fixed", operands=("x", "weight", "bias", "mean", "variance"),
    optional=("weight", "bias"), sign="norm", rule=N_("normalisation"), options=(("eps", 1e-5),),
    shape=_batch_shape, forward=_fixed_norm,
    backward=(_fixed_input, _fixed_weight, _batch_bias, None, None),
    because=(
        N_("by estimates that stand fixed, each value is only shifted and scaled"), *_BECAUSE[1:], "", "",
    ),
    indices=None, stands_for=_fixed_program,
    samples=(
        Sample(((3, 2), (2,), (2,), (2,), (2,)), draws=(*("normal",) * 4, "positive")),
        Sample(((2, 2, 2), None, None, (2,), (2,)), draws=(*("normal",) * 4, "unit")),
    ),
    torch=Torch(nodes=("NativeBatchNormBackward0",), top=False, method=False),
)


def _lasts(shape: Any, rank: int) -> tuple[int, ...]:
    return tuple(range(len(shape) - rank, len(shape)))


def _layer_shape(x: Shape, weight: Shape | None = None, bias: Shape | None = None, rank: int = 1,
                 eps: float = 1e-5) -> Shape:
    if not x:
        raise Misfit(N_("{name} is a number: it has no features to be normalised"), at=0, name=Operand(0),
                     default=_NAMES)
    if not 1 <= rank <= len(x):
        raise Misfit(N_("{name} is {shape} and has no last {n} axes"), at=0, name=Operand(0),
                     shape=shown(x), n=rank, default=_NAMES)
    _held((weight, bias), x, x[len(x) - rank:])
    return x


def _layer_norm(
    k: Any, x: Any, weight: Any = None, bias: Any = None, rank: int = 1, eps: float = 1e-5
) -> Any:
    dims = _lasts(k.shape(x), rank)
    hat, _ = standard(k, x, dims, count_of(k.shape(x), dims), eps)
    out = hat if weight is None else hat * weight
    return out if bias is None else out + bias


def _layer_input(k: Any, g: Any, out: Any, x: Any, weight: Any = None, bias: Any = None, rank: int = 1,
                 eps: float = 1e-5) -> Any:
    dims = _lasts(k.shape(x), rank)
    size = count_of(k.shape(x), dims)
    hat, inverse = standard(k, x, dims, size, eps)
    scaled = g if weight is None else g * weight
    return (scaled - (k.sum(scaled, dims, True) + hat * k.sum(scaled * hat, dims, True)) / size) * inverse


def _layer_weight(k: Any, g: Any, out: Any, x: Any, weight: Any = None, bias: Any = None, rank: int = 1,
                  eps: float = 1e-5) -> Any:
    shape = k.shape(x)
    dims = _lasts(shape, rank)
    hat, _ = standard(k, x, dims, count_of(shape, dims), eps)
    return _layer_bias(k, g * hat, out, x, rank=rank)


def _layer_bias(k: Any, g: Any, out: Any, x: Any, weight: Any = None, bias: Any = None, rank: int = 1,
                eps: float = 1e-5) -> Any:
    shape = k.shape(x)
    lead = tuple(range(len(shape) - rank))
    return k.reshape(k.sum(g, lead), shape[len(shape) - rank:]) if lead else g


LAYER_NORM = TensorOperation(
    name="layer_norm", operands=("x", "weight", "bias"), optional=("weight", "bias"),
    spelled=("layernorm",), sign="norm", rule=N_("normalisation"), options=(("rank", 1), ("eps", 1e-5)),
    shape=_layer_shape, forward=_layer_norm, backward=(_layer_input, _layer_weight, _layer_bias),
    because=(
        N_("standardising takes away what moves all features alike, Σδ, and what stretches them, Σδ·x̂; the "
           "rest is divided by the deviation"), *_BECAUSE[1:],
    ),
    indices=None,
    stands_for=lambda x, weight=None, bias=None, rank=1, eps=1e-5: (
        *_standardised(_lasts(x, rank), eps, "hat"), *_scaled("hat", weight, bias, x[len(x) - rank:])),
    samples=(
        Sample(((2, 3), (3,), (3,))), Sample(((3, 2), None, None)),
        Sample(((2, 2, 2), (2, 2), (2, 2)), (("rank", 2),)), Sample(((3,), (3,), None)),
    ),
    torch=Torch(nodes=("NativeLayerNormBackward0",), top=False, method=False, functional="layer_norm",
                module="LayerNorm"),
)

ROWS = (SOFTMAX, LOG_SOFTMAX, BATCH_NORM, FIXED_NORM, LAYER_NORM)
