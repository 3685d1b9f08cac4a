"""Slips of writing matrices down: transposed, reshaped, a sign, the step or new weight, a path left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .array_bends import Array, ArrayBend, ArrayPlan
from .array_sites import ArraySite, is_parameter
from .slip_record import Slip

__all__ = ["ROWS"]


def _turned(number: Array) -> Array:
    return number.T


def _reshaped(number: Array) -> Array:
    return number.reshape(number.shape[::-1])


def _is_matrix(number: Array) -> bool:
    return number.ndim == 2 and min(number.shape) > 1


def _transposed(plan: ArrayPlan) -> Iterator[ArraySite]:
    for place, upstream in enumerate(plan.upstreams):
        node = plan.graph.nodes[place]
        if _is_matrix(plan.numbers[place]) and node.kind == "operation":
            yield ArraySite(place, ArrayBend(written={place: _turned}), "value")
        if upstream is not None and upstream.ndim == 2:
            yield ArraySite(place, ArrayBend(answers={place: lambda p, v, g: g.T}), "")
            yield ArraySite(place, ArrayBend(answers={place: lambda p, v, g: _reshaped(g)}), "reshaped")


def _path_dropped(plan: ArrayPlan) -> Iterator[ArraySite]:
    for edges in plan.gathered:
        if len(edges) > 1:
            for edge in edges:
                yield ArraySite(edge, ArrayBend(dropped=frozenset({edge})))


def _sign(plan: ArrayPlan) -> Iterator[ArraySite]:
    for place, upstream in enumerate(plan.upstreams):
        if upstream is not None and place != plan.output:
            yield ArraySite(place, ArrayBend(answers={place: lambda p, v, g: -g}))


def _steps(plan: ArrayPlan) -> Iterator[ArraySite]:
    for place, upstream in enumerate(plan.upstreams):
        if upstream is None or plan.graph.nodes[place].kind != "input" or not is_parameter(plan, place):
            continue
        for rate in plan.rates:
            if rate != 1:
                step: Any = lambda p, v, g, r=rate: r * g  # noqa: E731 - a rule of the row
                yield ArraySite(place, ArrayBend(answers={place: step}), f"step {rate:g}")
            new: Any = lambda p, v, g, r=rate, i=place: np.asarray(v[i]) - r * g  # noqa: E731
            yield ArraySite(place, ArrayBend(answers={place: new}), f"new weight {rate:g}")


def _updates(plan: ArrayPlan) -> Iterator[ArraySite]:
    for place, upstream in enumerate(plan.upstreams):
        if upstream is None or plan.graph.nodes[place].kind != "input":
            continue
        made: dict[str, Any] = {
            "climbed": lambda old, g, lr: old + lr * g, "no rate": lambda old, g, lr: old - g,
            "step": lambda old, g, lr: lr * g, "minus step": lambda old, g, lr: -lr * g,
            "gradient": lambda old, g, lr: g,
        }  # fmt: skip
        for variant, rule in made.items():
            yield ArraySite(place, ArrayBend(news={place: rule}), variant)


def _scaled(plan: ArrayPlan) -> Iterator[ArraySite]:
    """Yield biases whose gradient was taken for 1 or 0."""
    for place, upstream in enumerate(plan.upstreams):
        if upstream is None or not is_parameter(plan, place) or plan.graph.nodes[place].kind != "input":
            continue
        if plan.numbers[place].ndim == 1 or 1 in plan.numbers[place].shape:
            for variant, number in (("one", 1.0), ("zero", 0.0)):
                rule: Any = lambda p, v, g, n=number: np.full(g.shape, n)  # noqa: E731 - a rule of the row
                yield ArraySite(place, ArrayBend(answers={place: rule}), variant)


ROWS = (
    Slip(
        name="transposed", family="shapes", rank=1, sites=_transposed,
        sentence="This matrix is transposed: a gradient has the shape of its value.",
        hint="Which way do the rows run: over samples, inputs or units?",
        variants={
            "value": "This matrix is transposed.",
            "reshaped": "The numbers were poured into the other shape; a transpose moves rows to columns.",
        },
    ),
    Slip(
        name="path-dropped", family="paths", rank=2, sites=_path_dropped,
        sentence="One of the ways by which the value acts on the output was left out.",
        hint="Where is this value used? Every use hands something back, and all of it is summed.",
    ),
    Slip(
        name="gradient-sign", family="signs", rank=3, sites=_sign,
        sentence="The sign of this gradient is wrong.",
        hint="Does the output rise or fall when an entry rises?",
    ),
    Slip(
        name="step-for-gradient", family="descent", rank=2, sites=_steps,
        sentence="The step of descent stands here, where the gradient is asked for.",
        hint="The gradient comes first; the learning rate is multiplied afterwards.",
    ),
    Slip(
        name="update-rule", family="descent", rank=1, sites=_updates,
        sentence="The step of gradient descent is new = old − lr · gradient.",
        hint="Which way is down, and how far?",
        variants={
            "climbed": "The step was added: descent subtracts it.",
            "no rate": "The learning rate was left out of the step.",
            "gradient": "The gradient stands here, where the new value is asked for.",
        },
    ),
    Slip(
        name="bias-gradient", family="batch", rank=4, sites=_scaled,
        sentence="The gradient of a bias is what arrives, summed over the batch; it is neither 1 nor 0.",
        hint="How does the value change when the bias rises a little?",
    ),
)  # fmt: skip
