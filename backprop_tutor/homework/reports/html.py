"""A student's report in HTML: one page that stands alone, without scripts and without the network."""

from __future__ import annotations

from collections.abc import Mapping

from ...translation import sentence as _
from ...translation import spoken
from ..answers.escaping import in_html
from ..marking.results import CellResult, ProblemResult, StudentResult
from .picture import TONES
from .wording import (
    Reveal,
    headers,
    heading,
    hint_line,
    not_marked_line,
    point_line,
    points_text,
    said,
    score_text,
    start_here,
)

__all__ = ["page", "student_html"]

_STYLE = f"""
:root {{ color-scheme: light; }}
body {{ font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.2rem; margin-top: 2.5rem; }}
table {{ border-collapse: collapse; width: 100%; margin: 1rem 0; }}
th, td {{ text-align: left; vertical-align: top; padding: .35rem .6rem;
  border-bottom: 1px solid #dfe3e6; }}
th {{ font-weight: 600; }} td.number {{ text-align: right; white-space: nowrap; }}
code, pre {{ font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .95em; }}
pre {{ background: #f5f7f8; padding: .6rem .8rem; overflow-x: auto; }}
.right {{ color: {TONES["right"]}; }} .follows {{ color: {TONES["follows"]}; }}
.wrong {{ color: {TONES["wrong"]}; }} .blank {{ color: {TONES["blank"]}; }}
.verdict {{ font-weight: 600; white-space: nowrap; }}
.score {{ font-size: 1.15rem; font-weight: 600; }}
.start {{ border-left: 4px solid {TONES["wrong"]}; padding-left: .8rem; }}
.picture {{ overflow-x: auto; }} .picture svg {{ max-width: 100%; height: auto; }}
.decided {{ font-weight: 600; }} .hint {{ color: #3c4043; }} summary {{ cursor: pointer; }}
@media print {{ details {{ display: none; }} body {{ margin: 0; }} }}
"""


def page(title: str, body: str) -> str:
    """Return a whole HTML page. `title` is plain text, `body` is HTML."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return (
        f'<!DOCTYPE html>\n<html lang="{spoken()}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{in_html(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"{body}\n</body>\n</html>\n"
    )


def student_html(
    result: StudentResult, title: str, reveal: Reveal, pictures: Mapping[str, str] | None = None
) -> str:
    """Return the page of one student.

    Args:
        result: the marked sheet.
        title: of the problem file.
        reveal: how much is told; answers stand folded up, behind the hints.
        pictures: for each problem, the SVG of its picture.
    """
    whole = heading(title, result.student)
    parts = [
        f"<h1>{in_html(whole)}</h1>",
        f'<p class="score">{in_html(score_text(result))}</p>',
    ]
    if result.stopped:
        parts.append(
            f'<p class="wrong">{in_html(not_marked_line(result.stopped))}</p>'
        )
    if result.faults:
        items = "".join(f"<li>{in_html(fault)}</li>" for fault in result.faults)
        parts.append(f"<ul>{items}</ul>")
    for problem in result.problems:
        parts.append(_problem(problem, reveal, (pictures or {}).get(problem.id, "")))
    return page(whole, "\n".join(parts))


def _problem(problem: ProblemResult, reveal: Reveal, picture: str) -> str:
    name = problem.id + (f": {problem.title}" if problem.title else "")
    at = ", ".join(f"{key} = {value}" for key, value in problem.at.items())
    program = "\n".join(in_html(line, 2000) for line in problem.program.splitlines())
    start = start_here(problem, reveal)
    heads = "".join(f'<th scope="col">{in_html(head)}</th>' for head in headers())
    rows = "\n".join(_row(cell, reveal) for cell in problem.cells)
    notes = "".join(f"<li>{in_html(note)}</li>" for note in problem.notes)
    return "\n".join(
        part
        for part in (
            f"<section><h2>{in_html(name)}</h2>",
            f"<p>{in_html(score_text(problem))}</p>",
            f"<pre>{program}</pre>",
            f"<p>{in_html(point_line(at), 4000)}</p>",
            f'<p class="start">{in_html(start)}</p>' if start else "",
            f"<table><thead><tr>{heads}</tr></thead><tbody>",
            rows,
            "</tbody></table>",
            f"<ul>{notes}</ul>" if notes else "",
            f'<div class="picture">{picture}</div>' if picture else "",
            "</section>",
        )
        if part
    )


def _row(cell: CellResult, reveal: Reveal) -> str:
    told = said(cell, reveal)
    remark = ""
    if told.sentence:
        where = f" ({in_html(told.where)})" if told.where else ""
        remark += f"<div>{in_html(told.sentence)}{where}</div>"
    remark += "".join(f"<div>{in_html(tie)}</div>" for tie in told.ties)
    if told.decided:
        remark += f'<div class="decided">{in_html(told.decided)}</div>'
    if told.hint:
        remark += f'<div class="hint">{in_html(hint_line(told.hint))}</div>'
    if told.answer:
        remark += (
            f"<details><summary>{in_html(_('The answer'))}</summary>"
            f"<code>{in_html(told.answer)}</code></details>"
        )
    points = f"{points_text(cell.points)}/{points_text(cell.possible)}"
    return (
        f"<tr><td><code>{in_html(cell.quantity)}</code></td>"
        f"<td><code>{in_html(cell.given, 80)}</code></td>"
        f'<td class="verdict {told.verdict.tone}">{in_html(told.verdict.shown)}</td>'
        f'<td class="number">{points}</td><td>{remark}</td></tr>'
    )
