"""Slips of softmax and cross-entropy: their values, their slopes, and the short cut p − y.

The scores z are the operands of a softmax, its shares p its outputs, the labels y what a cross-entropy
compares the shares with: as one operation, or written out with a logarithm of each share.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .broken_pass import Bend, Handed, Plan, Scene
from .forward_slips import computed_by
from .operators import Operator
from .slip_record import EdgeView, Site, Slip, different, handed_on_edges

__all__ = ["ROWS"]

Wrong = Callable[[Sequence[float]], float]


def _shares_by(operator: Operator) -> dict[str, Wrong]:
    """Return wrong values of one share from all scores."""
    if operator.op != "softmax":
        return {}
    i = int(operator.options["index"])
    return {
        "not normalised": lambda v: math.exp(v[i]),
        "linear": lambda v: v[i] / math.fsum(v),
        "sigmoid": lambda v: 1 / (1 + math.exp(-v[i])),
        "turned": lambda v: math.exp(-v[i]) / math.fsum(math.exp(-x) for x in v),
        "others": lambda v: math.exp(v[i]) / math.fsum(math.exp(x) for n, x in enumerate(v) if n != i),
        "base 2": lambda v: 2 ** v[i] / math.fsum(2**x for x in v),
        "base 10": lambda v: 10 ** v[i] / math.fsum(10**x for x in v),
        "squares": lambda v: v[i] ** 2 / math.fsum(x * x for x in v),
        "sizes": lambda v: abs(v[i]) / math.fsum(map(abs, v)),
        "largest": lambda v: float(v[i] == max(v)),
        "left out": lambda v: v[i],
        "averaged": lambda v: math.exp(v[i]) / len(v),
        "log": lambda v: v[i] - math.log(math.fsum(map(math.exp, v))),
    }


def _losses_by(operator: Operator) -> dict[str, Wrong]:
    """Return wrong values of a cross-entropy from shares and labels."""
    if operator.op == "binary_cross_entropy":
        def first(v: Sequence[float]) -> float:
            return v[1] * math.log(v[0])

        def second(v: Sequence[float]) -> float:
            return (1 - v[1]) * math.log(1 - v[0])

        return {
            "no minus": lambda v: first(v) + second(v),
            "log10": lambda v: -(first(v) + second(v)) / math.log(10),
            "first": lambda v: -first(v), "second": lambda v: -second(v),
            "minus between": lambda v: -(first(v) - second(v)),
            "squared": lambda v: (v[0] - v[1]) ** 2, "half squared": lambda v: (v[0] - v[1]) ** 2 / 2,
            "label": lambda v: -math.log(v[0]), "other": lambda v: -math.log(1 - v[0]),
            "difference": lambda v: abs(v[0] - v[1]),
            "turned": lambda v: -(1 - v[1]) * math.log(v[0]) - v[1] * math.log(1 - v[0]),
        }  # fmt: skip
    if operator.op != "cross_entropy":
        return {}
    n = len(operator.operands) // 2

    def summed(v: Sequence[float], part: Callable[[float, float], float]) -> float:
        return math.fsum(part(p, y) for p, y in zip(v[:n], v[n:], strict=True))

    return {
        "no minus": lambda v: summed(v, lambda p, y: y * math.log(p) if y else 0.0),
        "log10": lambda v: summed(v, lambda p, y: -y * math.log10(p) if y else 0.0),
        "log2": lambda v: summed(v, lambda p, y: -y * math.log2(p) if y else 0.0),
        "all": lambda v: summed(v, lambda p, y: -math.log(p)),
        "other": lambda v: summed(v, lambda p, y: -(1 - y) * math.log(p)),
        "no log": lambda v: summed(v, lambda p, y: -y * p),
        "share": lambda v: summed(v, lambda p, y: y * p),
        "one minus": lambda v: 1 - summed(v, lambda p, y: y * p),
        "squared": lambda v: summed(v, lambda p, y: (p - y) ** 2),
        "half squared": lambda v: summed(v, lambda p, y: (p - y) ** 2) / 2,
        "mean": lambda v: summed(v, lambda p, y: -y * math.log(p) if y else 0.0) / n,
        "both": lambda v: summed(v, lambda p, y: -math.log(p if y else 1 - p)),
    }


def _slopes(view: EdgeView) -> Mapping[str, float | Handed]:
    """Return wrong slopes of a share along a score."""
    index, out = int(view.operator.options["index"]), view.out
    own = index == view.slot
    found: dict[str, float | Handed] = {
        "left out": 1.0 if own else 0.0,
        "share": out if own else 0.0,
        "one minus": 1 - out if own else 0.0,
        "no square": out if own else view.local,
        "cross sign": view.local if own else -view.local,
        "cross only": 0.0 if own else view.local,
        "sign": -view.local,
        "same": out * (1 - out),
    }
    if not own:
        found["sigmoid"] = 0.0
    return found


@dataclass(frozen=True, slots=True)
class _Classes:
    """Scores, shares and labels of one cross-entropy behind one softmax, in the order of the classes."""

    scores: tuple[int, ...]
    shares: tuple[int, ...]
    labels: tuple[float, ...]


def _label(plan: Plan, share: int, values: Sequence[float]) -> float | None:
    """Return a share's label: what a cross-entropy compares it with, or what multiplies its logarithm."""
    for edge in plan.gathered[share]:
        operator = plan.at[edge[1]]
        if operator.op == "cross_entropy":
            n = len(operator.operands) // 2
            return values[operator.operands[n + edge[2]]]
        if operator.op == "log":
            uses = plan.gathered[operator.place]
            above = plan.at[uses[0][1]] if len(uses) == 1 else None
            if above is not None and above.op == "multiply":
                return values[above.operands[1 - uses[0][2]]]
            return 1.0
    return None


def _classes(scene: Scene) -> Iterator[_Classes]:
    plan = scene.plan
    groups: dict[tuple[int, ...], list[Operator]] = {}
    for operator in plan.operators:
        if operator.op == "softmax":
            groups.setdefault(operator.operands, []).append(operator)
    for scores, made in groups.items():
        made.sort(key=lambda operator: int(operator.options["index"]))
        shares = tuple(operator.place for operator in made)
        labels = [_label(plan, share, scene.values) for share in shares]
        if len(shares) == len(scores) and any(label is not None for label in labels):
            yield _Classes(scores, shares, tuple(label or 0.0 for label in labels))


def _short_cut(scene: Scene) -> Iterator[Site]:
    """Yield wrong gradients of scores where p − y, times one number, is the right one."""
    gradients = scene.gradients
    for group in _classes(scene):
        shares = [scene.values[i] for i in group.shares]
        scales = [
            gradients[z] / (p - y)
            for z, p, y in zip(group.scores, shares, group.labels, strict=True) if different(p, y)
        ]  # fmt: skip
        if not scales or any(abs(s - scales[0]) > 1e-6 * abs(scales[0]) for s in scales):
            continue
        for place, p, y in zip(group.scores, shares, group.labels, strict=True):
            made = {
                "p": p, "turned": y - p, "p - 1": p - 1, "slope": (p - y) * p * (1 - p), "label": -y,
                "y": y,
                "sum": p + y, "slope alone": p * (1 - p), "1 - p": 1 - p, "squared": (p - y) ** 2,
                "doubled": 2 * (p - y), "times p": (p - y) * p, "product": p * y,
                "log": -math.log(p) if p > 0 else 0.0,
            }  # fmt: skip
            for variant, number in made.items():
                if different(number, p - y):
                    yield Site(place, Bend(totals={place: (0.0, scales[0] * number)}), variant)


def _share_gradients(scene: Scene) -> Iterator[Site]:
    """Yield wrong gradients of shares, where the right one is −y/p times one number."""
    gradients = scene.gradients
    for group in _classes(scene):
        shares = [scene.values[i] for i in group.shares]
        scales = [
            -gradients[i] * p / y for i, p, y in zip(group.shares, shares, group.labels, strict=True) if y
        ]
        if not scales or any(abs(s - scales[0]) > 1e-6 * abs(scales[0]) for s in scales):
            continue
        for place, p, y in zip(group.shares, shares, group.labels, strict=True):
            for variant, number in _of_share(p, y).items():
                if different(number, -y / p if p else math.nan):
                    yield Site(place, Bend(totals={place: (0.0, scales[0] * number)}), variant)


def _of_share(p: float, y: float) -> dict[str, float]:
    log = math.log(p) if p > 0 else math.nan
    return {
        "p - y": p - y, "all": -1 / p, "sign": y / p, "turned": -p / y if y else 0.0,
        "share": -p if y else 0.0,
        "no share": -y, "log": -y * log, "log of all": -log, "one over": 1 / p, "y - p": y - p,
        "squared": -y / (p * p), "sigmoid": (p - y) / (p * (1 - p)) if p < 1 else math.nan,
        "times": -y * p,
    }  # fmt: skip


def _binary(view: EdgeView) -> Mapping[str, float | Handed]:
    """Return wrong slopes of a binary cross-entropy along its prediction."""
    p, y = view.operands[0], view.operands[1]
    if view.slot != 0 or not 0 < p < 1:
        return {}
    return {
        "p - y": p - y, "y - p": y - p, "sign": -view.local, "first": -y / p, "second": (1 - y) / (1 - p),
        "minus between": -y / p - (1 - y) / (1 - p), "no share": 1 - 2 * y, "one": 1.0, "all": -1 / p,
        "no denominator": y * (1 - p) - (1 - y) * p, "times": (p - y) * p * (1 - p),
        "no 1 - p": (p - y) / p, "value": view.out,
    }  # fmt: skip


def _of_scores(scene: Scene) -> Iterator[Site]:
    """Yield wrong gradients of the score of a binary cross-entropy behind a sigmoid, where it is p − y."""
    plan = scene.plan
    for operator in plan.operators:
        if operator.op != "binary_cross_entropy":
            continue
        source = plan.at.get(operator.operands[0])
        edges = plan.gathered[operator.operands[0]]
        if source is None or source.op != "sigmoid" or len(edges) != 1:
            continue
        place = source.operands[0]
        p, y = scene.values[source.place], scene.values[operator.operands[1]]
        scale = scene.gradients[operator.place]
        slope = p * (1 - p)
        made = {"p": p, "turned": y - p, "slope": (p - y) * slope, "slope alone": slope, "label": -y}
        for variant, number in made.items():
            if different(number, p - y):
                yield Site(place, Bend(totals={place: (0.0, scale * number)}), variant)


def _both(scene: Scene) -> Iterator[Site]:
    yield from _short_cut(scene)
    yield from _of_scores(scene)


def _entropies(scene: Scene) -> Iterator[Site]:
    """Yield wrong gradients of shares, and wrong slopes of the binary cross-entropy."""
    yield from _share_gradients(scene)
    yield from handed_on_edges(_binary, "binary_cross_entropy")(scene)


def _alone(view: EdgeView) -> float | Handed | None:
    return 0.0 if int(view.operator.options["index"]) != view.slot else None



ROWS = (
    Slip(
        name="softmax-values", family="activations", rank=1, sites=computed_by(_shares_by), fixed=True,
        sentence="softmax was not worked out as it is: e to each score, divided by the sum of all of them.",
        hint="The shares are positive, and add up to 1.",
        variants={
            "not normalised": "e to the score stands here; it is still to be divided by the sum of all "
            "of them.",
            "linear": "The scores themselves were divided by their sum; softmax does that with e to "
            "each score.",
            "sigmoid": "A sigmoid was taken of the score alone; softmax compares it with all the others.",
            "turned": "The sign of the scores was turned: softmax takes e to the score, without a minus.",
            "others": "The sum below leaves out the score itself; it goes over all of them.",
            "left out": "softmax was not applied: the score stands here.",
            "largest": "The largest score was given 1 and the others 0; softmax gives each its share.",
        },
        ranks={"not normalised": 0.5, "others": 2, "base 2": 3, "base 10": 3, "squares": 3.5, "sizes": 2.5,
               "averaged": 4, "log": 3, "left out": 2, "largest": 3},
    ),
    Slip(
        name="cross-entropy-value", family="losses", rank=2, sites=computed_by(_losses_by), fixed=True,
        sentence="The cross-entropy was not worked out as it is: minus the sum of each label times ln "
        "of its share.",
        hint="Write out −(y₁·ln p₁ + y₂·ln p₂ + …), and put in the numbers.",
        variants={
            "no minus": "The minus in front of the cross-entropy was forgotten.",
            "log10": "The logarithm to the base 10 was taken; here ln is the natural logarithm.",
            "log2": "The logarithm to the base 2 was taken; here ln is the natural logarithm.",
            "all": "The logarithms of all shares were added; each is multiplied by its label first.",
            "other": "The share of another class was taken.",
            "no log": "The logarithm was left out.",
            "squared": "The squared error was taken; the loss here is the cross-entropy.",
            "half squared": "The squared error was taken; the loss here is the cross-entropy.",
            "first": "Only the term with y was taken; the one with 1 − y belongs to it.",
        },
        ranks={"no minus": 0.5, "log10": 1, "all": 1, "half squared": 3, "mean": 3, "both": 2.5, "share": 3,
               "no log": 3, "difference": 3.5},
    ),
    Slip(
        name="softmax-alone", family="activations", rank=1, sites=handed_on_edges(_alone, "softmax"),
        sentence="The slope of a sigmoid was taken for softmax: its outputs depend on every score, not "
        "only on their own.",
        hint="If one score rises, what happens to the other shares?",
    ),
    Slip(
        name="softmax-rule", family="activations", rank=2, sites=handed_on_edges(_slopes, "softmax"),
        sentence="The slope of softmax is pᵢ·(1 − pᵢ) along its own score, and −pᵢ·pⱼ along another one.",
        hint="A share rises with its own score, and falls when another one rises.",
        variants={
            "left out": "The derivative of softmax was left out.",
            "cross sign": "The sign between two classes is wrong: a share falls, −pᵢ·pⱼ, when another "
            "score rises.",
        },
        ranks={"left out": 1.5, "cross sign": 1.5, "same": 3, "cross only": 2.5, "sign": 3, "one minus": 3,
               "no square": 2.5, "sigmoid": 9},
    ),
    Slip(
        name="softmax-cross-entropy", family="losses", rank=2, sites=_both,
        sentence="Behind softmax or a sigmoid the gradient of the cross-entropy is p − y along each score.",
        hint="Take the label of each class from its share.",
        variants={
            "p": "The label was not subtracted: along each score the gradient is p − y.",
            "turned": "The difference is the wrong way round: along each score the gradient is p − y.",
            "p - 1": "1 was subtracted from every share; only the right class has the label 1.",
            "slope": "The slope p·(1 − p) was multiplied in once more; p − y contains it already.",
            "label": "The shares were forgotten: along each score the gradient is p − y.",
        },
        ranks={"p": 1, "turned": 1, "p - 1": 1.5, "slope": 1.5, "sum": 3.5, "squared": 3.5, "doubled": 3.5,
               "product": 4, "log": 4, "times p": 3, "1 - p": 3, "y": 3},
    ),
    Slip(
        name="cross-entropy-rule", family="losses", rank=2, sites=_entropies,
        sentence="The slope of −y·ln p along p is −y/p.",
        hint="The derivative of ln is one over its argument; label and minus stay.",
        variants={
            "p - y": "p − y is the gradient along the score; along the share itself it is not.",
            "all": "The labels were forgotten: a class with the label 0 adds nothing to the loss.",
            "sign": "The minus of the cross-entropy was lost on the way down.",
            "turned": "The fraction is turned over: the slope is −y/p.",
            "no share": "The 1/p of the logarithm's slope was left out.",
            "log": "The logarithm itself was taken for its slope, 1/p.",
            "first": "Only the term with y was taken; the one with 1 − y has a slope, too.",
            "one": "The slope of the loss was taken for 1.",
        },
        ranks={"p - y": 1, "all": 1.2, "sign": 1, "no share": 1.5, "times": 4, "squared": 3.5, "y - p": 3,
               "log of all": 3.5, "value": 4, "second": 3, "no denominator": 3, "sigmoid": 3},
    ),
)  # fmt: skip
