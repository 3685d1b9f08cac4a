"""What a derivation says of one edge: its local gradient as number and formula, and a row of a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from ..chains.edges import SYMBOLS, symbolic_edges
from ..errors import OptionError
from ..graph import Graph
from ..language import shown_name, written
from ..once import cached_property
from ..ops import Number, plain
from ..passes import local_value
from ..sentences import said
from ..slopes import local_form
from ..steps import Derivation

__all__ = ["EdgeRow", "LocalGradient", "edge_rows", "local_gradient"]


@dataclass(frozen=True)
class LocalGradient:
    """∂v/∂u of one operation, for one use of u.

    `value` is the number at the inputs; `symbolic` a `sympy.Expr`; `text` the formula as people
    write it; `upstream` and `downstream` belong to the same edge.

    >>> from backprop_tutor import derive
    >>> local = derive("f = x*y + x", at={"x": 2, "y": 3}).local("v1", "y")
    >>> local.text, local.value, local.symbolic
    ('x', 2, x)
    """

    of: str
    wrt: str
    slot: int
    value: Number
    upstream: Number
    downstream: Number
    text: str
    _graph: Graph = field(repr=False)

    @cached_property
    def symbolic(self) -> Any:
        """Return the local gradient as a `sympy.Expr` over the operands' names."""
        from ..symbolic import local_derivative  # start-up time: SymPy

        return local_derivative(self._graph, self._graph.find(self.of), self.slot)

    @cached_property
    def upstream_symbolic(self) -> Any:
        """Return ∂f/∂`of` as a `sympy.Expr` over the nodes' names.

        Raises:
            OptionError: it takes more than 100 operations.
        """
        return self._passed(0)

    @cached_property
    def downstream_symbolic(self) -> Any:
        """Return upstream · local as a `sympy.Expr` over the nodes' names, simplified.

        Raises:
            OptionError: it takes more than 100 operations.
        """
        return self._passed(1)

    def _passed(self, which: int) -> Any:
        table = self._graph
        found = symbolic_edges(table).get((table.find(self.wrt), table.find(self.of), self.slot))
        if found is None:
            return _zero()
        tree = found[which]
        if tree is None:
            of, wrt = shown_name(table.nodes[table.output].name), shown_name(self.of)
            message = said(
                "∂{of}/∂{wrt} put together takes more than {limit} operations, up to which it is written",
                of=of, wrt=wrt, limit=SYMBOLS,
            )  # fmt: skip
            raise OptionError(message)
        from ..symbolic import tree_form  # start-up time: SymPy

        return tree_form(tree)

    def _repr_latex_(self) -> str:
        from sympy import latex as sympy_latex  # start-up time: SymPy

        from ..render.narration.formulas import latex_name
        from ..render.notebook_cells import derivative_latex

        names = {symbol: latex_name(symbol.name) for symbol in self.symbolic.free_symbols}
        return derivative_latex(self.of, self.wrt, sympy_latex(self.symbolic, symbol_names=names))

    def __getstate__(self) -> dict[str, Any]:
        return {each.name: self.__dict__[each.name] for each in fields(self)}


def _zero() -> Any:
    """Return SymPy's 0: nothing passes along an edge that the output does not depend on."""
    from sympy import Integer  # start-up time: SymPy

    return Integer(0)


class EdgeRow(NamedTuple):
    """One edge, for tables: `of` uses `wrt` as operand `slot`; `symbols` writes the local gradient.

    >>> from backprop_tutor import derive
    >>> derive("f = x*y", at={"x": 2, "y": 3}).rows()[0].symbols
    'y'
    """

    of: str
    wrt: str
    slot: int
    local: Number
    upstream: Number
    downstream: Number
    symbols: str


def edge_rows(derivation: Derivation) -> Iterator[EdgeRow]:
    """Yield a row for each edge that a gradient passes, in the graph's order."""
    for edge in derivation.edges.values():
        yield EdgeRow(
            edge.target, edge.source, edge.slot,
            plain(edge.local), plain(edge.upstream), plain(edge.downstream),
            written(local_form(derivation, edge.places[1], edge.slot).by_inputs),
        )  # fmt: skip


def local_gradient(
    derivation: Derivation, of: str, wrt: str, slot: int | None = None
) -> LocalGradient:
    """Return the local gradient of the node `of` along its operand `wrt`; see `Derivation.local`.

    Raises:
        UnknownNameError: no such node, or no such edge.
        OptionError: the operand `slot` is another node.
    """
    table = derivation.graph_table
    source, target, slot = table.edge(wrt, of, slot)
    edge = derivation.contributions.get((source, target, slot))
    value = edge.local if edge else local_value(table, target, slot, derivation.numbers)
    upstream = derivation.upstreams[target]
    return LocalGradient(
        table.nodes[target].name, table.nodes[source].name, slot, plain(value),
        plain(upstream if upstream is not None else 0),
        plain(edge.downstream) if edge else 0,
        written(local_form(derivation, target, slot).by_inputs), table,
    )  # fmt: skip
