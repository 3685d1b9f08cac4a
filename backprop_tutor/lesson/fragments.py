"""The formulas of a lesson in MathML, in which every number is a place that the page fills in.

Enters: a derivation. Leaves: MathML for names, gradients, operations and local gradients; a number
is `<mn data-q="v3">` where `v3` is the quantity it shows (`v` value, `g` gradient, of node 3; `l5.0`
local and `d5.0` downstream of the edge into node 5 at slot 0), so that the numbers follow when the
learner changes an input.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ..graph import Graph
from ..language import Apply, Expression, Name, postorder, written
from ..ops import OPS
from ..render.narration.formulas import LATEX, latex
from ..render.narration.html import mathml_row
from ..slopes import local_form
from ..steps import Derivation

__all__ = ["Fragments", "numbered_row"]

_MARK = re.compile(r"<mtext>⟦(\d+)(w?)⟧</mtext>")
_WRAPPED = {("multiply", 0), ("multiply", 1), ("add", 1), ("subtract", 1), ("negate", 0), ("power", 0)}
"""Operands that need brackets where they are negative: (−2)·5."""


class Fragments:
    """Writes a derivation's formulas as MathML rows."""

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.graph: Graph = derivation.graph_table

    def term(self, place: int) -> str:
        """Return a node as it stands in formulas."""
        return mathml_row(latex(self.graph.term(place)))

    def slope(self, top: int, bottom: int) -> str:
        """Return ∂top/∂bottom."""
        one, other = latex(self.graph.term(top)), latex(self.graph.term(bottom))
        return mathml_row(rf"\frac{{\partial {one}}}{{\partial {other}}}")

    def formula(self, place: int) -> str:
        """Return a node's operation over its operands' names."""
        return mathml_row(latex(self.graph.formula(place)))

    def formula_with_numbers(self, place: int) -> str:
        """Return a node's operation with its operands' numbers as places to fill in."""
        return self._numbered(self.graph.formula(place))

    def local(self, target: int, slot: int) -> tuple[str, ...]:
        """Return a local gradient's formulas: in the inputs, with the output's name, with numbers.

        Those that would repeat the one before, and those that are the number itself, are left out.
        """
        form = local_form(self.derivation, target, slot)
        found = []
        if not _is_number(form.by_inputs):
            found.append(mathml_row(latex(form.by_inputs)))
        if form.by_output is not form.by_inputs:
            found.append(mathml_row(latex(form.by_output)))
        if isinstance(form.by_output, Apply):
            found.append(self._numbered(form.by_output))
        return tuple(dict.fromkeys(found))

    def _numbered(self, tree: Expression) -> str:
        return numbered_row(tree, self.graph.index)


def numbered_row(tree: Expression, index: Mapping[str, int]) -> str:
    """Return a formula whose names are places for the values of the nodes they index."""
    trees: dict[int, Expression] = {}
    for node in postorder(tree):
        if isinstance(node, Apply):
            operands: list[Expression] = []
            for slot, operand in enumerate(node.operands):
                if isinstance(operand, Name):
                    # The same name may stand at two places of which one needs brackets.
                    wrap = "w" if (node.op, slot) in _WRAPPED else ""
                    operands.append(Name(f"{index[operand.name]}{wrap}"))
                else:
                    operands.append(trees.get(id(operand), operand))
            trees[id(node)] = Apply(node.op, tuple(operands), node.options)
    marked = trees.get(id(tree), tree)
    if isinstance(marked, Name):
        marked = Name(str(index[marked.name]))
    notation = replace(LATEX, name=lambda name: rf"\text{{⟦{name}⟧}}")
    return _MARK.sub(_place, mathml_row(written(marked, notation)))


def _place(match: re.Match[str]) -> str:
    wrapped = ' data-wrap=""' if match.group(2) else ""
    return f'<mn data-q="v{match.group(1)}"{wrapped}></mn>'


def _is_number(tree: Expression) -> bool:
    return not isinstance(tree, (Apply, Name))


def is_piecewise(derivation: Derivation, place: int) -> bool:
    """Return whether a node's local formulas hold only for the piece in force at the point."""
    node = derivation.graph_table.nodes[place]
    return node.kind == "operation" and OPS[node.op].branch is not None
