"""Pictures as PDF: one step's for a paper, or all of them, a page each, to step through as slides.

Needs the extra `pdf` (typst); the pictures' text stays text that can be searched and copied.
"""

from __future__ import annotations

from ..render.drawing.diagram import Diagram, checked_step
from ..render.drawing.frames import Frames
from ..render.typesetting.typeset import pictures_pdf

__all__ = ["pdf_of"]


def pdf_of(frames: Frames, step: int | None = None) -> bytes:
    """Return pictures as a PDF, a page each, or that of one step alone.

    Raises:
        OptionError: typst is not installed, or there is no such step.
    """
    plate = frames.plate
    checked_step(step, plate.steps)
    steps = range(1, plate.steps + 1) if step is None else (step,)
    pictures = [Diagram(plate, number) for number in steps]
    return pictures_pdf([picture.svg for picture in pictures], pictures[0].size)
