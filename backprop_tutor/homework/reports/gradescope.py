"""A student's marks as Gradescope's `results.json`: a test a cell, with score and explanation.

The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/ (score, output,
visibility and, for each test, score, max_score, status, name, number, output, visibility).
"""

from __future__ import annotations

from typing import Any, Literal

from ...translation import sentence as _
from ..answers.escaping import shown_plainly
from ..marking.results import StudentResult
from .wording import Reveal, not_marked_line, said, score_text, start_here

__all__ = ["VISIBILITIES", "Visibility", "gradescope_results"]

Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]

VISIBILITIES: tuple[Visibility, ...] = ("visible", "hidden", "after_due_date", "after_published")


def gradescope_results(
    result: StudentResult, reveal: Reveal, visibility: Visibility = "visible"
) -> dict[str, Any]:
    """Return what `results.json` holds for one student."""
    tests: list[dict[str, Any]] = []
    for p, problem in enumerate(result.problems, 1):
        for c, cell in enumerate(problem.cells, 1):
            given = shown_plainly(cell.given, 80) or _("(no answer)")
            lines = [_("Your answer: {answer}").format(answer=given), *said(cell, reveal).lines()]
            test = {
                "name": f"{problem.id}: {cell.quantity}",
                "number": f"{p}.{c}",
                "score": cell.points,
                "max_score": cell.possible,
                "status": "passed" if cell.points >= cell.possible else "failed",
                "output": "\n".join(shown_plainly(line, 2000) for line in lines),
                "output_format": "text",
                "visibility": visibility,
            }
            if cell.status == "could not be judged":
                del test["status"]  # neither passed nor failed until a person has looked at it
            tests.append(test)
    output = [score_text(result)]
    if result.stopped:
        output.append(not_marked_line(shown_plainly(result.stopped)))
    output += [shown_plainly(fault) for fault in result.faults]
    output += [f"{p.id}: {start}" for p in result.problems if (start := start_here(p, reveal))]
    return {
        "score": result.points,
        "output": "\n".join(output),
        "output_format": "text",
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "tests": tests,
    }
