"""A picture as TikZ source for LaTeX papers, and all frames as a document of one page each.

Enters: a derivation. Leaves: LaTeX source. How a picture becomes TikZ is `render/drawing/tikz.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..choices import Blank, Layout, ThemeName
from ..render.drawing.diagram import Diagram, Drawn, Plate, checked_step
from ..render.drawing.theme import Theme
from ..render.drawing.tikz import UNIT, tikz_picture
from ..render.narration.tex_characters import packages
from ..steps import Derivation

__all__ = ["tikz", "tikz_document"]


def tikz(
    derivation: Derivation, step: int | None = None, *, precision: int = 4,
    blank: Blank | Iterable[Blank] = (), layout: Layout = "embedded", force: bool = False,
    theme: ThemeName | Theme = "light", caption: bool = False,
) -> str:  # fmt: skip
    r"""Return a step's picture, or the complete one, as a `tikzpicture`.

    Put it into a figure by `\input`; `\resizebox{\linewidth}{!}{\input{f}}` fits it to the line.

    Args:
        derivation: the derivation.
        step: counted from 1; 0 before the first; None for the complete picture.
        precision, blank, layout, force, theme: as for `diagram`.
        caption: whether the words under the picture are part of it; a paper has its own.

    Raises:
        OptionError: an option that is none, or too many nodes.
    """
    checked_step(step, len(derivation.steps))
    plate = Plate(
        derivation, precision=precision, blank=blank, layout=layout, force=force, theme=theme
    )
    return tikz_picture(Diagram(plate, step).svg, caption)


def tikz_document(
    derivation: Derivation, *, precision: int = 4, blank: Blank | Iterable[Blank] = (),
    layout: Layout = "embedded", force: bool = False, theme: ThemeName | Theme = "light",
) -> str:  # fmt: skip
    """Return a whole LaTeX document with one page a step, each of the picture's size.

    Raises:
        OptionError: an option that is none, or too many nodes.
    """
    plate = Plate(
        derivation, precision=precision, blank=blank, layout=layout, force=force, theme=theme
    )
    return document_of(plate)


def document_of(plate: Drawn) -> str:
    """Return the pictures of a plate as a LaTeX document, one page a step."""
    width, height = Diagram(plate, 1).size
    pages = [tikz_picture(Diagram(plate, step).svg, True) for step in range(1, plate.steps + 1)]
    return (
        "\\documentclass{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage[T1]{fontenc}\n"
        f"\\usepackage{{lmodern}}\n{packages(''.join(pages))}\\usepackage{{tikz}}\n"
        f"\\usepackage[paperwidth={UNIT * width + 1:.1f}pt, paperheight={UNIT * height + 1:.1f}pt, "
        "margin=0pt]{geometry}\n"
        "\\setlength{\\parindent}{0pt}\n\\setlength{\\topskip}{0pt}\n\\pagestyle{empty}\n"
        "\\begin{document}\n" + "\\newpage\n".join(pages) + "\\end{document}\n"
    )
