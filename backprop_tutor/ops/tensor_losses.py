"""The rows of losses over tensors: a reduction of one value an entry, or of one a sample.

`reduction` is "mean", "sum" or "none"; `weight` multiplies each entry's loss (in losses of classes: each
class's). A mean is over all entries; over the weights of the targets that count, in losses of classes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..sentences import N_, said
from .index_formulas import letters
from .sizes import Misfit, Shape, broadcast, count_of
from .tensor_record import Sample, Step, TensorOperation, Torch

__all__ = ["ROWS"]

REDUCTION = ("reduction", "mean")


def _whole(k: Any, *operands: Any) -> tuple[int, ...]:
    """Return the shape that operands broadcast to."""
    shapes = [k.shape(a) for a in operands if a is not None]
    if all(shape == shapes[0] for shape in shapes):
        return shapes[0]  # type: ignore[no-any-return]
    return broadcast(*shapes)  # type: ignore[return-value]


def _reduced(k: Any, values: Any, reduction: str) -> Any:
    if reduction == "none":
        return values
    total = k.sum(values)
    return total if reduction == "sum" else total / count_of(k.shape(values))


def _entry_shape(*shapes: Any, reduction: str = "mean", **_: Any) -> Shape:
    if reduction not in ("mean", "sum", "none"):
        raise Misfit(said(N_("a loss is reduced by mean, sum or none, not `{word}`"), word=reduction))
    whole = broadcast(*(shape for shape in shapes if shape is not None))
    return whole if reduction == "none" else ()


def _forward(value: Callable[..., Any]) -> Callable[..., Any]:
    def forward(k: Any, x: Any, y: Any, weight: Any = None, *more: Any, reduction: str = "mean",
                **settings: Any) -> Any:
        values = value(k, x, y, *more, **settings)
        return _reduced(k, values if weight is None else values * weight, reduction)

    return forward


def _backward(slot: int, slope: Callable[..., Any]) -> Callable[..., Any]:
    def rule(k: Any, g: Any, out: Any, x: Any, y: Any, weight: Any = None, *more: Any,
             reduction: str = "mean", **settings: Any) -> Any:
        """δ's share for each entry, times the loss's slope there; summed where the operand was repeated."""
        shape, other = k.shape(x), k.shape(y)
        alike = shape == other and weight is None and not more
        whole = shape if alike else _whole(k, x, y, weight, *more)
        if reduction == "mean":
            count = count_of(whole)
            g = g / count if count != 1 else g
        if weight is not None:
            g = g * weight
        part = g * slope(k, x, y, *more, **settings)
        if k.shape(part) != whole:  # a slope of one operand alone, which is repeated
            part = k.expand(part, whole)
        return part if alike else k.fit(part, other if slot else shape)

    return rule


def _entry(name: str, shape: Any, whole: Any, names: list[str]) -> str:
    lead = len(whole) - len(shape)
    own = ["0" if n == 1 else names[i + lead] for i, n in enumerate(shape)]
    return f"{name}[{','.join(own)}]" if own else name


def _indices(value: Callable[..., str], *more_names: str) -> Callable[..., str]:
    def indices(x: Any, y: Any, weight: Any = None, *more: Any, reduction: str = "mean",
                **settings: Any) -> str:
        shapes = [shape for shape in (x, y, weight, *more) if shape is not None]
        whole: Any = broadcast(*shapes)
        names = letters(len(whole))
        extra = [_entry(name, shape, whole, names) if shape is not None else ""
                 for name, shape in zip(more_names, more, strict=False)]
        body = value(_entry("x", x, whole, names), _entry("y", y, whole, names), *extra, **settings)
        if weight is not None:
            body = f"{_entry('weight', weight, whole, names)}·({body})"
        if reduction == "none":
            return f"out[{','.join(names)}] = {body}" if names else f"out = {body}"
        over = "".join(f"Σ {n} " for n in names)
        return f"out = ({over}({body}))" + (f"/{count_of(whole)}" if reduction == "mean" else "")

    return indices


_SHAPES = (((2, 3), (2, 3), None), ((2, 3), (3,), None), ((), (), None), ((2, 2), (2, 2), (2,)))


def _samples(first: str, second: str, *more: Any, **settings: Any) -> tuple[Sample, ...]:
    reductions = ("mean", "sum", "none", "mean")
    return tuple(
        Sample((*shapes, *more), (("reduction", reduction), *settings.items()),
               (first, second, "positive", "positive"))
        for shapes, reduction in zip(_SHAPES, reductions, strict=True)
    )


_PAIR = (
    N_("the loss of an entry moves with its prediction by the loss's slope there"),
    N_("the loss of an entry moves with its target by the loss's slope there"),
)


def _program(*lines: tuple[Any, ...]) -> Callable[..., tuple[Step, ...]]:
    """Return the program of a loss of one value an entry: the lines, the last of which is `values`."""

    def stands_for(x: Any, y: Any, weight: Any = None, *more: Any, reduction: str = "mean",
                   **settings: Any) -> tuple[Step, ...]:
        steps = [Step(name, operation, tuple(operands)) for name, operation, *operands in lines]
        if weight is not None:
            steps += [Step("weighted", "multiply", ("values", "weight"))]
        last = "values" if weight is None else "weighted"
        end = (last, 1) if reduction == "none" else (last,)
        steps += [Step("out", {"none": "multiply"}.get(reduction, reduction), end)]
        return tuple(steps)

    return stands_for


def _loss(
    name: str, value: Callable[..., Any], slopes: tuple[Callable[..., Any], Callable[..., Any]],
    formula: Callable[..., str], because: tuple[str, str], torch: Torch, draws: tuple[str, str],
    program: Callable[..., tuple[Step, ...]] | None = None, spelled: tuple[str, ...] = (), sign: str = "",
    rule: str = "", options: tuple[tuple[str, Any], ...] = (), samples: tuple[Sample, ...] = (),
    more: tuple[str, ...] = (),
) -> TensorOperation:
    """Return the row of a loss of one value an entry."""
    blank = (None,) * len(more)
    return TensorOperation(
        name=name, operands=("x", "y", "weight", *more), optional=("weight", *more), spelled=spelled,
        sign=sign, rule=rule, options=(REDUCTION, *options), shape=_entry_shape, forward=_forward(value),
        backward=(_backward(0, slopes[0]), _backward(1, slopes[1]), None, *blank),
        because=(*because, "", *("",) * len(more)), indices=_indices(formula, *more), stands_for=program,
        samples=(*_samples(*draws, *blank), *samples), torch=torch,
    )


def _torch(node: str, functional: str, module: str) -> Torch:
    return Torch(nodes=(node,), top=False, method=False, functional=functional, module=module)


def _square(k: Any, x: Any, y: Any) -> Any:
    error = x - y
    return error * error


MSE = _loss(
    "mse", _square, (lambda k, x, y: (x - y) * 2, lambda k, x, y: (y - x) * 2),
    lambda x, y: f"({x} − {y})^2",
    (N_("the square brings down its 2, and the mean shares it among the predictions"),
     N_("as for the prediction, with the sign turned")),
    _torch("MseLossBackward0", "mse_loss", "MSELoss"), ("normal", "normal"),
    _program(("error", "subtract", "x", "y"), ("values", "multiply", "error", "error")),
    ("mse",), "mse", N_("mean squared error"),
)

L1 = _loss(
    "l1", lambda k, x, y: k.absolute(x - y),
    (lambda k, x, y: k.sign(x - y), lambda k, x, y: k.sign(y - x)), lambda x, y: f"abs({x} − {y})",
    _PAIR, _torch("L1LossBackward0", "l1_loss", "L1Loss"), ("normal", "normal"),
    _program(("error", "subtract", "x", "y"), ("values", "abs", "error")),
    ("mae",), "mae", N_("mean absolute error"),
)


def _smooth(k: Any, x: Any, y: Any, beta: float = 1.0) -> Any:
    error = k.absolute(x - y)
    if beta == 0:
        return error
    return k.where(k.less(error, beta), error * error / 2 / beta, error - beta / 2)


def _smooth_slope(k: Any, x: Any, y: Any, beta: float = 1.0) -> Any:
    return k.sign(x - y) if beta == 0 else k.maximum(k.minimum((x - y) / beta, 1), -1)


def _huber(k: Any, x: Any, y: Any, delta: float = 1.0) -> Any:
    error = k.absolute(x - y)
    return k.where(k.greater(error, delta), (error - delta / 2) * delta, error * error / 2)


def _huber_slope(k: Any, x: Any, y: Any, delta: float = 1.0) -> Any:
    return k.maximum(k.minimum(x - y, delta), -delta)


_BENT = (
    N_("a small error counts by its square, so its slope is the error; a large one by its size, so the "
       "slope stays"),
    N_("as for the prediction, with the sign turned"),
)

SMOOTH_L1 = _loss(
    "smooth_l1", _smooth,
    (_smooth_slope, lambda k, x, y, beta=1.0: _smooth_slope(k, y, x, beta)),
    lambda x, y, beta=1.0: (
        f"where(abs({x} − {y}) < {beta}, ({x} − {y})^2/2/{beta}, abs({x} − {y}) − {beta}/2)"
        if beta else f"abs({x} − {y})"),
    _BENT, _torch("SmoothL1LossBackward0", "smooth_l1_loss", "SmoothL1Loss"), ("normal", "normal"),
    sign="sL1", rule=N_("smooth absolute error"), options=(("beta", 1.0),),
    samples=(Sample(((5,), (5,), None), (("beta", 0.5),)), Sample(((3,), (3,), None), (("beta", 0),))),
)

HUBER = _loss(
    "huber", _huber, (_huber_slope, lambda k, x, y, delta=1.0: _huber_slope(k, y, x, delta)),
    lambda x, y, delta=1.0: (
        f"where(abs({x} − {y}) ≤ {delta}, ({x} − {y})^2/2, {delta}·(abs({x} − {y}) − {delta}/2))"),
    _BENT, _torch("HuberLossBackward0", "huber_loss", "HuberLoss"), ("normal", "normal"),
    sign="huber", rule=N_("Huber's error"), options=(("delta", 1.0),),
    samples=(Sample(((5,), (5,), None), (("delta", 0.5),)),),
)


def _bce(k: Any, p: Any, t: Any) -> Any:
    """−(t·ln p + (1 − t)·ln(1 − p)), the logarithms not below −100."""
    return (t - 1) * k.maximum(k.log1p(-p), -100) - t * k.maximum(k.log(p), -100)


BCE = _loss(
    "bce", _bce,
    (lambda k, p, t: (p - t) / k.maximum((1 - p) * p, 1e-12),
     lambda k, p, t: k.maximum(k.log1p(-p), -100) - k.maximum(k.log(p), -100)),
    lambda p, t: f"−({t}·ln({p}) + (1 − {t})·ln(1 − {p}))",
    (N_("the two logarithms together give the error over p(1 − p)"),
     N_("the loss is a straight line in the target")),
    _torch("BinaryCrossEntropyBackward0", "binary_cross_entropy", "BCELoss"), ("unit", "unit"),
    _program(("values", "binary_cross_entropy", "x", "y")),
    ("bce", "binary_cross_entropy"), "bce", N_("binary cross-entropy"),
)


def _logits(k: Any, x: Any, t: Any, positive: Any = None) -> Any:
    """(1 − t)·x + ln(1 + e^−x), the logarithm without overflow; positive targets weighed where asked."""
    tail = k.log1p(k.exp(-k.absolute(x))) + k.maximum(-x, 0)
    if positive is None:
        return (1 - t) * x + tail
    return (1 - t) * x + (1 + (positive - 1) * t) * tail


def _logits_slope(k: Any, x: Any, t: Any, positive: Any = None) -> Any:
    if positive is None:
        return k.sigmoid(x) - t
    weighted = t * positive
    return (weighted + 1 - t) * k.sigmoid(x) - weighted


def _logits_target(k: Any, x: Any, t: Any, positive: Any = None) -> Any:
    return -x if positive is None else -x + k.softplus(-x) * (positive - 1)


BCE_LOGITS = _loss(
    "bce_with_logits", _logits, (_logits_slope, _logits_target),
    lambda x, t, positive="": (
        f"(1 − {t})·{x} + {f'(1 + ({positive} − 1)·{t})·' if positive else ''}ln(1 + exp(−{x}))"),
    (N_("the sigmoid's slope cancels the loss's p(1 − p): what is left is the error σ(x) − t"),
     N_("the loss is a straight line in the target")),
    _torch("BinaryCrossEntropyWithLogitsBackward0", "binary_cross_entropy_with_logits",
           "BCEWithLogitsLoss"), ("normal", "unit"),
    sign="bce", rule=N_("binary cross-entropy"), more=("positive",),
    samples=(Sample(((2, 3), (2, 3), None, (3,)), draws=("normal", "unit", "positive", "positive")),),
)


def _divergence(k: Any, x: Any, t: Any, log_target: bool = False) -> Any:
    if log_target:
        return k.exp(t) * (t - x)
    return k.where(k.equal(t, 0), k.zeros_like(t), t * k.log(t)) - t * x


def _divergence_target(k: Any, x: Any, t: Any, log_target: bool = False) -> Any:
    if log_target:
        return k.exp(t) * (t - x + 1)
    return k.log(t) + t / t - x  # at a target of 0 it is not defined


KL = _loss(
    "kl_divergence", _divergence,
    (lambda k, x, t, log_target=False: -k.exp(t) if log_target else -t, _divergence_target),
    lambda x, t, log_target=False: (
        f"exp({t})·({t} − {x})" if log_target else f"where({t} = 0, 0, {t}·ln({t})) − {t}·{x}"),
    (N_("the divergence is a straight line in the log-probability, of slope −t"),
     N_("the slope of t·ln t is ln t + 1, less the log-probability")),
    _torch("KlDivBackward0", "kl_div", "KLDivLoss"), ("normal", "unit"),
    sign="KL", rule=N_("divergence"), options=(("log_target", False),),
    samples=(Sample(((2, 3), (2, 3), None), (("log_target", True),)),),
)

ROWS = (MSE, L1, SMOOTH_L1, HUBER, BCE, BCE_LOGITS, KL)
