"""Closed forms: ∂output/∂name in the inputs alone, while that is short and SymPy has it in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..errors import OptionError
from ..graph import Graph
from ..sentences import said
from ..steps import Derivation
from .derivatives import (
    forward,
    has_choices,
    operand_constants,
    parameters,
    put_in,
    symbol,
    template,
    tree_size,
    without_choices,
)
from .limits import Allowance, Late

__all__ = ["ClosedForm", "closed_form", "closed_form_of", "first_forms", "second_forms", "value_form"]

_SECONDS = 5.0


@dataclass(frozen=True, slots=True, repr=False)
class ClosedForm:
    """∂output/∂name in the inputs alone: the expression while it is short, its size always.

    Attributes:
        of, wrt: the two names.
        operations: how many operations the closed form takes, written out; where it was not built,
            an estimate.
        symbolic: a `sympy.Expr` over the inputs' names, or None where it is longer than `limit`, or
            where SymPy did not have it in time.
        limit: the number of operations up to which it is built.
        late: whether SymPy did not have it in time.
    """

    of: str
    wrt: str
    operations: int
    symbolic: Any
    limit: int
    late: bool = False

    def _repr_latex_(self) -> str | None:
        """Return the equation in LaTeX; None, so that notebooks show the text, where it is not built."""
        if self.symbolic is None:
            return None
        of, wrt = (sp.latex(sp.Symbol(name)) for name in (self.of, self.wrt))
        left = rf"\frac{{\partial {of}}}{{\partial {wrt}}}"
        return rf"$\displaystyle {left} = {sp.latex(self.symbolic)}$"

    def __repr__(self) -> str:
        told = f"{self.operations:,} operations" if self.symbolic is None else str(self.symbolic)
        return f"<ClosedForm of d{self.of}/d{self.wrt}: {told if len(told) < 120 else told[:119] + '…'}>"

    def __str__(self) -> str:
        if self.late:
            return said(
                "∂{of}/∂{wrt} written out takes about {operations} operations; SymPy does not have "
                "it within {seconds} s",
                of=self.of, wrt=self.wrt, operations=f"{self.operations:,}",
                seconds=f"{_SECONDS:g}",
            )  # fmt: skip
        if self.symbolic is None:
            return said(
                "∂{of}/∂{wrt} written out takes {operations} operations, more than the {limit} up "
                "to which it is shown",
                of=self.of, wrt=self.wrt, operations=f"{self.operations:,}",
                limit=f"{self.limit:,}",
            )  # fmt: skip
        return str(self.symbolic)


def closed_form(derivation: Derivation, name: str, limit: int = 100) -> ClosedForm:
    """Return the closed form of ∂output/∂name over the inputs, and its size.

    Raises:
        UnknownNameError: no such node.
        OptionError: a limit below 1.
    """
    return closed_form_of(derivation.graph_table, name, limit)


def closed_form_of(graph: Graph, name: str, limit: int = 100) -> ClosedForm:
    """Return the closed form of ∂output/∂name of a graph; see `closed_form`."""
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise OptionError(
            said("limit is a number of operations, at least 1, not {limit}", limit=repr(limit))
        )
    place = graph.find(name)
    size = _size(graph, place)
    of, wrt = graph.nodes[graph.output].name, graph.nodes[place].name
    if size > 20 * limit:
        return ClosedForm(of, wrt, size, None, limit)
    try:
        expression = _chain(graph, place, Allowance(_SECONDS))
    except Late:
        return ClosedForm(of, wrt, size, None, limit, late=True)
    size = tree_size(expression)
    if size > 20 * limit:
        return ClosedForm(of, wrt, size, None, limit)
    # SymPy's own count folds choices.
    counted = size if has_choices(expression) else int(sp.count_ops(expression))
    return ClosedForm(of, wrt, counted, expression if counted <= limit else None, limit)


def _written_sizes(graph: Graph) -> list[int]:
    """Return for each node how many operations its formula takes, written out in the inputs."""
    sizes: list[int] = []
    for node in graph.nodes:
        sizes.append(sum(sizes[i] for i in node.operands) + (node.kind == "operation"))
    return sizes


def _size(graph: Graph, place: int) -> int:
    """Return an estimate of the closed form's size, without building it."""
    values = _written_sizes(graph)
    found: dict[int, int] = {graph.output: 0}
    for i in range(graph.output, place, -1):
        if i not in found or graph.nodes[i].kind != "operation":
            continue
        local = sum(values[j] for j in graph.nodes[i].operands)
        for source in graph.nodes[i].operands:
            more = found[i] + local + 1
            found[source] = found[source] + more + 1 if source in found else more
    return found.get(place, 0)


def _chain(graph: Graph, place: int, allowance: Allowance) -> Any:
    """Return Σ over paths of products of local derivatives, over the inputs.

    Choices between pieces are symbols until all is built, so that nothing compares them.
    """
    held: dict[Any, Any] = {}
    expressions: list[Any] = []
    for i, node in enumerate(graph.nodes):
        allowance.spend()
        if node.kind == "operation":
            operands = [expressions[j] for j in node.operands]
            expressions.append(without_choices(forward(node.op, node.options, operands), held))
        else:
            expressions.append(symbol(graph, i))
    total: dict[int, Any] = {graph.output: sp.Integer(1)}
    for i in range(graph.output, place, -1):
        if i not in total or graph.nodes[i].kind != "operation":
            continue
        node = graph.nodes[i]
        constants = operand_constants(graph, i)
        names = parameters(len(node.operands))
        replaced = {p: expressions[j] for p, j in zip(names, node.operands, strict=True)}
        for slot, source in enumerate(node.operands):
            if source >= place and graph.varies[source]:
                allowance.spend()
                local = put_in(template(node.op, node.options, constants, slot), replaced)
                local = without_choices(local, held)
                total[source] = total.get(source, 0) + total[i] * local
    return _with_choices(total.get(place, sp.Integer(0)), held, allowance)


def _with_choices(expression: Any, held: dict[Any, Any], allowance: Allowance) -> Any:
    """Return an expression with its choices put back, those within choices first."""
    given: dict[Any, Any] = {}
    for piece, stand_in in held.items():
        allowance.spend()
        given[stand_in] = put_in(piece, given)
    return put_in(expression, given)


_LARGEST = 10_000


def value_form(graph: Graph, name: str) -> Any:
    """Return a node's value over the inputs, as the operations are written; nothing is simplified.

    Raises:
        UnknownNameError: no such node.
        OptionError: written out it takes more than 10,000 operations, or a power of its numbers has
            more than 100,000 bits.
    """
    place = graph.find(name)
    size = _written_sizes(graph)[place]
    if size > _LARGEST:
        raise OptionError(
            said(
                "{name} written out takes {operations} operations, more than the {limit} up to which "
                "it is built",
                name=graph.nodes[place].name, operations=f"{size:,}", limit=f"{_LARGEST:,}",
            )
        )  # fmt: skip
    expressions: list[Any] = []
    for i, node in enumerate(graph.nodes[: place + 1]):
        if node.kind == "operation":
            operands = [expressions[j] for j in node.operands]
            try:
                expressions.append(forward(node.op, node.options, operands))
            except Late:
                raise OptionError(
                    said(
                        "{name} is a power of numbers too long to be written out; nothing is built",
                        name=node.name,
                    )
                ) from None  # fmt: skip
        else:
            expressions.append(symbol(graph, i))
    return expressions[place]


def first_forms(derivation: Derivation, names: Iterable[str]) -> tuple[Any, ...]:
    """Return ∂output/∂name over the inputs for each name.

    Raises:
        OptionError: one is too long to be built.
    """
    return tuple(_built(closed_form(derivation, name, _LARGEST)) for name in names)


def second_forms(derivation: Derivation, names: Sequence[str]) -> tuple[tuple[Any, ...], ...]:
    """Return the second derivatives along inputs, SymPy's derivatives of the first ones.

    Raises:
        OptionError: one is too long to be built.
    """
    rows = first_forms(derivation, names)
    return tuple(tuple(sp.diff(row, sp.Symbol(name)) for name in names) for row in rows)


def _built(form: ClosedForm) -> Any:
    if form.symbolic is None:
        raise OptionError(str(form))
    return form.symbolic
