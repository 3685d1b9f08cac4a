"""Slips of the chain itself: paths that meet, what is multiplied by what, signs and the seed.

These rows hold for every operation; none knows what an operation's slope is.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from .broken_pass import Bend, Handed, Scene
from .slip_record import EdgeView, Site, Slip, different, handed_on_edges

__all__ = ["ROWS"]

_ALL_SUBSETS = 5
"""A node with at most so many paths is tried with every subset of them dropped."""

_MANY = 24
"""A node with more paths is tried with only the first or the last one of them kept."""


def _fan_outs(scene: Scene) -> Iterator[tuple[int, int]]:
    for place, edges in enumerate(scene.plan.gathered):
        if len(edges) > 1:
            yield place, len(edges)


def _dropped(scene: Scene) -> Iterator[Site]:
    for place, count in _fan_outs(scene):
        last = tuple(1.0 if i == count - 1 else 0.0 for i in range(count))
        first = tuple(1.0 if i == 0 else 0.0 for i in range(count))
        yield Site(place, Bend(gathers={place: last}), "last-kept")
        yield Site(place, Bend(gathers={place: first}), "first-kept")
        if count > _MANY:
            continue
        sizes = range(1, count) if count <= _ALL_SUBSETS else (1, count - 1)
        for size in sizes:
            for kept in combinations(range(count), size):
                weights = tuple(1.0 if i in kept else 0.0 for i in range(count))
                if weights not in (first, last):
                    yield Site(place, Bend(gathers={place: weights}), f"kept{kept}")


def _doubled(scene: Scene) -> Iterator[Site]:
    for place, count in _fan_outs(scene):
        for twice in range(count if count <= _MANY else 1):
            weights = tuple(2.0 if i == twice else 1.0 for i in range(count))
            yield Site(place, Bend(gathers={place: weights}), f"path {twice + 1}")


def _averaged(scene: Scene) -> Iterator[Site]:
    for place, count in _fan_outs(scene):
        yield Site(place, Bend(gathers={place: (1.0 / count,) * count}))


def _multiplied(scene: Scene) -> Iterator[Site]:
    for place, _ in _fan_outs(scene):
        yield Site(place, Bend(gathers={place: ()}))


def _subtracted(scene: Scene) -> Iterator[Site]:
    for place, count in _fan_outs(scene):
        yield Site(place, Bend(gathers={place: (1.0,) + (-1.0,) * (count - 1)}))


def _local_alone(view: EdgeView) -> Handed:
    return Handed(0.0, view.local)


def _local_forgotten(view: EdgeView) -> Handed | None:
    return Handed(1.0) if different(view.local, 1.0) else None


def _reciprocal(view: EdgeView) -> float | None:
    return 1 / view.local if view.local else None


def _inside_kept(view: EdgeView) -> dict[str, float] | None:
    if len(view.operands) > 1 or not view.row.spelled:  # a copy or a sign has no inside
        return None
    return {"value": view.out, "operand": view.value}


def _times_value(view: EdgeView) -> Handed:
    return Handed(view.local * view.value)


def _everything_negative(scene: Scene) -> Iterator[Site]:
    plan = scene.plan
    yield Site(plan.output, Bend(seed=-1.0), "seed")
    answers = {
        place: (-1.0, 0.0)
        for place in range(plan.output)
        if plan.gathered[place]
    }
    yield Site(plan.output, Bend(answers=answers))


def _seed(scene: Scene) -> Iterator[Site]:
    plan = scene.plan
    value = scene.values[plan.output]
    if different(value, 1.0):
        yield Site(plan.output, Bend(seed=value))


def _constant(scene: Scene) -> Iterator[Site]:
    plan = scene.plan
    for place in range(plan.output):
        if plan.gathered[place]:
            yield Site(place, Bend(totals={place: (0.0, 0.0)}))


def _value_given(scene: Scene) -> Iterator[Site]:
    plan = scene.plan
    for place in range(plan.output):
        if plan.gathered[place]:
            yield Site(place, Bend(answers={place: (0.0, scene.values[place])}))


ROWS = (
    Slip(
        name="path-dropped", family="paths", rank=1, sites=_dropped, fixed=True,
        sentence="Several paths lead from here to the output, and not all of them were added.",
        hint="Along how many edges does this node reach the output? Each one contributes.",
        variants={
            "last-kept": "Several paths lead from here to the output, and only the last one "
            "typed was kept.",
            "first-kept": "Several paths lead from here to the output, and only the first one "
            "typed was kept.",
        },
    ),
    Slip(
        name="path-doubled", family="paths", rank=3.5, sites=_doubled, fixed=True,
        sentence="One of the paths that lead from here to the output was counted twice.",
        hint="List the edges that leave this node, and add each contribution once.",
    ),
    Slip(
        name="paths-averaged", family="paths", rank=3, sites=_averaged, fixed=True,
        sentence="The contributions of the paths were averaged; they are added.",
        hint="What happens to the output when this node moves a little, along all paths together?",
    ),
    Slip(
        name="paths-multiplied", family="paths", rank=3, sites=_multiplied, fixed=True,
        sentence="The contributions of the paths were multiplied; they are added.",
        hint="Multiply along a path, add across paths.",
    ),
    Slip(
        name="paths-subtracted", family="paths", rank=2.8, sites=_subtracted, fixed=True,
        sentence="The contributions of the paths were subtracted from each other; they are added.",
        hint="Multiply along a path, add across paths.",
    ),
    Slip(
        name="local-for-downstream", family="chain", rank=2, sites=handed_on_edges(_local_alone),
        sentence="The local gradient was given alone, without the upstream gradient it is "
        "multiplied by.",
        hint="What does the output do when this operation's result moves by one?",
    ),
    Slip(
        name="local-forgotten", family="chain", rank=2, sites=handed_on_edges(_local_forgotten),
        sentence="The upstream gradient was passed on as it came, without the local gradient.",
        hint="Multiply what comes from above by the slope of this operation.",
    ),
    Slip(
        name="local-added", family="chain", rank=4,
        sites=handed_on_edges(lambda view: Handed(1.0, view.local)),
        sentence="The local gradient was added to the upstream gradient; they are multiplied.",
        hint="Along a path, slopes multiply.",
    ),
    Slip(
        name="local-inverted", family="chain", rank=4.5, sites=handed_on_edges(_reciprocal),
        sentence="The local gradient was taken the wrong way round: one over it was used.",
        hint="Which one moves, and which one follows?",
    ),
    Slip(
        name="local-squared", family="chain", rank=4.5,
        sites=handed_on_edges(lambda view: Handed(view.local**2)),
        sentence="The local gradient was multiplied in twice.",
        hint="Each operation on the path gives one factor.",
    ),
    Slip(
        name="inside-not-differentiated", family="chain", rank=4,
        sites=handed_on_edges(_inside_kept),
        sentence="The derivative of the outside was multiplied by the inside's value; its "
        "derivative belongs there.",
        hint="Chain rule: the derivative of the outside, times the derivative of the inside.",
    ),
    Slip(
        name="value-multiplied-in", family="chain", rank=4.5, sites=handed_on_edges(_times_value),
        sentence="The operand's own value was multiplied in as well.",
        hint="Downstream is upstream times local, and nothing more.",
    ),
    Slip(
        name="sign-of-edge", family="signs", rank=2.5,
        sites=handed_on_edges(lambda view: -view.local),
        sentence="The sign of this contribution is wrong.",
        hint="Does the result rise or fall when this operand rises?",
    ),
    Slip(
        name="sign-of-everything", family="signs", rank=3, sites=_everything_negative, fixed=True,
        joined=False,
        sentence="Every gradient has the wrong sign.",
        hint="Start from ∂f/∂f = 1. The minus of gradient descent comes with the update, not here.",
    ),
    Slip(
        name="wrong-seed", family="chain", rank=3, sites=_seed, joined=False,
        sentence="The backward pass was started from the value of the output; it starts from "
        "∂f/∂f = 1.",
        hint="How much does the output move when the output moves by one?",
    ),
    Slip(
        name="taken-for-constant", family="chain", rank=3, sites=_constant, fixed=True,
        sentence="The gradient was given as 0, as if the output did not depend on this node.",
        hint="Is there a path from this node to the output?",
    ),
    Slip(
        name="value-for-gradient", family="copied", rank=2.9, sites=_value_given,
        sentence="The forward value was given where the gradient is asked for.",
        hint="The value is what the node is; the gradient is what the output does when it moves.",
    ),
)  # fmt: skip
