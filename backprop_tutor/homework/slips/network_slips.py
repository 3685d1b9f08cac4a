"""Slips of networks and their losses: weights, biases, indices, errors, means, the step of descent.

These rows look at how operations hang together: which leaf is a weight, which sum is a unit, which
difference is the error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from ...descent import parameters
from ...ops import OPS
from .broken_pass import Bend, Edge, Handed, Plan, Scene
from .slip_record import Site, Slip, different, views
from .whereabouts import weights_of

__all__ = ["ROWS", "errors_squared", "parameter_places", "units"]


def parameter_places(plan: Plan) -> frozenset[int]:
    """Return the places of what descent moves: by their names, or else all inputs."""
    index = plan.graph.index
    return weights_of(plan.graph) or frozenset(index[name] for name in parameters(plan.graph))


def errors_squared(scene: Scene) -> Iterator[tuple[int, int]]:
    """Yield (difference, square): a subtraction under a square or an absolute value."""
    for operator in scene.plan.operators:
        squared = operator.op == "power" and scene.values[operator.operands[1]] == 2
        doubled = operator.op == "multiply" and len(set(operator.operands)) == 1
        if squared or doubled or operator.op == "abs":
            source = operator.operands[0]
            if source in scene.plan.at and scene.plan.at[source].op == "subtract":
                yield source, operator.place


def _edges_between(plan: Plan, source: int, target: int) -> list[Edge]:
    return [edge for edge in plan.gathered[source] if edge[1] == target]


def _error_sign(scene: Scene) -> Iterator[Site]:
    for view in views(scene):
        if view.row.loss and view.local:
            handed = Handed(-view.local, local=-view.local)
            role = view.slot * 2 // len(view.operands)  # 0 for a prediction, 1 for a target
            yield Site(view.edge, Bend(edges={view.edge: handed}), f"operand {role}")
    for difference, square in errors_squared(scene):
        edges = _edges_between(scene.plan, difference, square)
        bends = {e: Handed(-scene.locals[e], local=-scene.locals[e]) for e in edges}
        if edges:
            yield Site(difference, Bend(edges=bends), "difference")


def _predictions(scene: Scene) -> Iterator[int]:
    """Yield the nodes that a loss compares with a target, and differences under a square."""
    for operator in scene.plan.operators:
        if OPS[operator.op].loss:
            yield from operator.operands[: len(operator.operands) // 2]
    for difference, _ in errors_squared(scene):
        yield difference
        yield from scene.plan.at[difference].operands


def _loss_left_out(scene: Scene) -> Iterator[Site]:
    plan = scene.plan
    loss = scene.values[plan.output]
    for place in dict.fromkeys(_predictions(scene)):
        if plan.gathered[place]:
            yield Site(place, Bend(totals={place: (0.0, 1.0)}), "one")
            yield Site(place, Bend(totals={place: (0.0, loss)}), "loss value")
            for edge in plan.gathered[place]:
                own = scene.values[edge[1]]
                # The value of a difference is no loss, though the loss's slope may be it.
                if plan.at[edge[1]].op != "subtract" and different(own, loss):
                    yield Site(place, Bend(totals={place: (0.0, own)}), "loss value")
    for difference, square in errors_squared(scene):
        edges = _edges_between(plan, difference, square)
        bend = {e: Handed(scene.values[square] / len(edges)) for e in edges}
        if bend:
            yield Site(difference, Bend(edges=bend), "square")


def _mean(scene: Scene) -> Iterator[Site]:
    plan = scene.plan
    for view in views(scene):
        count = 0.0
        if view.op == "mean_squared_error":
            count = len(view.operands) / 2
        elif view.op == "divide" and view.slot == 0 and view.kind(1) == "constant":
            numerator = view.operator.operands[0]
            if numerator in plan.at and plan.at[numerator].op == "add":
                count = view.operands[1]
        if count > 1:
            for variant, factor in (("lost", count), ("twice", 1 / count)):
                slope = view.local * factor
                yield Site(view.edge, Bend(edges={view.edge: Handed(slope, local=slope)}), variant)


def _weight_left_out(scene: Scene) -> Iterator[Site]:
    weights = parameter_places(scene.plan)
    for view in views(scene):
        if view.op != "multiply" or not different(view.local, 1.0):
            continue
        here, other = view.edge[0], view.operator.operands[1 - view.slot]
        if view.kind(1 - view.slot) == "constant":
            continue
        handed = Bend(edges={view.edge: Handed(1.0, local=1.0)})
        if other in weights and here not in weights:
            yield Site(view.edge, handed, "weight")
        elif here in weights and other not in weights:
            yield Site(view.edge, handed, "input")


def _updated_weights(scene: Scene) -> Iterator[Site]:
    weights = parameter_places(scene.plan)
    for view in views(scene):
        other = view.operator.operands[1 - view.slot] if view.op == "multiply" else -1
        if other in weights and view.edge[0] not in weights:
            for rate in scene.plan.rates:
                new = scene.values[other] - rate * scene.gradients[other]
                if different(new, view.local):
                    bend = Bend(edges={view.edge: Handed(new, local=new)})
                    yield Site(view.edge, bend, f"rate {rate:g}")


def _steps(scene: Scene) -> Iterator[Site]:
    plan = scene.plan
    for place in sorted(parameter_places(plan)):
        if not plan.gathered[place]:
            continue
        for rate in plan.rates:
            if rate != 1:
                yield Site(place, Bend(answers={place: (rate, 0.0)}), f"step {rate:g}")
                yield Site(place, Bend(answers={place: (-rate, 0.0)}), f"minus step {rate:g}")
            new = Bend(answers={place: (-rate, scene.values[place])})
            yield Site(place, new, f"new weight {rate:g}")


def units(plan: Plan) -> dict[int, list[tuple[int, int, int]]]:
    """Return for each sum of products its terms: (weight, its input, the product)."""
    weights = parameter_places(plan)
    found: dict[int, list[tuple[int, int, int]]] = {}
    for operator in plan.operators:
        if operator.op != "multiply":
            continue
        pair = [i for i in operator.operands if i in weights]
        if len(pair) != 1:
            continue
        other = next((i for i in operator.operands if i != pair[0]), -1)
        if other < 0:
            continue
        top = operator.place
        while len(plan.gathered[top]) == 1 and plan.at[plan.gathered[top][0][1]].op == "add":
            top = plan.gathered[top][0][1]
        found.setdefault(top, []).append((pair[0], other, operator.place))
    return found


def _biases(scene: Scene) -> Iterator[Site]:
    plan = scene.plan
    sums = units(plan)
    for place, node in enumerate(plan.graph.nodes):
        edges = plan.gathered[place]
        if node.kind != "input" or not edges or any(plan.at[e[1]].op != "add" for e in edges):
            continue
        top = edges[0][1]
        while len(plan.gathered[top]) == 1 and plan.at[plan.gathered[top][0][1]].op == "add":
            top = plan.gathered[top][0][1]
        if top not in sums:  # the x of x + y is no bias: nothing there is weighted
            continue
        yield Site(place, Bend(answers={place: (0.0, 0.0)}), "zero")
        value = scene.values[place]
        yield Site(place, Bend(answers={place: (0.0, value)}), "value")
        yield Site(place, Bend(answers={place: (value, 0.0)}), "times itself")
        for _, source, _ in sums[top]:
            number = scene.values[source]
            yield Site(place, Bend(answers={place: (0.0, number)}), "input")
            yield Site(place, Bend(answers={place: (number, 0.0)}), "times the input")


def _layers(plan: Plan) -> Iterator[Sequence[Sequence[tuple[int, int, int]]]]:
    """Yield units that have the same inputs, each as its terms."""
    layers: dict[tuple[int, ...], list[list[tuple[int, int, int]]]] = {}
    for terms in units(plan).values():
        layers.setdefault(tuple(term[1] for term in terms), []).append(terms)
    yield from layers.values()


def _indices(scene: Scene) -> Iterator[Site]:
    plan = scene.plan

    def swapped(one: int, other: int) -> Bend:
        gradients = scene.gradients
        return Bend(answers={one: (0.0, gradients[other]), other: (0.0, gradients[one])})

    for rows in _layers(plan):
        for terms in rows:
            for one, other in combinations(terms, 2):
                yield Site(one[0], swapped(one[0], other[0]), "neighbours")
        for upper, lower in combinations(rows, 2):
            for one, other in zip(upper, lower, strict=True):
                yield Site(one[0], swapped(one[0], other[0]), "units")
        size = min(len(rows), len(rows[0]))
        for i, j in combinations(range(size), 2):
            one, other = rows[i][j], rows[j][i]
            yield Site(one[0], swapped(one[0], other[0]), "answers")
            down: dict[Edge, Handed] = {}
            for here, there in ((one, other), (other, one)):
                local = scene.values[there[0]]
                for edge in _edges_between(plan, here[1], here[2]):
                    down[edge] = Handed(local, local=local)
            if down:
                yield Site(one[0], Bend(edges=down), "way down")
            first, second = scene.values[one[0]], scene.values[other[0]]
            values = {
                one[2]: _times(second, _slot(plan, one)),
                other[2]: _times(first, _slot(plan, other)),
            }
            yield Site(one[0], Bend(values=values), "way up")


def _times(weight: float, slot: int) -> Callable[[Sequence[float]], float]:
    return lambda operands: operands[slot] * weight


def _slot(plan: Plan, term: tuple[int, int, int]) -> int:
    return plan.at[term[2]].operands.index(term[1])


ROWS = (
    Slip(
        name="error-sign", family="signs", rank=0, sites=_error_sign,
        sentence="The error was taken the wrong way round: target minus prediction for prediction "
        "minus target, or the other way.",
        hint="When the prediction is too large, does the loss rise or fall with it?",
    ),
    Slip(
        name="loss-derivative-left-out", family="losses", rank=1.5, sites=_loss_left_out,
        sentence="The derivative of the loss was left out: the backward pass was started at the "
        "prediction, with 1.",
        hint="The output is the loss. How does it move when the prediction moves?",
        variants={
            "loss value": "The value of the loss was used in place of its derivative.",
            "square": "The value of the squared error was used in place of its derivative.",
        },
    ),
    Slip(
        name="mean-factor", family="losses", rank=0, sites=_mean,
        sentence="The 1/n of the mean was lost.",
        hint="The mean divides by the number of terms, once; so does its slope.",
        variants={"twice": "The 1/n of the mean was used twice."},
    ),
    Slip(
        name="weight-left-out", family="networks", rank=0, sites=_weight_left_out,
        sentence="The weight was left out on the way down.",
        hint="The signal was multiplied by the weight on the way up.",
        variants={"input": "The input that the weight multiplies was left out."},
    ),
    Slip(
        name="updated-weights", family="networks", rank=3, sites=_updated_weights,
        sentence="A weight was used after its update; the backward pass uses the old weights.",
        hint="All gradients belong to one point: update the weights when all are known.",
    ),
    Slip(
        name="step-for-gradient", family="networks", rank=3, sites=_steps,
        sentence="The step η·g, or the new weight, was given where the gradient is asked for.",
        hint="The gradient comes first; the learning rate belongs to the update.",
    ),
    Slip(
        name="bias-gradient", family="networks", rank=1.5, sites=_biases,
        sentence="A bias is added, so its gradient is the upstream gradient of the sum.",
        hint="How much does the sum move when the bias moves by one?",
        variants={
            "zero": "The bias was given the gradient 0, as if it were a constant.",
            "value": "The value of the bias was given for its gradient.",
            "times itself": "The gradient of the bias was multiplied by the bias.",
            "input": "The input was given for the gradient of the bias.",
            "times the input": "The gradient of the bias was multiplied by the input.",
        },
        ranks={"input": 3, "times the input": 2.5, "times itself": 2.5, "zero": 1.5, "value": 2},
    ),
    Slip(
        name="index-order", family="networks", rank=1.5, sites=_indices,
        sentence="Two weights were taken for each other: their indices are the other way round.",
        hint="Follow each weight in the graph: which input does it multiply, for which unit?",
        variants={
            "way down": "The weight matrix was not transposed on the way down: w₁₂ for w₂₁.",
            "way up": "The weight matrix was transposed on the way up: w₁₂ for w₂₁.",
        },
    ),
)  # fmt: skip
