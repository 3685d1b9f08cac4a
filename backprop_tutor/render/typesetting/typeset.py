"""PDF by typst, the optional extra `pdf`: a document, or one picture on a page of its size.

Enters: typst markup, or an SVG. Leaves: the bytes of a PDF, the same for the same input. Text of a
user's reaches typst as a string literal (`literal`), so it is never markup; nothing is read from the
disk but fonts, and nothing is fetched.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from html import unescape
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType

from ...errors import OptionError, TutorError, quoted
from ...sentences import N_, said, sentence
from .fonts import font_files, lacking
from .raster import check_fonts

__all__ = ["literal", "picture_pdf", "pictures_pdf", "typeset_pdf"]

_MISSING = N_(
    "a PDF needs typst, which is not installed: install the extra with "
    'pip install "backprop-tutor[pdf]", or choose {instead}'
)
_OLDEST = (0, 15)
"""The first typst that takes the date of a PDF from its caller, so that the bytes stay the same."""

_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def literal(text: str) -> str:
    r"""Return a text as typst's string literal, in which nothing is markup.

    >>> print(literal('a "b" \\ #c'))
    "a \"b\" \\ #c"
    """
    kept = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    return '"' + kept.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _typst(instead: str) -> ModuleType:
    try:
        found = import_module("typst")  # an optional extra
        installed = version("typst")
    except (ImportError, PackageNotFoundError):
        raise OptionError(said(_MISSING, instead=sentence(instead))) from None
    if tuple(int(part) for part in installed.split(".")[:2] if part.isdigit()) < _OLDEST:
        raise OptionError(
            said(
                "a PDF needs typst {names} or newer, and {installed} is installed: pip install "
                '--upgrade "backprop-tutor[pdf]", or choose {instead}',
                names=".".join(map(str, _OLDEST)), installed=installed, instead=sentence(instead),
            )
        )
    return found


def typeset_pdf(source: str, instead: str = N_("another format")) -> bytes:
    """Return a typst document as PDF.

    DejaVu Sans comes with the package; the system's fonts are looked at only where the
    document has characters that it lacks.

    Args:
        source: the document.
        instead: what to choose where typst is not installed, for the message.

    Raises:
        OptionError: typst is not installed.
    """
    typst = _typst(instead)
    try:
        found = typst.compile(
            source.encode("utf-8"),
            font_paths=[str(font_files()["regular"].parent)],
            ignore_system_fonts=not lacking(source),
            timestamp=_EPOCH,
        )
    except typst.TypstError as error:
        raise TutorError(
            said("typst could not set the page: {error}", error=quoted(str(error), 300))
        ) from error
    return bytes(found)


def picture_pdf(svg: str, size: tuple[float, float]) -> bytes:
    """Return a picture as a PDF of one page of its size; text stays text, lines stay lines.

    Args:
        svg: the picture.
        size: its width and height in px; a px is 0.75 pt.

    Raises:
        OptionError: typst is not installed.
    """
    return pictures_pdf([svg], size)


def pictures_pdf(svgs: Sequence[str], size: tuple[float, float]) -> bytes:
    """Return pictures of one size as a PDF with a page for each.

    Raises:
        OptionError: typst is not installed.
        TutorError: a character that no font of this system has.
    """
    for svg in svgs:
        check_fonts(svg)
    width, height = (f"{0.75 * side:.2f}pt" for side in size)
    images = [
        f'#image(bytes({literal(svg)}), format: "svg", width: {width}, height: {height}, '
        f"alt: {literal(_named(svg, 'desc') or _named(svg, 'title'))})\n"
        for svg in svgs
    ]
    source = (
        f"#set document(title: {literal(_named(svgs[0], 'title'))}, date: none)\n"
        f"#set page(width: {width}, height: {height}, margin: 0pt)\n" + "#pagebreak()\n".join(images)
    )
    return typeset_pdf(source, N_("a file name that ends in .svg or .png"))


def _named(svg: str, tag: str) -> str:
    """Return the first title or description of an SVG; empty if it has none."""
    _, found, rest = svg.partition(f"<{tag}>")
    return unescape(rest.partition(f"</{tag}>")[0]) if found else ""
