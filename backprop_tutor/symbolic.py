"""SymPy's side of a graph: local derivatives from the operations' definitions, and closed forms.

SymPy's objects are built from the graph, never from text, and nothing that is shown as typed comes
from here. This is the only module, with `ops/sympy_kernel.py`, that imports SymPy.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import sympy as sp

from .errors import OptionError
from .graph import Graph
from .ops import OPS
from .ops.sympy_kernel import SYMPY
from .steps import Derivation, Exact

__all__ = ["ClosedForm", "closed_form", "local_derivative", "local_number"]


def _sympy_number(value: Exact, text: str = "") -> Any:
    if text == "π":
        return sp.pi
    if text == "e":
        return sp.E
    if isinstance(value, Fraction):
        return sp.Rational(value.numerator, value.denominator)
    return sp.Float(value, 17)


@cache
def _parameters(count: int) -> tuple[Any, ...]:
    return tuple(sp.Dummy(f"a{i}", real=True) for i in range(count))


@lru_cache(maxsize=4096)
def _template(
    op: str,
    options: tuple[tuple[str, float], ...],
    constants: tuple[tuple[Exact, str] | None, ...],
    slot: int,
) -> Any:
    """Return ∂out/∂operand over parameters, derived by SymPy from the operation's definition."""
    record = OPS[op]
    values = record.with_options(options) if record.options or record.outputs else {}
    given = {
        k: int(v) if k == "index" else _sympy_number(_exact_option(v)) for k, v in values.items()
    }
    parameters = _parameters(len(constants))
    operands = [
        p if c is None else _sympy_number(*c) for p, c in zip(parameters, constants, strict=True)
    ]
    varied = operands[slot]
    if varied is not parameters[slot]:
        varied = operands[slot] = parameters[slot]
    return sp.diff(record.forward(SYMPY, *operands, **given), varied)


def _exact_option(value: float) -> Exact:
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def _key(graph: Graph, place: int) -> tuple[tuple[Exact, str] | None, ...]:
    return tuple(
        (graph.nodes[i].value, graph.nodes[i].text)  # type: ignore[misc]  # constants have a value
        if graph.nodes[i].kind == "constant"
        else None
        for i in graph.nodes[place].operands
    )


def local_derivative(graph: Graph, place: int, slot: int) -> Any:
    """Return ∂node/∂operand of that one operation as a `sympy.Expr` over its operands' names.

    Each operand stands for itself, also where one node is two operands: for x·x the slope along
    the first is x.
    """
    node = graph.nodes[place]
    template = _template(node.op, node.options, _key(graph, place), slot)
    names = {
        parameter: _symbol(graph, operand)
        for parameter, operand in zip(_parameters(len(node.operands)), node.operands, strict=True)
    }
    return template.xreplace(names)


def _symbol(graph: Graph, place: int) -> Any:
    node = graph.nodes[place]
    if node.kind == "constant" and node.value is not None:
        return _sympy_number(node.value, node.text)
    return sp.Symbol(node.name)


def local_number(graph: Graph, place: int, slot: int, numbers: Iterable[Exact]) -> float:
    """Return SymPy's number for a local derivative, to 17 digits; nan where it has none."""
    node = graph.nodes[place]
    template = _template(node.op, node.options, _key(graph, place), slot)
    if template.is_number:
        return _real(template)
    table = tuple(numbers)
    given = {
        parameter: sp.Float(_mp(table[operand]), 30)
        for parameter, operand in zip(_parameters(len(node.operands)), node.operands, strict=True)
    }
    return _real(template.xreplace(given))


def _mp(value: Exact) -> Any:
    if isinstance(value, Fraction):
        return sp.Rational(value.numerator, value.denominator)
    return sp.Float(value, 30)


def _real(expression: Any) -> float:
    number = sp.N(expression, 20)
    if number.is_real is False or number is sp.nan or number.has(sp.zoo, sp.oo):
        return math.nan
    return float(number)


@dataclass(frozen=True, slots=True)
class ClosedForm:
    """∂output/∂name in the inputs alone: the expression while it is short, its size always.

    Attributes:
        of, wrt: the two names.
        operations: how many operations the closed form takes, written out.
        symbolic: a `sympy.Expr` over the inputs' names, or None where it is longer than `limit`.
        limit: the number of operations up to which it is built.
    """

    of: str
    wrt: str
    operations: int
    symbolic: Any
    limit: int

    def __str__(self) -> str:
        if self.symbolic is None:
            return (
                f"∂{self.of}/∂{self.wrt} written out takes {self.operations:,} operations, "
                f"more than the {self.limit:,} up to which it is shown"
            )
        return str(self.symbolic)


def closed_form(derivation: Derivation, name: str, limit: int = 100) -> ClosedForm:
    """Return the closed form of ∂output/∂name over the inputs, and its size.

    Raises:
        UnknownNameError: no such node.
        OptionError: a limit below 1.
    """
    if limit < 1:
        raise OptionError(f"limit is a number of operations, at least 1, not {limit}")
    graph = derivation.graph_table
    place = graph.find(name)
    size = _size(graph, place)
    of, wrt = derivation.output, graph.nodes[place].name
    if size > 20 * limit:
        return ClosedForm(of, wrt, size, None, limit)
    expression = _chain(graph, place)
    counted = int(sp.count_ops(expression))
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


def _chain(graph: Graph, place: int) -> Any:
    """Return Σ over paths of products of local derivatives, over the inputs."""
    expressions: list[Any] = []
    for i, node in enumerate(graph.nodes):
        if node.kind != "operation":
            expressions.append(_symbol(graph, i))
            continue
        record = OPS[node.op]
        values = record.with_options(node.options) if record.options or record.outputs else {}
        given = {
            k: int(v) if k == "index" else _sympy_number(_exact_option(v))
            for k, v in values.items()
        }
        expressions.append(record.forward(SYMPY, *(expressions[j] for j in node.operands), **given))
    total: dict[int, Any] = {graph.output: sp.Integer(1)}
    for i in range(graph.output, place, -1):
        if i not in total or graph.nodes[i].kind != "operation":
            continue
        node = graph.nodes[i]
        key = _key(graph, i)
        parameters = _parameters(len(node.operands))
        replaced = {p: expressions[j] for p, j in zip(parameters, node.operands, strict=True)}
        for slot, source in enumerate(node.operands):
            if source >= place and graph.varies[source]:
                local = _template(node.op, node.options, key, slot).xreplace(replaced)
                total[source] = total.get(source, 0) + total[i] * local
    return total.get(place, sp.Integer(0))
