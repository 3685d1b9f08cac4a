"""Where a slip is made: the groups of places that go together, and how a place is said.

A place is an edge or a node. Nodes without a name of their own are said by their formula, or by the named
node they are a part of: a student never reads a name that the program does not have.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...descent import parameters
from ...graph import Graph
from ...language import PLAIN, UNICODE, Apply, Expression, written
from ...sentences import N_
from ...translation import sentence as _
from .broken_pass import Edge, Plan

__all__ = ["SCOPES", "layer_of", "weights_of", "whereabouts"]

At = Edge | int
_LONGEST = 24
_MOST_PARTS = 8

_LEAVES = {"weight": N_("weight"), "bias": N_("bias"), "input": N_("input")}
_LAYERS = {
    "hidden": N_("at every {operation} of the hidden layer"),
    "output": N_("at every {operation} of the output layer"),
}
_Layers = tuple[frozenset[int], tuple[int, ...]]
_KNOWN: weakref.WeakKeyDictionary[Graph, _Layers] = weakref.WeakKeyDictionary()


def weights_of(graph: Graph) -> frozenset[int]:
    """Return the places of weights and biases that have the usual names; empty where none has."""
    return _layers(graph)[0]


def _layers(graph: Graph) -> _Layers:
    known = _KNOWN.get(graph)
    if known is None:
        known = _KNOWN[graph] = _found_layers(graph)
    return known


def _found_layers(graph: Graph) -> _Layers:
    """Return the weights, and for each node how many layers lie below it, itself counted."""
    names = parameters(graph)
    if len(names) == len(graph.inputs):
        names = ()
    weights = frozenset(graph.index[name] for name in names)
    if weights:
        weights |= {place for place in range(len(graph.nodes)) if _acts_as_weight(graph, place)}
    levels = [0] * len(graph.nodes)
    for place, node in enumerate(graph.nodes):
        below = max((levels[i] for i in node.operands if i not in weights), default=0)
        weighted = node.op == "multiply" and any(i in weights for i in node.operands)
        levels[place] = below + weighted
    for place in weights:
        used = [levels[use.target] for use in graph.uses[place]]
        levels[place] = min(used, default=0)
    return weights, tuple(levels)


def layer_of(graph: Graph, place: int) -> int:
    """Return the number of a node's layer, from 1; 0 before the first, or where there are no weights."""
    return _layers(graph)[1][place]


def _acts_as_weight(graph: Graph, place: int) -> bool:
    """Return whether an input multiplies or shifts what was worked out, as a weight and a bias do.

    A label multiplies a logarithm, and is none.
    """
    if graph.nodes[place].kind != "input" or not graph.uses[place]:
        return False
    for use in graph.uses[place]:
        node = graph.nodes[use.target]
        others = [graph.nodes[i] for i in node.operands if i != place]
        if node.op not in ("multiply", "add") or len(others) != 1:
            return False
        if others[0].kind != "operation" or others[0].op == "log":
            return False
    return True


def _target(at: At) -> int:
    return at[1] if isinstance(at, tuple) else at


def _kind(graph: Graph, place: int) -> str:
    """Return an operation's name, or what sort of leaf it is."""
    node = graph.nodes[place]
    if node.op:
        return node.op
    if place not in _layers(graph)[0]:
        return "input"
    added = all(graph.nodes[use.target].op == "add" for use in graph.uses[place])
    return "bias" if added else "weight"


def _gate(plan: Plan, at: At) -> object:
    return _target(at)


def _of_kind(plan: Plan, at: At) -> object:
    return _kind(plan.graph, _target(at))


def _of_layer(plan: Plan, at: At) -> object:
    layer = layer_of(plan.graph, _target(at))
    return (_kind(plan.graph, _target(at)), layer) if layer else None


SCOPES: Mapping[str, Callable[[Plan, At], object]] = {"gate": _gate, "kind": _of_kind, "layer": _of_layer}
"""The groups in which a slip is made together: places with the same key; None belongs to no group."""


def whereabouts(plan: Plan, places: Sequence[At], scope: str, name: Callable[[str], str] = str) -> str:
    """Return where a slip is made, in words; nothing if nowhere. `name` says how a name is shown."""
    if not places:
        return ""
    if scope == "everywhere":
        return _("everywhere")
    graph, at = plan.graph, places[0]
    target = _target(at)
    kind = _kind(graph, target)
    operation = _(_LEAVES.get(kind, kind.replace("_", " ")))
    if scope == "kind":
        return _("at every {operation}").format(operation=operation)
    if scope == "layer":
        layers = max(layer_of(graph, i) for i in range(len(graph.nodes)))
        layer = layer_of(graph, target)
        if layers == 2 or layer == layers:
            return _(_LAYERS["output" if layer == layers else "hidden"]).format(operation=operation)
        return _("at every {operation} of layer {layer}").format(operation=operation, layer=layer)
    place, formula = _named(graph, target, name)
    if isinstance(at, tuple) and scope != "gate" and formula is not None:
        source, told = _named(graph, at[0], name)
        if told is not None and source != place:
            return _("at {place}").format(place=f"{source} → {place}")
    text = _("at {place}") if formula is not None else _("in {place}")
    return text.format(place=place)


def _named(graph: Graph, place: int, name: Callable[[str], str]) -> tuple[str, Expression | None]:
    """Return a node's name, its formula where it has none, or the named node that it is a part of.

    The second is None for a part of another node.
    """
    node = graph.nodes[place]
    if node.named:
        return name(node.name), graph.term(place)
    tree = _formula(graph, place)
    text = "" if tree is None else written(tree, PLAIN if name is str else UNICODE)
    if tree is not None and len(text) <= _LONGEST:
        return text, tree
    while not graph.nodes[place].named and graph.uses[place]:
        place = graph.uses[place][0].target
    return name(graph.nodes[place].name), None


def _formula(graph: Graph, place: int) -> Expression | None:
    """Return an unnamed node's formula in named ones; None where it is long."""
    order, waiting = [place], [place]
    while waiting:
        for operand in graph.nodes[waiting.pop()].operands:
            node = graph.nodes[operand]
            if node.kind == "operation" and not node.named:
                order.append(operand)
                waiting.append(operand)
        if len(order) > _MOST_PARTS:
            return None
    made: dict[int, Any] = {}
    for each in sorted(set(order)):
        node = graph.nodes[each]
        if not node.operands:
            return graph.term(each)
        operands = tuple(made[i] if i in made else graph.term(i) for i in node.operands)
        made[each] = Apply(node.op, operands, node.options)
    found: Expression = made[place]
    return found
