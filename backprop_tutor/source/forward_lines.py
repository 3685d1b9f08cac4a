"""The forward lines of a derivation's program, by the operations' rules.

The rules of the tables are run on code (`ops.source_kernel`), so the lines are what the rules say. Each
piece of code carries its value, and with it what the program gives when it runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from ..graph import Graph, Node
from ..language import Apply, Expression, shown_name, written
from ..matrices.array_graph import options_of, record_of
from ..ops import OPS
from ..ops.code import Code
from ..ops.source_kernel import SourceKernel
from ..steps import Derivation
from .identifiers import Identifiers, of_graph
from .layout import Line, shapes_told
from .statements import statements

__all__ = ["ForwardLines", "apart", "near", "whole_options"]

_CLOSE = 1e-12
"""Where a rule's usual form is further off than this, the form that keeps all digits is written."""
_INLINED = 4
"""So many operations without names of their own may stand in one line."""


class ForwardLines:
    """The code of every value of a derivation, and the lines that compute them."""

    def __init__(self, d: Derivation, kernel: SourceKernel) -> None:
        self.d: Derivation = d
        self.graph: Graph = d.graph_table
        self.kernel: SourceKernel = kernel
        self.names: Identifiers = of_graph(self.graph)
        self.helping: dict[int, str] = {}
        self.codes: list[Code] = []
        with np.errstate(all="ignore"):
            for place, node in enumerate(self.graph.nodes):
                self.codes.append(self._leaf_or_name(place, node))

    def forward_lines(self, read: frozenset[str] = frozenset()) -> list[Line]:
        """Return the lines; what has a name in `read` keeps a line of its own."""
        self.names.give_back(self.helping.values())
        self.helping = {}
        with np.errstate(all="ignore"):
            return list(self._forward(read))

    @property
    def output(self) -> str:
        """Return the output's name."""
        return self.graph.nodes[self.graph.output].name

    def _leaf_or_name(self, place: int, node: Node) -> Code:
        if node.kind == "constant":
            return self._constant(node)
        if node.kind == "input":
            return self.kernel.named(self.names.of[node.name], self._given(node))
        operands = [self.codes[i] for i in node.operands]
        code = self.kernel.code(self._value(place, node, operands))
        made = self.kernel.named(self.names.of[node.name], code.value)
        if not node.named and code.shape:
            made.like = next((a.like or a for a in operands if a.shape == code.shape), None)
        return made

    def _forward(self, read: frozenset[str]) -> Iterator[Line]:
        """Yield a line an operation; what has no name stands where it is used, if once and by it alone."""
        forms = list(self.codes)
        formulas: list[Expression] = [self.graph.term(i) for i in range(len(forms))]
        sizes = [0] * len(forms)
        for place, node in enumerate(self.graph.nodes):
            if node.kind != "operation":
                continue
            name = self.names.of[node.name]
            operands = node.operands
            once = not node.named and len(self.graph.uses[place]) == 1 and name not in read
            if once and self._spreads(place):
                forms[place], formulas[place] = forms[operands[0]], formulas[operands[0]]
                continue
            formula = Apply(node.op, tuple(formulas[i] for i in operands), node.options)
            code = self.kernel.code(self._value(place, node, [forms[i] for i in operands]))
            sizes[place] = 1 + sum(sizes[i] for i in operands)
            if once and sizes[place] <= _INLINED and place != self.graph.output:
                forms[place], formulas[place] = code, formula
                continue
            sizes[place] = 0
            yield from self.lines(name, "=", code, f"{shown_name(node.name)} = {written(formula)}")

    def _spreads(self, place: int) -> bool:
        """Return whether an operation only repeats entries for one that goes entry by entry."""
        record = record_of(self.graph.nodes[place])
        target = self.graph.nodes[self.graph.uses[place][0].target]
        return record is not None and record.name == "expand" and record_of(target) is None

    def _given(self, node: Node) -> Any:
        given: Any = self.d.at[node.name]
        if getattr(given, "shape", ()):
            return np.array(given)
        return given.item() if getattr(given, "dtype", None) is not None else float(given)

    def _constant(self, node: Node) -> Code:
        value = node.value or 0
        for text, number in (("np.pi", math.pi), ("np.e", math.e)):
            if value == number:
                return self.kernel.made(text, value=number)
        return self.kernel.code(int(value) if value == int(value) else float(value))

    def _value(self, place: int, node: Node, operands: list[Code]) -> Any:
        record = record_of(node)
        if record is not None:
            return record.forward(self.kernel, *self.padded(node, operands), **options_of(node))
        row = OPS[node.op]
        options: Any = whole_options(row.with_options(node.options))
        found = self.kernel.code(row.forward(self.kernel, *operands, **options))
        if row.precise is None or near(found.value, self.d.numbers[place]):
            return found
        return row.precise(self.kernel, *operands, **options)

    def padded(self, node: Node, operands: list[Code]) -> list[Code | None]:
        """Return the operands of a record, with None for those that were left out."""
        record = record_of(node)
        assert record is not None  # asked of records alone
        spare = 0 if record.many else len(record.operands) - len(operands)
        return [*operands, *([None] * spare)]

    def lines(
        self, name: str, sign: str, code: Code, formula: str, told: str = ""
    ) -> Iterator[Line]:
        """Yield the lines of an assignment, helping ones first."""
        before, text = statements(code, lambda: self.names.numbered("t"), self.helping)
        for own, expression in before:
            yield Line(own, "=", expression, "")
        comment = f"{formula}   {shapes_told(code)}" if code.shape else formula
        yield Line(name, sign, text, comment, told)


def whole_options(options: dict[str, Any]) -> dict[str, Any]:
    """Return options with whole numbers as such, which powers and places want."""
    return {
        name: int(value) if isinstance(value, (float, Fraction)) and value == int(value) else value
        for name, value in options.items()
    }  # fmt: skip


def near(a: Any, b: Any) -> bool:
    """Return whether two numbers or arrays are alike but for rounding."""
    return apart(a, b) <= _CLOSE * float(np.abs(_floats(b)).max(initial=0.0))


def apart(a: Any, b: Any) -> float:
    """Return by how much two arrays differ at most; infinity if one is of another shape or not finite."""
    first, second = np.asarray(a, float), _floats(b)
    if first.shape != second.shape or not np.isfinite(first).all():
        return math.inf
    return float(np.abs(first - second).max(initial=0.0))


def _floats(number: Any) -> Any:
    return np.asarray(float(number) if isinstance(number, (int, Fraction)) else number, float)
