"""The lines of a derivation's program: forward by the operations' rules, backward by their gradients.

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
from ..matrices.array_graph import ArrayGraph, options_of, record_of
from ..matrices.rules import reason_of, rule_formula
from ..ops import OPS
from ..ops.code import Code
from ..ops.matrix_formulas import entrywise_formula
from ..ops.sizes import shown
from ..ops.source_kernel import SourceKernel
from ..sentences import sentence
from ..steps import BackwardStep, Derivation
from .identifiers import Identifiers, of_graph
from .layout import Line, shapes_told
from .statements import statements

__all__ = ["ProgramLines", "apart"]

_CLOSE = 1e-12
"""Where a rule's usual form is further off than this, the form that keeps all digits is written."""
_INLINED = 4
"""So many operations without names of their own may stand in one line."""
_LONGEST = 64
"""Longer formulas of gradients give way to the reason for them."""


class ProgramLines:
    """The lines of a derivation's program, and what each gives when it runs."""

    def __init__(self, d: Derivation) -> None:
        self.d: Derivation = d
        self.graph: Graph = d.graph_table
        self.kernel: SourceKernel = SourceKernel()
        nodes = [node.name for node in self.graph.nodes if node.kind != "constant"]
        self.names: Identifiers = of_graph(self.graph)
        self.gradient_names: dict[str, str] = {
            name: self.names.another(f"d{self.names.of[name]}") for name in nodes
        }
        with np.errstate(all="ignore"):
            self.codes: list[Code] = []
            for place, node in enumerate(self.graph.nodes):
                self.codes.append(self._leaf_or_name(place, node))
            self.gradients: dict[int, Code] = {}
            self._helping: dict[int, str] = {}
            self.backward: list[Line] = list(self._backward())
            self._helping = {}
            self.forward: list[Line] = list(self._forward())

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

    def _forward(self) -> Iterator[Line]:
        """Yield a line an operation; what has no name and is read once stands where it is used."""
        read = frozenset().union(*(line.names for line in self.backward))
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
            yield from self._lines(name, "=", code, f"{shown_name(node.name)} = {written(formula)}")

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
            return record.forward(self.kernel, *self._padded(node, operands), **options_of(node))
        row = OPS[node.op]
        options: Any = _whole(row.with_options(node.options))
        found = self.kernel.code(row.forward(self.kernel, *operands, **options))
        if row.precise is None or _near(found.value, self.d.numbers[place]):
            return found
        return row.precise(self.kernel, *operands, **options)

    def _padded(self, node: Node, operands: list[Code]) -> list[Code | None]:
        record = record_of(node)
        assert record is not None  # asked of records alone
        spare = 0 if record.many else len(record.operands) - len(operands)
        return [*operands, *([None] * spare)]

    def _backward(self) -> Iterator[Line]:
        output = self.graph.nodes[self.graph.output].name
        self.gradients[self.graph.output] = self.kernel.named(self.gradient_names[output], 1.0)
        itself = self._symbol(self.graph.output)
        yield Line(self.gradient_names[output], "=", "1.0", itself, itself)
        for step in self.d.steps:
            if isinstance(step, BackwardStep):
                for edge in step.edges:
                    yield from self._edge(edge.places[0], edge.places[1], edge.slot)

    def _edge(self, source: int, target: int, slot: int) -> Iterator[Line]:
        node = self.graph.nodes[source]
        code = self._handed(source, target, slot)
        name = self.gradient_names[node.name]
        before = self.gradients.get(source)
        uses = self.graph.uses[source]
        again = sum((source, use.target, use.slot) in self.d.contributions for use in uses)
        if again == 1 and not node.named and code.name.isidentifier():
            self.gradients[source] = code  # what passes unchanged needs no other name
            return
        if before is None and again > 1 and code.shape and not code.fresh:
            code = self.kernel.method(code, ".copy()", code.value.copy())
        total = code.value if before is None else before.value + code.value
        self.gradients[source] = self.kernel.named(name, total)
        sign = "=" if before is None else "+="
        symbol = self._symbol(source)
        told = f"{symbol}   {shown(code.shape)}" if code.shape else symbol
        yield from self._lines(name, sign, code, f"{symbol} {sign} {self._rule(target, slot)}", told)

    def _symbol(self, place: int) -> str:
        return f"∂{shown_name(self.output)}/∂{shown_name(self.graph.nodes[place].name)}"

    @property
    def output(self) -> str:
        """Return the output's name."""
        return self.graph.nodes[self.graph.output].name

    def _handed(self, source: int, target: int, slot: int) -> Code:
        """Return what an operation hands to the operand number `slot`, in that operand's shape."""
        node, k = self.graph.nodes[target], self.kernel
        operands = [self.codes[i] for i in node.operands]
        delta, out = self.gradients[target], self.codes[target]
        record = record_of(node)
        if record is not None:
            rule = record.gradient(slot)
            assert rule is not None  # there is an edge
            found = rule(k, delta, out, *self._padded(node, operands), **options_of(node))
        else:
            row = OPS[node.op]
            options: Any = _whole(row.with_options(node.options))
            local = row.partial(slot)(k, out, *operands, **options)
            wanted = self.d.contributions[source, target, slot].local
            if row.accurate is not None and not _near(k.code(local).value, wanted):
                local = row.accurate(slot)(k, out, *operands, **options)
            found = k.fit(delta * local, k.shape(operands[slot]))
        found = k.code(found)
        shape = self.codes[source].shape
        return found if found.shape == shape else k.expand(found, k.shape(self.codes[source]))

    def _rule(self, target: int, slot: int) -> str:
        """Return the gradient of an operand as a formula; the reason for it where that would be long."""
        found = self._rule_formula(target, slot)
        if len(found) <= _LONGEST and "slice(" not in found:
            return found
        if isinstance(self.graph, ArrayGraph):
            return f"…   {sentence(reason_of(self.graph, target, slot))}"
        node = self.graph.nodes[target]
        return f"…   {sentence(OPS[node.op].reason(slot, len(node.operands)))}"

    def _rule_formula(self, target: int, slot: int) -> str:
        node = self.graph.nodes[target]
        delta = self.gradients[target].name
        if isinstance(self.graph, ArrayGraph):
            return rule_formula(self.graph, target, slot, delta)
        operands: list[str | int | float] = [
            self.codes[i].value if self.graph.nodes[i].kind == "constant" else
            shown_name(self.graph.nodes[i].name) for i in node.operands
        ]  # fmt: skip
        shapes: list[tuple[int, ...]] = [()] * len(operands)
        return entrywise_formula(
            OPS[node.op], slot, operands, shapes, dict(_whole(dict(node.options))), delta,
            shown_name(node.name),
        )  # fmt: skip

    def _lines(
        self, name: str, sign: str, code: Code, formula: str, told: str = ""
    ) -> Iterator[Line]:
        before, text = statements(code, lambda: self.names.numbered("t"), self._helping)
        for own, expression in before:
            yield Line(own, "=", expression, "")
        comment = f"{formula}   {shapes_told(code)}" if code.shape else formula
        yield Line(name, sign, text, comment, told)


def _whole(options: dict[str, Any]) -> dict[str, Any]:
    """Return options with whole numbers as such, which powers and places want."""
    return {
        name: int(value) if isinstance(value, (float, Fraction)) and value == int(value) else value
        for name, value in options.items()
    }  # fmt: skip


def _near(a: Any, b: Any) -> bool:
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
