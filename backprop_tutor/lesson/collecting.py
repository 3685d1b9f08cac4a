"""A page that only collects answers: the program, the blank picture, a field for each cell, no key.

Enters: a derivation and what is asked. Leaves: a `LessonPage` in which nothing stands that was
derived: no value, no gradient, no slip and no rule that could find one. `check` marks what it saves.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from ..choices import Blank, PageTheme, ThemeName
from ..errors import OptionError, quoted
from ..homework.quantities.quantity import Quantity, asked_quantities
from ..homework.quantities.quantity_words import shown_quantity
from ..language import shown_name
from ..render.drawing.circuit import MOST_NODES
from ..render.drawing.diagram import Diagram, Plate
from ..render.narration.formulas import latex, latex_name
from ..render.narration.html import mathml
from ..render.narration.numbers import shown
from ..sentences import said
from ..steps import Derivation
from ..translation import sentence as _
from .page import LessonPage, policy, resource

__all__ = ["collecting_page"]

_USUAL = ("all values", "all gradients")
_SCRIPTS = ("answers-file.js", "collecting.js")


def collecting_page(
    derivation: Derivation, *, title: str, lang: str, theme: PageTheme,
    asked: str | Iterable[str] | None, problem: str, precision: int,
) -> LessonPage:  # fmt: skip
    """Return the page that collects answers.

    Raises:
        UnknownNameError: a quantity that the graph does not have.
        OptionError: a quantity that is given, that needs a learning rate, or is asked for twice.
    """
    graph = derivation.graph_table
    cells = asked_quantities(graph, _USUAL if asked is None else asked)
    for cell in cells:
        _may_be_asked(cell, graph.nodes[cell.node].kind)
    if not cells:
        raise OptionError(said("a page without its key asks for one quantity or more"))
    rows = "\n".join(
        _row(number, shown_quantity(graph, cell), cell.text) for number, cell in enumerate(cells)
    )
    code = "\n".join(map(resource, _SCRIPTS))
    code = f'(() => {{\n"use strict";\n{code}\n}})();\n'
    style = resource("collecting.css")
    html = _SKELETON.format(
        lang=escape(lang), policy=policy(code, "'unsafe-inline'"), title=escape(title), style=style,
        program="\n".join(_program(derivation)), at=escape(_at(derivation)),
        picture=_picture(derivation, cells, theme, precision), rows=rows, problem=escape(problem),
        intro=escape(_("Your answers stay in this browser until you save them as a file to hand in.")),
        quantity=escape(_("quantity")), answer=escape(_("answer")), who=escape(_("name or number")),
        export=escape(_("Save the answers")), clear=escape(_("Start again")),
        noscript=escape(_("This page needs JavaScript to save answers; it loads nothing from anywhere.")),
        code=code,
    )  # fmt: skip
    return LessonPage(html, title)


def _may_be_asked(cell: Quantity, kind: str) -> None:
    if cell.kind == "new":
        given = quoted(cell.text)
        raise OptionError(said("{given} is found by no step of the lesson", given=given))
    if cell.kind == "value" and kind != "operation":
        given = quoted(cell.text)
        raise OptionError(said("{given} is given, so practice cannot ask for it", given=given))


def _program(derivation: Derivation) -> list[str]:
    """Return the program's lines as mathematics."""
    return [
        "<div>" + mathml(f"{', '.join(map(latex_name, a.targets))} = {latex(a.expression)}") + "</div>"
        for a in derivation.graph_table.program.assignments
    ]


def _at(derivation: Derivation) -> str:
    listed = ", ".join(f"{shown_name(name)} = {shown(value, 12)}" for name, value in derivation.at.items())
    return _("at {values}").format(values=listed) if listed else ""


def _picture(derivation: Derivation, cells: Iterable[Quantity], theme: PageTheme, precision: int) -> str:
    """Return the graph without what is asked and without whatever would give it away."""
    if len(derivation.graph_table.nodes) > MOST_NODES:
        return ""
    blank: set[Blank] = {"gradients", "locals", "downstream"}
    if any(cell.kind == "value" for cell in cells):
        blank.add("values")
    chosen: ThemeName = "light" if theme == "auto" else theme
    return Diagram(Plate(derivation, precision=precision, blank=sorted(blank), theme=chosen)).svg


def _row(number: int, name: str, cell: str) -> str:
    hint = escape(_("a number or a formula"))
    off = f'type="text" autocomplete="off" spellcheck="false" placeholder="{hint}"'
    field = f'<input id="cell-{number}" {off} data-cell="{escape(cell)}">'
    return (
        f'<tr><th scope="row"><label for="cell-{number}">{escape(name)}</label></th>'
        f"<td>{field}</td></tr>"
    )


_SKELETON = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body data-problem="{problem}">
<h1>{title}</h1>
<div class="program">{program}</div>
<p>{at}</p>
<div class="picture">{picture}</div>
<p class="quiet">{intro}</p>
<table><thead><tr><th scope="col">{quantity}</th><th scope="col">{answer}</th></tr></thead>
<tbody>
{rows}
</tbody></table>
<p><label>{who} <input type="text" id="student" autocomplete="off"></label>
<button type="button" id="export">{export}</button> <button type="button" id="clear">{clear}</button></p>
<noscript><p>{noscript}</p></noscript>
<script>{code}</script>
</body>
</html>
"""
