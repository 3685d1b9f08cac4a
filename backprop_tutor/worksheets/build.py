"""The folder of worksheets: what is printed, what is handed out, and what answers are marked with.

    problems.toml            what `check` is given, the options of the worksheets in it
    worksheets/<student>.html .pdf .md       with pictures/ for Markdown
    keys/<student>.html .pdf .md             the answers, apart from the worksheets
    roster.csv               who got values of their own; problems.toml names it
    answers/<student>.csv    to fill in; key.csv is all of them filled in rightly
    worksheets.html .pdf, keys.html .pdf     all students' in one, to print

Every file is written whole or not at all. No title and no name becomes a path as it stands.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import OptionError, did_you_mean, quoted
from ..files import folder, write_whole
from ..homework.answers.escaping import in_spreadsheet
from ..homework.answers.rosters import ANYONE, Student, roster_file
from ..homework.problems.problem_set import ProblemSet, parse_problems
from ..render.typesetting.raster import in_no_font
from ..sentences import said, sentence
from ..translation import speaking
from .content import Look, Page, page
from .html_page import html_pages
from .key import key_answers
from .knobs import Knobs, turned
from .markdown_page import markdown_page
from .pdf_page import pdf_pages, pdf_source

__all__ = ["FORMATS", "Written", "answer_file", "write_worksheets"]

FORMATS = ("html", "pdf", "markdown")
"""What worksheets are written as."""


@dataclass(slots=True)
class Written:
    """What was written: the folder, how many worksheets, and remarks for the teacher."""

    folder: Path
    students: int = 0
    files: int = 0
    notes: list[str] = field(default_factory=list)


def write_worksheets(
    text: str, into: str | Path, *, students: Sequence[Student] = (), knobs: Knobs | None = None,
    look: Look | None = None, formats: Iterable[str] = FORMATS, source: str = "problems",
    progress: Callable[[int], None] | None = None,
) -> Written:  # fmt: skip
    """Write a folder of worksheets, keys and answer files.

    Args:
        text: a problem file.
        into: the folder, made if it is not there.
        students: for whom; without any, one worksheet for all.
        knobs: what is asked differently.
        look: how the pages look.
        formats: of `FORMATS`.
        source: the problem file's name, for messages.
        progress: called with the number of students done.

    Raises:
        FileError: the text is no problem file, or the folder cannot be written.
        OptionError: an option that is none, or PDF without the extra `pdf`.
    """
    wanted = _checked(formats)
    look = look or Look()
    text = turned(text, knobs or Knobs(), source, fixed=not students)
    with speaking(look.lang):
        return _all(text, Path(into), tuple(students), look, wanted, source, progress)


def _all(
    text: str, into: Path, students: tuple[Student, ...], look: Look, wanted: frozenset[str],
    source: str, progress: Callable[[int], None] | None,
) -> Written:  # fmt: skip
    problems = parse_problems(text, source)
    listed = students or (ANYONE,)
    # What cannot be made is refused before the first file is written.
    first = [page(problems, listed[0], look, key=key) for key in (False, True)]
    if "pdf" in wanted:
        pdf_pages(first, look.paper)
    root = folder(into)
    made = Written(root)
    made.notes += _same_for_all(problems, students)
    if "pdf" in wanted:
        made.notes += _without_a_font(first, students)
    if students and not problems.students and any(problem.draws for problem in problems):
        # Values are drawn by name: `check` then marks nobody whom the roster does not know.
        _write(made, root / "roster.csv", roster_file(students))
        text = f'students = "roster.csv"\n{text}'
    _write(made, root / "problems.toml", text)
    sheets, keys, rows = [], [], []
    for number, student in enumerate(listed, 1):
        sheet, key = (page(problems, student, look, key=k) for k in (False, True))
        _student(made, sheet, wanted, look)
        _student(made, key, wanted, look)
        _write(made, folder(root / "answers") / f"{student.slug}.csv", answer_file(problems, student))
        rows.append(answer_file(problems, student, filled=True))
        sheets.append(sheet)
        keys.append(key)
        made.students += 1
        if progress is not None:
            progress(number)
    _write(made, root / "key.csv", rows[0] + "".join(r.split("\n", 1)[1] for r in rows[1:]))
    if len(listed) > 1:
        names = [f"{student.slug}.csv" for student in listed]
        for pages, name in ((sheets, "worksheets"), (keys, "keys")):
            files = names if name == "worksheets" else ()
            if "html" in wanted:
                _write(made, root / f"{name}.html", html_pages(pages, look.paper, files, look.lang))
            if "pdf" in wanted:
                _write(made, root / f"{name}.pdf", pdf_pages(pages, look.paper, files))
    return made


def _checked(formats: Iterable[str]) -> frozenset[str]:
    listed = list(formats)
    for name in listed:
        if name not in FORMATS:
            hint = did_you_mean(str(name), FORMATS) or said(
                "the formats: {names}", names=", ".join(FORMATS)
            )
            raise OptionError(
                said(
                    "worksheets are not written as {name}; {hint}",
                    name=quoted(str(name)), hint=hint,
                )
            )
    if not listed:
        raise OptionError(said("worksheets need a format: {names}", names=", ".join(FORMATS)))
    return frozenset(listed)


def _same_for_all(problems: ProblemSet, students: Sequence[Student]) -> list[str]:
    if len(students) > 1 and not any(problem.draws for problem in problems):
        return [said("all students get the same numbers; --range gives each their own")]
    return []


def _without_a_font(pages: Sequence[Page], students: Sequence[Student]) -> list[str]:
    """Return a remark where a PDF has characters that no font of this system has."""
    missing = in_no_font(pdf_source(pages) + "".join(student.label for student in students))
    if not missing:
        return []
    shown = missing[:12] + ("…" if len(missing) > 12 else "")
    return [
        said(
            "no font of this system has {shown}: the PDFs show boxes there; print the HTML instead",
            shown=shown,
        )
    ]


def _write(made: Written, path: Path, data: str | bytes) -> None:
    write_whole(path, data)
    made.files += 1


def _student(made: Written, sheet: Page, wanted: frozenset[str], look: Look) -> None:
    place = folder(made.folder / ("keys" if sheet.key else "worksheets"))
    slug = sheet.student.slug
    answers = "" if sheet.key else f"{slug}.csv"
    if "html" in wanted:
        _write(made, place / f"{slug}.html", html_pages([sheet], look.paper, [answers], look.lang))
    if "pdf" in wanted:
        _write(made, place / f"{slug}.pdf", pdf_pages([sheet], look.paper, [answers]))
    if "markdown" in wanted:
        names = {}
        for number, task in enumerate(sheet.tasks, 1):
            if task.picture:
                name = f"{slug}-{number}.svg"
                _write(made, folder(place / "pictures") / name, task.picture)
                names[task.id] = f"pictures/{name}"
        _write(made, place / f"{slug}.md", markdown_page(sheet, names, answers))


def answer_file(problems: ProblemSet, student: Student, *, filled: bool = False) -> str:
    """Return a student's answer file: a row for each cell, empty or filled in rightly.

    Without a roster it names no student; `check` then takes the file's name for the student's.

    Raises:
        OptionError: a formula that would be longer than an answer may be.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    named = [student.name] if student.name else []
    heads = [sentence("problem"), sentence("quantity"), sentence("answer")]
    writer.writerow([*([sentence("student")] if named else []), *heads])
    for problem in problems:
        answers = key_answers(problem, student.name) if filled else {}
        for cell in problem.cells:
            writer.writerow([*named, problem.id, cell.text, _as_text(answers.get(cell.text, ""))])
    return out.getvalue()


def _as_text(answer: str) -> str:
    """Return an answer that a spreadsheet shows as it is: in brackets where it would compute it.

    >>> _as_text("-x*y"), _as_text("-4.5"), _as_text("-1/3")
    ('(-x*y)', '-4.5', '(-1/3)')
    """
    return f"({answer})" if in_spreadsheet(answer[:60]).startswith("'") else answer
