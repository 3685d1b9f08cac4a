"""`backprop-tutor collapse`: layers without an activation are one, in symbols, numbers and a picture."""

from __future__ import annotations

from typing import Any

import click

from ..errors import OptionError, quoted
from ..language import parse
from ..sentences import said
from .help_pages import PATH, Command, language, option, with_seed
from .printing import out, wrote_all
from .typed import typed_again

__all__ = ["collapse"]


@click.command(
    cls=Command,
    name="collapse",
    short_help="Two linear layers are one; with an activation between, not.",
    epilog="""\b
Examples:
  backprop-tutor collapse "h = W1 x + b1; y = W2 h + b2"
  backprop-tutor collapse "h = relu(W1 x + b1); y = W2 h + b2" -o collapse/
  backprop-tutor collapse "h = W1 x + b1; y = W2 h + b2" W1="1 2; 0 1" b1="[1, 0]" x="[1, 1]"
  backprop-tutor collapse "h = w1*x + b1; y = w2*h + b2" w1=2 b1=1 w2=3 b2=-1
""",
)
@click.argument("program")
@click.argument("given", nargs=-1, metavar="[NAME=VALUE]...")
@option("--input", "chosen", help="The name that is the input; x unless given.")
@with_seed(help="Seed of the numbers that are not given.")
@language
@option("-o", "--output", type=PATH, help="Folder for the page and the picture.")
def collapse(
    program: str, given: tuple[str, ...], chosen: str | None, seed: int, output: str | None
) -> None:
    """Compose the layers of PROGRAM into one, W·x + b, or show what keeps them apart.

    Names with a capital are matrices (2 × 2 unless given), the others vectors; without any capital all are
    single numbers. Products keep their order; rows on the left, `X W + b`, are understood too.
    """
    from ..story.affine import input_of  # start-up time: NumPy
    from ..story.collapse import Collapse
    from ..story.page import Section, page
    from ..story.written import Content, of_pictures

    read = parse(program, arrays=True)
    found = Collapse(read, input_of(read, chosen), _values(given, set(read.inputs)), seed)
    lines = found.lines()
    out("\n".join(lines))
    if output is None:
        return
    drawn = found.picture()
    title = (
        said("two linear layers")
        if found.bend is None
        else said("layers with an activation between")
    )
    sections = [Section(heading=title, told="", text="\n".join(lines), wide=True)]
    files: dict[str, Content] = {}
    if drawn is not None:
        sections.append(Section(heading=drawn.title, told="", svg=drawn.svg, wide=True))
        files = of_pictures({"collapse": drawn})
    command = typed_again(click.get_current_context())
    wrote_all({"collapse.html": page(title, [], sections, command), **files}, output)
    if drawn is None:
        out(said("no picture: it is drawn where every name of the program has two numbers, or one"))


def _values(given: tuple[str, ...], inputs: set[str]) -> dict[str, object]:
    """Return the numbers of `W1="1 2; 3 4"` and `w=2`, by name.

    Raises:
        OptionError: no equals sign, a name that is no input, or one that is given twice.
    """
    from .array_values import is_typed_array, typed_array

    found: dict[str, object] = {}
    for text in given:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals:
            raise OptionError(said("{given}: expected NAME=VALUE", given=quoted(text, 60)))
        if name not in inputs:
            raise OptionError(
                said(
                    "{name} is no input of the program; there are {names}",
                    name=quoted(name, 60),
                    names=", ".join(sorted(inputs)),
                )
            )
        if name in found:
            raise OptionError(said("{name} is given twice", name=quoted(name, 60)))
        found[name] = typed_array(name, value) if is_typed_array(value) else _number(value)
    return found


def _number(text: str) -> float:
    from ..language.number import parse_number  # start-up time

    value: Any = parse_number(text)
    return float(value)
