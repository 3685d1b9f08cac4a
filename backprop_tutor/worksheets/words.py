"""The sentences of a worksheet, in the current language; nothing else of the room writes any."""

from __future__ import annotations

from collections.abc import Mapping

from ..homework.problems.problem_set import Cell, Problem
from ..homework.quantities.quantity_words import shown_quantity
from ..language import shown_name
from ..ops import Number
from ..particles import agreed_text
from ..render.narration.numbers import shown
from ..translation import sentence as _

__all__ = [
    "answer_file", "at_point", "headers", "key_title", "legend", "name_line", "points",
    "shown_cell", "task", "title",
]  # fmt: skip


def title(given: str) -> str:
    """Return the heading of a worksheet."""
    return given or _("Worksheet")


def key_title(given: str) -> str:
    """Return the heading of its answer key."""
    return _("{title}: answer key").format(title=title(given))


def points(amount: float) -> str:
    """Return how many points something is worth."""
    text = f"{amount:.4g}"
    return (_("{number} point") if amount == 1 else _("{number} points")).format(number=text)


def at_point(values: Mapping[str, Number | str], digits: int) -> str:
    """Return the inputs' values on one line: `w = −2, x = 5`; matrices are texts already."""
    listed = ", ".join(
        f"{shown_name(name)} = {value if isinstance(value, str) else shown(value, digits)}"
        for name, value in values.items()
    )
    return _("at {values}").format(values=listed) if listed else ""


def task(problem: Problem) -> str:
    """Return what is to be done, in one or two sentences."""
    kinds = {cell.quantity.kind for cell in problem.cells}
    wants = {cell.want for cell in problem.cells}
    text = _("Work out the values from left to right.")
    if "value" not in kinds:
        text = _("Hand the gradients back from right to left.")
    elif len(kinds) > 1:
        text = _("Work out the values from left to right, then hand the gradients back from right to left.")
    if wants == {"formula"}:
        return text + " " + _("Write the answers of the table as formulas in the names of the graph.")
    if "formula" in wants:
        text += " " + _("Where the table says so, write a formula in the names of the graph.")
    return text + " " + _("Three significant figures are enough.")


def answer_file(name: str) -> str:
    """Return where the answers are typed."""
    return _("Type the answers into {file}, or write them here.").format(file=name)


def legend(scale: str) -> str:
    """Return the legend of a picture of gates, neurons or layers."""
    if scale == "neurons":
        return _(
            "In a circle stand the neuron's value and, below its line, δ; on a wire its weight, below it "
            "the weight's gradient; where a wire starts, what it hands back."
        )
    if scale == "layers":
        return _("Values stand above the middle line of each matrix, gradients below it.")
    return _("Values stand above the lines, gradients below, local gradients on the arrows.")


def headers() -> tuple[str, str, str, str]:
    """Return the heads of the table's columns."""
    return _("quantity"), _("in the answer file"), _("answer"), _("points")


def name_line() -> str:
    """Return what stands before the line for a name."""
    return _("Name:")


def shown_cell(problem: Problem, cell: Cell) -> str:
    """Return a quantity as people write it: `q`, `∂f/∂q`, `local ∂q/∂x`; where only some of a
    problem's answers are formulas, with that word.
    """
    text = shown_quantity(problem.graph, cell.quantity, problem.lr)
    if cell.want == "formula" and any(other.want != "formula" for other in problem.cells):
        text = _("{quantity}, as a formula").format(quantity=text)
    return agreed_text(text)
