"""The places of a program over arrays at which a wrong rule can be made, and how its rows name them.

Enters: an `ArrayPlan`. Leaves: `ArraySite`s, each with the `ArrayBend` made there. The rows of the tables
of slips over matrices are built with what stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ...descent import parameters
from ...graph import Node
from ...ops import OPS
from .array_bends import Array, ArrayBend, ArrayPlan, Edge, EdgeRule, ValueRule, View, kind_of

__all__ = [
    "ArraySite", "activation_of", "at_edges", "at_values", "is_parameter", "is_product", "leaf_of",
    "matrices", "sizes_about", "target_of",
]  # fmt: skip

_SEEN_THROUGH = frozenset({"expand", "transpose", "reshape", "identity"})


@dataclass(frozen=True, slots=True)
class ArraySite:
    """One place at which a slip can be made, and what the pass does differently then.

    `at` is an edge, or a node's place; `variant` tells the slip's different wrong rules apart.
    """

    at: Edge | int
    bend: ArrayBend
    variant: str = ""


Sites = Callable[[ArrayPlan], Iterator[ArraySite]]
Where = Callable[[ArrayPlan, Edge], bool]


def at_edges(where: Where, variants: Mapping[str, EdgeRule]) -> Sites:
    """Return the sites of a slip that replaces what edges hand down, a rule for each variant."""

    def sites(plan: ArrayPlan) -> Iterator[ArraySite]:
        for edge in plan.edges:
            if where(plan, edge):
                for variant, rule in variants.items():
                    yield ArraySite(edge, ArrayBend(edges={edge: rule}), variant)

    return sites


def at_values(where: Callable[[ArrayPlan, int], bool], variants: Mapping[str, ValueRule]) -> Sites:
    """Return the sites of a slip that replaces the values of operations."""

    def sites(plan: ArrayPlan) -> Iterator[ArraySite]:
        for place, node in enumerate(plan.graph.nodes):
            if node.kind == "operation" and where(plan, place):
                for variant, rule in variants.items():
                    yield ArraySite(place, ArrayBend(values={place: rule}), variant)

    return sites


def edge_of(*ops: str) -> Where:
    """Return whether an edge's operation is one of these."""
    return lambda plan, edge: kind_of(plan.graph.nodes[edge[1]]) in ops


def node_of(*ops: str) -> Callable[[ArrayPlan, int], bool]:
    """Return whether a node's operation is one of these."""
    return lambda plan, place: kind_of(plan.graph.nodes[place]) in ops


def is_product(plan: ArrayPlan, edge: Edge) -> bool:
    """Return whether an edge goes into a product of vectors and matrices."""
    node = plan.graph.nodes[edge[1]]
    return kind_of(node) == "matmul" and all(plan.numbers[i].ndim <= 2 for i in node.operands)


def is_activation(plan: ArrayPlan, edge: Edge) -> bool:
    """Return whether an edge goes into an activation function, entry by entry."""
    node = plan.graph.nodes[edge[1]]
    row = OPS.get(node.op)
    return row is not None and row.activation and not row.outputs


def leaf_of(plan: ArrayPlan, place: int) -> int:
    """Return the input behind transposes and repetitions, or the node itself."""
    node = plan.graph.nodes[place]
    while node.kind == "operation" and kind_of(node) in _SEEN_THROUGH:
        place = node.operands[0]
        node = plan.graph.nodes[place]
    return place


def is_parameter(plan: ArrayPlan, place: int) -> bool:
    """Return whether a node is a weight or a bias, or one that is only turned or repeated.

    Weights are the inputs named like weights; where none is, inputs that multiply what is computed.
    """
    leaf = leaf_of(plan, place)
    node = plan.graph.nodes[leaf]
    if node.kind != "input":
        return False
    named = parameters(plan.graph)
    return node.name in named


def activation_of(plan: ArrayPlan, place: int) -> int | None:
    """Return what goes into an activation whose value stands at a place; None where none does."""
    node = plan.graph.nodes[place]
    row = OPS.get(node.op)
    if row is not None and row.activation and not row.outputs and len(node.operands) == 1:
        return node.operands[0]
    if kind_of(node) in ("softmax", "log_softmax"):
        return node.operands[0]
    return None


def target_of(plan: ArrayPlan, difference: int) -> int | None:
    """Return the slot of the target in a difference of a prediction and a target; None if it is none."""
    operands = plan.graph.nodes[difference].operands
    leaves = [plan.graph.nodes[leaf_of(plan, i)].kind == "input" for i in operands]
    free = [leaf and not is_parameter(plan, i) for leaf, i in zip(leaves, operands, strict=True)]
    if free == [True, True]:
        return None
    return free.index(True) if any(free) else None


def sizes_about(plan: ArrayPlan) -> tuple[int, ...]:
    """Return the counts that someone may divide by: sizes of data and values, and their products."""
    found: dict[int, None] = {}
    for place, number in enumerate(plan.numbers):
        if is_parameter(plan, place) or number.ndim == 0:
            continue
        for size in (*number.shape, number.size):
            if 1 < size < 10**7:
                found[int(size)] = None
    return tuple(found)


def matrices(view: View) -> tuple[Array, Array, Array]:
    """Return gradient, left and right factor of a product as matrices: vectors as a row or a column."""
    left, right = view.operands
    g = view.g
    rows, columns = np.ndim(left) == 2, np.ndim(right) == 2
    if np.ndim(g) < 2:
        g = np.reshape(g, (left.shape[0] if rows else 1, right.shape[1] if columns else 1))
    left = left if rows else left[np.newaxis, :]
    right = right if columns else right[:, np.newaxis]
    return g, left, right


def as_operand(view: View, found: Array) -> Array:
    """Return what a rule found for a vector as a vector; a matrix stays what it is."""
    if view.operand.ndim == 1 and found.ndim == 2 and 1 in found.shape:
        return found.reshape(-1)
    return found


def flat_size(node: Node, plan: ArrayPlan) -> int:
    """Return how many numbers go into an operation's first operand."""
    return int(plan.numbers[node.operands[0]].size)
