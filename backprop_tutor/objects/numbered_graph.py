"""Graphs for networkx: final `MultiDiGraph`s with every number, or array, of a derivation on them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..chains.edges import symbolic_edges
from ..frozen import FrozenDict
from ..graph import Graph
from ..language import Expression
from ..ops import plain
from ..ops.array_rows import PREFIX
from ..steps import Derivation

if TYPE_CHECKING:
    import networkx as nx

    from ..matrices.array_derivation import ArrayDerivation

__all__ = ["array_graph", "numbered_graph", "own_graph", "symbolic_graph"]


def numbered_graph(derivation: Derivation) -> nx.MultiDiGraph[str]:
    """Return the graph with its numbers; see `Derivation.graph`."""
    from ..symbolic import local_derivative  # start-up time: SymPy

    table = derivation.graph_table
    graph = table.multidigraph()
    symbols = symbolic_edges(table)
    for place, node in enumerate(table.nodes):
        gradient = derivation.upstreams[place]
        graph.nodes[node.name]["value"] = plain(derivation.numbers[place])
        graph.nodes[node.name]["gradient"] = None if gradient is None else plain(gradient)
    for place, node in enumerate(table.nodes):
        for slot, source in enumerate(node.operands):
            data = graph.edges[table.nodes[source].name, node.name, slot]
            edge = derivation.contributions.get((source, place, slot))
            upstream = derivation.upstreams[place]
            data["upstream"] = None if upstream is None else plain(upstream)
            data["local"] = local_derivative(table, place, slot)
            data["local_value"] = None if edge is None else plain(edge.local)
            data["downstream"] = None if edge is None else plain(edge.downstream)
            _put_symbols(data, symbols.get((source, place, slot)))
            if edge is None and table.varies[source] and not table.relevant[place]:
                data["downstream"] = 0
    return _final(graph)


def symbolic_graph(table: Graph) -> nx.MultiDiGraph[str]:
    """Return the graph with formulas on its edges; see `SymbolicDerivation.graph`."""
    from ..symbolic import local_derivative  # start-up time: SymPy

    graph = table.multidigraph()
    edges = symbolic_edges(table)
    for place, node in enumerate(table.nodes):
        for slot, source in enumerate(node.operands):
            data = graph.edges[table.nodes[source].name, node.name, slot]
            data["local"] = local_derivative(table, place, slot)
            _put_symbols(data, edges.get((source, place, slot)))
    return _final(graph)


def _put_symbols(data: dict[str, Any], trees: tuple[Expression | None, Expression | None] | None) -> None:
    from ..symbolic import tree_form  # start-up time: SymPy

    for name, tree in zip(("upstream_symbolic", "downstream_symbolic"), trees or (None, None), strict=True):
        data[name] = None if tree is None else tree_form(tree)


def array_graph(derivation: ArrayDerivation) -> nx.MultiDiGraph[str]:
    """Return the graph of a derivation over arrays; see `ArrayDerivation.graph`."""
    from ..matrices.rules import rule_formula  # start-up time: NumPy

    table = derivation.graph_table
    graph = table.multidigraph()
    for place, node in enumerate(table.nodes):
        data = graph.nodes[node.name]
        data["shape"] = table.shapes[place]
        data["value"] = derivation.numbers[place]
        data["gradient"] = derivation.upstreams[place]
        data["op"] = node.op.removeprefix(PREFIX) or node.kind
    for (source, place, slot), edge in derivation.contributions.items():
        data = graph.edges[table.nodes[source].name, table.nodes[place].name, slot]
        data["rule"] = rule_formula(table, place, slot)
        data["upstream"], data["downstream"] = edge.upstream, edge.downstream
    return _final(graph)


def own_graph(graph: nx.MultiDiGraph[str], plain: bool) -> nx.MultiDiGraph[str]:
    """Return a copy of a graph that can be changed; see `Derivation.to_networkx`."""
    import networkx as nx  # start-up time: only who asks for networkx pays for it

    made: nx.MultiDiGraph[str] = nx.MultiDiGraph(**graph.graph)
    for name, data in graph.nodes(data=True):
        made.add_node(name, **(_plain(data) if plain else data))
    for source, target, slot, data in graph.edges(keys=True, data=True):
        made.add_edge(source, target, key=slot, **(_plain(data) if plain else data))
    return made


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return attributes as files of graphs know them."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        if value is None or (name == "options" and not value):
            continue
        if isinstance(value, bool | str):
            found[name] = value
        elif name == "slot":
            found[name] = int(value)
        elif isinstance(value, int | float | Fraction):
            found[name] = float(value)
        elif name == "options":
            found |= {f"option_{key}": float(number) for key, number in value.items()}
        else:
            found[name] = str(value.tolist() if hasattr(value, "tolist") else value)
    return found


def _final(graph: nx.MultiDiGraph) -> nx.MultiDiGraph[str]:
    """Return the graph so that neither its structure nor its attributes can be changed."""
    import networkx as nx  # start-up time: only who asks for networkx pays for it

    # networkx's own views hand out the attributes' dicts and offer no way to replace them.
    for name, attributes in graph._node.items():
        graph._node[name] = FrozenDict(attributes)
    for targets in graph._adj.values():
        for slots in targets.values():
            for slot, attributes in slots.items():
                slots[slot] = FrozenDict(attributes)
    return nx.freeze(graph)
