"""The backward pass in symbols: for each quantity ∂f/∂quantity, link by link, filled in and simplified.

Enters: a `Chain`. Leaves: a `SymbolicPass`. A gradient is written in the names of the quantities on
the way, and in the inputs alone; each only while it has at most `limit` operations, else its size is
told. What is longer stands as ∂f/∂t in the gradients behind it, so that nothing grows.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from ..graph import Graph
from ..language import Apply, Expression, Name, Number
from ..slope_terms import Term, term_of, unvalued
from .links import Chain, Link, chain_of
from .simplify import put_in, simplified
from .sizes import CAP, Sizes

__all__ = ["SHORT", "Formula", "Part", "SymbolicPass", "symbolic_pass"]

SHORT = 40
"""A formula is shown up to so many operations, unless another limit is asked for."""

_ROOM = 2
"""Before it is simplified a formula may be so many times as long."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula while it is short: `tree`, None where it is longer than the limit; `size` always.

    `size` is the number of operations; of what was not built, an estimate of at most 10⁹.
    """

    tree: Expression | None
    size: int


@dataclass(frozen=True, slots=True)
class Part:
    """What one link hands down: upstream · local.

    `upstream` is the target's gradient in names, None where it is long; `downstream` the product.
    """

    link: Link
    upstream: Expression | None
    downstream: Expression | None


@dataclass(frozen=True)
class SymbolicPass:
    """Every gradient of a chain in symbols.

    Attributes:
        chain: the quantities and links.
        limit: the number of operations up to which formulas are written.
        parts: for each quantity what each of its uses hands down; empty where the output does not
            depend on it, and for the output itself.
        by_names: its gradient in the names on the way.
        by_inputs: the same in the inputs alone.
        values: its value in the inputs alone.
    """

    chain: Chain
    limit: int
    parts: tuple[tuple[Part, ...], ...]
    by_names: tuple[Formula, ...]
    by_inputs: tuple[Formula, ...]
    values: tuple[Formula, ...]


@lru_cache(maxsize=16)
def symbolic_pass(graph: Graph, by: str = "", limit: int = SHORT) -> SymbolicPass:
    """Return every gradient of a graph's output in symbols.

    >>> from backprop_tutor.graph_builder import build_graph
    >>> from backprop_tutor.language import parse, written
    >>> found = symbolic_pass(build_graph(parse("x = u + v; y = u*v; z = x^2 + y")))
    >>> u = found.chain.numbers["u"]
    >>> written(found.by_names[u].tree), written(found.by_inputs[u].tree)
    ('2·x + v', '2·u + 3·v')
    """
    return _Backward(chain_of(graph, by), limit).run()


class _Backward:
    """Walks a chain from the output to the inputs."""

    def __init__(self, chain: Chain, limit: int) -> None:
        self.chain = chain
        self.limit = limit
        self.sizes = Sizes()
        self.names = chain.numbers
        self.values: list[Expression] = []
        self.zero = Formula(_number(0), 0)
        self.constants: dict[str, Expression] = {}
        graph = chain.graph
        for place, node in enumerate(graph.nodes):
            if node.kind == "operation" and not graph.varies[place]:  # made of constants alone
                self.constants[node.name] = put_in(graph.formula(place), self.constants.__getitem__)

    def run(self) -> SymbolicPass:
        """Return the pass."""
        chain = self.chain
        for quantity in chain.quantities:
            formula = quantity.formula
            tree = Name(quantity.name) if formula is None else put_in(formula, self._value)
            self.values.append(tree)
        count = len(chain.quantities)
        parts: list[tuple[Part, ...]] = [()] * count
        by_names, by_inputs = [self.zero] * count, [self.zero] * count
        by_names[chain.output] = by_inputs[chain.output] = Formula(_number(1), 0)
        for i in range(chain.output - 1, -1, -1):
            links = [k for k in chain.out_of[i] if chain.relevant[k.target]]
            if links:
                parts[i] = tuple(self._part(link, by_names[link.target]) for link in links)
                by_names[i] = self._gathered([
                    (by_names[k.target], k.local, self.sizes.of(k.local)) for k in links
                ])  # fmt: skip
                by_inputs[i] = self._gathered([self._by_inputs(k, by_inputs) for k in links])
        values = tuple(self._formula(tree) for tree in self.values)
        return SymbolicPass(
            chain, self.limit, tuple(parts), tuple(by_names), tuple(by_inputs), values
        )

    def _value(self, name: str) -> Expression:
        number = self.names.get(name)
        return self.constants[name] if number is None else self.values[number]

    def _formula(self, tree: Expression) -> Formula:
        size = self.sizes.of(tree)
        return Formula(tree if size <= self.limit else None, size)

    def _by_inputs(self, link: Link, found: list[Formula]) -> tuple[Formula, Expression, int]:
        local = put_in(link.local, self._value)
        return found[link.target], local, self.sizes.of(local)

    def _part(self, link: Link, upstream: Formula) -> Part:
        if upstream.tree is None or self.chain.many:
            return Part(link, upstream.tree, None)
        product = unvalued(upstream.tree) * unvalued(link.local)
        down = self._short(product.tree).tree
        return Part(link, upstream.tree, down)

    def _gathered(self, terms: list[tuple[Formula, Expression, int]]) -> Formula:
        """Return Σ upstream·local while it is short; an estimate of its size where it is not."""
        size = min(CAP, sum(up.size + local + 2 for up, _, local in terms))
        if self.chain.many or any(up.tree is None for up, _, _ in terms) or size > _ROOM * self.limit:
            return Formula(None, max(size, self.limit + 1))
        total: Term = term_of(0)
        for up, local, _ in terms:
            assert up.tree is not None  # just seen
            total = total + unvalued(up.tree) * unvalued(local)
        return self._short(total.tree)

    def _short(self, tree: Expression) -> Formula:
        """Return a tree simplified, if it is short then."""
        size = self.sizes.of(tree)
        if size > _ROOM * self.limit:
            return Formula(None, size)
        found = simplified(tree) if isinstance(tree, Apply) else tree
        size = self.sizes.of(found)
        return Formula(found if size <= self.limit else None, size)


def _number(value: int) -> Number:
    return Number(Fraction(value), str(value))
