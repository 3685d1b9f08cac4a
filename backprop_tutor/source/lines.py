"""The lines of a derivation's program in NumPy: forward by the rules, backward by their gradients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..language import shown_name
from ..matrices.array_graph import ArrayGraph, options_of, record_of
from ..matrices.rules import reason_of, rule_formula
from ..ops import OPS
from ..ops.code import Code
from ..ops.matrix_formulas import entrywise_formula
from ..ops.sizes import shown
from ..ops.source_kernel import SourceKernel
from ..sentences import sentence
from ..steps import BackwardStep, Derivation
from .forward_lines import ForwardLines, near, whole_options
from .layout import Line

__all__ = ["ProgramLines"]

_LONGEST = 64
"""Longer formulas of gradients give way to the reason for them."""


class ProgramLines(ForwardLines):
    """The lines of a derivation's program, and what each gives when it runs."""

    def __init__(self, d: Derivation) -> None:
        super().__init__(d, SourceKernel())
        nodes = [node.name for node in self.graph.nodes if node.kind != "constant"]
        self.gradient_names: dict[str, str] = {
            name: self.names.another(f"d{self.names.of[name]}") for name in nodes
        }
        self._uses: Counter[int] = Counter(source for source, _, _ in d.contributions)
        self.gradients: dict[int, Code] = {}
        with np.errstate(all="ignore"):
            self.backward: list[Line] = list(self._backward())
        self.forward: list[Line] = self.forward_lines(
            frozenset().union(*(line.names for line in self.backward))
        )

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
        again = self._uses[source]
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
        yield from self.lines(name, sign, code, f"{symbol} {sign} {self._rule(target, slot)}", told)

    def _symbol(self, place: int) -> str:
        return f"∂{shown_name(self.output)}/∂{shown_name(self.graph.nodes[place].name)}"

    def _handed(self, source: int, target: int, slot: int) -> Code:
        """Return what an operation hands to the operand number `slot`, in that operand's shape."""
        node, k = self.graph.nodes[target], self.kernel
        operands = [self.codes[i] for i in node.operands]
        delta, out = self.gradients[target], self.codes[target]
        record = record_of(node)
        if record is not None:
            rule = record.gradient(slot)
            assert rule is not None  # there is an edge
            found = rule(k, delta, out, *self.padded(node, operands), **options_of(node))
        else:
            row = OPS[node.op]
            options: Any = whole_options(row.with_options(node.options))
            local = row.partial(slot)(k, out, *operands, **options)
            wanted = self.d.contributions[source, target, slot].local
            if row.accurate is not None and not near(k.code(local).value, wanted):
                local = row.accurate(slot)(k, out, *operands, **options)
            found = k.fit(delta * local, k.shape(operands[slot]))
        found = k.code(found)
        shape = self.codes[source].shape
        return found if found.shape == shape else k.expand(found, k.shape(self.codes[source]))

    def _rule(self, target: int, slot: int) -> str:
        """Return the gradient of an operand as a formula; the reason for it where that would be long."""
        found = self._rule_formula(target, slot)
        if len(found) <= _LONGEST and "slice(" not in found and "put(" not in found:
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
            OPS[node.op], slot, operands, shapes, dict(whole_options(dict(node.options))), delta,
            shown_name(node.name),
        )  # fmt: skip
