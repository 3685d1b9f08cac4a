"""All frames of a derivation as one thing: an animation, a contact sheet, a figure for a paper.

Enters: a derivation. Leaves: GIF, APNG and WebP files, one page with all frames, PDF, TikZ. Every
picture is one of `render`'s, on its one layout; nothing is drawn anew here.
"""

from __future__ import annotations

from .animation import Animation, animation
from .contact import ContactSheet, contact_sheet
from .of_frames import animation_of, contact_sheet_of, tikz_of
from .pages import frames_pdf, pdf_of
from .tikz import tikz, tikz_document

__all__ = [
    "Animation", "ContactSheet", "animation", "animation_of", "contact_sheet", "contact_sheet_of",
    "frames_pdf", "pdf_of", "tikz", "tikz_document", "tikz_of",
]  # fmt: skip
