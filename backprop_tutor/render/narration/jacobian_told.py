"""A Jacobian as a document: the matrix in symbols, and at a point in numbers."""

from __future__ import annotations

from collections.abc import Sequence

from ...chains import symbolic_pass
from ...errors import OptionError
from ...graph import Graph
from ...language import UNICODE, canonical_name
from ...ops import Number, exact
from ...sentences import counted, said
from ...translation import sentence as _
from .agreement import agreed
from .document import Block, Document, Grid, Heading, Math, Paragraph
from .formulas import latex, latex_name, unicode
from .numbers import latex_number, shown

__all__ = ["jacobian_document"]

_LIMIT = 40


def jacobian_document(
    base: Graph, of: Sequence[str], wrt: Sequence[str],
    values: Sequence[Sequence[Number]] | None = None, precision: int = 4,
) -> Document:  # fmt: skip
    """Return ∂of[i]/∂wrt[j] as formulas, and as numbers where there are some.

    Raises:
        UnknownNameError: a name that the program does not have.
        OptionError: a column that is a constant, or no row or no column.
    """
    outputs = [base.find(name) for name in of]
    columns = [base.find(name) for name in (wrt or base.inputs)]
    for place in columns:
        if base.nodes[place].kind == "constant":
            raise OptionError(said("{name} is a constant", name=base.nodes[place].name))
    if not outputs or not columns:
        raise OptionError(said("a Jacobian has at least one row and one column"))
    rows = tuple(_row(Graph(base.program, base.nodes, place), columns) for place in outputs)
    names = [[base.nodes[i].name for i in places] for places in (outputs, columns)]
    top, low = (", ".join(map(UNICODE.name, each)) for each in names)
    top_latex, low_latex = (", ".join(map(latex_name, each)) for each in names)
    matrix = Math(
        f"∂({top})/∂({low})", rf"\frac{{\partial({top_latex})}}{{\partial({low_latex})}}"
    )
    blocks: list[Block] = [
        Heading(1, (_("The Jacobian of "), Math(top, top_latex), _(" along "), Math(low, low_latex))),
        Paragraph((
            said("a row for each of {rows}, a column for each of {columns}", rows=top, columns=low),
        ), indent=1),
        Grid((matrix,), rows, indent=1),
    ]  # fmt: skip
    if values is not None:
        numbers = tuple(tuple(_number(value, precision) for value in row) for row in values)
        blocks.append(Paragraph((_("at the given values"),), indent=1))
        blocks.append(Grid((matrix,), numbers, indent=1))
    return agreed(Document(tuple(blocks)))


def _row(graph: Graph, columns: Sequence[int]) -> tuple[Math, ...]:
    """Return one output's gradients: in the inputs, else in names, else how long they are."""
    return tuple(_entry(graph, place) for place in columns)


def _entry(graph: Graph, place: int) -> Math:
    name = canonical_name(graph.nodes[place].name)
    found = symbolic_pass(graph, "", _LIMIT)
    if name not in found.chain.numbers:
        found = symbolic_pass(graph, "gates", _LIMIT)
    i = found.chain.numbers.get(name)
    if i is None:  # it is made of constants alone
        return Math("0", "0", "gradient")
    for formula in (found.by_inputs[i], found.by_names[i]):
        if formula.tree is not None:
            return Math(unicode(formula.tree), latex(formula.tree), "gradient")
    size = counted(found.by_names[i].size, "1 operation", "{count} operations")
    return Math(size, rf"\text{{{size}}}")


def _number(value: Number, precision: int) -> Math:
    return Math(shown(exact(value), precision), latex_number(exact(value), precision), "gradient")
