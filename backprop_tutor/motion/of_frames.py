"""Pictures of any scale as an animation, on one page, and as LaTeX source.

Enters: `Frames`. Leaves: what the functions of this room make of a derivation's gates, made of the
pictures that are given.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..extras import need
from ..render.drawing.diagram import Diagram, checked_step
from ..render.drawing.frames import Frames
from ..render.drawing.tikz import tikz_picture
from .animation import Animation
from .contact import ContactSheet
from .legible import legible
from .pace import Pace
from .tikz import document_of
from .titles import titles_of

__all__ = ["animation_of", "contact_sheet_of", "tikz_of"]


def animation_of(
    frames: Frames, *, pace: float = 1.2, hold: float | None = None, loop: bool = True,
    scale: float | None = None, title: str | Sequence[str] = "{program}",
) -> Animation:  # fmt: skip
    """Return pictures as an animation; the options are those of `animation`.

    Raises:
        OptionError: an option that is none, too many pixels, or Pillow is not installed.
    """
    need("PIL")
    checked = Pace(pace)
    checked = Pace(pace, min(600.0, 2.5 * checked.seconds) if hold is None else hold, loop)
    return Animation(legible(frames.plate), titles_of(frames.plate, title), checked, scale)


def contact_sheet_of(
    frames: Frames, *, columns: int | None = None, title: str = "{program}"
) -> ContactSheet:
    """Return pictures on one page; the options are those of `contact_sheet`."""
    return ContactSheet(legible(frames.plate), titles_of(frames.plate, title)[-1], columns)


def tikz_of(frames: Frames, step: int | None = None) -> str:
    """Return the picture of one step as a `tikzpicture`, or all as a LaTeX document, a page each.

    Raises:
        OptionError: there is no such step.
    """
    checked_step(step, frames.plate.steps)
    if step is None:
        return document_of(frames.plate)
    return tikz_picture(Diagram(frames.plate, step).svg)
