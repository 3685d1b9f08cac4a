"""Slips of the forward pass at single operations: a bias, a square or a half forgotten, brackets misread.

Also functions taken for others, and the wrong number taken up: z for a, an input for a hidden value. What
follows from the wrong value is worked out by the ordinary rules.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from ...ops import OPS
from .broken_pass import Bend, Plan, Scene, tried
from .forward_slips import computed_by
from .network_slips import errors_squared, units
from .operators import Operator
from .slip_record import Site, Slip, different
from .whereabouts import weights_of

__all__ = ["ROWS"]

Wrong = Callable[[Sequence[float]], float]
Used = tuple[tuple[int, ...], Wrong]


def _worked_out(
    rules: Callable[[Plan, Operator], Mapping[str, Used]],
) -> Callable[[Scene], Iterator[Site]]:
    """Return the sites of a slip that works a value out from other nodes than its operands."""

    def sites(scene: Scene) -> Iterator[Site]:
        for operator in scene.plan.operators:
            place = operator.place
            for variant, (used, rule) in rules(scene.plan, operator).items():
                value = tried(rule, [scene.values[i] for i in used])
                if math.isfinite(value) and different(value, scene.values[place]):
                    yield Site(place, Bend(instead={place: (used, rule)}), variant)

    return sites


def _is_bias(plan: Plan, place: int) -> bool:
    return place in weights_of(plan.graph) and all(
        plan.graph.nodes[use.target].op == "add" for use in plan.graph.uses[place]
    )


def _bias_left_out(plan: Plan, operator: Operator) -> Mapping[str, Used]:
    if operator.op != "add":
        return {}
    for slot, operand in enumerate(operator.operands):
        if _is_bias(plan, operand):
            return {"": ((operator.operands[1 - slot],), lambda v: v[0])}
    return {}


def _term_left_out(plan: Plan, operator: Operator) -> Mapping[str, Used]:
    if operator.op not in ("add", "subtract"):
        return {}
    first, second = operator.operands
    found: dict[str, Used] = {}
    if not _is_bias(plan, second):
        found["second"] = ((first,), lambda v: v[0])
    if not _is_bias(plan, first):
        sign = -1.0 if operator.op == "subtract" else 1.0
        found["first"] = ((second,), lambda v: sign * v[0])
    return found


def _power(operator: Operator) -> dict[str, Wrong]:
    if operator.op != "power":
        return {}
    return {
        "": lambda v: v[0], "size": lambda v: abs(v[0]), "raised": lambda v: math.pow(v[0], v[1] + 1),
        "twice": lambda v: math.pow(v[0], v[1] * v[1]),
    }  # fmt: skip


def _constant(scene: Scene) -> Iterator[Site]:
    """Yield values with a constant factor or divisor forgotten, used twice, or turned over."""
    for operator in scene.plan.operators:
        if operator.op not in ("multiply", "divide"):
            continue
        for slot, operand in enumerate(operator.operands):
            constant = scene.plan.graph.nodes[operand].kind == "constant"
            if not constant or (operator.op == "divide" and slot == 0):
                continue
            number = scene.values[operand] or 1.0
            factor = 1 / number if operator.op == "divide" else number
            half = math.isclose(abs(factor), 0.5)
            rules = {"half" if half else "": 1.0, "half twice" if half else "twice": factor * factor,
                     "inverted": 1 / factor}  # fmt: skip
            other = operator.operands[1 - slot]
            for variant, by in rules.items():
                value = by * scene.values[other]
                if math.isfinite(value) and different(value, scene.values[operator.place]):
                    rule: Used = ((other,), lambda v, by=by: by * v[0])  # type: ignore[misc]
                    yield Site(operator.place, Bend(instead={operator.place: rule}), variant)


def _loss(operator: Operator) -> dict[str, Wrong]:
    """Return wrong values of the losses that are one operation."""
    if not operator.op.endswith("squared_error"):
        return {}
    count = len(operator.operands) // 2

    def summed(v: Sequence[float], part: Callable[[float, float], float]) -> float:
        return math.fsum(part(a, t) for a, t in zip(v[:count], v[count:], strict=True))

    def square(a: float, t: float) -> float:
        return (a - t) ** 2

    scale = {"half_squared_error": 0.5, "mean_squared_error": 1 / count}.get(operator.op, 1.0)
    found: dict[str, Wrong] = {
        "square": lambda v: scale * summed(v, lambda a, t: a - t),
        "size": lambda v: scale * summed(v, lambda a, t: abs(a - t)),
        "squares": lambda v: scale * summed(v, lambda a, t: a * a - t * t),
        "root": lambda v: math.sqrt(scale * summed(v, square)),
        "halved": lambda v: scale / 2 * summed(v, square),
        "doubled": lambda v: 2 * scale * summed(v, square),
    }
    if count > 1:
        found["not divided"] = lambda v: summed(v, square)
        found["divided twice"] = lambda v: scale / count * summed(v, square)
    return found


def _difference_of_squares(plan: Plan, operator: Operator) -> Mapping[str, Used]:
    if operator.op != "power" or operator.operands[0] not in plan.at:
        return {}
    inside = plan.at[operator.operands[0]]
    if inside.op not in ("subtract", "add") or inside.place not in plan.at:
        return {}
    sign = -1.0 if inside.op == "subtract" else 1.0
    used = (*inside.operands, operator.operands[1])
    return {"": (used, lambda v: math.pow(v[0], v[2]) + sign * math.pow(v[1], v[2]))}


_SIGNS = {"add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b,
          "divide": lambda a, b: a / b, "power": math.pow}  # fmt: skip
_BINDS = {"add": 1, "subtract": 1, "multiply": 2, "divide": 2, "power": 3}


def _order(plan: Plan, operator: Operator) -> Mapping[str, Used]:
    """Return values with brackets set otherwise: a·(b + c) for a·b + c, and a·b + c for a·(b + c).

    The numbers stay in the order typed; what was worked out first is worked out last.
    """
    outer = _SIGNS.get(operator.op)
    if outer is None:
        return {}
    found: dict[str, Used] = {}
    for slot, operand in enumerate(operator.operands):
        inside = plan.at.get(operand)
        if inside is None or _BINDS.get(inside.op, _BINDS[operator.op]) == _BINDS[operator.op]:
            continue
        inner = _SIGNS[inside.op]
        # Where the inside has a name of its own nobody sees brackets.
        named = " named" if plan.graph.nodes[operand].named else " power" * (inside.op == "power")
        (a, b), other = inside.operands, operator.operands[1 - slot]
        if slot == 0:  # (a ∘ b) ∗ c, worked out as a ∘ (b ∗ c)
            found["first" + named] = ((a, b, other), lambda v, i=inner, o=outer: i(v[0], o(v[1], v[2])))  # type: ignore[misc]
        else:  # c ∗ (a ∘ b), worked out as (c ∗ a) ∘ b
            found["second" + named] = ((other, a, b), lambda v, i=inner, o=outer: i(o(v[0], v[1]), v[2]))  # type: ignore[misc]
    inside = plan.at.get(operator.operands[0]) if operator.op == "power" else None
    if inside is not None and inside.op == "negate":
        found["sign"] = ((inside.operands[0], operator.operands[1]), lambda v: -math.pow(v[0], v[1]))
    return found


def _minus_squared(plan: Plan, operator: Operator) -> Mapping[str, Used]:
    """Return (−a)ⁿ for −aⁿ."""
    inside = plan.at.get(operator.operands[0]) if operator.op == "negate" else None
    if inside is None or inside.op != "power":
        return {}
    return {"minus": (inside.operands, lambda v: math.pow(-v[0], v[1]))}


def _brackets(plan: Plan, operator: Operator) -> Mapping[str, Used]:
    return {**_order(plan, operator), **_minus_squared(plan, operator)}


def _choice(operator: Operator) -> dict[str, Wrong]:
    if operator.op not in ("max", "min"):
        return {}
    return {"": min if operator.op == "max" else max, "sum": math.fsum,
            "mean": lambda v: math.fsum(v) / len(v)}  # fmt: skip


def _relu(operator: Operator) -> dict[str, Wrong]:
    if operator.op not in ("relu", "leaky_relu"):
        return {}
    return {"size": lambda v: abs(v[0]), "other side": lambda v: min(v[0], 0.0),
            "step": lambda v: float(v[0] > 0)}  # fmt: skip


def _function(operator: Operator) -> dict[str, Wrong]:
    made: dict[str, dict[str, Wrong]] = {
        "exp": {"ten": lambda v: math.pow(10, v[0]), "two": lambda v: math.pow(2, v[0]),
                "times": lambda v: math.e * v[0], "power": lambda v: math.pow(v[0], math.e),
                "left out": lambda v: v[0]},
        "log": {"reciprocal": lambda v: 1 / v[0], "exp": lambda v: math.exp(v[0]),
                "left out": lambda v: v[0], "two": lambda v: math.log2(v[0])},
        "sqrt": {"left out": lambda v: v[0], "half": lambda v: v[0] / 2, "square": lambda v: v[0] ** 2},
        "abs": {"left out": lambda v: v[0]},
        "sin": {"cosine": lambda v: math.cos(v[0]), "left out": lambda v: v[0]},
        "cos": {"sine": lambda v: math.sin(v[0]), "left out": lambda v: v[0]},
        "tan": {"sine": lambda v: math.sin(v[0]), "left out": lambda v: v[0]},
        "sigmoid": {"no one": lambda v: math.exp(v[0]), "turned": lambda v: 1 + math.exp(-v[0]),
                    "minus": lambda v: 1 / (1 - math.exp(-v[0]))},
    }  # fmt: skip
    return made.get(operator.op, {})


def _preactivation(plan: Plan, operator: Operator) -> Mapping[str, Used]:
    """Return values in which a node before an activation is taken up in place of the one behind it."""
    if operator.op not in ("multiply", "add", "subtract") or not weights_of(plan.graph):
        return {}
    found: dict[str, Used] = {}
    for slot, operand in enumerate(operator.operands):
        source = plan.at.get(operand)
        if source is not None and OPS[source.op].activation and not OPS[source.op].outputs:
            used = tuple(source.operands[0] if i == slot else o for i, o in enumerate(operator.operands))
            found[f"operand {slot}"] = (used, operator.value)
    return found


def _inputs_for_hidden(scene: Scene) -> Iterator[Site]:
    """Yield products of the second layer and later in which an input stands for the hidden value."""
    plan = scene.plan
    layers: dict[int, list[int]] = {}
    for terms in units(plan).values():
        for _, source, _ in terms:
            layers.setdefault(plan.graph.nodes[source].kind == "input", []).append(source)
    inputs = list(dict.fromkeys(layers.get(True, [])))
    if not inputs or not weights_of(plan.graph):
        return
    for terms in units(plan).values():
        for number, (weight, source, product) in enumerate(sorted(terms, key=lambda term: term[2])):
            if plan.graph.nodes[source].kind != "operation":
                continue
            taken = inputs[min(number, len(inputs) - 1)]
            rule: Used = ((weight, taken), lambda v: v[0] * v[1])
            if different(scene.values[taken], scene.values[source]):
                yield Site(product, Bend(instead={product: rule}))


def _other_index(scene: Scene) -> Iterator[Site]:
    """Yield products with the weight, or the input, of another term of their unit."""
    for terms in units(scene.plan).values():
        for one, other in combinations(terms, 2):
            for here, there in ((one, other), (other, one)):
                for used in ((here[0], there[1]), (there[0], here[1])):
                    variant = "input" if used[0] == here[0] else "weight"
                    rule: Used = (used, lambda v: v[0] * v[1])
                    value = scene.values[used[0]] * scene.values[used[1]]
                    if different(value, scene.values[here[2]]):
                        name = scene.plan.graph.nodes[used[1] if variant == "input" else used[0]].name
                        yield Site(here[2], Bend(instead={here[2]: rule}), variant, {"other": name})


def _error_only(scene: Scene) -> Iterator[Site]:
    """Yield losses that are the error itself: the output where the square and its constant are left out."""
    output = scene.plan.output
    for difference, square in errors_squared(scene):
        if output != square and different(scene.values[difference], scene.values[output]):
            yield Site(output, Bend(instead={output: ((difference,), lambda v: v[0])}))


ROWS = (
    Slip(
        name="bias-left-out", family="values", rank=1, sites=_worked_out(_bias_left_out), fixed=True,
        sentence="The bias was left out.",
        hint="Every unit adds its own bias to the weighted sum.",
    ),
    Slip(
        name="term-left-out", family="values", rank=2.5, sites=_worked_out(_term_left_out), fixed=True,
        sentence="A term of the sum was left out.",
        hint="Count the terms: each of them belongs to the sum.",
    ),
    Slip(
        name="power-forgotten", family="values", rank=1, sites=computed_by(_power), fixed=True,
        sentence="The power was forgotten: the number itself stands here.",
        hint="The exponent says how often the number is multiplied by itself.",
        variants={
            "size": "The size of the number stands here; it is still to be raised to the power.",
        },
        ranks={"size": 3, "raised": 4, "twice": 4},
    ),
    Slip(
        name="constant-forgotten", family="values", rank=1.5, sites=_constant, fixed=True,
        sentence="A constant factor was forgotten in the value.",
        hint="Compare with the program: which numbers stand beside the names?",
        variants={
            "half": "The ½ was forgotten.",
            "half twice": "The ½ was multiplied in twice.",
            "twice": "A constant factor was multiplied in twice.",
            "inverted": "The constant was turned over: multiplied where the program divides, or the "
            "reverse.",
        },
        ranks={"half": 1, "half twice": 2, "twice": 3, "inverted": 2.5},
    ),
    Slip(
        name="loss-value", family="values", rank=2, sites=computed_by(_loss), fixed=True,
        sentence="The value of the loss was worked out by another formula.",
        hint="Write the loss out: the error, its square, and what stands in front.",
        variants={
            "square": "The square of the error was forgotten.",
            "size": "The size of the error was taken; the loss has its square.",
            "squares": "The squares were subtracted from each other; the difference is squared.",
            "root": "A root was taken that the loss does not have.",
            "halved": "A ½ too many stands in the loss.",
            "doubled": "The ½ of the loss was forgotten, or a 2 put in.",
            "not divided": "The sum of the squares stands here; the mean divides it by their number.",
            "divided twice": "The sum was divided by the number of terms twice.",
        },
        ranks={"square": 1, "doubled": 1, "squares": 1.5, "divided twice": 4},
    ),
    Slip(
        name="difference-of-squares", family="values", rank=1.5, sites=_worked_out(_difference_of_squares),
        fixed=True,
        sentence="The power was taken of each term; it belongs to the whole bracket: (a − t)² is not a² "
        "− t².",
        hint="Work out the bracket first, then raise it to the power.",
    ),
    Slip(
        name="order-of-operations", family="values", rank=2, sites=_worked_out(_brackets), fixed=True,
        sentence="The operations were done in another order: brackets first, then powers, then "
        "products, then sums.",
        hint="Set brackets around what is worked out first.",
        variants={
            "minus": "The minus was squared, too: −a² is −(a²).",
            "sign": "The minus was left out of the power: (−a)² is a².",
        },
        ranks={"first named": 3.5, "second named": 3.5, "first power": 3, "second power": 3},
    ),
    Slip(
        name="max-for-min", family="values", rank=1, sites=computed_by(_choice), fixed=True,
        sentence="The largest and the smallest were taken for each other.",
        hint="max is the largest of its operands, min the smallest.",
        variants={
            "sum": "The operands were added; max and min choose one of them.",
            "mean": "The operands were averaged; max and min choose one of them.",
        },
        ranks={"sum": 3, "mean": 4},
    ),
    Slip(
        name="relu-value", family="activations", rank=2, sites=computed_by(_relu), fixed=True,
        sentence="relu was not applied as it is: z where z is positive, and 0 elsewhere.",
        hint="relu(z) is the larger of z and 0.",
        variants={
            "size": "The size of z was taken: relu of a negative number is 0.",
            "other side": "relu was turned round: it keeps positive numbers, and makes negative ones 0.",
            "step": "The slope of relu, 1 or 0, stands here in place of its value.",
        },
    ),
    Slip(
        name="function-value", family="functions", rank=2.5, sites=computed_by(_function), fixed=True,
        sentence="The value of the function is another function's.",
        hint="Work out this function again: which key of the calculator is it?",
        variants={
            "left out": "The function was not applied: its argument stands here.",
            "ten": "A power of 10 was taken; here it is a power of e.",
            "two": "The base 2 was taken; here it is e.",
            "times": "e was multiplied by the exponent; it is raised to it.",
            "reciprocal": "One over the number stands here: the slope of ln, and not its value.",
            "exp": "The power of e was taken; ln is its inverse.",
            "half": "The number was halved; the root is another number.",
            "no one": "eᶻ alone stands here: the sigmoid is 1/(1 + e⁻ᶻ).",
            "turned": "1 + e⁻ᶻ stands here: the sigmoid is one over it.",
        },
        ranks={"left out": 2},
    ),
    Slip(
        name="preactivation-used", family="networks", rank=2, sites=_worked_out(_preactivation), fixed=True,
        sentence="The number before the activation was taken up; the one behind it belongs here: a, not z.",
        hint="What does a unit hand to the next layer?",
    ),
    Slip(
        name="input-for-hidden", family="networks", rank=2, sites=_inputs_for_hidden, fixed=True,
        sentence="An input was taken up where the output of the hidden layer belongs: a, not x.",
        hint="What goes into this layer: the network's inputs, or the outputs of the layer before?",
    ),
    Slip(
        name="other-index", family="networks", rank=3, sites=_other_index, joined=False, fixed=True,
        sentence="{other} was taken here, which belongs to another index.",
        hint="Follow each weight in the graph: which input does it multiply, for which unit?",
    ),
    Slip(
        name="error-for-loss", family="values", rank=2, sites=_error_only, joined=False, fixed=True,
        sentence="The error itself stands here; the loss has its square, and what stands in front.",
        hint="Square the error, and multiply by what stands in front.",
    ),
)  # fmt: skip
