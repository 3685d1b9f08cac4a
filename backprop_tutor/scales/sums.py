"""A weighted sum read off the graph: what is added, with which sign and which weight.

Enters: a graph and the node that holds a sum. Leaves: the sum's parts, however it was typed: nested,
in brackets, the bias first, the factors in either order. Which of two factors is the weight is told by
names, then by use; this file does not know activations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..graph import Graph
from .records import Edge

__all__ = ["Part", "Product", "likeness", "parts_of", "product_of"]

_SIGNS = {"add": (1, 1), "subtract": (1, -1), "negate": (-1,), "identity": (1,)}
"""The sign that each operand of a sum has; `sum` adds any number."""

_WEIGHT = re.compile(
    r"(?:[wWbBvVuU]|theta|Theta|beta|gamma|weight|weights|bias)(?:\d*(?:_\w+)?)?\Z"
)
_DATA = re.compile(r"(?:[xXtiyY]|in|inp|input|target|label|feature)(?:\d*(?:_\w+)?)?\Z")


_LIKE_WEIGHTS = 2


def likeness(name: str) -> int:
    """Return 2 for a name like those of weights and biases, 0 for one like data's, else 1.

    >>> likeness("w1_11"), likeness("x2"), likeness("k")
    (2, 0, 1)
    """
    return 2 if _WEIGHT.match(name) else 0 if _DATA.match(name) else 1


@dataclass(frozen=True, slots=True)
class Part:
    """One summand: a node, its sign, and the edge by which it enters the sum."""

    place: int
    sign: int
    edge: Edge


@dataclass(frozen=True, slots=True)
class Product:
    """A product of two factors, each with the edge by which it enters, and their common sign."""

    factors: tuple[tuple[int, Edge], tuple[int, Edge]]
    sign: int


def _once(graph: Graph, place: int) -> bool:
    return len(graph.uses[place]) == 1


def parts_of(
    graph: Graph, root: int, sign: int, absorb: Callable[[int], bool]
) -> tuple[list[Part], set[int]]:
    """Return the summands of a sum, in order, and the places of its additions.

    `absorb` tells of an operation used once whether it may be part of the sum.
    """
    found: list[Part] = []
    inside: set[int] = set()
    pending = [Part(root, sign, (-1, -1, 0))]
    while pending:
        part = pending.pop()
        node = graph.nodes[part.place]
        adds = node.op in _SIGNS or node.op == "sum"
        if not adds or (
            part.place != root and not (_once(graph, part.place) and absorb(part.place))
        ):
            found.append(part)
            continue
        inside.add(part.place)
        signs = _SIGNS.get(node.op) or (1,) * len(node.operands)
        pending.extend(
            Part(operand, part.sign * s, (operand, part.place, slot))
            for slot, (operand, s) in reversed(
                list(enumerate(zip(node.operands, signs, strict=True)))
            )
        )
    return found, inside


def product_of(
    graph: Graph, place: int, root: int, absorb: Callable[[int], bool]
) -> tuple[Product, set[int]] | None:
    """Return a node as a product of two factors, with the places inside; None if it is none."""
    node = graph.nodes[place]
    if node.op != "multiply":
        return None
    if place != root and not (_once(graph, place) and absorb(place)):
        return None
    sign, inside = 1, {place}
    factors: list[tuple[int, Edge]] = []
    for slot, operand in enumerate(node.operands):
        edge = (operand, place, slot)
        while (
            graph.nodes[operand].op in ("negate", "identity")
            and _once(graph, operand)
            and absorb(operand)
        ):
            inside.add(operand)
            sign *= _SIGNS[graph.nodes[operand].op][0]
            edge = (graph.nodes[operand].operands[0], operand, 0)
            operand = edge[0]
        if graph.nodes[operand].op == "multiply" and _once(graph, operand) and absorb(operand):
            return None  # three factors: not one weight times one input
        factors.append((operand, edge))
    return Product((factors[0], factors[1]), sign), inside


def is_leaf(graph: Graph, place: int) -> bool:
    """Return whether a node is an input of the program or a constant of its text."""
    return graph.nodes[place].kind != "operation"


def weight_first(
    graph: Graph, product: Product, counts: dict[int, int]
) -> tuple[tuple[int, Edge], tuple[int, Edge], bool] | None:
    """Return a product's weight and source, and whether names tell them apart; None if it has no weight.

    A constant is a weight; a leaf is one beside what is computed, unless it is named like data. Of two
    inputs the one more like a weight by its name is; else the one with fewer uses as a factor
    (`counts`); else the one that stands first.
    """
    one, other = product.factors
    leaves = [is_leaf(graph, place) for place, _ in product.factors]
    constant = [graph.nodes[place].kind == "constant" for place, _ in product.factors]
    if not any(leaves) or all(constant):
        return None
    if any(constant):
        return (one, other, True) if constant[0] else (other, one, True)
    if not all(leaves):
        weight, source = (one, other) if leaves[0] else (other, one)
        like = likeness(graph.nodes[weight[0]].name)
        return (weight, source, like == _LIKE_WEIGHTS) if like else None
    likes = [likeness(graph.nodes[place].name) for place, _ in product.factors]
    if likes[0] != likes[1]:
        return (one, other, True) if likes[0] > likes[1] else (other, one, True)
    used = [counts.get(place, 0) for place, _ in product.factors]
    return (one, other, False) if used[0] <= used[1] else (other, one, False)


def factor_counts(graph: Graph, places: Iterable[int]) -> dict[int, int]:
    """Return how often each leaf is a factor of the products among the places."""
    counts: dict[int, int] = {}
    for place in places:
        node = graph.nodes[place]
        if node.op == "multiply":
            for operand in node.operands:
                counts[operand] = counts.get(operand, 0) + 1
    return counts
