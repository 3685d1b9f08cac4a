"""Worksheets as HTML that prints well: no script, no network, one file for one student or for all."""

from __future__ import annotations

from collections.abc import Sequence

from ..homework.answers.escaping import in_html
from ..render.narration.html import mathml
from . import words
from .content import Page, Row, Task

__all__ = ["html_pages"]

_SCALE = 0.79
"""Px of paper a px of picture: 14 px become 8.3 pt."""

_STYLE = """
@page { size: %(paper)s; margin: 15mm;
  @bottom-right { content: counter(page); font: 9pt sans-serif; } }
:root { color-scheme: light; }
body { font: 11pt/1.45 system-ui, "DejaVu Sans", sans-serif; color: #1a1a1a; background: #fff;
  max-width: 180mm; margin: 12mm auto; padding: 0 4mm; print-color-adjust: exact;
  -webkit-print-color-adjust: exact; }
.page + .page { break-before: page; margin-top: 20mm; }
h1 { font-size: 16pt; margin: 0; overflow-wrap: break-word; }
h2 { font-size: 12.5pt; margin: 8mm 0 2mm; break-after: avoid; }
h3 { font-size: 11pt; margin: 6mm 0 1mm; break-after: avoid; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 6mm;
  border-bottom: 1.5pt solid #1a1a1a; padding-bottom: 2mm; }
.who { white-space: nowrap; }
.line { display: inline-block; width: 55mm; border-bottom: .6pt solid #1a1a1a; }
.points { white-space: nowrap; color: #4a4f55; font-weight: normal; font-size: 10pt; }
p { margin: 1.5mm 0; } .quiet { color: #4a4f55; font-size: 9.5pt; }
.program, .given { break-after: avoid; break-inside: avoid; }
.program { margin: 1.5mm 0 1.5mm 6mm; line-height: 1.9; font-size: 12pt; }
.picture { margin: 3mm 0; } .strip { break-inside: avoid; margin: 1.5mm 0; }
.strip svg { display: block; max-width: 100%%; height: auto; }
table { border-collapse: collapse; width: calc(100%% - 1px); margin: 3mm 0; }
th, td { border: .6pt solid #8b9198; padding: 1.6mm 2.4mm; text-align: left; }
th { font-weight: 600; background: #f1f3f5; font-size: 9.5pt; } tr { break-inside: avoid; }
td.answer { width: 45%%; } .blank td { height: 7.5mm; } td.number, th.number { text-align: right; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 9.5pt; }
.cells { width: auto; margin: 1mm 0; border-left: 1.2pt solid #1a1a1a; border-right: 1.2pt solid #1a1a1a; }
.cells td { min-width: 15mm; height: 8mm; padding: 0 1mm; text-align: right; }
.steps { padding: 0; list-style: none; } .steps li { break-inside: avoid; margin: 2mm 0; }
.steps .formula { margin-left: 6mm; }
@media print { body { max-width: none; margin: 0; padding: 0; } .page + .page { margin-top: 0; } }
@media (max-width: 480px) { body { font-size: 12pt; } .picture { overflow-x: auto; } }
"""
_PAPER = {"a4": "A4", "us-letter": "letter"}


def html_pages(
    pages: Sequence[Page], paper: str = "a4", answer_files: Sequence[str] = (), lang: str = "en"
) -> str:
    """Return worksheets as one HTML page; on paper each begins on a sheet of its own.

    Args:
        pages: the worksheets, or keys.
        paper: "a4" or "us-letter".
        answer_files: for each, the name of its answer file.
        lang: the language that is spoken, for screen readers and hyphens.
    """
    style = _STYLE % {"paper": _PAPER[paper]}
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    names = [*answer_files, *[""] * len(pages)]
    named = enumerate(zip(pages, names, strict=False), 1)
    body = "\n".join(_page(page, number, name) for number, (page, name) in named)
    first = pages[0]
    title = first.heading
    if len(pages) == 1 and first.student.label:
        title += f": {first.student.label}"
    return (
        f'<!DOCTYPE html>\n<html lang="{in_html(lang)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{in_html(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _page(page: Page, number: int, answer_file: str) -> str:
    who = in_html(page.student.label) or f'{in_html(words.name_line())} <span class="line"></span>'
    tasks = "\n".join(_task(task, page.key, f"p{number}-") for task in page.tasks)
    note = f'<p class="quiet">{in_html(words.answer_file(answer_file))}</p>' if answer_file else ""
    return (
        f'<article class="page"><header><h1>{in_html(page.heading)} '
        f'<span class="points">{in_html(words.points(page.points))}</span></h1>'
        f'<div class="who">{who}</div></header>{note}\n{tasks}</article>'
    )


def _task(task: Task, key: bool, prefix: str) -> str:
    name = f"{task.id}: {task.title}" if task.title else task.id
    program = "".join(f"<div>{_displayed(formula)}</div>" for formula in task.formulas)
    worth = in_html(words.points(task.points))
    return "\n".join(
        part
        for part in (
            f'<section><h2>{in_html(name)} <span class="points">({worth})</span></h2>',
            f'<p class="given">{in_html(task.text, 20_000)}</p>' if task.text else "",
            f'<div class="program">{program}</div>',
            f'<p class="given">{in_html(task.at, 20_000)}</p>' if task.at else "",
            "" if key else f'<p class="given">{in_html(task.task)}</p>',
            "" if task.tall else _picture(task, prefix),
            _table(task.rows, key),
            _picture(task, prefix) if task.tall else "",
            _steps(task) if key else "",
            "</section>",
        )
        if part
    )


def _displayed(formula: str) -> str:
    """Return a formula as MathML with fractions at their full size."""
    return mathml(formula).replace("<math", '<math displaystyle="true"', 1)


def _picture(task: Task, prefix: str) -> str:
    if not task.strips:
        return ""
    strips = []
    for strip in task.strips:
        svg = strip.svg.replace(' id="', f' id="{prefix}')
        size = f"width:{_SCALE * strip.width:.0f}px;max-width:100%"
        strips.append(f'<div class="strip" style="{size}">{svg}</div>')
    legend = f'<p class="quiet">{in_html(task.legend)}</p>'
    return f'<div class="picture">{"".join(strips)}{legend}</div>'


def _table(rows: Sequence[Row], key: bool) -> str:
    heads = words.headers()
    sides = ["", "", "", ' class="number"']
    head = "".join(
        f'<th scope="col"{side}>{in_html(text)}</th>' for side, text in zip(sides, heads, strict=True)
    )
    kind = "" if key else ' class="blank"'
    body = "\n".join(
        f"<tr{kind}><td>{in_html(row.shown)}</td><td><code>{in_html(row.cell)}</code></td>"
        f'<td class="answer">{_grid(row) or in_html(row.answer, 20_000)}</td>'
        f'<td class="number">{row.points:.4g}</td></tr>'
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _grid(row: Row) -> str:
    """Return the cells of a matrix, each large enough to write a number in."""
    lines = (
        "<tr>" + "".join(f"<td>{in_html(text)}</td>" for text in line) + "</tr>" for line in row.grid
    )
    return f'<table class="cells"><tbody>{"".join(lines)}</tbody></table>' if row.grid else ""


def _steps(task: Task) -> str:
    items = "".join(
        f'<li><span class="quiet">{in_html(step.title)}</span>'
        + "".join(f'<div class="formula">{in_html(line, 20_000)}</div>' for line in step.lines)
        + (f'<div class="quiet formula">{in_html(step.reason)}</div>' if step.reason else "")
        + "</li>"
        for step in task.steps
    )
    return f'<ol class="steps">{items}</ol>'
