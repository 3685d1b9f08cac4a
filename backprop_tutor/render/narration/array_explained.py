"""The explanation of a derivation over arrays in the format that is asked for."""

from __future__ import annotations

from collections.abc import Callable

from ...choices import ArrayFormat, Format, words
from ...errors import OptionError, did_you_mean, quoted
from ...matrices.array_derivation import ArrayDerivation
from ...sentences import said
from .agreement import agreed
from .array_words import array_document
from .document import Document
from .explain import Writer, own_writer, written_by
from .markdown import markdown
from .numbers import checked_precision
from .tex import tex
from .text import text

__all__ = ["array_explained"]

_FORMATS = words(ArrayFormat)
_WRITERS: dict[str, Writer] = {"text": text, "markdown": markdown, "latex": tex}


def array_explained(
    derivation: ArrayDerivation, format: str | Callable[[Document], str] = "text", *,
    detail: str = "full", precision: int = 4, check: bool | None = None,
) -> str:  # fmt: skip
    """Return the whole explanation as text, Markdown, LaTeX or a program, or in a format of one's own.

    Raises:
        OptionError: a format or an option that does not fit.
    """
    own = own_writer(format, words(Format))
    if own is None and format not in _FORMATS:
        hint = did_you_mean(str(format), _FORMATS) or said(
            "the formats: {names}", names=", ".join(_FORMATS)
        )
        raise OptionError(
            said("a derivation over arrays is not written as {format}; {hint}",
                 format=quoted(str(format)), hint=hint)
        )  # fmt: skip
    if detail not in ("full", "brief"):
        raise OptionError(said("detail is full or brief, not {detail}", detail=quoted(detail)))
    if own is None and format in ("numpy", "torch"):
        from ...source.written import program_text  # start-up time

        return program_text(derivation, str(format), comments=detail == "full", check=check)
    whole = array_document(derivation, checked_precision(precision), detail == "full", check)
    return written_by(own or _WRITERS[str(format)], agreed(whole))
