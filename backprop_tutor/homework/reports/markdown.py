"""A student's report in Markdown: the score, then each problem's sheet with verdicts and hints."""

from __future__ import annotations

from collections.abc import Mapping

from ...translation import sentence as _
from ..answers.escaping import code_span, in_markdown, prose_in_markdown
from ..marking.results import ProblemResult, StudentResult
from .wording import (
    Reveal,
    headers,
    heading,
    not_marked_line,
    point_line,
    point_text,
    points_text,
    said,
    score_text,
    start_here,
)

__all__ = ["student_markdown"]


def student_markdown(
    result: StudentResult, title: str, reveal: Reveal, pictures: Mapping[str, str] | None = None
) -> str:
    """Return the report of one student.

    Args:
        result: the marked sheet.
        title: of the problem file.
        reveal: how much is told.
        pictures: for each problem, the file name of its picture beside the report.
    """
    lines = [f"# {heading(in_markdown(title), in_markdown(result.student))}", ""]
    lines += [f"**{score_text(result)}**", ""]
    if result.stopped:
        lines += [in_markdown(not_marked_line(result.stopped)), ""]
    for fault in result.faults:
        lines.append(f"- {in_markdown(fault.replace(chr(10), ' '))}")
    if result.faults:
        lines.append("")
    for problem in result.problems:
        lines += _problem(problem, reveal, (pictures or {}).get(problem.id, ""))
    return "\n".join(lines).rstrip() + "\n"


def _problem(problem: ProblemResult, reveal: Reveal, picture: str) -> list[str]:
    name = problem.id + (f": {problem.title}" if problem.title else "")
    lines = [f"## {in_markdown(name)}", "", score_text(problem), "", "```text"]
    lines += problem.program.splitlines()
    lines += ["```", ""]
    lines += [point_line(code_span(point_text(problem.at), 4000)), ""]
    start = start_here(problem, reveal)
    if start:
        lines += [f"**{prose_in_markdown(start)}**", ""]
    lines += [f"| {' | '.join(headers())} |", "|---|---|---|---|---|"]
    for cell in problem.cells:
        told = said(cell, reveal)
        remark = " ".join(prose_in_markdown(line) for line in told.lines()[1:])
        points = f"{points_text(cell.points)}/{points_text(cell.possible)}"
        lines.append(
            f"| {code_span(cell.quantity)} | {code_span(cell.given, 80)} | "
            f"{told.verdict.shown} | {points} | {remark} |"
        )
    lines.append("")
    lines += [f"- {prose_in_markdown(note)}" for note in problem.notes]
    if problem.notes:
        lines.append("")
    if picture:
        lines += [f"![{_('the graph with your answers')}]({picture})", ""]
    return lines
