"""A derivation over arrays of which shapes alone are known, told: rules, reasons, and the chain filled in.

Enters: an `UnvaluedPass`. Leaves: a `Document` without a number but those of the program. A gradient whose
formula in matrices is long, or depends on sizes in a way no formula says, is told entry by entry alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...matrices.array_graph import record_of
from ...matrices.rules import reason_of
from ...matrices.unvalued import ShapedEdge, UnvaluedPass
from ...sentences import again, said
from ...translation import sentence as _
from .agreement import agreed
from .array_names import ArrayNames
from .array_reasons import entry_block, only_product
from .document import Block, Bullets, Document, Formulas, Heading, Inline, Math, Paragraph, Table
from .formulas import latex_name
from .rule_tex import rule_latex

__all__ = ["shaped_document"]


def shaped_document(found: UnvaluedPass, notes: Sequence[str] = (), full: bool = True) -> Document:
    """Return the derivation as a document; `full`: whether sentences stand beside the formulas."""
    return agreed(Document(tuple(_Teller(found, full).blocks(notes))))


class _Teller(ArrayNames):
    """Tells one pass."""

    def __init__(self, found: UnvaluedPass, full: bool) -> None:
        super().__init__(found.graph)
        self.found = found
        self.full = full
        for place in range(len(found.graph.nodes)):
            each = self.gradient(place)
            self.names[each.unicode] = each.latex

    def blocks(self, notes: Sequence[str]) -> Iterator[Block]:
        """Yield all blocks."""
        yield Heading(1, (_("The derivation of "), self.name(self.graph.output), _(" in symbols")))
        yield self.reading()
        if notes:
            yield Bullets(tuple((again(note),) for note in notes))
        if self.full:
            yield Paragraph((_(
                "No values are given, and shapes alone decide the rules: every gradient is a formula in "
                "matrices."
            ),), indent=1)  # fmt: skip
        yield Heading(2, (_("Shapes"),))
        yield self.shapes_table()
        yield from self._steps()
        yield from self._chain()
        yield Heading(2, (_("Gradients"),))
        yield self._summary()

    def _steps(self) -> Iterator[Block]:
        """Yield each operation, then what each hands back, in the order of the two passes."""
        graph, number = self.graph, 0
        operations = [i for i, node in enumerate(graph.nodes) if node.kind == "operation"]
        if operations:
            yield Heading(2, (_("Forward"),))
        for place in operations:
            number += 1
            terms = (self.name(place), self.formula(place))
            yield Formulas(((f"{number}", terms, self.shape(place)),))
            record = record_of(graph.nodes[place])
            if self.full and record is not None and record.name == "expand":
                yield Paragraph((self.repeated(graph.nodes[place].operands[0], place),), indent=1)
        yield Heading(2, (_("Backward"),))
        number += 1
        one = Math("1", "1", "gradient")
        yield Formulas(((f"{number}", (self.gradient(graph.output), one), ""),))
        for place, edges in self.found.edges.items():
            number += 1
            yield Paragraph((f"{number}  ", said(
                "through {formula}; upstream δ = {gradient}, {shape}",
                formula=f"{self.name(place).unicode} = {self.formula(place).unicode}",
                gradient=self.gradient(place).unicode, shape=self.shape(place),
            )))  # fmt: skip
            for edge in edges:
                yield from self._edge(edge)

    def _edge(self, edge: ShapedEdge) -> Iterator[Block]:
        graph = self.graph
        source = edge.source
        part = self.part(source, edge.target)
        if edge.rule:
            terms = (part, Math(edge.rule, rule_latex(edge.rule, self.names), "local"))
            yield Formulas((("", terms, self.shape(source)),), indent=1)
        indices = self.found.indices(edge, latex_name)
        if indices is not None:
            yield entry_block(graph, source, edge.target, indices)
        elif not edge.rule:
            yield Paragraph((part, ": ", self.shape(source)), indent=1)
        if self.full:
            yield Paragraph((again(said(reason_of(graph, edge.target, edge.slot))),), indent=2)
            fits = only_product(graph, source, edge.target, edge.slot)
            if fits:
                yield Paragraph((fits,), indent=2)

    def _chain(self) -> Iterator[Block]:
        """Yield each gradient by those before it, then filled in."""
        lines = []
        ones = False
        for place in range(self.graph.output - 1, -1, -1):
            named, filled = self.found.named[place], self.found.filled[place]
            if not named:
                continue
            terms = [self.gradient(place)]
            for text in dict.fromkeys((named, filled)):
                if text:
                    terms.append(Math(text, rule_latex(text, self.names), "gradient"))
                    ones = ones or "ones(" in text
            lines.append(("", tuple(terms), self.shape(place)))
        if not lines:
            return
        yield Heading(2, (_("The chain: each gradient by the one before it, then filled in"),))
        yield Formulas(tuple(lines), indent=1)
        if self.full and ones:
            yield Paragraph((_("ones( … ) is an array of that shape, a 1 in every entry."),), indent=1)

    def _summary(self) -> Block:
        rows: list[tuple[tuple[Inline, ...], ...]] = []
        for place, node in enumerate(self.graph.nodes):
            if node.kind != "input" or not self.graph.varies[place]:
                continue
            filled = self.found.filled[place]
            math = Math(filled, rule_latex(filled, self.names), "gradient")
            if place in self._reached():
                rows.append(((self.gradient(place),), (math,) if filled else ("—",), (self.shape(place),)))
            elif not self.graph.relevant[place]:
                rows.append(((self.gradient(place),), (Math("0", "0", "gradient"),), (self.shape(place),)))
        return Table((_("gradient"), _("in matrices"), _("shape")), tuple(rows))

    def _reached(self) -> frozenset[int]:
        return frozenset(edge.source for edges in self.found.edges.values() for edge in edges)
