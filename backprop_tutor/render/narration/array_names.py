"""What nodes of a graph over arrays are called: names, gradients, shapes, formulas, the program as read.

Enters: a graph with shapes, of numbers or symbols. Leaves: pieces of a `Document`.
"""

from __future__ import annotations

from ...language import UNICODE, shown_name, written
from ...matrices.array_graph import ArrayGraph, record_of
from ...ops.sizes import multiplied
from ...ops.sizes import shown as shown_shape
from ...sentences import said
from ...translation import sentence as _
from .document import Block, Formulas, Math, Table
from .formulas import latex, latex_name

__all__ = ["ArrayNames"]


class ArrayNames:
    """Writes the pieces of a graph over arrays that need no number."""

    def __init__(self, graph: ArrayGraph) -> None:
        self.graph = graph
        self.f: str = graph.nodes[graph.output].name
        self.names: dict[str, str] = {shown_name(node.name): latex_name(node.name) for node in graph.nodes}

    def name(self, place: int) -> Math:
        """Return a node's name, or a constant's number."""
        node = self.graph.nodes[place]
        if node.kind == "constant":
            return Math(node.text, node.text)
        return Math(shown_name(node.name), latex_name(node.name))

    def gradient(self, place: int) -> Math:
        """Return the output's gradient along a node, by name."""
        name = self.graph.nodes[place].name
        return Math(
            f"∂{shown_name(self.f)}/∂{shown_name(name)}",
            rf"\frac{{\partial {latex_name(self.f)}}}{{\partial {latex_name(name)}}}",
        )

    def shape(self, place: int) -> str:
        """Return a node's shape in words."""
        shape = self.graph.shapes[place]
        if len(shape) == 1:
            return said("vector of {count}", count=shape[0])
        return shown_shape(shape) if shape else _("a number")

    def formula(self, place: int) -> Math:
        """Return what an operation is, over its operands' names."""
        tree = self.graph.formula(place)
        record = record_of(self.graph.nodes[place])
        if record is not None and record.name == "expand":
            inner = self.name(self.graph.nodes[place].operands[0])
            to = shown_shape(self.graph.shapes[place])
            size = to.strip("(),").replace("×", r" \times ")
            return Math(said("{name} repeated to {shape}", name=inner.unicode, shape=to),
                        rf"{inner.latex}\ ({size})")  # fmt: skip
        unicode = written(tree, UNICODE)
        if record is None and self.graph.nodes[place].op == "multiply":
            unicode = unicode.replace("·", " ⊙ ") if self._both_arrays(place) else unicode
        return Math(unicode, latex(tree))

    def _both_arrays(self, place: int) -> bool:
        return all(self.graph.shapes[i] for i in self.graph.nodes[place].operands)

    def reading(self) -> Block:
        """Return the assignments as they were read: products of matrices as such."""
        return Formulas(tuple(
            ("", (Math(shown_name(name), latex_name(name)), Math(written(tree, UNICODE), latex(tree))), "")
            for name, tree in self.graph.reading()
        ), indent=1)  # fmt: skip

    def shapes_table(self) -> Block:
        """Return each named node's shape, and what it is."""
        kinds = {"input": _("input"), "operation": _("operation")}
        rows = tuple(
            ((self.name(i),), (self.shape(i),), (kinds[node.kind],))
            for i, node in enumerate(self.graph.nodes)
            if node.kind != "constant" and node.named
        )
        return Table((_("name"), _("shape"), _("what it is")), rows)

    def repeated(self, source: int, place: int) -> str:
        """Return how often what is repeated is used."""
        before, after = self.graph.shapes[source], self.graph.shapes[place]
        own = (1,) * (len(after) - len(before)) + before
        times = multiplied(n for n, one in zip(after, own, strict=True) if n != one)
        name = self.name(source).unicode
        if len(before) == 1 and len(after) == 2:
            return said("{name} is used once for each of the {count} rows", name=name, count=times)
        return said("{name} is used {count} times", name=name, count=times)

    def part(self, source: int, target: int) -> Math:
        """Return the gradient of an operand; where it has more uses, the part of this one."""
        uses = [use for use in self.graph.uses[source] if self.graph.relevant[use.target]]
        whole = self.gradient(source)
        if len(uses) < 2:
            return whole
        gate = self.name(target)
        where = said("part of {gradient} through {gate}", gradient=whole.unicode, gate=gate.unicode)
        return Math(where, rf"{whole.latex}\Big|_{{{gate.latex}}}")
