"""What a program is made of, read off a networkx graph: one assignment for each operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import OptionError, did_you_mean, quoted
from ..ops import OPS, exact, plain
from ..sentences import said
from .latex_names import canonical_name
from .tree import Apply, Assignment, Expression, Name, Number

__all__ = ["graph_parts"]


def graph_parts(graph: Any) -> dict[str, Any]:
    """Return the assignments and the values of a graph's program; see `Program.from_graph`."""
    if not all(hasattr(graph, name) for name in ("nodes", "in_edges", "successors")):
        raise OptionError(
            said("a graph of networkx is expected, not {kind}", kind=quoted(type(graph).__name__))
        )
    names = {node: canonical_name(str(node)) for node in graph.nodes}
    operands = {node: _operands(graph, node) for node in graph.nodes}
    order = _ordered(graph, operands)
    output = graph.graph.get("output")
    if output in names:
        order = [*(node for node in order if node != output), output]
    values = {
        names[node]: graph.nodes[node]["value"]
        for node in order
        if _kind(graph, node) == "input" and graph.nodes[node].get("value") is not None
    }
    made: dict[tuple[Any, ...], tuple[Apply, dict[int, str]]] = {}
    for node in order:
        if _kind(graph, node) == "operation":
            tree, index = _tree(graph, names, node, operands[node])
            # Several outputs of one operation are one assignment; other nodes are one each.
            key = (tree.op, operands[node], tree.options) if OPS[tree.op].outputs else (node,)
            made.setdefault(key, (tree, {}))[1][index] = names[node]
    if not made:
        raise OptionError(said("the graph has no operation"))
    assignments = tuple(
        Assignment(_targets(tree, targets), tree) for tree, targets in made.values()
    )
    return {"assignments": assignments, "values": values}


def _kind(graph: Any, node: Any) -> str:
    usual = "operation" if graph.in_degree(node) else "input"
    return str(graph.nodes[node].get("kind", usual))


def _tree(
    graph: Any, names: Mapping[Any, str], node: Any, operands: tuple[Any, ...]
) -> tuple[Apply, int]:
    """Return a node's operation, and which of its outputs the node is."""
    data = graph.nodes[node]
    op = _operation(node, data, len(operands))
    options = dict(data.get("options", {}))
    options |= {k.removeprefix("option_"): v for k, v in data.items() if str(k).startswith("option_")}
    index = int(options.pop("index", 0))
    terms = tuple(_term(graph, names, each) for each in operands)
    return Apply(op, terms, tuple(options.items())), index


def _targets(tree: Apply, found: Mapping[int, str]) -> tuple[str, ...]:
    """Return a name for each output; those that the graph leaves out are called after the others."""
    if not OPS[tree.op].outputs:
        return (found[0],)
    stem = next(iter(found.values()))
    return tuple(found.get(i, f"{stem}_out{i}") for i in range(len(tree.operands)))


def _operands(graph: Any, node: Any) -> tuple[Any, ...]:
    """Return a node's operands by their slots."""
    edges = graph.in_edges(node, keys=True) if graph.is_multigraph() else (
        (u, v, graph.edges[u, v].get("slot", i)) for i, (u, v) in enumerate(graph.in_edges(node))
    )
    found = {slot: source for source, _, slot in edges}
    if sorted(found, key=str) != sorted(range(len(found)), key=str):
        slots = ", ".join(map(str, sorted(found, key=str)))
        raise OptionError(
            said(
                "the operands of {node} are numbered {slots}; expected 0 to {last}",
                node=quoted(str(node)), slots=slots, last=len(found) - 1,
            )
        )  # fmt: skip
    return tuple(found[slot] for slot in range(len(found)))


def _ordered(graph: Any, operands: Mapping[Any, tuple[Any, ...]]) -> list[Any]:
    """Return the nodes so that operands come before what uses them, else in the graph's order."""
    done: dict[Any, None] = {}
    for first in graph.nodes:
        stack = [(first, False)]
        open_: set[Any] = set()
        while stack:
            node, ready = stack.pop()
            if ready:
                open_.discard(node)
                done.setdefault(node)
            elif node in open_:
                raise OptionError(said("the graph has a cycle through {node}", node=quoted(str(node))))
            elif node not in done:
                open_.add(node)
                stack.append((node, True))
                stack.extend((each, False) for each in reversed(operands[node]) if each not in done)
    return list(done)


def _operation(node: Any, data: Mapping[str, Any], count: int) -> str:
    op = str(data.get("op"))
    if op not in OPS:
        hint = did_you_mean(op, OPS) or said("an operation of the table is expected")
        raise OptionError(
            said(
                "{node} is of the operation {op}, which is not there; {hint}",
                node=quoted(str(node)), op=quoted(op), hint=hint,
            )
        )  # fmt: skip
    if not OPS[op].accepts(count):
        raise OptionError(
            said(
                "{node} has {count} operands; {op} takes {expected}",
                node=quoted(str(node)), count=count, op=op, expected=OPS[op].counts(),
            )
        )  # fmt: skip
    return op


def _term(graph: Any, names: Mapping[Any, str], node: Any) -> Expression:
    data = graph.nodes[node]
    if data.get("kind") != "constant":
        return Name(names[node])
    value = exact(data["value"])
    return Number(value, data.get("label") or str(plain(value)).replace("-", "−"))
