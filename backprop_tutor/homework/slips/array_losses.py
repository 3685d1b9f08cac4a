"""Slips at the loss over matrices: P without Y, the sign of the error, softmax entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ...ops import OPS
from .array_bends import Array, ArrayBend, ArrayPlan, Edge, EdgeRule, View, kind_of
from .array_sites import ArraySite, at_edges, edge_of, is_parameter, leaf_of, target_of
from .slip_record import Slip

__all__ = ["ROWS"]

_LOSSES = ("mse", "bce", "cross_entropy", "bce_with_logits", "mae", "huber", "nll")
_ALIKE = 1e-6


def _into_loss(plan: ArrayPlan, edge: Edge) -> bool:
    return kind_of(plan.graph.nodes[edge[1]]) in _LOSSES and edge[2] == 0


def _shares(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def _scores(view: View) -> tuple[Array, Array, float]:
    """Return shares, one-hot targets, and by what the loss divides, of a cross-entropy of scores."""
    shares = _shares(view.operand)
    count = float(view.operand.size // view.operand.shape[-1])
    return shares, shares - view.right(1.0) * count, count


def _cross_entropy(variant: str) -> EdgeRule:
    def rule(view: View) -> Array:
        p, y, n = _scores(view)
        made = {
            "without y": p, "y alone": -y, "scores": view.operand - y, "quotient": -y / p,
            "slope again": (p - y) * p * (1 - p), "of the right class": (p - y) * y,
        }  # fmt: skip
        return np.asarray(view.g * made[variant] / n)

    return rule


def _without_target(view: View) -> Array:
    """Return what a loss of squares hands down with the target left out."""
    operands = view.operands
    return np.asarray(2 * view.g * operands[0] / operands[0].size)


def _errors(plan: ArrayPlan) -> Iterator[tuple[int, int]]:
    """Yield differences of a prediction and a target, with the prediction's place."""
    for place, node in enumerate(plan.graph.nodes):
        if node.op == "subtract" and plan.gathered[place]:
            slot = target_of(plan, place)
            if slot is not None:
                yield place, node.operands[1 - slot]


def _error_sign(plan: ArrayPlan) -> Iterator[ArraySite]:
    for edge in plan.edges:
        if _into_loss(plan, edge):
            yield ArraySite(edge, ArrayBend(edges={edge: lambda view: -view.right()}))
    for place, _ in _errors(plan):
        yield ArraySite(place, ArrayBend(totals={place: lambda plan, values, g: -g}))


def _ratio(g: Array, difference: Array) -> Array | None:
    """Return c where g = c·difference with one c for all entries; None where it is not so."""
    held = np.abs(difference) > 1e-9 * float(np.max(np.abs(difference), initial=0.0))
    if not held.any():
        return None
    quotients = g[held] / difference[held]
    c = float(np.median(quotients))
    same = np.all(np.abs(g - c * difference) <= _ALIKE * max(float(np.max(np.abs(g))), 1e-300))
    return np.asarray(c) if same else None


def _without(place: int, prediction: int, sign: float) -> Any:
    """Return the gradient of a squared error with the prediction alone in the error's place."""

    def total(plan: ArrayPlan, values: Sequence[Any], g: Array) -> Array | None:
        error = np.asarray(values[place])
        c = _ratio(g, error)
        return None if c is None else sign * c * np.asarray(values[prediction])

    return total


def _prediction_alone(plan: ArrayPlan) -> Iterator[ArraySite]:
    """Yield the places at which a prediction stands where prediction less target belongs."""
    for edge in plan.edges:
        kind = kind_of(plan.graph.nodes[edge[1]])
        if edge[2] == 0 and kind == "cross_entropy":
            yield ArraySite(edge, ArrayBend(edges={edge: _cross_entropy("without y")}))
        if edge[2] == 0 and kind == "mse":
            yield ArraySite(edge, ArrayBend(edges={edge: _without_target}))
        if kind == "softmax":
            yield ArraySite(edge, ArrayBend(edges={edge: _softmax("without y")}))
        if kind == "sigmoid":
            yield from _sigmoid_alone(plan, edge)
    for place, prediction in _errors(plan):
        sign = 1.0 if plan.graph.nodes[place].operands[0] == prediction else -1.0
        rule = _without(place, prediction, sign)
        yield ArraySite(place, ArrayBend(totals={place: rule}))


def _sigmoid_alone(plan: ArrayPlan, edge: Edge) -> Iterator[ArraySite]:
    """Yield the last sigmoid of a loss whose gradient is c·(A − Y): there A may stand alone."""
    shape = plan.numbers[edge[0]].shape
    for target, node in enumerate(plan.graph.nodes):
        if node.kind != "input" or is_parameter(plan, target) or plan.numbers[target].shape != shape:
            continue

        def rule(view: View, target: int = target) -> Array | None:
            c = _ratio(view.right(), view.out - view.values[target])
            return None if c is None else c * view.out

        yield ArraySite(edge, ArrayBend(edges={edge: rule}))


def _softmax(variant: str) -> EdgeRule:
    def rule(view: View) -> Array:
        p, g = view.out, view.g
        axis = int(dict(view.node.options).get("axis", -1))
        if variant == "without y":
            return np.asarray(-p * (g * p).sum(axis=axis, keepdims=True))
        if variant == "wrong axis":
            if p.ndim != 2:
                raise ValueError("one axis alone")
            return np.asarray(p * (g - (g * p).sum(axis=1 - axis % 2, keepdims=True)))
        made: dict[str, Array] = {"alone": g * p * (1 - p), "own share": g * p, "left out": g}
        return made[variant]

    return rule


def _loss_left_out(plan: ArrayPlan) -> Iterator[ArraySite]:
    """Yield predictions whose gradient is taken for 1, or for the loss."""
    for edge in plan.edges:
        if _into_loss(plan, edge) and plan.numbers[edge[0]].ndim:
            yield ArraySite(edge, ArrayBend(edges={edge: lambda view: np.ones(view.operand.shape)}), "one")
            yield ArraySite(
                edge,
                ArrayBend(edges={edge: lambda view: np.full(view.operand.shape, float(view.out))}),
                "loss value",
            )


def _forward_loss(plan: ArrayPlan) -> Iterator[ArraySite]:
    for place, node in enumerate(plan.graph.nodes):
        if kind_of(node) in ("cross_entropy", "bce", "mse"):
            from ...matrices.array_pass import value_of

            for variant, factor in (("sign", -1.0), ("halved", 0.5), ("base 10", 1 / np.log(10))):
                if variant == "base 10" and kind_of(node) == "mse":
                    continue

                def value(plan: ArrayPlan, o: list[Any], node: Any = node, factor: float = factor) -> Any:
                    return np.asarray(value_of(node, o)) * factor

                yield ArraySite(place, ArrayBend(values={place: value}), variant)


def _activation_forward(plan: ArrayPlan) -> Iterator[ArraySite]:
    """Yield activations that are left out going forward, or others in their place."""
    from ...ops.array_kernel import RAW

    for place, node in enumerate(plan.graph.nodes):
        row = OPS.get(node.op)
        kind = kind_of(node)
        if kind == "softmax":
            made: dict[str, Any] = {
                "left out": lambda p, o: o[0],
                "not divided": lambda p, o: np.exp(o[0]),
                "over all entries": lambda p, o: np.exp(o[0]) / np.exp(o[0]).sum(),
                "sigmoid": lambda p, o: 1 / (1 + np.exp(-o[0])),
            }
        elif row is not None and row.activation and not row.outputs and len(node.operands) == 1:
            made = {"left out": lambda p, o: o[0]}
            for other in OPS.values():
                if other.taught and other.name != node.op:
                    made[other.name] = lambda p, o, other=other: other.value(RAW, o[0])
        else:
            continue
        for variant, rule in made.items():
            yield ArraySite(place, ArrayBend(values={place: rule}), variant)


def _added_forward(plan: ArrayPlan) -> Iterator[ArraySite]:
    """Yield sums whose bias is left out, and differences the wrong way round."""
    for place, node in enumerate(plan.graph.nodes):
        if node.op == "add":
            for slot, operand in enumerate(node.operands):
                if plan.graph.nodes[leaf_of(plan, operand)].kind == "input":
                    other = 1 - slot
                    rule: Any = lambda p, o, other=other: o[other]  # noqa: E731 - a rule of the row
                    yield ArraySite(place, ArrayBend(values={place: rule}), "bias")
        if node.op == "subtract":
            yield ArraySite(place, ArrayBend(values={place: lambda p, o: o[1] - o[0]}), "turned round")


ROWS = (
    Slip(
        name="error-sign", family="signs", rank=1, sites=_error_sign,
        sentence="The sign of the error is wrong: it is prediction less target.",
        hint="If the prediction is too large, should the gradient push it down or up?",
    ),
    Slip(
        name="prediction-alone", family="losses", rank=1, sites=_prediction_alone,
        sentence="The target was left out: the prediction stands where prediction less target belongs.",
        hint="What is the gradient where the prediction is exactly right?",
    ),
    Slip(
        name="cross-entropy-rule", family="losses", rank=2,
        sites=at_edges(
            edge_of("cross_entropy"),
            {
                name: _cross_entropy(name)
                for name in ("y alone", "scores", "quotient", "slope again", "of the right class")
            },
        ),
        sentence="The gradient of the scores is shares less targets; something else was used.",
        hint="Softmax and cross-entropy together have a short gradient along the scores.",
        variants={
            "y alone": "The shares were left out: the targets alone stand here.",
            "scores": "The scores were used where the shares (their softmax) belong.",
            "quotient": "This is the gradient of the shares, not of the scores: the softmax was left out.",
            "slope again": "The softmax was taken twice: p − y is the gradient of the scores already.",
            "of the right class": "Only the score of the right class got a gradient; all scores have one.",
        },
    ),
    Slip(
        name="softmax-alone", family="activations", rank=1,
        sites=at_edges(
            edge_of("softmax"),
            {name: _softmax(name) for name in ("alone", "own share", "left out", "wrong axis")},
        ),
        sentence="A softmax's outputs depend on every score, not only on their own.",
        hint="If one score rises, what happens to the other shares?",
        variants={
            "left out": "The softmax was left out on the way down.",
            "wrong axis": "The softmax was differentiated along the wrong axis.",
        },
    ),
    Slip(
        name="loss-left-out", family="losses", rank=3, sites=_loss_left_out,
        sentence="The derivative of the loss was left out.",
        hint="The first step back is the slope of the loss along the prediction.",
        variants={"loss value": "The value of the loss was taken for its derivative."},
    ),
    Slip(
        name="forward-loss", family="forward", rank=3, sites=_forward_loss,
        sentence="The loss was not worked out as it stands.",
        hint="Sign, factor in front, base of the logarithm.",
        variants={
            "sign": "The minus of the loss was left out.",
            "base 10": "The logarithm of base 10 was taken; ln has the base e.",
        },
    ),
    Slip(
        name="activation-forward", family="forward", rank=2, sites=_activation_forward,
        sentence="Another function was applied here.",
        hint="Which function does the program name?",
        variants={
            "left out": "The activation was left out going forward.",
            "not divided": "The shares of a softmax are divided by their sum; here they were not.",
            "over all entries": "A softmax is taken for each row; here it was taken over all entries.",
        },
    ),
    Slip(
        name="forward-sum", family="forward", rank=2, sites=_added_forward,
        sentence="The bias was left out.",
        hint="What is added here, and to which rows?",
        variants={"turned round": "The difference was taken the wrong way round."},
    ),
)  # fmt: skip
