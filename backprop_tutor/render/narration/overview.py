"""How an explanation opens: the title and how the text was read, and the graph's nodes and edges."""

from __future__ import annotations

from collections.abc import Iterator

from ...language import UNICODE, shown_name, written
from ...ops import OPS
from ...sentences import N_, again, counted
from ...steps import Exact
from ...translation import sentence as _
from .document import Block, Bullets, Formulas, Heading, Inline, Math, Paragraph, Table
from .formulas import latex, latex_name
from .narrate import Narrator
from .numbers import latex_number, shown

__all__ = ["nodes_section", "reading_section"]


def reading_section(narrator: Narrator) -> Iterator[Block]:
    """Yield the title, how the text was read, and the notes."""
    program = narrator.graph.program
    lines = []
    for assignment in program.assignments:
        left = ", ".join(shown_name(t) for t in assignment.targets)
        left_latex = ", ".join(latex_name(t) for t in assignment.targets)
        lines.append(
            ("", (Math(left, left_latex), Math(written(assignment.expression, UNICODE),
                  latex(assignment.expression))), "")
        )  # fmt: skip
    yield Heading(1, (_("The derivation of "), narrator.name(narrator.graph.output)))
    yield Formulas(tuple(lines), indent=1)
    if narrator.derivation.at:
        at = [_equation(name, value, narrator.precision) for name, value in narrator.derivation.at.items()]
        yield Paragraph((_("at "), *_joined(at)), indent=1)
    if narrator.derivation.notes:
        yield Bullets(tuple((again(note),) for note in narrator.derivation.notes))


def _equation(name: str, value: Exact | int, digits: int) -> Math:
    return Math(
        f"{shown_name(name)} = {shown(value, digits)}",
        f"{latex_name(name)} = {latex_number(value, digits)}",
    )


def nodes_section(narrator: Narrator) -> Iterator[Block]:
    """Yield the graph: how many nodes and edges, and what they are."""
    nodes = narrator.graph.nodes
    edges = sum(len(node.operands) for node in nodes)
    yield Heading(2, (_("The graph"),))
    yield Paragraph(
        (_("{nodes}, {operations}, and {edges}, one for each use.").format(
            nodes=counted(len(nodes), N_("1 node"), N_("{count} nodes")),
            operations=counted(
                narrator.graph.operations, N_("1 of them an operation"),
                N_("{count} of them operations"),
            ),
            edges=counted(edges, N_("1 edge"), N_("{count} edges")),
        ),),
        indent=1,
    )  # fmt: skip
    rows = []
    for place, node in enumerate(nodes):
        if node.kind == "constant":
            continue
        what = _("input") if node.kind == "input" else _(OPS[node.op].name.replace("_", " "))
        formula: tuple[Inline, ...] = (
            (narrator.formula(place),) if node.kind == "operation" else ("",)
        )
        uses = len(narrator.graph.uses[place])
        used = _("output") if place == narrator.graph.output else str(uses)
        rows.append(((narrator.name(place),), (what,), formula, (used,)))
    yield Table((_("node"), _("kind"), _("formula"), _("uses")), tuple(rows), frozenset({3}))
    if any(node.kind == "constant" for node in nodes):
        yield Paragraph((_("Constants take no gradient: they do not vary."),), indent=1)
    idle = [
        narrator.name(i) for i, node in enumerate(nodes)
        if node.kind != "constant" and not narrator.graph.relevant[i]
    ]  # fmt: skip
    if idle:
        yield Paragraph(
            (*_joined(idle), _(" does not influence the output: its gradient is 0.")
             if len(idle) == 1 else _(" do not influence the output: their gradients are 0.")),
            indent=1,
        )  # fmt: skip



def _joined(parts: list[Math]) -> list[Inline]:
    out: list[Inline] = []
    for i, part in enumerate(parts):
        if i:
            out.append(", ")
        out.append(part)
    return out
