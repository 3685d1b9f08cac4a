"""A page that only collects answers: the program, the blank picture, a field for each cell, no key.

Enters: a derivation and what is asked. Leaves: a `LessonPage` in which nothing stands that was
derived: no value, no gradient, no slip and no rule that could find one. `check` marks what it saves.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import numpy as np

from ..choices import Blank, PageTheme, ThemeName
from ..errors import OptionError, quoted
from ..homework.quantities.array_quantities import whole_shape
from ..homework.quantities.quantity import Quantity, asked_quantities
from ..homework.quantities.quantity_words import shown_quantity
from ..language import shown_name
from ..matrices.array_derivation import ArrayDerivation
from ..matrices.array_graph import ArrayGraph
from ..matrices.given import is_array
from ..render.drawing.circuit import MOST_NODES
from ..render.drawing.diagram import Diagram, Plate
from ..render.narration.formulas import latex, latex_name
from ..render.narration.html import mathml
from ..render.narration.numbers import shown
from ..sentences import N_, said
from ..steps import Derivation
from ..translation import sentence as _
from .page import LessonPage, policy, resource

__all__ = ["blank_picture", "collecting_page"]

_USUAL = ("all values", "all gradients")
_MOST_FIELDS = 60
"""A larger matrix is typed into one field."""

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
        (_grid_row(number, shown_quantity(graph, cell), cell, whole_shape(cell, graph))
         if isinstance(graph, ArrayGraph) and not cell.part else
         _row(number, shown_quantity(graph, cell), cell.text, cell.part))
        for number, cell in enumerate(cells)
    )  # fmt: skip
    code = "\n".join(map(resource, _SCRIPTS))
    code = f'(() => {{\n"use strict";\n{code}\n}})();\n'
    style = resource("collecting.css")
    html = _SKELETON.format(
        lang=escape(lang), policy=policy(code, "'unsafe-inline'"), title=escape(title), style=style,
        program="\n".join(_program(derivation)), at=escape(_at(derivation)),
        picture=blank_picture(derivation, cells, "light" if theme == "auto" else theme, precision),
        rows=rows, problem=escape(problem),
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
    given: Any = derivation.at
    listed = ", ".join(
        f"{shown_name(name)} = {_listed(value) if is_array(value) else shown(value, 12)}"
        for name, value in given.items()
    )
    return _("at {values}").format(values=listed) if listed else ""


def _listed(array: Any) -> str:
    """Return an array as nested lists; of a large one its shape, which the picture shows too."""
    values = np.asarray(array)
    if values.size > _MOST_FIELDS:
        return "×".join(map(str, values.shape))
    if values.ndim > 1:
        return f"[{', '.join(map(_listed, values))}]"
    return f"[{', '.join(shown(each.item(), 12) for each in values)}]"


def blank_picture(
    derivation: Derivation, cells: Iterable[Quantity], theme: ThemeName, precision: int = 4
) -> str:
    """Return the picture without what is asked and without whatever would give it away, as SVG.

    Of a program over arrays the layers before the first step: the inputs alone. "" of one too large.
    """
    if isinstance(derivation, ArrayDerivation):
        from ..render.layers.plate import layers_diagram  # only for arrays: measuring texts

        return str(layers_diagram(derivation, 0, theme=theme, force=True).svg)
    if len(derivation.graph_table.nodes) > MOST_NODES:
        return ""
    blank: set[Blank] = {"gradients", "locals", "downstream"}
    if any(cell.kind == "value" for cell in cells):
        blank.add("values")
    return Diagram(Plate(derivation, precision=precision, blank=sorted(blank), theme=theme)).svg


def _grid_row(number: int, name: str, cell: Quantity, shape: tuple[int, ...]) -> str:
    """Return a field for each entry of a matrix; of a large one a field for the whole."""
    count = int(np.prod(shape))
    if not shape or count > _MOST_FIELDS:
        return _row(number, name, cell.text, "matrix" if shape else "")
    table = np.arange(count).reshape(shape if len(shape) > 1 else (1, count))
    lines = []
    for line in table.reshape(-1, table.shape[-1]):
        fields = []
        for flat in line:
            at = ",".join(str(int(i)) for i in np.unravel_index(int(flat), shape))
            label = escape(f"{name}[{at}]")
            text = escape(f"{cell.text}[{at}]")
            field = f'<input type="text" autocomplete="off" aria-label="{label}" data-cell="{text}">'
            fields.append(f"<td>{field}</td>")
        lines.append(f"<tr>{''.join(fields)}</tr>")
    sizes = "×".join(map(str, shape))
    return (
        f'<tr><th scope="row">{escape(name)} <span class="quiet">{sizes}</span></th>'
        f'<td><table class="grid"><tbody>{"".join(lines)}</tbody></table></td></tr>'
    )


_HINTS = {
    "": N_("a number or a formula"), "entry": N_("a number or a formula"),
    "shape": N_("rows × columns, such as 2×3"), "matrix": N_("rows of numbers: 1 2; 3 4"),
}  # fmt: skip


def _row(number: int, name: str, cell: str, part: str = "") -> str:
    hint = escape(_(_HINTS[part]))
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
