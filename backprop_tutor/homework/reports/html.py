"""A student's report in HTML: one page that stands alone, without scripts and without the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from ...pages.filling import filled
from ...pages.plain import shown_plainly
from ...pages.policy import STILL
from ...render.drawing.strips import Strip
from ...render.stage.page_colours import variables
from ...translation import spoken
from ..marking.results import CellResult, ProblemResult, StudentResult
from .tones import TONES, legend_rows
from .wording import (
    Reveal,
    headers,
    heading,
    hint_line,
    not_marked_line,
    point_line,
    point_text,
    points_text,
    said,
    score_text,
    start_here,
)

if TYPE_CHECKING:
    from .neuron_picture import NeuronPicture

__all__ = ["student_html", "style"]


@cache
def style() -> str:
    """Return the style of reports: the variables that all pages share, the verdicts' colours, its own."""
    return variables() + filled("homework/reports/templates/report.css", tones=TONES)


def student_html(
    result: StudentResult, title: str, reveal: Reveal,
    pictures: Mapping[str, Sequence[Strip | NeuronPicture]] | None = None,
) -> str:  # fmt: skip
    """Return the page of one student.

    Args:
        result: the marked sheet.
        title: of the problem file.
        reveal: how much is told; answers stand folded up, behind the hints.
        pictures: for each problem its picture in strips; of a network the wide and the upright one.
    """
    whole = heading(title, result.student)
    shown = [_problem(p, reveal, (pictures or {}).get(p.id, ())) for p in result.problems]
    return filled(
        "homework/reports/templates/student.html",
        lang=spoken(), policy=STILL, style=style(), title=shown_plainly(whole), heads=headers(),
        score=score_text(result), stopped=result.stopped and not_marked_line(result.stopped),
        faults=result.faults, problems=shown, legend=legend_rows(),
    )  # fmt: skip


def _problem(
    problem: ProblemResult, reveal: Reveal, pictures: Sequence[Strip | NeuronPicture]
) -> dict[str, Any]:
    """Return what the page says of a problem."""
    return {
        "name": problem.id + (f": {problem.title}" if problem.title else ""),
        "score": score_text(problem), "program": problem.program.splitlines(),
        "point": point_line(point_text(problem.at)),
        "start": start_here(problem, reveal), "rows": [_row(cell, reveal) for cell in problem.cells],
        "notes": problem.notes,
        "strips": [
            {"svg": one.svg, "width": f"{one.width:.0f}px", "beside": getattr(one, "beside", ())}
            for one in pictures
        ],
        "network": not all(isinstance(one, Strip) for one in pictures),
    }  # fmt: skip


def _row(cell: CellResult, reveal: Reveal) -> dict[str, Any]:
    """Return what the page says of a cell."""
    told = said(cell, reveal)
    return {
        "quantity": cell.quantity, "given": cell.given, "told": told,
        "hint": hint_line(told.hint) if told.hint else "",
        "points": f"{points_text(cell.points)}/{points_text(cell.possible)}",
    }  # fmt: skip
