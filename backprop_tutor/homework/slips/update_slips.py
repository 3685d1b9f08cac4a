"""Slips of the step of descent: what stands for a parameter's new value, from its old one and its gradient.

The gradient is the one on the sheet, where it is there: a wrong step is never blamed on a right gradient.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from .broken_pass import Bend, Renewed, Scene
from .network_slips import parameter_places
from .slip_record import Site, Slip

__all__ = ["ROWS"]

_MOST = 12
"""With so many parameters each is tried with the step of every other; with more, of its neighbours."""


def _rules(rate: float) -> Mapping[str, Renewed]:
    found: dict[str, Renewed] = {
        "ascent": lambda w, g: w + rate * g,
        "rate left out": lambda w, g: w - g,
        "rate squared": lambda w, g: w - rate * rate * g,
        "rate divided": lambda w, g: w - g / rate,
        "ascent, rate left out": lambda w, g: w + g,
        "step": lambda w, g: rate * g,
        "minus step": lambda w, g: -rate * g,
        "gradient": lambda w, g: g,
        "minus gradient": lambda w, g: -g,
        "times weight": lambda w, g: w - rate * w * g,
        "weight times step": lambda w, g: w * rate * g,
        "weight times gradient": lambda w, g: w * g,
        "rate for both": lambda w, g: rate * (w - g),
        "turned": lambda w, g: rate * g - w,
        "weight shrunk": lambda w, g: rate * w - g,
        "weight and gradient exchanged": lambda w, g: g - rate * w,
        "one minus rate": lambda w, g: w - (1 - rate) * g,
        "half": lambda w, g: w - rate * g / 2,
        "doubled": lambda w, g: w - 2 * rate * g,
        "averaged": lambda w, g: (1 - rate) * w + rate * g,
        "added rate": lambda w, g: w - rate + g,
        "rate without gradient": lambda w, g: w - rate,
        "times one minus": lambda w, g: w * (1 - rate * g),
        "divided by gradient": lambda w, g: w - rate / g,
        "squared gradient": lambda w, g: w - rate * g * g,
        "size of gradient": lambda w, g: w - rate * abs(g),
        "not moved": lambda w, g: w,
        "turned sign": lambda w, g: -w - rate * g,
    }
    return found


def _steps(scene: Scene) -> Iterator[Site]:
    plan = scene.plan
    if len(plan.rates) != 1:
        return
    for variant, rule in _rules(plan.rates[0]).items():
        for place in sorted(parameter_places(plan)):
            if plan.gathered[place]:
                yield Site(place, Bend(news={place: rule}), variant)


def _others(scene: Scene) -> Iterator[Site]:
    plan = scene.plan
    if len(plan.rates) != 1:
        return
    places = [place for place in sorted(parameter_places(plan)) if plan.gathered[place]]
    gradients = scene.gradients

    def step(other: float, w: float, g: float) -> float:
        return w - plan.rates[0] * other

    for number, place in enumerate(places):
        for index, other in enumerate(places):
            if place != other and (len(places) <= _MOST or abs(index - number) <= 2):
                words = {"other": plan.graph.nodes[other].name}
                bend = Bend(news={place: partial(step, gradients[other])})
                yield Site(place, bend, f"other {words['other']}", words)


ROWS = (
    Slip(
        name="update-step", family="update", rank=1, sites=_steps, fixed=True,
        sentence="The step of descent is not right: the new value is the old one minus η times the "
        "gradient.",
        hint="Write w − η·g, and put in the old value, the rate and the gradient.",
        variants={
            "ascent": "The step was added: descent goes against the gradient, w − η·g.",
            "rate left out": "The learning rate was left out of the step.",
            "rate squared": "The learning rate was multiplied in twice.",
            "rate divided": "The gradient was divided by the learning rate; it is multiplied by it.",
            "ascent, rate left out": "The gradient was added, without the learning rate; the step is −η·g.",
            "step": "The step η·g alone stands here; the new value is the old one minus the step.",
            "minus step": "The step −η·g alone stands here; it is still to be added to the old value.",
            "gradient": "The gradient stands here, where the value after the step is asked for.",
            "minus gradient": "Minus the gradient stands here, where the value after the step is asked "
            "for.",
            "times weight": "The step was multiplied by the weight itself.",
            "weight times step": "The weight was multiplied by the step; the step is taken away from it.",
            "weight times gradient": "The weight was multiplied by the gradient; η times the gradient "
            "is taken away from it.",
            "rate for both": "The learning rate was multiplied to the weight, too; it belongs to the "
            "gradient alone.",
            "turned": "The old value was taken away from the step; the step is taken away from the old "
            "value.",
            "weight shrunk": "The learning rate was multiplied to the weight; it belongs to the gradient.",
            "weight and gradient exchanged": "The weight and its gradient were taken for each other.",
            "not moved": "The old value stands here; the step was not made.",
            "half": "The step was halved.",
            "doubled": "The step was doubled.",
        },
        ranks={
            "half": 3, "doubled": 3, "averaged": 4, "added rate": 5, "rate without gradient": 3,
            "times one minus": 3, "divided by gradient": 4, "squared gradient": 4, "turned sign": 5,
            "size of gradient": 3, "one minus rate": 4, "minus gradient": 2, "gradient": 2, "not moved": 2,
            "weight and gradient exchanged": 3, "weight times gradient": 2, "weight times step": 2,
            "rate for both": 2, "weight shrunk": 2, "turned": 2, "rate squared": 1.5, "rate divided": 1.5,
        },
    ),
    Slip(
        name="update-other", family="update", rank=3, sites=_others, joined=False,
        sentence="The step was made with the gradient of {other}.",
        hint="Every parameter moves by its own gradient.",
    ),
)  # fmt: skip
