"""Every path from a node to the output, with its product of local gradients: what backprop sums.

What it costs to multiply them all out, against one backward pass, is `studies/costs.py`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from ..errors import OptionError, TutorError
from ..graph import Graph
from ..language import shown_name
from ..ops import Number, plain
from ..sentences import N_, counted, said, whole
from ..steps import Contribution, Derivation, Exact
from .costs import path_counts

__all__ = ["Path", "Paths", "TooManyPathsError", "find_paths"]


@dataclass(frozen=True, slots=True, repr=False)
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

    def __repr__(self) -> str:
        return f"<Path {' → '.join(self.nodes)}: {self.product}>"


@dataclass(frozen=True, slots=True, repr=False)
class Paths:
    """All paths from a node to the output.

    Attributes:
        of, wrt: the output's and the node's names.
        paths: in the order of the graph's edges.
        total: the sum of the products: the gradient.
        by_path: multiplications when each path is multiplied out on its own, from the seed 1 on: as
            many as it has edges.
        by_backprop: multiplications of a backward pass for this node alone, one for each edge on the
            way. One pass serves all nodes together: see `Derivation.costs`.
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

    def table(self) -> list[tuple[tuple[str, ...], tuple[Number, ...], Number]]:
        """Return a row a path: the nodes' names, the local gradients, their product."""
        return [(path.nodes, path.locals, path.product) for path in self.paths]

    def __repr__(self) -> str:
        count = counted(len(self), N_("1 path"), N_("{count} paths"))
        return f"<Paths from {self.wrt} to {self.of}: {count}, {self.total} in all>"


P = TypeVar("P", bound=Paths)


class TooManyPathsError(TutorError, ValueError):
    """More paths than can be listed; `count` is their number, `by_path` their multiplications.

    >>> from backprop_tutor import derive
    >>> derive("a = x + x; b = a + a; c = b + b; f = c + c", at={"x": 1}).paths("x", limit=10)
    Traceback (most recent call last):
        ...
    backprop_tutor.studies.paths.TooManyPathsError: 16 paths lead from x to f, more than the 10 ...
    """

    def __init__(self, message: str, count: int, by_path: int) -> None:
        super().__init__(message)
        self.count = count
        self.by_path = by_path

    def __reduce__(self) -> tuple[type[TooManyPathsError], tuple[str, int, int]]:
        return TooManyPathsError, (str(self), self.count, self.by_path)


def find_paths(derivation: Derivation, name: str, into: type[P], limit: int = 1000) -> P:
    """Return every path from the node `name` to the output.

    Raises:
        UnknownNameError: no such node.
        TooManyPathsError: more than `limit` paths; they are counted first.
        OptionError: a limit below 1.
    """
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise OptionError(
            said("limit is a number of paths, at least 1, not {limit}", limit=repr(limit))
        )
    graph = derivation.graph_table
    start = graph.find(name)
    ways, lengths = path_counts(graph)
    count, length = ways[start], lengths[start]
    wrt = graph.nodes[start].name
    if count > limit:
        raise TooManyPathsError(
            said(
                "{count} paths lead from {wrt} to {of}, more than the {limit} that are listed (limit); "
                "path by path they take {length} multiplications, backprop {edges}",
                count=whole(count), wrt=shown_name(wrt), of=shown_name(derivation.output),
                limit=whole(limit), length=whole(length), edges=whole(_edges_on_the_way(graph, start)),
            ),
            count,
            length,
        )  # fmt: skip
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
            edge = derivation.contributions.get((place, use.target, use.slot))
            if edge is not None:
                trail.append(edge)
                stack.append((use.target, 0))
            continue
        if trail and stack:
            trail.pop()
    total = derivation.upstreams[start]
    return into(
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
    places = (start, *(edge.places[1] for edge in edges))
    return Path(tuple(graph.nodes[i].name for i in places), edges, plain(product))
