"""`backprop-tutor worksheet`: worksheets to print, their keys, and the answer files that go with them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ..choices import ThemeName
from ..errors import OptionError, quoted
from ..files import read_text
from ..sentences import N_, counted, said, spoken
from .help_pages import PATH, Command, language, option
from .printing import say

__all__ = ["worksheet"]


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  backprop-tutor worksheet problems.toml -o out/ --students roster.csv --seed 7
  backprop-tutor worksheet problems.toml -o out/ --ask "all gradients" --range -5:5
  backprop-tutor worksheet --random-graphs 6 --operations add,multiply,sigmoid -o out/
  backprop-tutor worksheet --random-graphs 3 --students roster.csv --range -5:5 -o out/
  backprop-tutor check out/problems.toml out/answers/ -o marks/
""",
)
@click.argument("problems", type=PATH, required=False)
@option("-o", "--output", "into", required=True, type=PATH,
              help="The folder for worksheets, keys and answer files.")
@option("--students", type=PATH, metavar="ROSTER",
              help="A CSV file of students; each gets a worksheet, and values of their own where "
                   "the problems draw them.")
@option("--seed", type=int, help="Draws the values; the same student always gets the same.")
@option("--format", "formats", type=click.Choice(["html", "pdf", "markdown"]), multiple=True,
              help="What is written; all if left out.")
@option("--ask", multiple=True, metavar="WHAT",
              help="What is blank: `all values`, `all gradients`, df/dx, `local(q, x)`; may be repeated.")
@option("--want", type=click.Choice(["number", "formula"]), help="What the answers are.")
@option("--range", "range_", metavar="LOW:HIGH[:STEP]",
              help="Where every input's value is drawn from, such as -5:5 or -1:1:0.25; for each "
                   "student anew where there is a roster.")
@option("--blank", metavar="WHAT",
              help="What the picture leaves out beside what is asked: values,gradients,locals,downstream.")
@option("--random-graphs", type=int, metavar="N", help="Make N new exercises instead.")
@option("--operations", metavar="NAMES", help="Their operations: add,multiply,sigmoid.")
@option("--size", type=int, help="Operations in each of them; 4 if left out.")
@option("--precision", type=int, default=4, show_default=True, help="Significant figures shown.")
@option("--theme", default="light", show_default=True, help="Colours: light, dark, colour-blind.")
@option("--scale", type=click.Choice(["neurons", "gates"]),
              help="How networks are drawn; neurons if left out, where one fits a page so.")
@option("--paper", type=click.Choice(["a4", "us-letter"]), default="a4", show_default=True,
              help="The paper that is printed on.")
@language
def worksheet(
    problems: str | None, into: str, students: str | None, seed: int | None,
    formats: tuple[str, ...], ask: tuple[str, ...], want: str | None, range_: str | None,
    blank: str | None, random_graphs: int | None, operations: str | None, size: int | None,
    precision: int, theme: ThemeName, scale: str | None, paper: str,
) -> None:  # fmt: skip
    """Write worksheets for PROBLEMS (TOML), their answer keys and answer files to fill in."""
    from .. import worksheets as room  # start-up time: the problem files' reader
    from ..worksheets.content import Look
    from ..worksheets.knobs import read_range

    listed = room.read_roster(students, say) if students is not None else ()
    limits = read_range(range_) if range_ is not None else None
    asked = tuple(part.strip() for item in ask for part in _listed(item)) or None
    if random_graphs is None:
        for name, value in (("--operations", operations), ("--size", size)):
            if value is not None:
                raise OptionError(said("{name} means nothing without --random-graphs", name=name))
        if problems is None:
            raise click.UsageError(said("give a problem file, or --random-graphs N"))
        text, source = read_text(problems), Path(problems).name
        knobs = room.Knobs(seed=seed, ask=asked, want=want, range=limits)
    else:
        if problems is not None:
            raise OptionError(
                said(
                    "--random-graphs makes problems of its own; leave out {problems}",
                    problems=quoted(problems),
                )
            )
        given: dict[str, Any] = {
            "size": size, "seed": seed, "range": limits, "ask": asked, "want": want,
            "operations": None if operations is None else tuple(_listed(operations)),
            # As with problem files, a range and a roster together mean values of their own.
            "sets": min(100, max(12, 2 * len(listed))) if listed and limits is not None else None,
        }  # fmt: skip
        options = {name: value for name, value in given.items() if value is not None}
        recipe = room.Recipe(count=random_graphs, **options)
        text = room.random_exercises(recipe, _progress(random_graphs))
        source, knobs = "exercises", room.Knobs()
    left_out: Any = None if blank is None else frozenset(blank.replace(",", " ").split())
    look = Look(blank=left_out, precision=precision, theme=theme, paper=paper, lang=spoken(), scale=scale)
    made = room.write_worksheets(
        text, into, students=listed, knobs=knobs, look=look, source=source,
        formats=formats or _possible(room.FORMATS), progress=_progress(len(listed)),
    )  # fmt: skip
    for note in made.notes:
        say(note)
    sheets = counted(made.students, N_("1 worksheet"), N_("{count} worksheets"))
    say(
        said(
            "wrote {sheets} with keys and answer files to {folder} ({files})",
            sheets=sheets, folder=made.folder, files=counted(made.files, N_("1 file"), N_("{count} files")),
        )
    )
    place = made.folder
    say(
        said(
            "to mark: backprop-tutor check {problems} {answers}",
            problems=place / "problems.toml", answers=place / "answers",
        )
    )


def _listed(text: str) -> list[str]:
    """Return the items between commas; a comma inside brackets is part of its item."""
    items, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth <= 0:
            items.append("")
        else:
            items[-1] += character
    return [item.strip() for item in items if item.strip()]


def _possible(formats: tuple[str, ...]) -> tuple[str, ...]:
    """Return all formats; without PDF, with a line about it, where typst is not installed."""
    from importlib.util import find_spec

    if find_spec("typst") is not None:
        return formats
    say(said('no PDFs: they need typst; pip install "backprop-tutor[pdf]"'))
    return tuple(name for name in formats if name != "pdf")


def _progress(whole: int) -> Callable[[int], None] | None:
    """Return what shows how many are done, on a terminal."""
    if whole < 3 or not sys.stderr.isatty():
        return None

    def show(done: int) -> None:
        line = said("{done} of {whole}", done=done, whole=whole)  # two numbers on one line
        click.echo(f"\r{line}", nl=done == whole, err=True)

    return show
