"""`backprop-tutor lesson`: a derivation as one HTML page to step through, practise on and play with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..choices import PageTheme, Scale
from ..errors import OptionError, quoted
from ..lesson import lesson as lesson_page
from ..lesson.build import SCALE_NAMES, THEME_NAMES
from ..sentences import said, spoken
from .help_pages import PATH, language, option
from .inputs import ProgramCommand, derivation, program_options
from .printing import say, wrote

__all__ = ["lesson"]

_SUFFIXES = (".html", ".htm")


@click.command(
    cls=ProgramCommand,
    epilog="""\b
Examples:
  backprop-tutor lesson "f = wx + b" w=-2 x=5 b=3 -o lesson.html
  backprop-tutor lesson "q = x + y; f = q*z" x=-2 y=5 z=-4 --lang ko -o lesson.html
  backprop-tutor lesson "Z = X@W; L = mean(Z^2)" X="1 2; 3 4" W="[[1], [0]]" -o matrices.html
  backprop-tutor lesson --file net.txt --values point.toml --theme dark -o net.html
  backprop-tutor lesson "f = wx + b" w=-2 x=5 b=3 --ask f --ask df/dw -o lesson.html
  backprop-tutor lesson "f = wx + b" w=-2 x=5 b=3 --no-key --problem p1 -o test.html
""",
)
@program_options
@option("-o", "--output", type=PATH, required=True, help="The page to write: lesson.html.")
@option("--title", help="The page's heading.")
@language
@option("--theme", type=click.Choice(THEME_NAMES), default="auto", show_default=True)
@option("--scale", type=click.Choice(SCALE_NAMES),
              help="The scale at which the page opens; it changes between those that the program has.")
@option("--precision", type=int, default=4, show_default=True, help="Significant figures shown.")
@option("--practice/--no-practice", default=True, help="Whether the learner may answer.")
@option("--ask", multiple=True, metavar="QUANTITY",
              help="What practice asks for, as in a problem file; may be given several times.")
@option("--problem", default="", metavar="ID", help="The problem's id in the saved answers.")
@option("--key/--no-key", default=True,
              help="Whether the page can judge answers. Its key then stands in it, for whoever looks; "
                   "for marks, leave it out: such a page only collects answers for `check`.")
def lesson(
    output: str, title: str | None, theme: PageTheme, scale: Scale | None, precision: int,
    practice: bool, ask: tuple[str, ...], problem: str, key: bool, **program: Any,
) -> None:  # fmt: skip
    """Write PROGRAM as a page to step through, offline, in any browser."""
    suffix = Path(output).suffix
    if suffix.lower() not in _SUFFIXES:
        raise OptionError(
            said(
                "a page's file name ends in {names}, not {suffix}",
                names=said(" or ").join(_SUFFIXES), suffix=quoted(suffix or output),
            )
        )
    page = lesson_page(
        derivation(**program, arrays=True), title=title, lang=spoken(), theme=theme, precision=precision,
        practice=practice, asked=ask or None, problem=problem, key=key, scale=scale,
    )  # fmt: skip
    wrote(page.save(output))
    if key and practice and (ask or problem):
        say(
            said(
                "the page holds its key: for marks make it with --no-key, and mark the answers with "
                "`check`"
            )
        )
