"""The lesson page: a derivation as one HTML file to step through, look into, practise on and play with.

Enters: a `Derivation`. Leaves: a `LessonPage`. The page is its own small program; what it knows of
mathematics is the table of operations, translated by `javascript.py`.
"""

from __future__ import annotations

from .build import lesson
from .page import LessonPage

__all__ = ["LessonPage", "lesson"]
