"""The folder of marks: every student's reports and the class tables, each file whole or not at all.

Enters: results in order. Leaves, below one folder:

    class.csv class.html slips.csv cells.csv unjudged.csv review.csv marks.json       the class
    students/<name>/report.md report.html graph-<id>.svg results.json marks.json

A student's `marks.json` is written last and says by its digest what it was made from, so that an
interrupted run goes on where it stopped. No name that was typed becomes a path as it stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import ValidationError

from ... import __version__
from ...errors import FileError, OptionError, TutorError, did_you_mean, quoted
from ...files import Growing, folder, write_whole
from ...sentences import said
from ...translation import sentence as _
from ...translation import speaking
from ..answers.escaping import in_json
from ..answers.path_names import Apart, digest, path_names
from ..answers.rosters import Student
from ..answers.sheets import Sheet
from ..marking.results import StudentResult, not_marked
from ..problems.problem_set import ProblemSet
from ..review.review_table import ReviewTable, review_header
from .class_table import (
    ClassCounts,
    ClassPage,
    ClassRows,
    PeopleColumns,
    cell_header,
    slip_header,
    table_csv,
    unjudged_header,
)  # fmt: skip
from .gradescope import VISIBILITIES, Visibility, gradescope_results
from .html import student_html
from .markdown import student_markdown
from .picture import verdict_picture, verdict_shown
from .wording import REVEAL, Reveal

__all__ = ["FORMATS", "MarksFolder", "Settings", "schema"]

Picture = TypeVar("Picture")

FORMATS = ("markdown", "html", "json", "gradescope")
"""What may be written for each student."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How marks are written: how much is revealed, to whom, in which formats and language."""

    reveal: Reveal = "hints"
    anonymous: bool = False
    visibility: Visibility = "visible"
    formats: tuple[str, ...] = FORMATS
    lang: str = "en"

    def __post_init__(self) -> None:
        _one_of("reveal", self.reveal, REVEAL)
        _one_of("visibility", self.visibility, VISIBILITIES)
        for name in self.formats:
            _one_of("format", name, FORMATS)
        with speaking(self.lang):
            pass  # refused where there is no such catalogue


def _one_of(what: str, given: str, choices: Iterable[str]) -> None:
    listed = tuple(choices)
    if given not in listed:
        hint = did_you_mean(given, listed) or said("choices: {names}", names=", ".join(listed))
        raise OptionError(
            said("{what} is not {given}; {hint}", what=what, given=quoted(given), hint=hint)
        )


class MarksFolder:
    """Writes results as they come; `finish` puts the class tables into their places.

    Used as a context manager it drops unfinished tables when something goes wrong.
    """

    def __init__(
        self, path: str | Path, problems: ProblemSet, settings: Settings,
        people: Mapping[str, Student] | None = None, decisions: str = "",
    ) -> None:  # fmt: skip
        self.root: Path = folder(path)
        self.students: Path = folder(self.root / "students")
        self.problems = problems
        self.settings = settings
        self.counts: ClassCounts = ClassCounts()
        self.review: ReviewTable = ReviewTable(problems)
        self._people = {} if settings.anonymous else dict(people or {})
        self._decisions = decisions
        self.reused: int = 0
        self.stopped: str = ""
        self._names, self._parts = Apart(), Apart()
        apart = Apart()
        self._pictures_of = {p.id: apart.of(p.id, path_names(p.id, "p")) for p in problems}
        apart.close()
        self._growing: list[Growing] = []
        self._columns = PeopleColumns(self._people)
        self._page = ClassPage(problems, self._columns)
        try:
            self._start()
        except BaseException:
            self._drop()
            raise

    def _start(self) -> None:
        problems = self.problems
        names = ["class.csv", "class.html", "marks.json"]
        for name in [*names, "key.csv"] if self.settings.anonymous else names:
            self._growing.append(Growing(self.root / name))
        if self.settings.anonymous:
            self._growing[3].write(f"{_('pseudonym')},{_('student')}\n")
        table, marks = self._growing[0], self._growing[2]
        self._rows = ClassRows(problems, table, self._page, self._columns)
        head = {
            "version": 1, "title": problems.title, "problems": problems.digest,
            "possible": round(problems.points, 6),
        }  # fmt: skip
        marks.write(in_json(json.dumps(head, ensure_ascii=False))[:-1] + ', "students": [')

    def __enter__(self) -> MarksFolder:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._drop()

    def _drop(self) -> None:
        for growing in self._growing:
            growing.drop()
        self._page.close()
        self._names.close()
        self._parts.close()

    def digest(self, sheet: Sheet) -> str:
        """Return the digest of all that a student's files are made from."""
        answers = sorted(
            (problem, quantity, given.text, given.refused)
            for (problem, quantity), given in sheet.answers.items()
        )
        made_from = [
            __version__, self.problems.digest, repr(self.settings), sheet.student, answers,
            list(sheet.faults), sheet.decimal, self._decisions,
        ]  # fmt: skip
        return digest(json.dumps(made_from, ensure_ascii=True))

    def shown_name(self, student: str) -> str:
        """Return the student's name, or a pseudonym that the name cannot be read from."""
        if not self.settings.anonymous:
            return student
        whole = digest(self.problems.digest + student)
        return self._names.of(student, (f"student-{whole[:digits]}" for digits in (10, 20, 32)))

    def place(self, student: str) -> Path:
        """Return the folder of a student's files, which no other student has."""
        name = self.shown_name(student)
        return self.students / self._parts.of(student, path_names(name))

    def done(self, sheet: Sheet) -> StudentResult | None:
        """Return the result of an earlier run, if it was made from the same; else None."""
        path = self.place(sheet.student) / "marks.json"
        try:
            result = StudentResult.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            return None
        if result.digest != self.digest(sheet):
            return None
        return result.model_copy(update={"student": sheet.student})

    def write(self, sheet: Sheet, result: StudentResult) -> None:
        """Write a student's files and rows."""
        made_from = self.digest(sheet)
        fresh = result.digest != made_from
        shown = self._anonymous(result).model_copy(update={"digest": made_from})
        if fresh:
            try:
                self._student(sheet.student, shown)
            except FileError:
                raise  # a full disk is everyone's
            except Exception as error:  # a page that cannot be made is this sheet's fault alone
                why = _("its report could not be written: {fault}").format(
                    fault=f"{type(error).__name__}: {error}"
                )
                shown = self._anonymous(not_marked(self.problems, sheet, why))
        self.reused += not fresh
        self.stopped = shown.stopped
        first = self.counts.students == 0
        self.counts.add(shown)
        self.review.add(shown)
        page = self.place(sheet.student) / "report.html"
        written = "html" in self.settings.formats and page.exists()
        self._rows.add(shown, f"students/{quote(page.parent.name)}/{page.name}" if written else "")
        self._growing[2].write(("\n" if first else ",\n") + in_json(shown.model_dump_json()))
        if self.settings.anonymous:
            self._growing[3].write(_key_row(shown.student, sheet.student))

    def finish(self, refused: list[str], missing: Sequence[str] = ()) -> None:
        """Put the class tables into their places."""
        for piece in self._page.pieces(self.counts, refused, missing):
            self._growing[1].write(piece)
        review = table_csv(review_header(), list(self.review.lines()))
        write_whole(self.root / "review.csv", review)
        self._growing[2].write("\n]}\n")
        write_whole(self.root / "slips.csv", table_csv(slip_header(), self.counts.slip_rows()))
        write_whole(self.root / "cells.csv", table_csv(cell_header(), self.counts.cell_rows()))
        unjudged = table_csv(unjudged_header(), self.counts.unjudged_rows)
        write_whole(self.root / "unjudged.csv", unjudged)
        for growing in self._growing:
            growing.finish()
        self._growing = []

    def _anonymous(self, result: StudentResult) -> StudentResult:
        if not self.settings.anonymous:
            return result
        shown = self.shown_name(result.student)
        # A file may be named after its student, and stand in the places of faults.
        faults = [fault.replace(result.student, shown) for fault in result.faults]
        problems = [
            problem.model_copy(
                update={
                    "cells": [
                        cell.model_copy(
                            update={"sentence": cell.sentence.replace(result.student, shown)}
                        )
                        if cell.status == "unreadable"
                        else cell
                        for cell in problem.cells
                    ]
                }
            )
            for problem in result.problems
        ]
        changes = {"student": shown, "faults": faults, "problems": problems}
        return result.model_copy(update=changes)

    def _student(self, student: str, result: StudentResult) -> None:
        place = folder(self.place(student))
        settings, title = self.settings, self.problems.title
        if "markdown" in settings.formats:
            names = {}
            for problem, svg in self._pictures(student, result, verdict_picture).items():
                names[problem] = write_whole(place / f"graph-{self._pictures_of[problem]}.svg", svg).name
            text = student_markdown(result, title, settings.reveal, names)
            write_whole(place / "report.md", text)
        if "html" in settings.formats:
            strips = self._pictures(student, result, verdict_shown)
            write_whole(place / "report.html", student_html(result, title, settings.reveal, strips))
        if "gradescope" in settings.formats:
            data = gradescope_results(result, settings.reveal, settings.visibility)
            write_whole(
                place / "results.json", in_json(json.dumps(data, ensure_ascii=False, indent=1)) + "\n"
            )
        if "json" in settings.formats and not result.stopped:
            write_whole(place / "marks.json", in_json(result.model_dump_json(indent=1)) + "\n")

    def _pictures(
        self, student: str, result: StudentResult, made: Callable[..., Picture]
    ) -> dict[str, Picture]:
        """Return the picture of each problem that has one, whole or in strips."""
        pictures: dict[str, Picture] = {}
        for number, problem in enumerate(result.problems, 1):
            asked = self.problems.problem(problem.id)
            try:
                pictures[problem.id] = made(asked, problem, student, self.settings.reveal, f"p{number}-")
            except TutorError:
                continue  # a graph too large to draw: the sheet stands without a picture
        return pictures


def _key_row(pseudonym: str, student: str) -> str:
    return table_csv([pseudonym, student], [])


def schema() -> dict[str, Any]:
    """Return the JSON schema of a student's `marks.json` and, as a definition, of the class's."""
    student = StudentResult.model_json_schema(by_alias=True)
    definitions = student.pop("$defs")
    definitions["StudentResult"] = student
    reference = {"$ref": "#/$defs/StudentResult"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Marks of a class, as in marks.json; students/*/marks.json hold one StudentResult",
        "type": "object",
        "required": ["version", "title", "problems", "possible", "students"],
        "additionalProperties": False,
        "properties": {
            "version": {"const": 1},
            "title": {"type": "string"},
            "problems": {"type": "string", "description": "digest of the problem file"},
            "possible": {"type": "number", "description": "points of a sheet where all is right"},
            "students": {"type": "array", "items": reference},
        },
        "$defs": definitions,
    }
