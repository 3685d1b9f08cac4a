"""The rows of losses of classes: the cross-entropy of scores, and minus the log-likelihood.

Scores lie along axis 1 (axis 0 of a single sample). A target is a class number for each place, or, for the
cross-entropy, a distribution in the scores' shape.
"""

from __future__ import annotations

from typing import Any

from ..sentences import N_, said
from .index_formulas import letters
from .sizes import Misfit, Operand, Shape, count_of, shown
from .tensor_record import Sample, Step, TensorOperation, Torch

__all__ = ["ROWS"]


def _axis(shape: Any) -> int:
    return 1 if len(shape) > 1 else 0


def _without(shape: Any, axis: int) -> tuple[Any, ...]:
    return (*shape[:axis], *shape[axis + 1 :])


def _classes_shape(scores: Shape, target: Shape, weight: Shape | None = None, reduction: str = "mean",
                   **_: Any) -> Shape:
    if not scores:
        raise Misfit(N_("{name} is one number and has no classes: scores are a vector or rows of them"),
                     at=0, name=Operand(0), default=_NAMES)
    axis = _axis(scores)
    places = _without(scores, axis)
    if target not in (places, scores):
        raise _other_target(scores, target, places)
    if weight is not None and weight != (scores[axis],):
        raise Misfit(
            N_("{name} is {first}: {scores}, {second}, has {n} classes, and one weight for each"), at=2,
            name=Operand(2), scores=Operand(0), first=shown(weight), second=shown(scores), n=scores[axis],
            default=_NAMES, needs=((2, weight, (scores[axis],)),),
        )
    return places if reduction == "none" else ()


_NAMES = ("scores", "target", "weight")


def _other_target(scores: Shape, target: Shape, places: Shape) -> Misfit:
    """Return the misfit of a target that is neither a label for each place nor a distribution."""
    rows = len(scores) == len(target) == 2 and scores[0] == target[0]
    if not places:
        reason = N_("{scores} is {first}: its target is one label, a number, or a distribution, {first}; "
                    "{target} is {second}")
    elif rows and target[1] != 1:
        reason = N_("{scores} is {first}: one-hot rows have an entry for each of its {classes} classes; "
                    "{target} is {second}")
    elif len(places) == 1:
        reason = N_("{scores} is {first}: its targets are one label for each row, {places}, or a "
                    "distribution, {first}; {target} is {second}")
    else:
        reason = N_("{scores} is {first}: its targets are labels, {places}, or a distribution, {first}; "
                    "{target} is {second}")
    wanted = scores if rows and target[1] != 1 else places
    differ = [(m, n) for m, n in zip(wanted, target, strict=False) if m != n]
    sizes = differ[0] if differ and len(wanted) == len(target) else ()
    needs = ((1, target, scores),) if rows and target[1] != 1 else ()
    return Misfit(
        reason, at=1, sizes=sizes, needs=needs, default=_NAMES, scores=Operand(0), target=Operand(1),
        first=shown(scores), second=shown(target) if target else said(N_("a number")),
        places=shown(places), classes=scores[_axis(scores)],
    )  # fmt: skip


def _labels_shape(scores: Shape, target: Shape, weight: Shape | None = None, reduction: str = "mean",
                  **_: Any) -> Shape:
    found = _classes_shape(scores, target, weight, reduction)
    if target == scores:
        raise Misfit(said(N_("this loss takes a class number for each place, not a distribution")), at=1)
    return found


def _to_classes(k: Any, hot: Any, axis: int) -> Any:
    """Return a tensor with its last axis put where the classes lie."""
    rank = len(k.shape(hot))
    if axis == rank - 1:
        return hot
    return k.permute(hot, (*range(axis), rank - 1, *range(axis, rank - 1)))


def _hot(k: Any, scores: Any, target: Any, ignore_index: int, like: Any) -> Any:
    """Return a 1 at each target's class, in the dtype of `like`; nothing for targets that are ignored."""
    shape = k.shape(scores)
    axis = _axis(shape)
    hot = k.one_hot(target, shape[axis], like)
    if ignore_index >= 0:
        counted = 1 - k.cast(k.equal(target, ignore_index), k.kind(like))
        hot = hot * k.reshape(counted, (*k.shape(counted), 1))
    return _to_classes(k, hot, axis)


def _by_class(k: Any, weight: Any, shape: Any) -> Any:
    axis = _axis(shape)
    return k.reshape(weight, tuple(n if i == axis else 1 for i, n in enumerate(shape)))


def _wanted(
    k: Any, scores: Any, target: Any, weight: Any, ignore_index: int, smoothing: float, like: Any
) -> tuple[Any, Any, Any]:
    """Return the distribution q that is wanted, weighted, what a mean divides by, and how many count."""
    shape = k.shape(scores)
    axis = _axis(shape)
    if k.shape(target) == shape:
        q = target if not smoothing else target * (1 - smoothing) + smoothing / shape[axis]
        if weight is not None:
            q = q * _by_class(k, weight, shape)
        return q, count_of(_without(shape, axis)), None
    hot = _hot(k, scores, target, ignore_index, like)
    q = hot if weight is None else hot * _by_class(k, weight, shape)
    mass = k.sum(q)
    if smoothing:
        mass = mass * (mass / mass)  # of no weight at all the mean is nan, whatever smoothing adds
        counted = k.sum(hot, (axis,), True)
        even = counted if weight is None else counted * _by_class(k, weight, shape)
        q = q * (1 - smoothing) + even * (smoothing / shape[axis])
    return q, mass, k.sum(hot)


def _log_shares(k: Any, scores: Any) -> Any:
    axis = (_axis(k.shape(scores)),)
    z = scores - k.offset(scores, axis)
    return z - k.log(k.sum(k.exp(z), axis, True))


def _rows_of(k: Any, values: Any, scores: Any, divisor: Any, reduction: str) -> Any:
    rows = k.sum(values, (_axis(k.shape(scores)),))
    if reduction == "none":
        return rows
    return k.sum(rows) / divisor if reduction == "mean" else k.sum(rows)


def _cross_entropy(
    k: Any, scores: Any, target: Any, weight: Any = None, reduction: str = "mean",
    ignore_index: int = -100, label_smoothing: float = 0.0,
) -> Any:
    q, divisor, _ = _wanted(k, scores, target, weight, ignore_index, label_smoothing, scores)
    values = k.guard(k.equal(q, 0), k.zeros_like(q), -(q * _log_shares(k, scores)))
    return _rows_of(k, values, scores, divisor, reduction)


def _handed(k: Any, g: Any, scores: Any, divisor: Any, counted: Any, reduction: str) -> Any:
    """Return δ's share for each place, standing along the classes.

    Where every target is ignored the mean is nan, and yet no score has a part in it: its share is 0.
    Targets that count with weight 0 give nan to both.
    """
    if reduction == "mean":
        if counted is None:
            return g / divisor
        return g / k.guard(k.equal(counted, 0), k.zeros_like(divisor) + 1, divisor)
    if reduction == "none":
        shape = k.shape(scores)
        axis = _axis(shape)
        return k.reshape(g, tuple(1 if i == axis else n for i, n in enumerate(shape)))
    return g


def _score_gradient(
    k: Any, g: Any, out: Any, scores: Any, target: Any, weight: Any = None, reduction: str = "mean",
    ignore_index: int = -100, label_smoothing: float = 0.0,
) -> Any:
    """∂L/∂z = (softmax(z)·Σq − q)·δ: the shares less what was wanted."""
    q, divisor, counted = _wanted(k, scores, target, weight, ignore_index, label_smoothing, g)
    mass = k.sum(q, (_axis(k.shape(scores)),), True)
    return _handed(k, g, scores, divisor, counted, reduction) * (k.exp(_log_shares(k, scores)) * mass - q)


def _target_gradient(
    k: Any, g: Any, out: Any, scores: Any, target: Any, weight: Any = None, reduction: str = "mean",
    ignore_index: int = -100, label_smoothing: float = 0.0,
) -> Any:
    """∂L/∂q = −ln softmax(z)·δ, for a target that is a distribution."""
    shape = k.shape(scores)
    divisor = count_of(_without(shape, _axis(shape)))
    handed = _handed(k, g, scores, divisor, None, reduction)
    found = -(handed * _log_shares(k, scores)) * (1 - label_smoothing)
    return found if weight is None else found * _by_class(k, weight, shape)


def _entropy_indices(
    scores: Any, target: Any, weight: Any = None, reduction: str = "mean", ignore_index: int = -100,
    label_smoothing: float = 0.0,
) -> str:
    axis = _axis(scores)
    names = letters(len(scores))
    place = [n for i, n in enumerate(names) if i != axis]

    def score(index: str) -> str:
        return f"scores[{','.join([*names[:axis], index, *names[axis + 1:]])}]"

    scale = "" if weight is None else "weight[{}]·"
    if target == scores:
        smooth = (f"({1 - label_smoothing}·target[{','.join(names)}] + {label_smoothing}/{scores[axis]})"
                  if label_smoothing else f"target[{','.join(names)}]")
        body = (f"Σ {names[axis]} ({scale.format(names[axis])}{smooth}·"
                f"(ln(Σ s exp({score('s')})) − {score(names[axis])}))")
        count = str(count_of(_without(scores, axis)))
    else:
        label = f"target[{','.join(place)}]" if place else "target"
        body = f"({scale.format(label)}(ln(Σ s exp({score('s')})) − {score(label)}))"
        over = "".join(f"Σ {n} " for n in place)
        count = f"({over}weight[{label}])" if weight is not None else str(count_of(_without(scores, axis)))
    if reduction == "none":
        return f"out[{','.join(place)}] = {body}" if place else f"out = {body}"
    total = "".join(f"Σ {n} " for n in place) + f"({body})"
    return f"out = ({total})" + (f"/{count}" if reduction == "mean" else "")


def _score_gradient_indices(
    scores: Any, target: Any, weight: Any = None, reduction: str = "mean", ignore_index: int = -100,
    label_smoothing: float = 0.0,
) -> str:
    """Return p − y in indices; nothing with weights, smoothing, or labels that do not count."""
    if weight is not None or label_smoothing or ignore_index >= 0:
        return ""
    axis = _axis(scores)
    names = letters(len(scores))
    place = [n for i, n in enumerate(names) if i != axis]

    def entry(array: str, index: str) -> str:
        return f"{array}[{','.join([*names[:axis], index, *names[axis + 1:]])}]"

    own = names[axis]
    share = f"exp({entry('scores', own)})/(Σ s exp({entry('scores', 's')}))"
    if target == scores:
        wanted = entry("target", own)
        share = f"(Σ t {entry('target', 't')})·{share}"
    else:
        label = f"target[{','.join(place)}]" if place else "target"
        wanted = f"where({own} = {label}, 1, 0)"
    upstream = f"g[{','.join(place)}]" if reduction == "none" and place else "g"
    count = count_of(_without(scores, axis))
    divided = f"/{count}" if reduction == "mean" and count != 1 else ""
    return f"grad[{','.join(names)}] = {upstream}·({share} − {wanted}){divided}"


def _entropy_program(
    scores: Any, target: Any, weight: Any = None, reduction: str = "mean", ignore_index: int = -100,
    label_smoothing: float = 0.0,
) -> tuple[Step, ...]:
    """Return the logarithm of softmax, then the likelihood; of a distribution, the sum weighted by it.

    Targets that are ignored, and smoothed ones with weights or of many axes, have no program.
    """
    axis = _axis(scores)
    first = Step("logp", "log_softmax", ("scores",), (("axis", axis),))
    if target != scores and not label_smoothing and ignore_index < 0:
        operands = ("logp", "target") if weight is None else ("logp", "target", "weight")
        return first, Step("out", "nll", operands, (("reduction", reduction),))
    if weight is not None or (target != scores and (ignore_index >= 0 or axis != len(scores) - 1)):
        return ()
    wanted, steps = "target", [first]
    if target != scores:
        steps.append(Step("hot", "one_hot", ("target",), (("classes", scores[axis]),)))
        wanted = "hot"
    if label_smoothing:
        steps += [Step("sure", "multiply", (wanted, 1 - label_smoothing)),
                  Step("smooth", "add", ("sure", label_smoothing / scores[axis]))]
        wanted = "smooth"
    steps += [Step("products", "multiply", ("logp", wanted)),
              Step("rows", "sum", ("products",), (("axis", axis),)), Step("losses", "negate", ("rows",))]
    last = ("losses", 1) if reduction == "none" else ("losses",)
    return *steps, Step("out", {"none": "multiply"}.get(reduction, reduction), last)


CROSS_ENTROPY = TensorOperation(
    name="cross_entropy", operands=("scores", "target", "weight"), optional=("weight",),
    spelled=("cross_entropy",), sign="ce", rule=N_("cross-entropy"),
    options=(("reduction", "mean"), ("ignore_index", -100), ("label_smoothing", 0.0)),
    shape=_classes_shape, forward=_cross_entropy, backward=(_score_gradient, _target_gradient, None),
    because=(
        N_("softmax and logarithm together leave the shares less what was wanted, p − y"),
        N_("the loss is a straight line in the target, of slope minus the logarithm of the share"), "",
    ),
    indices=_entropy_indices, index_gradients=(_score_gradient_indices,), stands_for=_entropy_program,
    samples=(
        Sample(((2, 3), (2,), None), draws=("normal", 3)),
        Sample(((2, 3), (2, 3), None), draws=("normal", "shares")),
        Sample(((3, 3), (3,), None), (("ignore_index", 1),), ("normal", 3)),
        Sample(((2, 3), (2,), None), (("label_smoothing", 0.2),), ("normal", 3)),
        Sample(((2, 3), (2, 3), (3,)), (("label_smoothing", 0.1),), ("normal", "shares", "positive")),
        Sample(((2, 3), (2,), (3,)), (("reduction", "mean"),), ("normal", 3, "positive")),
        Sample(((3,), (), None), (("reduction", "sum"),), ("normal", 3)),
        Sample(((2, 2, 2), (2, 2), None), (("reduction", "none"),), ("normal", 2)),
        Sample(((1, 2), (1, 2), None), (("reduction", "none"),), ("normal", "shares")),
    ),
    torch=Torch(nodes=("NllLossBackward0", "NegBackward0", "DivBackward1", "AddBackward0"), top=False,
                method=False, functional="cross_entropy", module="CrossEntropyLoss"),
)


def _likelihood(
    k: Any, scores: Any, target: Any, weight: Any = None, reduction: str = "mean", ignore_index: int = -100,
) -> Any:
    q, divisor, _ = _wanted(k, scores, target, weight, ignore_index, 0.0, scores)
    values = k.guard(k.equal(q, 0), k.zeros_like(q), -q * scores)
    return _rows_of(k, values, scores, divisor, reduction)


def _likelihood_gradient(
    k: Any, g: Any, out: Any, scores: Any, target: Any, weight: Any = None, reduction: str = "mean",
    ignore_index: int = -100,
) -> Any:
    q, divisor, counted = _wanted(k, scores, target, weight, ignore_index, 0.0, g)
    return -(q * _handed(k, g, scores, divisor, counted, reduction))


def _likelihood_indices(scores: Any, target: Any, weight: Any = None, reduction: str = "mean",
                        ignore_index: int = -100) -> str:
    axis = _axis(scores)
    names = letters(len(scores))
    place = [n for i, n in enumerate(names) if i != axis]
    label = f"target[{','.join(place)}]" if place else "target"
    own = f"scores[{','.join([*names[:axis], label, *names[axis + 1:]])}]"
    body = f"−{own}" if weight is None else f"−(weight[{label}]·{own})"
    if reduction == "none":
        return f"out[{','.join(place)}] = {body}" if place else f"out = {body}"
    over = "".join(f"Σ {n} " for n in place)
    if reduction == "sum":
        return f"out = ({over}({body}))"
    count = f"({over}weight[{label}])" if weight is not None else str(count_of(_without(scores, axis)))
    return f"out = ({over}({body}))/{count}"


NLL = TensorOperation(
    name="nll", operands=("scores", "target", "weight"), optional=("weight",), spelled=("nll",), sign="nll",
    rule=N_("negative log-likelihood"), options=(("reduction", "mean"), ("ignore_index", -100)),
    shape=_labels_shape, forward=_likelihood, backward=(_likelihood_gradient, None, None),
    because=(N_("only the entry of the target's class takes part, with the sign turned"), "", ""),
    indices=_likelihood_indices,
    samples=(
        Sample(((2, 3), (2,), None), draws=("normal", 3)),
        Sample(((2, 3), (2,), (3,)), draws=("normal", 3, "positive")),
        Sample(((3,), (), None), (("reduction", "sum"),), ("normal", 3)),
        Sample(((2, 2, 2), (2, 2), None), (("reduction", "none"),), ("normal", 2)),
    ),
    torch=Torch(nodes=("NllLossBackward0",), top=False, method=False, functional="nll_loss",
                module="NLLLoss"),
)

ROWS = (CROSS_ENTROPY, NLL)
