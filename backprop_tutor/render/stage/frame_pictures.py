"""The frames of a scale for a page: every mark's SVG once, and which marks each step shows.

Enters: the display list of every frame. Leaves: a size and the texts. The page puts a step's picture
together from them, so that it is the frame that `draw` writes, in the page's own colours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..drawing.theme import Theme
from .marks import Disc, Mark, Rect, Words
from .stage_svg import written_mark

__all__ = ["PAGE_THEME", "pictures"]

PAGE_THEME = Theme(
    name="page",
    **{
        role: f"var(--{role.replace('_', '-')})"
        for role in (
            "paper", "ink", "quiet", "pending", "value", "gradient", "active", "active_fill", "slot"
        )
    },
)  # fmt: skip
"""Colours that are the page's variables, whichever theme it shows."""

_MARGIN = 12.0
_KEY = re.compile(r' id="([^"]*)"')


def pictures(frames: Sequence[Sequence[Mark]], width: float, title: str) -> dict[str, Any]:
    """Return the frames as `marks`, the texts, and `steps`, for each the numbers of its marks in order."""
    numbers: dict[str, int] = {}
    steps = []
    for frame in frames:
        texts = [_KEY.sub(r' data-key="\1"', written_mark(mark, PAGE_THEME)) for mark in frame]
        steps.append([numbers.setdefault(text, len(numbers)) for text in texts])
    top, bottom = _reach(frames)
    return {
        "title": title, "box": [0, round(top, 1), width, round(bottom - top, 1)],
        "marks": list(numbers), "steps": steps,
    }  # fmt: skip


def _reach(frames: Sequence[Sequence[Mark]]) -> tuple[float, float]:
    """Return from where to where the frames go, a margin included."""
    bounds = [m.bounds for frame in frames for m in frame if isinstance(m, Words | Rect | Disc)]
    return min(b.top for b in bounds) - _MARGIN, max(b.bottom for b in bounds) + _MARGIN
