"""Slips entry by entry: the slope left out, at the wrong place, of another function; gates and signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ...matrices.array_graph import record_of
from ...ops import OPS
from ...ops.array_kernel import RAW
from .array_bends import Array, ArrayBend, ArrayPlan, Edge, View, kind_of
from .array_sites import ArraySite, at_edges, edge_of, is_activation, leaf_of
from .rule_slips import ROWS as NUMBERS
from .slip_record import Slip

__all__ = ["ROWS"]

_TAUGHT = tuple(row for row in OPS.values() if row.taught)


def _fit(view: View, found: Array) -> Array:
    """Return what is handed to an operand summed to its shape, as a single number's is."""
    return np.asarray(RAW.fit(found, view.operand.shape))


def _by(slope: Callable[[View], Any]) -> Callable[[View], Array]:
    """Return the rule that hands down the gradient times a wrong slope."""
    return lambda view: _fit(view, view.g * slope(view))


def _at_output(view: View) -> Array:
    row = OPS[view.node.op]
    out = row.value(RAW, view.out, **row.with_options(view.node.options))
    return view.slope(np.asarray(out), view.out)


def _of_input(view: View) -> Array:
    """Return a slope that is written with the output, with the input put there."""
    return view.slope(view.operand, view.operand)


def _others(plan: ArrayPlan) -> Iterator[ArraySite]:
    for edge in plan.edges:
        if not is_activation(plan, edge):
            continue
        for row in _TAUGHT:
            if row.name == plan.graph.nodes[edge[1]].op:
                continue
            slope = row.slope(0)

            def at_input(view: View, row: Any = row, slope: Any = slope) -> Array:
                z = view.operand
                return np.asarray(view.g * slope(RAW, row.value(RAW, z), z))

            def of_output(view: View, slope: Any = slope) -> Array:
                return np.asarray(view.g * slope(RAW, view.out, view.operand))

            yield ArraySite(edge, ArrayBend(edges={edge: at_input}), row.name)
            yield ArraySite(edge, ArrayBend(edges={edge: of_output}), f"{row.name} of the output")


def _entrywise(plan: ArrayPlan, edge: Edge) -> bool:
    return record_of(plan.graph.nodes[edge[1]]) is None


def _steep(plan: ArrayPlan, edge: Edge) -> bool:
    """Return whether an operation entry by entry has a slope that is not the same everywhere."""
    node = plan.graph.nodes[edge[1]]
    return _entrywise(plan, edge) and node.op not in ("add", "subtract", "negate", "identity")


def _matrix_slope(order: Callable[[Array, Array], Array]) -> Callable[[View], Array]:
    def rule(view: View) -> Array:
        if view.g.ndim != 2:
            raise ValueError("no matrices")
        return order(view.g, view.slope(view.out, *view.operands))

    return rule


def _gate(condition: Callable[[View], Array]) -> Callable[[View], Array]:
    return lambda view: np.where(condition(view), view.g, 0.0)


def _product(plan: ArrayPlan, edge: Edge) -> bool:
    return plan.graph.nodes[edge[1]].op == "multiply"


def _constant(plan: ArrayPlan, edge: Edge) -> bool:
    """Return whether an edge goes into a product with, or a quotient by, a constant number."""
    node = plan.graph.nodes[edge[1]]
    if node.op not in ("multiply", "divide") or len(node.operands) != 2:
        return False
    other = node.operands[1 - edge[2]]
    if plan.numbers[other].ndim or (node.op == "divide" and edge[2] == 1):
        return False
    return plan.graph.nodes[leaf_of(plan, other)].kind != "operation"


def _inverted(view: View) -> Array:
    return 1 / view.slope(view.out, *view.operands)


def _squared(plan: ArrayPlan, edge: Edge) -> bool:
    node = plan.graph.nodes[edge[1]]
    if kind_of(node) == "mse":
        return True
    return node.op == "power" and edge[2] == 0 and bool(np.all(plan.numbers[node.operands[1]] == 2))


def _half(factor: float) -> Callable[[View], Array]:
    return lambda view: np.asarray(view.right() * factor)


def _power(slope: Callable[[Array, Array], Array]) -> Callable[[View], Array]:
    return _by(lambda view: slope(*view.operands))


_OF_NUMBERS = {slip.name: slip for slip in NUMBERS}


def _as_of_numbers(name: str, sites: Callable[[Any], Iterator[Any]]) -> Slip:
    """Return the slip of single numbers, with its words, at sites over arrays."""
    return replace(_OF_NUMBERS[name], sites=sites)


ROWS = (
    Slip(
        name="slope-left-out", family="activations", rank=1,
        sites=at_edges(is_activation, {"": lambda view: view.g}),
        sentence="The slope of the activation was left out.",
        hint="On the way down the gradient passes through the activation too.",
    ),
    Slip(
        name="slope-at-output", family="activations", rank=1,
        sites=at_edges(is_activation, {"": _by(_at_output)}),
        sentence="The slope was taken at the activation's output; it belongs at its input.",
        hint="At which number is the slope taken: at Z, or at A?",
    ),
    Slip(
        name="slope-of-input", family="activations", rank=1,
        sites=at_edges(is_activation, {"": _by(_of_input)}),
        sentence="The slope is written with the activation's output, and its input was put there.",
        hint="In A ⊙ (1 − A), which matrix stands in the brackets?",
    ),
    Slip(
        name="other-slope", family="activations", rank=2, sites=_others,
        sentence="The slope of another activation function was used.",
        hint="Which activation function is this one, and what is its own slope?",
    ),
    Slip(
        name="sigmoid-slope", family="activations", rank=2,
        sites=at_edges(
            edge_of("sigmoid"),
            {
                "s": _by(lambda v: v.out), "1 - s": _by(lambda v: 1 - v.out),
                "s(s - 1)": _by(lambda v: v.out * (v.out - 1)), "s^2": _by(lambda v: v.out**2),
                "s(1 - z)": _by(lambda v: v.out * (1 - v.operand)),
            },
        ),
        sentence="The slope of the sigmoid is its output times one minus its output.",
        hint="Both factors, A and 1 − A, and their signs.",
    ),
    Slip(
        name="tanh-slope", family="activations", rank=1,
        sites=at_edges(
            edge_of("tanh"),
            {
                "no square": _by(lambda v: 1 - v.out), "square alone": _by(lambda v: v.out**2),
                "sum": _by(lambda v: 1 + v.out**2),
            },
        ),
        sentence="The slope of tanh is one minus the square of its output.",
        hint="Write down the derivative of tanh in terms of its output.",
        variants={"no square": "The square is missing: the slope of tanh is 1 − A², not 1 − A."},
    ),
    _as_of_numbers(
        "relu-gate",
        at_edges(
            edge_of("relu", "leaky_relu"),
            {
                "by the gradient": _gate(lambda v: v.g > 0),
                "value": _by(lambda v: np.maximum(v.operand, 0.0)),
                "the wrong side": _gate(lambda v: v.operand <= 0),
                "at zero": _gate(lambda v: v.operand >= 0),
            },
        ),
    ),
    Slip(
        name="slope-alone", family="chain", rank=2,
        sites=at_edges(
            _steep,
            {"": lambda v: _fit(v, np.ones_like(v.g) * v.slope(v.out, *v.operands))},
        ),
        sentence="The gradient that arrives from above was left out.",
        hint="Chain rule: the gradient from above goes into every step.",
    ),
    Slip(
        name="product-for-entrywise", family="products", rank=2,
        sites=at_edges(
            _steep,
            {
                "": _matrix_slope(lambda g, s: g @ s), "turned": _matrix_slope(lambda g, s: g @ s.T),
                "from the left": _matrix_slope(lambda g, s: s @ g),
                "turned, from the left": _matrix_slope(lambda g, s: s.T @ g),
            },
        ),
        sentence="A product of matrices was used where the product is entry by entry.",
        hint="An activation works on each entry alone: so does its slope.",
    ),
    _as_of_numbers(
        "subtract-sign",
        at_edges(
            lambda plan, edge: plan.graph.nodes[edge[1]].op == "subtract" and edge[2] == 1,
            {"": _by(lambda v: 1.0)},
        ),
    ),
    _as_of_numbers(
        "negate-sign",
        at_edges(edge_of("negate"), {"": _by(lambda v: 1.0)}),
    ),
    Slip(
        name="entrywise-product-rule", family="products", rank=1,
        sites=at_edges(
            _product,
            {
                "swapped": _by(lambda v: v.operand), "one": _by(lambda v: 1.0),
                "product": _by(lambda v: v.out),
            },
        ),
        sentence="The slope along one factor is the other factor; something else was used.",
        hint="Hold one factor still, and let the other one grow by one.",
        variants={
            "swapped": "The gradients of the two factors were swapped: the slope along one factor is the "
            "other factor.",
            "one": "The other factor was left out of the product's slope.",
        },
    ),
    _as_of_numbers(
        "constant-lost",
        at_edges(
            _constant,
            {"": _by(lambda v: np.sign(v.slope(v.out, *v.operands))), "inverted": _by(_inverted)},
        ),
    ),
    _as_of_numbers(
        "two-or-half",
        at_edges(_squared, {"halved": _half(0.5), "doubled": _half(2.0)}),
    ),
    _as_of_numbers(
        "power-rule",
        at_edges(
            lambda plan, edge: plan.graph.nodes[edge[1]].op == "power" and edge[2] == 0,
            {
                "no n": _power(lambda a, n: a ** (n - 1)), "n kept": _power(lambda a, n: n * a**n),
                "power alone": _power(lambda a, n: a**n),
            },
        ),
    ),
    _as_of_numbers(
        "quotient-rule",
        at_edges(
            lambda plan, edge: plan.graph.nodes[edge[1]].op == "divide" and edge[2] == 1,
            {
                "no minus": _by(lambda v: v.other / v.operand**2),
                "not squared": _by(lambda v: -v.other / v.operand),
                "one over b": _by(lambda v: 1 / v.operand),
                "no numerator": _by(lambda v: -1 / v.operand**2),
            },
        ),
    ),
    _as_of_numbers(
        "log-rule",
        at_edges(
            edge_of("log"), {"log": _by(lambda v: v.out), "x": _by(lambda v: v.operand)}
        ),
    ),
    _as_of_numbers(
        "exp-rule",
        at_edges(
            edge_of("exp"), {"x": _by(lambda v: v.operand), "one": _by(lambda v: 1.0)}
        ),
    ),
)  # fmt: skip
