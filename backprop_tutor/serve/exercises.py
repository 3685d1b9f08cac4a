"""A class's problems as a student sees them, and sheets marked for the teacher's view; it runs in workers.

Enters: the text of a problem file and a student's name or answers. Leaves: plain data: pictures with what
is asked left blank, and the verdict of each cell.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from ..choices import ThemeName
from ..homework.answers.sheets import Given, Sheet, find_key
from ..homework.marking.batch import mark_here
from ..homework.problems.problem_record import Problem, ProblemSet
from ..homework.problems.problem_set import parse_problems
from ..homework.quantities.quantity_words import shown_quantity
from ..language import UNICODE, shown_name, written
from ..lesson.collecting import blank_picture
from ..matrices.given import is_array
from ..render.narration.numbers import shown
from ..translation import speaking

__all__ = ["judged", "problems_of", "sheet_of"]


@lru_cache(maxsize=4)
def problems_of(text: str) -> ProblemSet:
    """Return the problems of a file's text, read once in a process."""
    return parse_problems(text)


def sheet_of(text: str, student: str, lang: str, theme: ThemeName) -> str:
    """Return a student's problems as JSON: programs, values, blank pictures, cells; no answer."""
    problems = problems_of(text)
    with speaking(lang):
        rows = [_problem(problem, student, theme) for problem in problems]
    return json.dumps({"title": problems.title, "problems": rows}, ensure_ascii=False)


def _problem(problem: Problem, student: str, theme: ThemeName) -> dict[str, Any]:
    derivation = problem.derivation(student)
    graph = derivation.graph_table
    lines = [
        f"{', '.join(map(shown_name, a.targets))} = {written(a.expression, UNICODE)}"
        for a in graph.program.assignments
    ]
    given: dict[str, Any] = dict(derivation.at)
    return {
        "id": problem.id, "title": problem.title or problem.id, "lines": lines,
        "at": ", ".join(f"{shown_name(name)} = {_value(value)}" for name, value in given.items()),
        "svg": blank_picture(derivation, [cell.quantity for cell in problem.cells], theme),
        "cells": [
            {"quantity": cell.text, "label": shown_quantity(graph, cell.quantity, problem.lr),
             "points": cell.points, "want": cell.want}
            for cell in problem.cells
        ],
    }  # fmt: skip


def _value(value: Any) -> str:
    if not is_array(value):
        return shown(value, 12)
    return json.dumps(value.tolist() if hasattr(value, "tolist") else value, default=str)


def judged(
    text: str, student: str, answers: dict[tuple[str, str], str], lang: str = "en"
) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the status of each answered cell, and what slip explains it, "" where none does."""
    problems = problems_of(text)
    given = {find_key(problems, q, p): Given(a) for (p, q), a in answers.items()}
    with speaking(lang):
        result = mark_here(problems, Sheet(student, given))
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for problem, cell in result.cells():
        if cell.status != "unanswered":
            slip = cell.slips[0].sentence if cell.status == "slip" and cell.slips else ""
            found[problem.id, cell.quantity] = (cell.status, slip)
    return found
