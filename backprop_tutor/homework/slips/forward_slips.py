"""Slips of the forward pass: a value worked out by another function, or left over from before.

What follows from the wrong value is worked out by the ordinary rules.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from ...ops import OPS, SCALAR, Operation
from .broken_pass import Bend, Edge, Handed, Rule, Scene, tried
from .operators import Operator
from .slip_record import Site, Slip, different

__all__ = ["ROWS", "computed_by"]

Values = Sequence[float]
Wrong = Callable[[Values], float]


def computed_by(
    rules: Callable[[Operator], dict[str, Wrong]],
) -> Callable[[Scene], Iterator[Site]]:
    """Return the sites of a slip that computes values by another rule."""

    def sites(scene: Scene) -> Iterator[Site]:
        for operator in scene.plan.operators:
            operands = [scene.values[i] for i in operator.operands]
            for variant, rule in rules(operator).items():
                value = tried(rule, operands)
                if math.isfinite(value) and different(value, scene.values[operator.place]):
                    yield Site(operator.place, Bend(values={operator.place: rule}), variant)

    return sites


def _is_activation(operator: Operator) -> bool:
    row = OPS[operator.op]
    return row.activation and not row.outputs


def _twice(operator: Operator) -> dict[str, Wrong]:
    if not _is_activation(operator):
        return {}
    return {"": lambda v: operator.value([operator.value(v)])}


def _left_out(operator: Operator) -> dict[str, Wrong]:
    return {"": lambda v: v[0]} if _is_activation(operator) else {}


def _other(operator: Operator) -> dict[str, Wrong]:
    if not _is_activation(operator):
        return {}

    def by(row: Operation) -> Wrong:
        return lambda v: float(row.value(SCALAR, v[0]))

    return {row.name: by(row) for row in OPS.values() if row.taught and row.name != operator.op}


def _arithmetic(operator: Operator) -> dict[str, Wrong]:
    made: dict[str, dict[str, Wrong]] = {
        "add": {"difference": lambda v: v[0] - v[1], "turned": lambda v: v[1] - v[0],
                "product": lambda v: v[0] * v[1]},
        "subtract": {"sum": lambda v: v[0] + v[1], "turned": lambda v: v[1] - v[0]},
        "multiply": {"sum": lambda v: v[0] + v[1], "sign": lambda v: -v[0] * v[1]},
        "divide": {"product": lambda v: v[0] * v[1], "turned": lambda v: v[1] / v[0]},
        "power": {"product": lambda v: v[0] * v[1], "turned": lambda v: math.pow(v[1], v[0]),
                  "sign": lambda v: -math.pow(v[0], v[1])},
        "negate": {"plus": lambda v: v[0]},
        "exp": {"sign": lambda v: math.exp(-v[0])},
        "sigmoid": {"sign": lambda v: 1 / (1 + math.exp(v[0]))},
    }  # fmt: skip
    return made.get(operator.op, {})


def _log10(scene: Scene) -> Iterator[Site]:
    for operator in scene.plan.operators:
        if operator.op != "log" or scene.values[operator.operands[0]] <= 0:
            continue
        place, source = operator.place, operator.operands[0]
        values: dict[int, Wrong] = {place: lambda v: math.log10(v[0])}
        yield Site(place, Bend(values=values), "value")

        def slope(seen: Scene, source: int = source) -> Handed:
            local = 1 / (seen.values[source] * math.log(10)) if seen.values[source] else math.nan
            return Handed(local, local=local)

        edges: dict[Edge, Rule] = dict.fromkeys(scene.plan.from_target.get(place, ()), slope)
        yield Site(place, Bend(values=values, edges=edges), "value and slope")


def _in_degrees(row: Operation) -> Wrong:
    return lambda v: float(row.value(SCALAR, math.radians(v[0])))


def _degrees(scene: Scene) -> Iterator[Site]:
    for operator in scene.plan.operators:
        row = OPS[operator.op]
        place, source = operator.place, operator.operands[0]
        if not row.angle or scene.values[source] == 0:
            continue
        values: dict[int, Wrong] = {place: _in_degrees(row)}

        def slope(seen: Scene, source: int = source, row: Operation = row) -> Handed:
            angle = math.radians(seen.values[source])
            local = float(row.slope(0)(SCALAR, row.value(SCALAR, angle), angle))
            return Handed(local, local=local)

        edges: dict[Edge, Rule] = dict.fromkeys(scene.plan.from_target.get(place, ()), slope)
        yield Site(place, Bend(values=values, edges=edges), "value and slope")
        yield Site(place, Bend(values=values), "value")
        if edges:
            fixed = dict.fromkeys(edges, slope(scene))
            yield Site(place, Bend(edges=fixed), "slope")


def _stale(scene: Scene) -> Iterator[Site]:
    previous = scene.plan.previous
    if previous is None:
        return
    for place, node in enumerate(scene.plan.graph.nodes):
        if node.kind != "constant" and different(previous[place], scene.values[place]):
            variant = "value" if node.kind == "operation" else "input"
            yield Site(place, Bend(numbers={place: previous[place]}), variant)


ROWS = (
    Slip(
        name="stale-value", family="values", rank=0, sites=_stale, fixed=True,
        sentence="This forward value is the one from before the update; it was not worked out "
        "anew.",
        hint="After an update every value that depends on a weight changes.",
        variants={"input": "The value from before the update was used."},
    ),
    Slip(
        name="activation-twice", family="activations", rank=1, sites=computed_by(_twice), fixed=True,
        sentence="The activation function was applied twice.",
        hint="Which number goes into the activation function, and which comes out?",
    ),
    Slip(
        name="activation-left-out", family="activations", rank=2, sites=computed_by(_left_out), fixed=True,
        sentence="The activation function was not applied.",
        hint="The sum still goes through the activation function.",
    ),
    Slip(
        name="other-activation-value", family="activations", rank=2, sites=computed_by(_other), fixed=True,
        sentence="Another activation function was applied.",
        hint="Which activation function is this one?",
    ),
    Slip(
        name="log-base", family="functions", rank=1, sites=_log10, fixed=True,
        sentence="The logarithm to the base 10 was taken; here ln is the natural logarithm.",
        hint="Which key of the calculator is the natural logarithm?",
    ),
    Slip(
        name="degrees", family="functions", rank=1, sites=_degrees,
        sentence="The angle was taken in degrees; it is in radians.",
        hint="In which mode is the calculator?",
    ),
    Slip(
        name="forward-arithmetic", family="values", rank=2, sites=computed_by(_arithmetic), fixed=True,
        sentence="The forward value was worked out with another operation or another sign.",
        hint="Work out this one operation again from its operands.",
        variants={
            "turned": "The two operands were exchanged.",
            "product": "The operands were multiplied.",
            "sum": "The operands were added.",
            "difference": "The operands were subtracted.",
            "sign": "The sign is wrong, of the result or of what goes into the function.",
            "plus": "The minus in front was left out.",
        },
        ranks={"product": 2.5, "sign": 2.5},
    ),
)  # fmt: skip
