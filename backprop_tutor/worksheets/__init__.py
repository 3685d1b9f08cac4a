"""Worksheets from problem files: the blank picture, the table to fill in, the key, the answer file.

Enters: a problem file (`homework`'s format, no other) and a roster. Leaves: a folder to print, to
hand out and, filled in, to mark: its `problems.toml` and answer files are what `check` reads.
"""

from __future__ import annotations

from ..homework.answers.rosters import Student, read_roster
from .build import FORMATS, Written, write_worksheets
from .exercises import Recipe, random_exercises
from .knobs import Knobs, turned

__all__ = [
    "FORMATS",
    "Knobs",
    "Recipe",
    "Student",
    "Written",
    "random_exercises",
    "read_roster",
    "turned",
    "write_worksheets",
]
