"""Worksheets as PDF, set by typst (extra `pdf`): for one student, or for a class to print at once.

Every text goes to typst as a string, so a title or a name is never markup; the program's formulas are
set as mathematics (`render/typesetting/typst_math.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from ..homework.answers.escaping import shown_plainly
from ..render.typesetting.typeset import literal, typeset_pdf
from . import words
from .content import Page, Row, Task

__all__ = ["pdf_pages", "pdf_source"]

_WIDEST = {"a4": 504.0, "us-letter": 520.0}
_SCALE = 0.6
"""Points a px of picture: 14 px become 8.4 pt."""

_HIGH = 'set text(size: 11pt, top-edge: "bounds", bottom-edge: "bounds")'

_FAMILIES = ("DejaVu Sans", "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic", "NanumGothic")
"""The first for all that it has; then, for 한글, the systems' own sans-serifs before any other font."""

_SETTINGS = f"#set text(font: ({', '.join(map(literal, _FAMILIES))}))" + """
#set text(size: 9.5pt, lang: "en")
#set par(leading: 0.6em, spacing: 0.75em)
#show heading: set block(above: 1.3em, below: 0.6em, sticky: true)
#show heading.where(level: 1): set text(size: 14pt)
#show heading.where(level: 2): set text(size: 11pt)
#let quiet(body) = text(size: 8.5pt, fill: rgb("#4a4f55"), body)
#let mono(body) = text(font: ("DejaVu Sans Mono",), size: 8.5pt, body)
#set table(stroke: 0.5pt + rgb("#8b9198"), inset: (x: 6pt, y: 5pt))
"""


def pdf_pages(pages: Sequence[Page], paper: str = "a4", answer_files: Sequence[str] = ()) -> bytes:
    """Return worksheets as one PDF; each begins on a page of its own, numbered from 1.

    Raises:
        OptionError: typst is not installed.
    """
    source = pdf_source(pages, paper, answer_files)
    return typeset_pdf(source, "--format html or --format markdown")


def pdf_source(pages: Sequence[Page], paper: str = "a4", answer_files: Sequence[str] = ()) -> str:
    """Return the typst document that `pdf_pages` sets."""
    names = [*answer_files, *[""] * len(pages)]
    body = "".join(_page(page, paper, name) for page, name in zip(pages, names, strict=False))
    return f"#set document(title: {_text(pages[0].heading)}, date: none)\n" + _SETTINGS + body


def _text(text: str, most: int = 20_000) -> str:
    return literal(shown_plainly(text, most))


def _page(page: Page, paper: str, answer_file: str) -> str:
    label = page.student.label
    foot = f"{page.heading} · {label}" if label else page.heading
    line = "#box(width: 5cm, stroke: (bottom: 0.5pt))[]"
    who = f"#text({_text(label)})" if label else f"#quiet({_text(words.name_line())}) {line}"
    note = f"#quiet({_text(words.answer_file(answer_file))})\n\n" if answer_file else ""
    return (
        f'#set page(paper: "{paper}", margin: (x: 16mm, top: 15mm, bottom: 17mm), footer: context '
        f'quiet({{ text({_text(foot)}); h(1fr); counter(page).display() }}))\n'
        "#counter(page).update(1)\n"
        f"#grid(columns: (1fr, auto), align: (left + bottom, right + bottom), heading(level: 1, "
        f"{_text(page.heading)}), [{who}])\n"
        f"#line(length: 100%, stroke: 1pt)\n#quiet({_text(words.points(page.points))})\n\n{note}"
        + "".join(_task(task, paper, page.key) for task in page.tasks)
    )  # fmt: skip


def _task(task: Task, paper: str, key: bool) -> str:
    name = f"{task.id}: {task.title}" if task.title else task.id
    lines = [f"#heading(level: 2, {_text(f'{name} ({words.points(task.points)})')})"]
    if task.text:
        lines.append(_kept(f"text({_text(task.text)})"))
    program = ", ".join(f"$display({formula})$" for formula in task.maths)
    # A line is as high as its formula, fractions too, not only as its letters.
    lines.append(_kept(f"pad(left: 6mm, y: 1mm, {{ {_HIGH}; stack(spacing: 0.7em, {program}) }})"))
    if task.at:
        lines.append(_kept(f"text({_text(task.at)})"))
    if not key:
        lines.append(_kept(f"text({_text(task.task)})"))
    drawn = [_picture(strip.svg, strip.width, paper, task.id, task.legend) for strip in task.strips]
    if drawn:
        drawn.append(f"#quiet({_text(task.legend)})\n")
        drawn.append(_gates(task.gates))
    table = _halves(task.rows, key) if task.halved else _table(task.rows, key)
    lines += [table, *drawn] if task.tall else [*drawn, table]
    for step in task.steps:
        parts = [f"quiet({_text(step.title)})", *(f"text({_text(line)})" for line in step.lines)]
        if step.reason:
            parts.append(f"quiet({_text(step.reason)})")
        lines.append(f"#block(breakable: false, above: 0.7em, stack(spacing: 0.45em, {', '.join(parts)}))")
    return "\n".join(lines) + "\n"


def _gates(gates: Sequence[str]) -> str:
    """Return what each gate does, two a line."""
    cells = ", ".join(f"quiet({_text(gate)})" for gate in gates)
    return f"#grid(columns: (1fr, 1fr), column-gutter: 8mm, row-gutter: 0.5em, {cells})\n" if gates else ""


def _kept(content: str) -> str:
    """Return a block that stays whole, and on the page of what follows it."""
    return f"#block(breakable: false, sticky: true, {content})"


def _picture(svg: str, width: float, paper: str, name: str, legend: str) -> str:
    wide = min(_WIDEST[paper], _SCALE * width)
    alt = _text(f"{name}: {legend}")
    return f'#image(bytes({literal(svg)}), format: "svg", width: {wide:.1f}pt, alt: {alt})'


def _grid(row: Row) -> str:
    """Return the cells of a matrix or the blanks of a shape, each large enough to write a number in."""
    if row.sizes:
        between = ", [×], ".join(["rect(width: 15mm, height: 8mm, stroke: 0.6pt)"] * row.sizes)
        return f"box(stack(dir: ltr, spacing: 2mm, {between}))"
    if not row.grid:
        return ""
    cells = ", ".join(f"text({_text(text)})" for line in row.grid for text in line)
    return (
        f"box(table(columns: (15mm,) * {len(row.grid[0])}, rows: 8mm, inset: 3pt, "
        f"align: right + horizon, {cells}))"
    )


def _halves(rows: Sequence[Row], key: bool) -> str:
    """Return a table in two columns, one half beside the other."""
    half = -(-len(rows) // 2)
    parts = ", ".join(f"[{_table(each, key, narrow=True)}]" for each in (rows[:half], rows[half:]))
    return f"#grid(columns: (1fr, 1fr), column-gutter: 6mm, {parts})\n"


def _table(rows: Sequence[Row], key: bool, narrow: bool = False) -> str:
    """Return the table of answers; `narrow` without the points, which are all alike."""
    named = words.headers()[: 3 if narrow else 4]
    heads = ", ".join(f"strong(text({_text(text)}))" for text in named)
    cells = []
    for row in rows:
        answer = f"text({_text(row.answer)})" if key else "box(height: 13pt)"
        answer = _grid(row) or answer
        worth = "" if narrow else f", text({_text(f'{row.points:.4g}')})"
        cells.append(f"text({_text(row.shown)}), mono({_text(row.cell)}), {answer}{worth}")
    widths = "1fr, 1.1fr, 1.4fr" if narrow else "auto, auto, 1fr, auto"
    return (
        f"#table(columns: ({widths}), align: (left + horizon, left + horizon, "
        "left + horizon, right + horizon), table.header(" + heads + "), " + ",\n".join(cells) + ")\n"
    )
