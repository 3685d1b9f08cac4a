"""`explain`: a derivation in a format, as a list of named passes; and the options it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ...choices import Detail, Format, words
from ...descent import Updating, updating
from ...errors import OptionError, did_you_mean, quoted
from ...installed import listed, named
from ...sentences import said
from ...steps import Derivation
from ...translation import speaking, spoken
from .agreement import agreed
from .document import Block, Document, Paragraph
from .narrate import Narrator
from .numbers import checked_precision
from .overview import nodes_section, reading_section

__all__ = [
    "CHECKED", "FORMATS", "GROUP", "Writer", "checked_choice", "checked_detail", "document",
    "explain", "format_names", "own_writer", "written", "written_by",
]  # fmt: skip

FORMATS = words(Format)
CHECKED = 200
"""Explanations of up to this many operations end with the check three ways; larger ones on request,
because differences cost a pass for each node."""

Writer = Callable[[Document], str]
"""A format of one's own: from the explanation to text."""

GROUP = "backprop_tutor.formats"
"""The group of entry points that are formats, each under its entry's name."""

_DETAILS = words(Detail)


def format_names() -> tuple[str, ...]:
    """Return the names of all formats, those of installed packages last."""
    return (*FORMATS, *(name for name in listed(GROUP) if name not in FORMATS))


def own_writer(format: object, ours: tuple[str, ...]) -> Writer | None:
    """Return the function of a format that is not ours; None for one that is, or is none at all."""
    if isinstance(format, str):
        added = format not in ours and format in listed(GROUP)
        return named(GROUP, format) if added else None
    return format if callable(format) else None


def written_by(writer: Writer, whole: Document) -> str:
    """Return what a format of one's own makes of a document.

    Raises:
        OptionError: it returns something else than text.
    """
    found: Any = writer(whole)
    if not isinstance(found, str):
        raise OptionError(
            said("a format returns text, not {kind}", kind=quoted(type(found).__name__))
        )
    return found


def checked_choice(given: object, choices: tuple[str, ...], what: str) -> str:
    """Return the choice if it is one.

    Raises:
        OptionError: it is not; the choices and the nearest are named.
    """
    if given in choices:
        return str(given)
    hint = did_you_mean(str(given), choices)
    listed = ", ".join(choices)
    tail = f"; {hint}" if hint else ""
    raise OptionError(
        said(
            "{what} is one of {listed}, not {given}{tail}",
            what=what, listed=listed, given=quoted(str(given)), tail=tail,
        )
    ).about(names=[str(given)], choices=choices)


def checked_detail(detail: object) -> str:
    """Return "full" or "brief", whichever is given.

    Raises:
        OptionError: it is neither.
    """
    return checked_choice(detail, _DETAILS, "detail")


def document(
    derivation: Derivation,
    *,
    detail: Detail = "full",
    precision: int = 4,
    update: Any = None,
    steps: int | None = None,
    wrt: Iterable[str] | None = None,
    maximize: bool = False,
    check: bool | None = None,
    markup: bool = True,
    remark: str = "",
) -> Document:
    """Return the whole explanation as a document, without LaTeX unless `markup`.

    `remark` is said below the title.

    Raises:
        OptionError: an option that does not fit.
    """
    full = checked_detail(detail) == "full"
    narrator = Narrator(derivation, checked_precision(precision), full, markup)
    asked = updating(derivation.graph_table, update, wrt, steps, maximize)
    return agreed(Document(tuple(_blocks(narrator, asked, check, remark))))


def _blocks(
    narrator: Narrator, update: Updating | None, check: bool | None, remark: str
) -> Iterator[Block]:
    yield from reading_section(narrator)
    if remark:
        yield Paragraph((remark,), indent=1)
    if narrator.full:
        yield from nodes_section(narrator)
    yield from narrator.forward()
    yield from narrator.seed()
    yield from narrator.backward()
    yield from narrator.summary()
    if check or (check is None and narrator.full and narrator.graph.operations <= CHECKED):
        from .appendix import check_section  # start-up time: SymPy and NumPy

        yield from check_section(narrator)
    if update is not None:
        from .appendix import update_section  # start-up time, with the check

        yield from update_section(narrator, update)


def explain(
    derivation: Derivation,
    format: Format | Callable[[Document], str] = "text",
    *,
    detail: Detail = "full",
    precision: int = 4,
    update: Any = None,
    steps: int | None = None,
    wrt: Iterable[str] | None = None,
    maximize: bool = False,
    check: bool | None = None,
    lang: str | None = None,
    remark: str = "",
) -> str:
    """Return the whole explanation in a format; `lang` is its language if not the spoken one.

    A format is one of `FORMATS`, the name of one that an installed package adds, or a function from
    the explanation as a `Document` to text.

    `remark` is said below the title, but not in JSON.

    Raises:
        OptionError: a format or an option that does not fit, or a function that returns no text.
    """
    with speaking(lang or spoken()):
        return _explained(
            derivation, format, detail=detail, precision=precision, update=update, steps=steps,
            wrt=wrt, maximize=maximize, check=check, remark=remark,
        )  # fmt: skip


def _explained(
    derivation: Derivation, format: Format | Writer, *, detail: Detail, precision: int, update: Any,
    steps: int | None, wrt: Iterable[str] | None, maximize: bool, check: bool | None, remark: str,
) -> str:  # fmt: skip
    own = own_writer(format, FORMATS)
    chosen = "" if own else checked_choice(format, format_names(), "format")
    if chosen == "json":
        from .data import to_json  # start-up time

        checked_detail(detail)
        asked = updating(derivation.graph_table, update, wrt, steps, maximize)
        return to_json(
            derivation, precision=checked_precision(precision), update=asked, check=check
        )
    if chosen in ("numpy", "torch"):
        from ...source.written import program_text  # start-up time: NumPy

        comments = checked_detail(detail) == "full"
        return program_text(
            derivation, chosen, comments=comments, check=check, update=update, steps=steps, wrt=wrt,
            maximize=maximize,
        )  # fmt: skip
    whole = document(
        derivation, detail=detail, precision=precision, update=update, steps=steps, wrt=wrt,
        maximize=maximize, check=check, markup=chosen != "text", remark=remark,
    )  # fmt: skip
    return written(whole, chosen) if own is None else written_by(own, whole)


def written(whole: Document, format: str) -> str:
    """Return a document as text, as "markdown" or as "latex"."""
    if format == "markdown":
        from .markdown import markdown  # start-up time

        return markdown(whole)
    if format == "latex":
        from .tex import tex  # start-up time

        return tex(whole)
    from .text import text  # start-up time

    return text(whole)
