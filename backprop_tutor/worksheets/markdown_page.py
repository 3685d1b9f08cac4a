"""A worksheet as Markdown with LaTeX maths; its pictures are files beside it."""

from __future__ import annotations

from collections.abc import Mapping

from ..homework.answers.escaping import code_span, in_markdown, prose_in_markdown
from . import words
from .content import Page, Row, Task

__all__ = ["markdown_page"]

_LINE = "\\_" * 12


def markdown_page(page: Page, pictures: Mapping[str, str], answer_file: str = "") -> str:
    """Return a worksheet, or its key, as Markdown.

    Args:
        page: the worksheet.
        pictures: for each problem, the path of its picture from here.
        answer_file: the name of its answer file.
    """
    unnamed = f"{prose_in_markdown(words.name_line())} {_LINE}"
    who = in_markdown(page.student.label) or unnamed
    parts = [f"# {in_markdown(page.heading)}", f"{who} ({words.points(page.points)})"]
    if answer_file:
        parts.append(prose_in_markdown(words.answer_file(answer_file)))
    for task in page.tasks:
        parts += _task(task, pictures.get(task.id, ""), page.key)
    return "\n\n".join(parts) + "\n"


def _task(task: Task, picture: str, key: bool) -> list[str]:
    name = f"{task.id}: {task.title}" if task.title else task.id
    formulas = " \\\\\n".join(formula.replace(" = ", " &= ", 1) for formula in task.formulas)
    parts = [
        f"## {in_markdown(name)} ({words.points(task.points)})",
        in_markdown(task.text, 20_000),
        f"$$\n\\begin{{aligned}}\n{formulas}\n\\end{{aligned}}\n$$",
        prose_in_markdown(task.at, 20_000),
        "" if key else prose_in_markdown(task.task),
        f"![{prose_in_markdown(task.legend)}]({picture})" if picture else "",
        "\n".join(f"- {in_markdown(gate)}" for gate in task.gates),
        _table(task.rows, key),
    ]
    for step in task.steps:
        reason = prose_in_markdown(step.reason)
        lines = [f"**{in_markdown(step.title)}**", *map(code_span, step.lines), reason]
        parts.append("  \n".join(line for line in lines if line))
    return [part for part in parts if part]


def _rows(grid: tuple[tuple[str, ...], ...]) -> str:
    """Return the cells of a matrix on one line, blanks as lines to write on: `1 2; 3 4`."""
    return "; ".join(" ".join(text or "______" for text in line) for line in grid)


def _table(rows: tuple[Row, ...], key: bool) -> str:
    lines = [f"| {' | '.join(words.headers())} |", "|---|---|---|---:|"]
    for row in rows:
        text = row.answer or _rows(row.grid) or " × ".join(["______"] * row.sizes)
        answer = code_span(text, 20_000) if text else " " * 24
        cells = (in_markdown(row.shown), code_span(row.cell), answer, f"{row.points:.4g}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
