"""The one place where a template is filled in: names of templates and what they say enter, text leaves.

Autoescape is on, so that whatever enters a template leaves it as text; markup that was made of escaped
texts (pictures, MathML, our own styles and scripts) is let through where the template says `safe`, and
nowhere else. Jinja2 is imported when a page is made, and each template is compiled once a process.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..sentences import said, sentence, spoken
from .plain import shown_plainly

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["filled", "pieces", "resource"]

_PACKAGE = Path(__file__).resolve().parent.parent
_PIECE = 200


@cache
def _environment() -> Environment:
    import jinja2  # start-up time: only pages need it

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_PACKAGE), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, auto_reload=False, cache_size=-1,
    )  # fmt: skip
    made.filters["plain"] = shown_plainly
    made.globals.update(_=sentence, said=said, spoken=spoken)
    return made


def filled(template: str, **data: Any) -> str:
    """Return a template's text with data put in; the template is named by its path in the package.

    In a template `_` and `said` say sentences in the language that is spoken, and the filter `plain`
    shows what somebody typed on one line, without characters that do not show.

    >>> filled("pages/templates/table.html", headers=["<x>"], rows=[], caption="")
    '<table><thead><tr><th>&lt;x&gt;</th></tr></thead><tbody></tbody></table>'
    """
    return _environment().get_template(template).render(data)


def pieces(template: str, **data: Any) -> Iterator[str]:
    """Yield a template's text piece by piece, so that a long table is never held as a whole."""
    stream = _environment().get_template(template).stream(data)
    stream.enable_buffering(_PIECE)
    yield from stream


@cache
def resource(name: str) -> str:
    """Return a file of the package that is put into pages as it is: a script or a style."""
    return (_PACKAGE / name).read_text(encoding="utf-8")
