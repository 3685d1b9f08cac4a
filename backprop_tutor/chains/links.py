"""What depends on what: the quantities of a program and, for each one that another uses, its slope.

Enters: a graph, no values. Leaves: a `Chain`. By names the quantities are those that a user named, and
an assignment is one step, `∂z/∂x = 2·x` for `z = x² + y`; by gates every operation is one. Linear in
the number of operations; a slope along an assignment that would be long is not built: the assignment
is taken by its gates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..graph import Graph
from ..language import Apply, Expression
from ..once import cached_property
from ..slope_terms import Term, term_of, unvalued
from ..slopes import symbolic_form
from .simplify import simplified
from .sizes import Sizes

__all__ = ["MANY", "Chain", "Link", "Quantity", "chain_of"]

LONGEST_SLOPE = 40
"""The slope along one assignment has at most so many operations; a longer one is taken by gates."""

MANY = 300
"""Of more quantities nothing is simplified or put together: each gradient stands link by link."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A node that takes part: its name, its place in the graph, and its formula over other quantities.

    `formula` is None for an input.
    """

    name: str
    place: int
    formula: Expression | None


@dataclass(frozen=True, slots=True)
class Link:
    """One quantity used by another: `local` is ∂target/∂source over names of quantities.

    `source` and `target` are their numbers in the chain. By gates `slot` is the operand's number; by
    names a link sums all uses within the assignment, and `slot` is 0.
    """

    source: int
    target: int
    slot: int
    local: Expression


@dataclass(frozen=True, eq=False)
class Chain:
    """The quantities in order of computation, and the links between them, target by target.

    `by` is "names" or "gates"; `taken_apart` whether gates are shown because a slope by names is long.
    """

    graph: Graph
    by: str
    quantities: tuple[Quantity, ...]
    links: tuple[Link, ...]
    output: int
    taken_apart: bool = False

    @cached_property
    def out_of(self) -> tuple[tuple[Link, ...], ...]:
        """Return for each quantity the links by which others use it, in the graph's order."""
        found: list[list[Link]] = [[] for _ in self.quantities]
        for link in self.links:
            found[link.source].append(link)
        return tuple(map(tuple, found))

    @cached_property
    def links_into(self) -> tuple[tuple[Link, ...], ...]:
        """Return for each quantity the links to what it uses."""
        found: list[list[Link]] = [[] for _ in self.quantities]
        for link in self.links:
            found[link.target].append(link)
        return tuple(map(tuple, found))

    @cached_property
    def relevant(self) -> tuple[bool, ...]:
        """Return for each quantity whether the output depends on it."""
        reached = [False] * len(self.quantities)
        reached[self.output] = True
        for link in sorted(self.links, key=lambda link: -link.target):
            if reached[link.target]:
                reached[link.source] = True
        return tuple(reached)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Return each quantity's number by its name."""
        return {quantity.name: i for i, quantity in enumerate(self.quantities)}

    @property
    def many(self) -> bool:
        """Return whether there are too many quantities to put their formulas together."""
        return len(self.quantities) > MANY

    @property
    def inputs(self) -> tuple[int, ...]:
        """Return the numbers of the inputs."""
        return tuple(i for i, one in enumerate(self.quantities) if one.formula is None)


@lru_cache(maxsize=16)
def chain_of(graph: Graph, by: str = "") -> Chain:
    """Return the chain of a graph: by names, by gates, or by names where there are some on the way.

    >>> from backprop_tutor.graph_builder import build_graph
    >>> from backprop_tutor.language import parse, written
    >>> chain = chain_of(build_graph(parse("x = u*v; z = x^2 + u")))
    >>> [(chain.quantities[k.source].name, written(k.local)) for k in chain.links]
    [('u', 'v'), ('v', 'u'), ('x', '2·x'), ('u', '1')]
    """
    if by != "gates" and (by == "names" or _has_names(graph)):
        found = _by_names(graph)
        if found is not None:
            return found
        return _by_gates(graph, taken_apart=True)
    return _by_gates(graph)


def _has_names(graph: Graph) -> bool:
    """Return whether the output depends on a result that has a name of its own."""
    return any(
        node.named and node.kind == "operation" and graph.relevant[place] and place != graph.output
        for place, node in enumerate(graph.nodes)
    )


def _by_gates(graph: Graph, taken_apart: bool = False) -> Chain:
    places = [i for i, node in enumerate(graph.nodes) if node.kind != "constant" and graph.varies[i]]
    number = {place: i for i, place in enumerate(places)}
    quantities, links = [], []
    for place in places:
        node = graph.nodes[place]
        formula = graph.formula(place) if node.kind == "operation" else None
        quantities.append(Quantity(node.name, place, formula))
        terms = [graph.term(i) for i in node.operands]
        for slot, source in enumerate(node.operands):
            if source in number:
                form = symbolic_form(graph, place, slot, terms, node.name)
                local = _tidy(form.shortest, len(places))
                links.append(Link(number[source], number[place], slot, local))
    return Chain(
        graph, "gates", tuple(quantities), tuple(links), number[graph.output], taken_apart
    )


def _by_names(graph: Graph) -> Chain | None:
    """Return the chain over names, or None where a slope along an assignment is too long."""
    places = [
        i for i, node in enumerate(graph.nodes)
        if graph.varies[i] and (node.named or i == graph.output) and node.kind != "constant"
    ]  # fmt: skip
    number = {place: i for i, place in enumerate(places)}
    quantities, links = [], []
    for place in places:
        node = graph.nodes[place]
        if node.kind != "operation":
            quantities.append(Quantity(node.name, place, None))
            continue
        cone = _cone(graph, place, number)
        if cone is None:
            return None
        trees = _trees(graph, cone)
        slopes = _slopes(graph, place, cone, trees, number)
        if slopes is None:
            return None
        quantities.append(Quantity(node.name, place, trees[place]))
        links += [
            Link(number[source], number[place], 0, _tidy(slope, len(places)))
            for source, slope in slopes.items()
        ]
    return Chain(graph, "names", tuple(quantities), tuple(links), number[graph.output])


def _tidy(tree: Expression, count: int) -> Expression:
    return tree if count > MANY else simplified(tree)


def _cone(graph: Graph, top: int, number: dict[int, int]) -> list[int] | None:
    """Return the places of an assignment's operations, in order; None where they are very many."""
    found = {top}
    stack = [top]
    while stack:
        for source in graph.nodes[stack.pop()].operands:
            if source not in number and source not in found:
                found.add(source)
                stack.append(source)
        if len(found) > 8 * LONGEST_SLOPE:
            return None
    return sorted(found)


def _trees(graph: Graph, cone: list[int]) -> dict[int, Expression]:
    """Return each operation of an assignment as a tree over names."""
    trees: dict[int, Expression] = {}
    for place in cone:
        node = graph.nodes[place]
        if node.kind == "operation":
            operands = tuple(trees.get(i, graph.term(i)) for i in node.operands)
            trees[place] = Apply(node.op, operands, node.options)
    return trees


def _slopes(
    graph: Graph, top: int, cone: list[int], trees: dict[int, Expression], number: dict[int, int]
) -> dict[int, Expression] | None:
    """Return the slope of an assignment along each quantity that it uses, or None where one is long."""
    sizes = Sizes()
    name = graph.nodes[top].name
    handed: dict[int, Term] = {top: term_of(1)}
    found: dict[int, Term] = {}
    for place in reversed(cone):
        node = graph.nodes[place]
        if place not in handed or node.kind != "operation":
            continue
        operands = [trees.get(i, graph.term(i)) for i in node.operands]
        for slot, source in enumerate(node.operands):
            if not graph.varies[source]:
                continue
            form = symbolic_form(graph, place, slot, operands, name if place == top else node.name)
            local = form.shortest if place == top else form.by_inputs
            passed = handed[place] * unvalued(local)
            where = found if source in number else handed
            where[source] = where[source] + passed if source in where else passed
            if sizes.of(where[source].tree) > LONGEST_SLOPE:
                return None
    return {source: found[source].tree for source in _in_order(graph, cone, number) if source in found}


def _in_order(graph: Graph, cone: list[int], number: dict[int, int]) -> Iterator[int]:
    """Yield the quantities that an assignment uses, in the order in which it names them."""
    seen: set[int] = set()
    for place in cone:
        for source in graph.nodes[place].operands:
            if source in number and source not in seen:
                seen.add(source)
                yield source
