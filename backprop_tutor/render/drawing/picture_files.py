"""A picture as the bytes of a file: the formats, by suffix or by name, and those from outside.

Enters: a picture and what was asked for. Leaves: bytes, or an image in axes of matplotlib's.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from io import BytesIO
from typing import Any, BinaryIO, Protocol

from ...errors import OptionError, TutorError, did_you_mean, quoted
from ...installed import listed, named
from ...sentences import said

__all__ = ["GROUP", "Picture", "PictureWriter", "converted", "drawn", "into_stream"]

GROUP = "backprop_tutor.picture_formats"
"""The group of entry points that are formats of pictures, each under its suffix without the point."""


class Picture(Protocol):
    """What a format is made from."""

    @property
    def svg(self) -> str: ...  # noqa: D102  # as of `Diagram`
    @property
    def source(self) -> str: ...  # noqa: D102  # as of `Diagram`
    @property
    def size(self) -> tuple[float, float]: ...  # noqa: D102  # as of `Diagram`
    def png(self, scale: float = 2.0) -> bytes: ...  # noqa: D102  # as of `Diagram`


PictureWriter = Callable[[Any], bytes | str]
"""A format of one's own: from a picture, with `svg`, `source`, `size` and `png`, to a file's content."""


def _pdf(picture: Picture, scale: float) -> bytes:
    """Return the picture as a PDF: by typst where it is installed, else by the system's `dot`."""
    from ..typesetting.typeset import picture_pdf  # start-up time: only a PDF pays for it

    if find_spec("typst") is not None:
        return picture_pdf(picture.svg, picture.size)
    import graphviz

    from .layout.engines import MISSING_DOT

    try:
        found: bytes = graphviz.pipe("dot", "pdf", picture.source.encode("utf-8"), quiet=True)
    except graphviz.ExecutableNotFound:
        instead = said("pip install backprop-tutor[pdf], or a file name that ends in .svg or .png")
        raise OptionError(
            said("a PDF needs Graphviz: {why}", why=said(MISSING_DOT, instead=instead))
        ) from None
    except graphviz.CalledProcessError as error:
        raise TutorError(
            said("the system's `dot` could not write the PDF: {error}", error=error)
        ) from error
    return found


def _dot(picture: Picture, scale: float) -> bytes:
    return picture.source.encode("utf-8")


def _tex(picture: Picture, scale: float) -> bytes:
    from .tikz import tikz_file  # start-up time: an XML reader

    return tikz_file(picture.svg).encode("utf-8")


_FORMATS: dict[str, Callable[[Picture, float], bytes]] = {
    ".svg": lambda picture, scale: picture.svg.encode("utf-8"),
    ".png": lambda picture, scale: picture.png(scale),
    ".dot": _dot,
    ".gv": _dot,
    ".pdf": _pdf,
    ".tex": _tex,
}


def _suffixes() -> list[str]:
    return [*_FORMATS, *(f".{name}" for name in listed(GROUP) if f".{name}" not in _FORMATS)]


def converted(picture: Picture, format: str | PictureWriter, scale: float) -> bytes:
    """Return the bytes of a picture in a format: ".svg", "svg", one of an installed package, a function.

    Raises:
        OptionError: no such format, or what a function returns is neither bytes nor text.
    """
    if not isinstance(format, str):
        if not callable(format):
            raise OptionError(_unknown(repr(format)))
        return _from_outside(format, picture)
    suffix = f".{format.lower().removeprefix('.')}"
    if suffix in _FORMATS:
        return _FORMATS[suffix](picture, scale)
    if suffix in _suffixes():
        return _from_outside(named(GROUP, suffix[1:]), picture)
    raise OptionError(_unknown(format))


def _unknown(given: str) -> str:
    *names, last = _suffixes()
    hint = did_you_mean(f".{given.removeprefix('.')}", _suffixes())
    told = said(
        "a picture's file name ends in {listed}, not {suffix}",
        listed=f"{', '.join(names)}{said(' or ')}{last}", suffix=quoted(given),
    )  # fmt: skip
    return f"{told}; {hint}" if hint else told


def _from_outside(writer: PictureWriter, picture: Picture) -> bytes:
    found: Any = writer(picture)
    if isinstance(found, str):
        return found.encode("utf-8")
    if not isinstance(found, bytes):
        raise OptionError(
            said("a picture's format returns bytes or text, not {kind}", kind=quoted(type(found).__name__))
        )
    return found


def into_stream(
    picture: Picture, stream: BinaryIO, format: str | PictureWriter | None, scale: float
) -> None:
    """Write a picture into a binary file that is open for writing.

    Raises:
        OptionError: it is none, or no format is named.
    """
    if not hasattr(stream, "write"):
        raise OptionError(
            said("a path is expected, or a binary file open for writing, not {kind}",
                 kind=quoted(type(stream).__name__))
        )  # fmt: skip
    if format is None:
        raise OptionError(said('an open file has no suffix that says the format: format="svg"'))
    content = converted(picture, format, scale)
    try:
        stream.write(content)
    except TypeError:
        raise OptionError(
            said("a path is expected, or a binary file open for writing, not {kind}",
                 kind=quoted(type(stream).__name__))
        ) from None  # fmt: skip


def drawn(ax: Any, picture: Picture, scale: float) -> Any:
    """Return the image that a picture is in axes of matplotlib's.

    Raises:
        OptionError: what is given are no axes.
    """
    if not (hasattr(ax, "imshow") and hasattr(ax, "set_axis_off")):
        raise OptionError(
            said("axes of matplotlib's are expected, not {kind}", kind=quoted(type(ax).__name__))
        )
    from matplotlib.image import imread  # start-up time

    width, height = picture.size
    pixels = imread(BytesIO(picture.png(scale)), format="png")
    image = ax.imshow(pixels, extent=(0, width, height, 0), interpolation="antialiased")
    ax.set_axis_off()
    return image
