"""Every path from a node to the output, with its product of local gradients: what backprop sums.

And the reason backprop exists: the multiplications path by path against one per edge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .errors import OptionError, TutorError
from .graph import Graph
from .ops import Number, plain
from .steps import Contribution, Derivation, Exact

__all__ = ["Path", "Paths", "find_paths"]


@dataclass(frozen=True, slots=True)
class Path:
    """One path, from the node to the output.

    `nodes` are names, first to last; `edges` the edges between them; `product` is the product of
    their local gradients.
    """

    nodes: tuple[str, ...]
    edges: tuple[Contribution, ...]
    product: Number

    @property
    def locals(self) -> tuple[Number, ...]:
        """Return the local gradients along the path."""
        return tuple(plain(edge.local) for edge in self.edges)


@dataclass(frozen=True, slots=True)
class Paths:
    """All paths from a node to the output.

    Attributes:
        of, wrt: the output's and the node's names.
        paths: in the order of the graph's edges.
        total: the sum of the products: the gradient.
        by_path: multiplications when each path is multiplied out on its own.
        by_backprop: multiplications of the backward pass, one for each edge on the way.
    """

    of: str
    wrt: str
    paths: tuple[Path, ...]
    total: Number
    by_path: int
    by_backprop: int

    def __iter__(self) -> Iterator[Path]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


class TooManyPathsError(TutorError, ValueError):
    """More paths than can be listed; the message gives their number."""


def count_paths(graph: Graph, place: int) -> tuple[int, int]:
    """Return how many paths lead from a node to the output, and their total length in edges.

    Counted from the output backwards in one sweep, without listing any.
    """
    ways = {graph.output: 1}
    lengths = {graph.output: 0}
    for i in range(graph.output, -1, -1):
        if i == graph.output:
            continue
        targets = [use.target for use in graph.uses[i] if use.target in ways]
        if targets:
            ways[i] = sum(ways[t] for t in targets)
            lengths[i] = sum(lengths[t] + ways[t] for t in targets)
    return ways.get(place, 0), lengths.get(place, 0)


def find_paths(derivation: Derivation, name: str, limit: int = 1000) -> Paths:
    """Return every path from the node `name` to the output.

    Raises:
        UnknownNameError: no such node.
        TooManyPathsError: more than `limit` paths; they are counted first.
        OptionError: a limit below 1.
    """
    if limit < 1:
        raise OptionError(f"limit is a number of paths, at least 1, not {limit}")
    graph = derivation.graph_table
    start = graph.find(name)
    count, length = count_paths(graph, start)
    wrt = graph.nodes[start].name
    if count > limit:
        edges = _edges_on_the_way(graph, start)
        raise TooManyPathsError(
            f"{count:,} paths lead from {wrt} to {derivation.output}, more than the {limit:,} that "
            f"are listed (limit); path by path they take {length:,} multiplications, backprop {edges:,}"
        )
    found: list[Path] = []
    trail: list[Contribution] = []
    stack: list[tuple[int, int]] = [(start, 0)]
    while stack:
        place, tried = stack.pop()
        if place == graph.output:
            found.append(_path(graph, start, tuple(trail)))
        elif tried < len(graph.uses[place]):
            stack.append((place, tried + 1))
            use = graph.uses[place][tried]
            edge = derivation.edges.get((place, use.target, use.slot))
            if edge is not None:
                trail.append(edge)
                stack.append((use.target, 0))
            continue
        if trail and stack:
            trail.pop()
    total = derivation.upstreams[start]
    return Paths(
        derivation.output, wrt, tuple(found), plain(total if total is not None else 0),
        length, _edges_on_the_way(graph, start),
    )  # fmt: skip


def _edges_on_the_way(graph: Graph, start: int) -> int:
    reached = {start}
    edges = 0
    for i in range(start, graph.output + 1):
        if i in reached and i != graph.output:
            for use in graph.uses[i]:
                if graph.relevant[use.target]:
                    reached.add(use.target)
                    edges += 1
    return edges


def _path(graph: Graph, start: int, edges: tuple[Contribution, ...]) -> Path:
    product: Exact = edges[0].local if edges else 1
    for edge in edges[1:]:
        product = product * edge.local
    places = (start, *(edge.target for edge in edges))
    return Path(tuple(graph.nodes[i].name for i in places), edges, plain(product))
