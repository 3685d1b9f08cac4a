"""`backprop-tutor explain`: a derivation in words and formulas."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from ..choices import Detail, Format, Scale, words
from ..errors import OptionError, quoted
from ..objects.numbers import Derivation
from ..objects.scaled import SCALES
from ..render.narration.document import Document
from ..render.narration.explain import FORMATS, GROUP, written
from ..sentences import said
from ..studies.jacobians import jacobian as jacobian_of
from .help_pages import PATH, Added, language, option
from .inputs import (
    ProgramCommand,
    derivation,
    emit,
    in_symbols,
    learning_rate,
    need_numbers,
    only_for,
    over_arrays,
    program_options,
    tell,
)

__all__ = ["explain"]

_SUFFIXES: dict[str, Format] = {
    ".md": "markdown", ".tex": "latex", ".json": "json", ".txt": "text", ".py": "numpy",
}  # fmt: skip


@click.command(
    cls=ProgramCommand,
    epilog="""\b
Examples:
  backprop-tutor explain "f = wx + b" w=-2 x=5 b=3
  backprop-tutor explain "z = x^2 + y; x = u + v; y = u*v"
  backprop-tutor explain "y1 = u*v; y2 = u + v^2" u=2 v=3 --jacobian y1,y2
  backprop-tutor explain --network 2,2,1 --activation sigmoid --seed 7
  backprop-tutor explain "q = x + y; f = q*z" x=-2 y=5 z=-4 --update lr=0.1
  backprop-tutor explain "L = (w*x - 1)^2" w=0 x=2 --update lr=0.1 --steps 20 --wrt w
  backprop-tutor explain "Z = X@W + b; L = mean(Z^2)" --shape X=N,3 --shape W=3,4 --shape b=4
  backprop-tutor explain "f = sigmoid(w*x + b)" --random 7 --expand sigmoid
  backprop-tutor explain "h = σ(w*x + b); y = v*h + c; E = (y - t)^2/2" --random 7 --scale neurons
  backprop-tutor explain "Z = X@W + b; L = mean(Z**2)" X="1 2; 3 4" W="[[1], [0]]" b="[1]"
  backprop-tutor explain "z = w*x + b; L = (σ(z) - t)^2" --random 7 -o backward.py --check
  backprop-tutor explain "z = w*x + b; a = σ(z)" w=1 x=2 b=-1 --format torch --own a
  backprop-tutor explain --file net.txt --values point.toml --format latex -o net.tex
""",
)
@program_options
@option(
    "--format",
    "format_",
    type=Added(FORMATS, GROUP),
    help="By default the suffix of -o, else text.",
)
@option(
    "--precision", type=int, default=4, show_default=True, help="Significant figures shown."
)
@option("--scale", type=click.Choice(SCALES),
        help="Step by step through layers, through neurons, or through gates.")
@option("--detail", type=click.Choice(words(Detail)), default="full", show_default=True)
@option("--update", metavar="lr=NUMBER", help="Append a gradient step; a negative lr climbs.")
@option("--steps", type=int, help="With --update: how many steps, and a table of their course.")
@option("--wrt", metavar="NAMES",
        help="With --update: what moves, such as w1,w2; with --jacobian: its columns.")
@option("--maximize", is_flag=True, help="With --update: climb, by gradient ascent.")
@option("--entry", metavar="NAME[I,J]", help="One entry of a gradient in full: W1[0,2].")
@option("--shape", "shapes", metavar="NAME=SIZES", multiple=True,
        help="A vector's or matrix' shape in place of its values: X=N,3; once for each input.")
@option("--own", metavar="NAME",
        help="With --format torch: the node whose operation is written as an autograd.Function.")
@option("--jacobian", metavar="NAMES",
        help="The Jacobian of these outputs instead, along the inputs or --wrt: y1,y2.")
@option("--check/--no-check", default=None, help="End with every gradient three ways.")
@language
@option("-o", "--output", type=PATH, help="Write to a file instead of the terminal.")
def explain(
    format_: Format | None, precision: int, detail: Detail, update: str | None, steps: int | None,
    wrt: str | None, maximize: bool, entry: str | None, check: bool | None, output: str | None,
    scale: Scale | None, own: str | None, jacobian: str | None, shapes: tuple[str, ...],
    **program: Any,
) -> None:  # fmt: skip
    """Explain every value and gradient of PROGRAM at the given values, one step at a time.

    Without a value for any input the derivation is in symbols: the chain rule filled in and simplified.
    With --shape it is over vectors and matrices, each rule in matrices and in indices.
    """
    chosen = format_ or _by_suffix(output)
    found = derivation(**program, arrays=True, symbols=True, shapes=shapes)
    if shapes:
        only_for({
            "--update": update, "--steps": steps, "--wrt": wrt, "--maximize": maximize or None,
            "--entry": entry, "--check": check or None, "--own": own, "--jacobian": jacobian,
            "--scale": scale,
        }, said("a program of which shapes alone are given"))  # fmt: skip
        _emit(found, chosen, output, {"detail": detail})
        return
    if jacobian is not None:
        only_for({
            "--update": update, "--steps": steps, "--maximize": maximize or None, "--entry": entry,
            "--check": check or None, "--scale": scale, "--own": own,
        }, "--jacobian")  # fmt: skip
        whole = _jacobian(found, chosen, jacobian, wrt, precision)
        if chosen == "text":
            tell(whole, output)
        else:
            emit(written(whole, chosen), output)
        return
    if in_symbols(found):
        only_for({"--entry": entry}, said("a program of single numbers"))
        need_numbers(found, {
            "--update": update, "--steps": steps, "--wrt": wrt, "--maximize": maximize or None,
            "--check": check or None, "--own": own,
        })  # fmt: skip
        _emit(found, chosen, output, {"scale": scale, "detail": detail})
        return
    if not isinstance(found, Derivation) and scale in ("neurons", "gates"):
        found = found.gates()
    if own is not None:
        if chosen != "torch":
            raise OptionError(said("--own is for --format torch, not for {format}", format=chosen))
        from ..source.torch_program import torch_program  # start-up time: NumPy

        emit(torch_program(found, comments=detail == "full", own=own), output)
        return
    if not isinstance(found, Derivation):  # over arrays
        unfit = {
            "--update": update, "--steps": steps, "--wrt": wrt, "--maximize": maximize or None,
        }  # fmt: skip
        only_for(unfit, said("a program over arrays"))
        if entry is not None:
            _entry(found, entry, precision, output)
            return
        _emit(found, chosen, output, {"detail": detail, "precision": precision, "check": check})
        return
    only_for({"--entry": entry}, said("a program of single numbers"))
    options: dict[str, Any] = {
        "precision": precision, "detail": detail, "update": learning_rate(update), "steps": steps,
        "wrt": wrt, "maximize": maximize, "check": check,
    }  # fmt: skip
    _emit(found.at_scale(_scale(scale, chosen)), chosen, output, options)


def _jacobian(found: Any, format_: Format, of: str, wrt: str | None, precision: int) -> Document:
    """Return the Jacobian of several outputs, in symbols and at the values that are given."""
    if over_arrays(found):
        raise OptionError(said("{option} is not for {what}", option="--jacobian",
                               what=said("a program over arrays")))  # fmt: skip
    if format_ in ("json", "numpy", "torch"):
        raise OptionError(
            said("a Jacobian is written as {names}, not {format}", names="text, markdown, latex",
                 format=format_)
        )  # fmt: skip
    from ..render.narration.jacobian_told import jacobian_document  # start-up time, as below
    from ..render.narration.numbers import checked_precision

    rows, columns = (text.replace(",", " ").split() for text in (of, wrt or ""))
    values = None
    if not in_symbols(found):
        values = jacobian_of(found.graph_table, found.at, rows, columns or None).values
    base = found.graph_table
    return jacobian_document(base, rows, columns, values, checked_precision(precision))


def _emit(found: Any, chosen: Format, output: str | None, options: dict[str, Any]) -> None:
    """Print an explanation, in colour and as wide as the terminal, or write it to a file."""
    if chosen != "text":
        emit(found.explain(chosen, **options), output)
        return
    made: list[Document] = []

    def kept(document: Document) -> str:
        made.append(document)
        return ""

    found.explain(kept, **options)
    tell(made[0], output)


_ENTRY = re.compile(r"\s*([^\[\]()]+?)\s*(?:\[([\d\s,]*)\])?\s*\Z")


def _entry(found: Any, entry: str, precision: int, output: str | None) -> None:
    """Print one entry of a gradient in full: the written sum and where each term is from."""
    from ..render.narration.agreement import agreed  # start-up time: NumPy, as the two below
    from ..render.narration.array_words import entry_document
    from ..render.narration.numbers import checked_precision

    match = _ENTRY.match(entry)
    if match is None:
        raise OptionError(
            said("--entry takes a name and a place, such as {example}, not {given}",
                 example="W1[0,2]", given=quoted(entry))
        )  # fmt: skip
    place = tuple(int(part) for part in (match[2] or "").split(",") if part.strip())
    told = entry_document(found, found.entry(match[1], place), checked_precision(precision))
    tell(agreed(told), output)


def _scale(asked: Scale | None, format_: Format) -> Scale | None:
    """Return the scale: JSON holds a derivation's own numbers where no scale is asked for."""
    return "gates" if asked is None and format_ == "json" else asked


def _by_suffix(output: str | None) -> Format:
    """Return the format that a file's name asks for; text where it has no suffix."""
    suffix = Path(output or "").suffix.lower()
    if suffix and suffix not in _SUFFIXES:
        raise OptionError(
            said(
                "an explanation's file name ends in {names}, not {suffix}; --format says what is "
                "written under another name",
                names=", ".join(_SUFFIXES), suffix=quoted(suffix),
            )
        )
    return _SUFFIXES.get(suffix, "text")
