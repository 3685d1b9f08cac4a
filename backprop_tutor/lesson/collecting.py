"""A page that only collects answers: the program, the blank picture, a field for each cell, no key.

Enters: a derivation and what is asked. Leaves: a `LessonPage` in which nothing stands that was
derived: no value, no gradient, no slip and no rule that could find one. `check` marks what it saves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..choices import Blank, PageTheme, ThemeName
from ..errors import OptionError, quoted
from ..graph import Graph
from ..homework.quantities.array_quantities import whole_shape
from ..homework.quantities.quantity import Quantity, asked_quantities
from ..homework.quantities.quantity_words import shown_quantity
from ..language import shown_name
from ..matrices.array_derivation import ArrayDerivation
from ..matrices.array_graph import ArrayGraph
from ..matrices.given import is_array
from ..pages.filling import filled, resource
from ..pages.policy import policy
from ..render.drawing.circuit import MOST_NODES
from ..render.drawing.diagram import Diagram, Plate
from ..render.narration.formulas import latex, latex_name
from ..render.narration.html import mathml
from ..render.narration.numbers import shown
from ..render.stage.page_colours import variables
from ..sentences import N_, said
from ..steps import Derivation
from ..translation import sentence as _
from .page import LessonPage

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
    code = "\n".join(resource(f"lesson/{name}") for name in _SCRIPTS)
    code = f'(() => {{\n"use strict";\n{code}\n}})();\n'
    html = filled(
        "lesson/templates/collecting.html",
        lang=lang, policy=policy(code, "'unsafe-inline'"), title=title,
        style=variables() + resource("lesson/collecting.css"), program=_program(derivation),
        at=_at(derivation), rows=[_row(graph, cell) for cell in cells], problem=problem, code=code,
        picture=blank_picture(derivation, cells, "light" if theme == "auto" else theme, precision),
    )  # fmt: skip
    return LessonPage(html, title, lang)


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
        mathml(f"{', '.join(map(latex_name, a.targets))} = {latex(a.expression)}")
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


_HINTS = {
    "": N_("a number or a formula"), "entry": N_("a number or a formula"),
    "shape": N_("rows × columns, such as 2×3"), "matrix": N_("rows of numbers: 1 2; 3 4"),
}  # fmt: skip


def _row(graph: Graph | ArrayGraph, cell: Quantity) -> dict[str, Any]:
    """Return a cell's row: a field for each entry of a matrix, of a large one a field for the whole."""
    row = {"name": shown_quantity(graph, cell), "cell": cell.text, "grid": [], "hint": ""}
    shape = whole_shape(cell, graph) if isinstance(graph, ArrayGraph) and not cell.part else ()
    count = int(np.prod(shape))
    if not shape or count > _MOST_FIELDS:
        return row | {"hint": _(_HINTS["matrix" if shape else cell.part])}
    places = [",".join(map(str, place)) for place in np.ndindex(*shape)]
    wide = shape[-1]
    grid = [places[first : first + wide] for first in range(0, count, wide)]
    return row | {"grid": grid, "sizes": "×".join(map(str, shape))}
