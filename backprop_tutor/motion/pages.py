"""Pictures as PDF: one step's for a paper, or all of them, a page each, to step through as slides.

Needs the extra `pdf` (typst); the pictures' text stays text that can be searched and copied.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..choices import Blank, Layout, ThemeName
from ..render.drawing.diagram import Diagram, Plate, checked_step
from ..render.drawing.frames import Frames
from ..render.drawing.theme import Theme
from ..render.typesetting.typeset import pictures_pdf
from ..steps import Derivation

__all__ = ["frames_pdf", "pdf_of"]


def frames_pdf(
    derivation: Derivation, step: int | None = None, *, precision: int = 4,
    blank: Blank | Iterable[Blank] = (), layout: Layout = "embedded", force: bool = False,
    theme: ThemeName | Theme = "light",
) -> bytes:  # fmt: skip
    """Return all frames as a PDF, a page each, or the picture of one step alone.

    Args:
        derivation: the derivation.
        step: counted from 1; None for all.
        precision, blank, layout, force, theme: as for `diagram`.

    Raises:
        OptionError: typst is not installed, an option that is none, or too many nodes.
    """
    checked_step(step, len(derivation.steps))
    plate = Plate(
        derivation, precision=precision, blank=blank, layout=layout, force=force, theme=theme
    )
    return pdf_of(Frames(plate), step)


def pdf_of(frames: Frames, step: int | None = None) -> bytes:
    """Return pictures of any scale as a PDF, a page each, or that of one step alone.

    Raises:
        OptionError: typst is not installed, or there is no such step.
    """
    plate = frames.plate
    checked_step(step, plate.steps)
    steps = range(1, plate.steps + 1) if step is None else (step,)
    pictures = [Diagram(plate, number) for number in steps]
    return pictures_pdf([picture.svg for picture in pictures], pictures[0].size)
