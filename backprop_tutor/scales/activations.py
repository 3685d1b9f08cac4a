"""Activations as programs write them: by a function's name, or written out.

Enters: a graph. Leaves: for each node that is an activation's value, where its argument stands. The
forms that are written out are rows of `WRITTEN`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..graph import Graph, Node
from ..ops import OPS

__all__ = ["Activated", "activated"]

_ALSO = frozenset({"step", "sign", "atan", "erf"})
"""Activations of perceptrons and older courses, beside those that `OPS` marks."""


@dataclass(frozen=True, slots=True)
class Activated:
    """An activation's value at `place`: of `sign` times the node `net`, over the nodes `cone`."""

    place: int
    name: str
    net: int
    sign: int
    cone: tuple[int, ...]


def activated(graph: Graph) -> Iterator[Activated]:
    """Yield every node that is the value of an activation, in creation order."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for place, node in enumerate(graph.nodes):
        row = OPS.get(node.op)
        if row is None:
            continue
        if row.shares and row.outputs:
            groups.setdefault(node.operands, []).append(place)
        elif len(node.operands) == 1 and (row.activation or node.op in _ALSO):
            yield Activated(place, node.op, node.operands[0], 1, (place,))
        else:
            yield from _written_out(graph, place)
    for operands, places in groups.items():
        yield from _shared_out(graph, operands, places)


def _shared_out(
    graph: Graph, operands: tuple[int, ...], places: list[int]
) -> Iterator[Activated]:
    """Yield softmax's outputs where each operand has one, and is used by them alone."""
    if len(set(operands)) != len(operands) or len(places) != len(operands):
        return
    own = set(places)
    if any(use.target not in own for operand in operands for use in graph.uses[operand]):
        return
    for place in places:
        index = int(dict(graph.nodes[place].options)["index"])
        yield Activated(place, graph.nodes[place].op, operands[index], 1, (place,))


def _written_out(graph: Graph, place: int) -> Iterator[Activated]:
    for form in WRITTEN:
        found = form(graph, place)
        if found is not None:
            yield found
            return


def _is(node: Node, number: int) -> bool:
    return node.kind == "constant" and node.value == number


def _relu(graph: Graph, place: int) -> Activated | None:
    """max(0, z), in either order."""
    node = graph.nodes[place]
    if node.op != "max" or len(node.operands) != 2:
        return None
    for zero, net in (node.operands, node.operands[::-1]):
        if _is(graph.nodes[zero], 0):
            return Activated(place, "relu", net, 1, (place,))
    return None


def _sigmoid(graph: Graph, place: int) -> Activated | None:
    """1/(1 + exp(−z)) and (1 + exp(−z))^(−1); 1/(1 + exp(z)) is that of −z."""
    node = graph.nodes[place]
    if node.op == "divide" and _is(graph.nodes[node.operands[0]], 1):
        below = node.operands[1]
    elif (node.op == "power" and _is(graph.nodes[node.operands[1]], -1)) or node.op == "reciprocal":
        below = node.operands[0]
    else:
        return None
    total = graph.nodes[below]
    if total.op != "add" or len(graph.uses[below]) != 1:
        return None
    for one, power in (total.operands, total.operands[::-1]):
        if not _is(graph.nodes[one], 1) or graph.nodes[power].op != "exp":
            continue
        if len(graph.uses[power]) != 1:
            continue
        net, sign, cone = graph.nodes[power].operands[0], -1, [power, below, place]
        if graph.nodes[net].op == "negate" and len(graph.uses[net]) == 1:
            cone.insert(0, net)
            net, sign = graph.nodes[net].operands[0], 1
        return Activated(place, "sigmoid", net, sign, tuple(cone))
    return None


WRITTEN = (_relu, _sigmoid)
