"""Slips of products of matrices: order, transposes, the wrong factor, entry by entry, one sample.

Each rule has the gradient that arrives and both factors as matrices, and says what was multiplied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from .array_bends import Array, ArrayBend, ArrayPlan, Edge, View, kind_of
from .array_sites import (
    ArraySite,
    activation_of,
    as_operand,
    at_edges,
    at_values,
    edge_of,
    is_parameter,
    is_product,
    matrices,
    node_of,
)
from .slip_record import Slip

__all__ = ["ROWS", "sample_edges"]

Product = Callable[[Array, Array, Array], Array]


def _by_slot(left: Product, right: Product) -> Callable[[View], Array]:
    """Return a rule of the way back: from gradient, left and right factor, for either operand."""

    def rule(view: View) -> Array:
        g, a, b = matrices(view)
        return as_operand(view, (left if view.slot == 0 else right)(g, a, b))

    return rule


def _entrywise(one: Array, other: Array) -> Array:
    """Return the product entry by entry of matrices that may be so multiplied by mistake."""
    if one.shape != other.shape and 1 not in (*one.shape, *other.shape):
        raise ValueError("not of one shape")
    return one * other


_NOT_TRANSPOSED = _by_slot(lambda g, a, b: g @ b, lambda g, a, b: a @ g)
_ORDER = _by_slot(lambda g, a, b: b.T @ g, lambda g, a, b: g @ a.T)
_ORDER_NOT_TRANSPOSED = _by_slot(lambda g, a, b: b @ g, lambda g, a, b: g @ a)
_TURNED = _by_slot(lambda g, a, b: b @ g.T, lambda g, a, b: g.T @ a)
_ENTRYWISE = _by_slot(lambda g, a, b: _entrywise(g, b), lambda g, a, b: _entrywise(a, g))
_ENTRYWISE_TURNED = _by_slot(lambda g, a, b: _entrywise(g, b.T), lambda g, a, b: _entrywise(a.T, g))
_OWN = _by_slot(lambda g, a, b: g @ a.T, lambda g, a, b: b.T @ g)
_WITHOUT_G = _by_slot(lambda g, a, b: np.ones_like(g) @ b.T, lambda g, a, b: a.T @ np.ones_like(g))
_FACTOR = _by_slot(lambda g, a, b: b.T, lambda g, a, b: a.T)
_WITHOUT_FACTOR = _by_slot(
    lambda g, a, b: g @ np.ones_like(b).T, lambda g, a, b: np.ones_like(a).T @ g
)


def _upstream(view: View) -> Array:
    if view.g.shape != view.operand.shape:
        raise ValueError("not of one shape")
    return view.g


def _into_activity(plan: ArrayPlan, edge: Edge) -> bool:
    """Return whether an edge goes from what is computed into its product with a weight."""
    if not is_product(plan, edge) or is_parameter(plan, edge[0]):
        return False
    return is_parameter(plan, plan.graph.nodes[edge[1]].operands[1 - edge[2]])


def _into_weight(plan: ArrayPlan, edge: Edge) -> bool:
    return is_product(plan, edge) and not _into_activity(plan, edge)


def _updated(plan: ArrayPlan) -> Iterator[ArraySite]:
    """Yield products whose gradient is handed down by the weights after their update."""
    for edge in plan.edges:
        if not _into_activity(plan, edge):
            continue
        for rate in plan.rates:

            def rule(view: View, rate: float = rate) -> Array:
                g, a, b = matrices(view)
                if view.slot == 0:
                    return as_operand(view, g @ (b - rate * (a.T @ g)).T)
                return as_operand(view, (a - rate * (g @ b.T)).T @ g)

            yield ArraySite(edge, ArrayBend(edges={edge: rule}), f"rate {rate:g}")


def _other_values(plan: ArrayPlan) -> Iterator[ArraySite]:
    """Yield weights whose gradient is made with another value than the one that went into the product."""
    nodes = plan.graph.nodes
    data = [
        place for place, node in enumerate(nodes)
        if plan.numbers[place].ndim and not is_parameter(plan, place)
        and (node.kind == "input" or activation_of(plan, place) is not None)
    ]  # fmt: skip
    for edge in plan.edges:
        if not is_product(plan, edge) or not is_parameter(plan, edge[0]):
            continue
        used = nodes[edge[1]].operands[1 - edge[2]]
        flipped = kind_of(nodes[used]) == "transpose"
        base = nodes[used].operands[0] if flipped else used
        before = activation_of(plan, base)
        others = [("", before)] if before is not None else []
        others += [("other layer", place) for place in data if place not in (base, before)]
        for variant, place in others:
            if plan.numbers[place].ndim == plan.numbers[base].ndim:
                rule = _with_value(place, flipped)
                yield ArraySite(edge, ArrayBend(edges={edge: rule}), variant)


def _with_value(place: int, flipped: bool) -> Callable[[View], Array]:
    """Return the rule of a weight's gradient with a node's value for the other factor."""

    def rule(view: View) -> Array:
        g, _, _ = matrices(view)
        value: Array = np.asarray(view.values[place], float)
        if value.ndim < 2:
            value = value.reshape((1, -1) if view.slot == 1 else (-1, 1))
        elif flipped:
            value = value.T
        return as_operand(view, value.T @ g if view.slot == 1 else g @ value.T)

    return rule


def sample_edges(plan: ArrayPlan, edge: Edge) -> bool:
    """Return whether the gradient of a weight sums over samples at an edge: a product with data."""
    if not is_product(plan, edge) or not is_parameter(plan, edge[0]):
        return False
    node = plan.graph.nodes[edge[1]]
    other = node.operands[1 - edge[2]]
    return plan.numbers[other].ndim == 2 and not is_parameter(plan, other)


ROWS = (
    Slip(
        name="weight-not-transposed", family="products", rank=1,
        sites=at_edges(_into_activity, {"": _NOT_TRANSPOSED}),
        sentence="On the way down the weights are transposed; here they were not.",
        hint="Which of W and Wᵀ takes the gradient back to the shape of the layer's input?",
    ),
    Slip(
        name="factor-not-transposed", family="products", rank=2,
        sites=at_edges(_into_weight, {"": _NOT_TRANSPOSED}),
        sentence="The other factor of the product is transposed in the gradient; here it was not.",
        hint="Which product of the gradient and the other factor has the shape of the value?",
    ),
    Slip(
        name="product-order", family="products", rank=1,
        sites=at_edges(is_product, {"": _ORDER, "not transposed": _ORDER_NOT_TRANSPOSED}),
        sentence="The factors of a product of matrices stand in the wrong order.",
        hint="A product of matrices changes with the order of its factors: write the shapes beneath.",
        variants={
            "not transposed": "The factors stand in the wrong order, and the other one was not transposed.",
        },
    ),
    Slip(
        name="turned", family="shapes", rank=2, sites=at_edges(is_product, {"": _TURNED}),
        sentence="The gradient handed down is transposed.",
        hint="A gradient has the shape of its value.",
    ),
    Slip(
        name="entrywise-for-product", family="products", rank=1,
        sites=at_edges(is_product, {"": _ENTRYWISE, "turned": _ENTRYWISE_TURNED}),
        sentence="A product entry by entry was used where a product of matrices belongs.",
        hint="An entry of the value is used in a whole row or column of the result.",
    ),
    Slip(
        name="wrong-factor", family="products", rank=3,
        sites=at_edges(is_product, {"": _OWN, "alone": _FACTOR}),
        sentence="The gradient along one factor is made with the other factor; its own value was used.",
        hint="Which factor is held still when this one moves?",
        variants={
            "alone": "The other factor alone stands here: the gradient that arrives was left out.",
        },
    ),
    Slip(
        name="upstream-left-out", family="chain", rank=2,
        sites=at_edges(is_product, {"": _WITHOUT_G}),
        sentence="The gradient that arrives from above was left out of the product.",
        hint="Chain rule: the gradient from above goes into every step.",
    ),
    Slip(
        name="factor-left-out", family="chain", rank=2,
        sites=at_edges(is_product, {"": _upstream, "summed": _WITHOUT_FACTOR}),
        sentence="The other factor was left out on the way down.",
        hint="The slope of a product along one factor is the other factor.",
    ),
    Slip(
        name="updated-weight", family="descent", rank=2, sites=_updated,
        sentence="The weights after their update were used on the way down; gradients take the old ones.",
        hint="All gradients are taken before any weight moves.",
    ),
    Slip(
        name="value-before-activation", family="activations", rank=1, sites=_other_values,
        sentence="The value before the activation was used where the layer's output belongs.",
        hint="What does the weight multiply: what goes into the activation, or what comes out?",
        variants={
            "other layer": "The value of another layer was used for the gradient of this weight.",
        },
    ),
    Slip(
        name="forward-product", family="forward", rank=2,
        sites=at_values(
            node_of("matmul"),
            {
                "order": lambda plan, ab: ab[1] @ ab[0],
                "right turned": lambda plan, ab: ab[0] @ ab[1].T,
                "left turned": lambda plan, ab: ab[0].T @ ab[1],
                "entrywise": lambda plan, ab: ab[0] * ab[1],
            },
        ),
        sentence="The product of matrices was not formed as it stands: row times column.",
        hint="An entry of a product is a row of the first factor times a column of the second.",
        variants={
            "order": "The factors of the product were multiplied in the wrong order.",
            "right turned": "The second factor was transposed, and the program does not say so.",
            "left turned": "The first factor was transposed, and the program does not say so.",
            "entrywise": "The product was formed entry by entry; it is one of matrices.",
        },
    ),
    Slip(
        name="transpose-left-out", family="shapes", rank=2,
        sites=at_edges(edge_of("transpose"), {"": lambda view: view.g}),
        sentence="The gradient of a transposed value has to be transposed back.",
        hint="A gradient has the shape of its value.",
    ),
)  # fmt: skip
