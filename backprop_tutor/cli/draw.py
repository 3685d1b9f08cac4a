"""`backprop-tutor draw`: the graph as an annotated picture, or one picture a step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..render.drawing.theme import THEMES
from ..sentences import N_, counted, said
from .help_pages import LAYOUT, PATH, language, option
from .inputs import (
    ProgramCommand,
    derivation,
    in_symbols,
    need_numbers,
    only_for,
    over_arrays,
    program_options,
    typed_only,
)
from .printing import say, wrote
from .progress import progress
from .scale_options import SIZES_AND_SCALES, binary_option, fit_option, size_and_scale

__all__ = ["draw"]

_OF_FILES = {".svg", ".png", ".gif", ".apng", ".webp", ".pdf", ".dot", ".gv", ".tex", ".html"}


@click.command(
    cls=ProgramCommand,
    epilog="""\b
Examples:
  backprop-tutor draw "f = wx + b" w=-2 x=5 b=3 -o f.svg
  backprop-tutor draw "f = wx + b" w=-2 x=5 b=3 --step 4 -o step4.png --scale 3
  backprop-tutor draw "f = sigmoid(w*x)" w=1 x=2 --expand all --steps -o frames/
  backprop-tutor draw "f = (x + y)*z" x=-2 y=5 z=-4 --blank gradients -o worksheet.svg
  backprop-tutor draw "f = wx + b" w=-2 x=5 b=3 -o f.tex
  backprop-tutor draw "z = x^2 + y; x = u + v; y = u*v" -o symbols.svg
  backprop-tutor draw "Z = X@W + b; L = mean(Z**2)" X="1 2; 3 4" W="[[1], [0]]" b="[1]" -o layers.svg
  backprop-tutor draw "Z = X@W + b; L = mean(Z^2)" --shape X=N,3 --shape W=3,4 --shape b=4 -o rules.svg
  backprop-tutor draw "h = σ(w*x + b); y = v*h + c; E = (y - t)^2/2" --random 7 --scale neurons -o n.svg
""",
)
@program_options
@option(
    "-o",
    "--output",
    required=True,
    type=PATH,
    help="The file (.svg, .png, .dot, .gv, .pdf, .tex for LaTeX), or the folder with --steps.",
)
@option("--step", type=int, help="Show what is known after this step, counted from 1.")
@option("--steps", is_flag=True, help="Write one picture a step into the folder.")
@option(
    "--format",
    "format_",
    type=click.Choice(["svg", "png"]),
    default="svg",
    show_default=True,
    help="The pictures' format with --steps.",
)
@option("--precision", type=int, help="Significant figures shown; 4 at the scale of gates.")
@option("--scale", type=SIZES_AND_SCALES, multiple=True,
        help="Draw layers, neurons or gates; a number is the size of a PNG, 2 if left out.")
@fit_option
@binary_option
@option(
    "--blank",
    default="",
    metavar="WHAT",
    help="Leave these blank, as on a worksheet: values,gradients,locals,downstream.",
)
@option(
    "--layout",
    type=LAYOUT,
    default="embedded",
    show_default=True,
    help="The layout engine: the one that comes along, the system's Graphviz, or a package's.",
)
@option(
    "--theme",
    type=click.Choice(list(THEMES)),
    default="light",
    show_default=True,
    help="The colours.",
)
@option("--shape", "shapes", metavar="NAME=SIZES", multiple=True,
        help="A vector's or matrix' shape in place of its values: X=N,3; once for each input.")
@language
@option("--force", is_flag=True, help="Draw graphs of more than 400 nodes too.")
def draw(
    output: str, step: int | None, steps: bool, format_: str, precision: int | None,
    scale: tuple[float | str, ...], fit: str | None, binary: bool, blank: str,
    layout: str, theme: str, force: bool, shapes: tuple[str, ...],
    **program: Any,
) -> None:  # fmt: skip
    """Draw PROGRAM with its values in green and its gradients in red."""
    if steps and step is not None:
        raise click.UsageError(
            said("--step asks for one picture and --steps for all; give one of them")
        )
    if steps and Path(output).suffix.lower() in _OF_FILES:
        raise click.UsageError(
            said(
                "with --steps, -o is a folder, and {output} is called like a file; --format chooses "
                "the pictures' format, and `backprop-tutor animate` writes the steps into one file",
                output=output,
            )
        )
    size, chosen = size_and_scale(scale)
    found = derivation(**program, arrays=True, symbols=True, shapes=shapes)
    options: dict[str, Any] = {
        "precision": precision, "layout": layout, "theme": theme, "force": force, "fit": fit,
        "blank": tuple(blank.replace(",", " ").split()),
    }  # fmt: skip
    resolution = 2.0 if size is None else size
    if shapes:
        need_numbers(found, {
            "--blank": blank or None, "--precision": precision, "--binary": binary or None,
            "--scale": chosen,
        })  # fmt: skip
        options = {"layout": layout, "theme": theme, "force": force, "fit": fit}
    elif in_symbols(found):
        need_numbers(found, {
            "--blank": blank or None, "--precision": precision, "--binary": binary or None,
        })  # fmt: skip
        options = {"layout": layout, "theme": theme, "force": force, "fit": fit, "scale": chosen}
    elif over_arrays(found) and chosen in (None, "layers"):
        options = typed_only(options, ("theme", "force"), click.get_current_context())
        unfit = {"--blank": options.get("blank"), "--layout": options.get("layout")}
        only_for(unfit, said("a program over arrays"))
    else:
        of_gates = bool(options["blank"]) or layout != "embedded"  # no other scale has them
        asked = "gates" if chosen is None and (of_gates or binary) else chosen
        found = found.at_scale(asked, binary=binary)
        if found.remark:
            say(found.remark)
    if steps:
        frames = found.frames(**options)
        with progress(said("drawing"), len(frames)) as advance:
            written = frames.save(output, format=format_, scale=resolution, on_picture=advance)
        pictures = counted(len(written), N_("1 picture"), N_("{count} pictures"))
        say(said("wrote {pictures} to {output}", pictures=pictures, output=output))
    else:
        found.diagram(step, **options).save(output, scale=resolution)
        wrote(output)
